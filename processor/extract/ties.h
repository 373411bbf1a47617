/* Who is one of whom, by the words between two marks: "Huawei's CEO |Ren Zhengfei", "FBI director |Ann Lee", "Bo Ray|, a spokesman for
 * |the ministry". Of 1,795 such pairs in sentences that readers judged 8 had the person against his own or the body against him; what the
 * pair head hears between them is what is said to or about the two. So it is between people: "Lee's lawyer |Bo Ray", "White House spokesman |Bo Ray"
 * and the president: of 59 such stances in 900 articles some 45 were wrong. */
#pragma once

#include "processor/extract/reading.h"

struct tie {
    int32_t person, body; /* entities; the body may be a person */
    bool is_voice;        /* the one speaks for the other */
};

struct ties {
    struct tie *items; /* [count], sorted, each once; in the reading's arena */
    size_t count;
};

/* After entities are known. A people or a state is a body, too; who was one of them ("former director") is none. Linear in the marks. */
struct ties ties_of(const struct reading *reading, const struct entity *entities);

/* Whether one of the two is one of the other, whichever it is. O(log count). */
bool ties_bind(const struct ties *ties, int32_t a, int32_t b);

/* Whether the person is one of the body. O(log count). */
bool ties_is_one_of(const struct ties *ties, int32_t person, int32_t body);

/* Whether the one speaks for the other: a spokeswoman, a lawyer. O(log count). */
bool ties_is_voice(const struct ties *ties, int32_t person, int32_t body);

/* Whether the word lists are sorted, as they must be; for tests. */
bool ties_lists_are_sorted(void);
