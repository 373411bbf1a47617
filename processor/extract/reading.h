/* An article while it is read: its sentences, the marks found in them, and what the pair heads said of them.
 *
 * Shared by the stages of this folder and by nobody else. Everything lives in the message's arena. */
#pragma once

#include "processor/extract/findings.h"
#include "processor/model/heads.h"
#include "processor/runtime/arena.h"
#include "processor/text/boilerplate.h"

enum { NOWHERE = -1 };

struct sentence {
    struct span span;
    enum region_kind kind;
    uint32_t region; /* sentences of one region are one paragraph */
    bool is_prose;   /* body, title, summary: may show a stance */
};

/* A mention in the making. Marks are sorted by position, names before others where they start together. */
struct mark {
    struct span span;
    uint32_t sentence;
    uint32_t order;  /* how many marks of its sentence stand before it: 0 is most often the subject */
    enum mention_kind kind;
    bool is_group;   /* a nominal that is named: "the Trump administration" */
    bool is_state;   /* a group that is a state if its name is a demonym: "Russian officials" */
    bool is_saying;  /* a nominal for what somebody has just said, "the idea": as a target it stands for him; no mention */
    bool is_within;  /* a name in such a nominal, which has no part in a stance */
    enum entity_type type; /* of a name; of others what they can stand for */
    float score;
    int32_t entity;  /* set by entities, NOWHERE before */
    float lean;      /* portrayal: positive minus negative, -1..1 */
    float author_for, author_against; /* the article's own stance toward it */
    bool is_weighed;     /* lean and author_* are set */
    int32_t attribution; /* the shortest content it stands in: whose words these are. NOWHERE: the article's own */
};

/* A mention of a topic: a watched one, or an issue that the text itself speaks of. It is only ever a target: no source, and the
 * marks do not know of it, so that names and their stances are the same with topics and without. Sorted by position; those of
 * different topics may overlap. */
struct topic_mark {
    struct span span;
    uint32_t sentence;
    bool is_issue;
    struct span wording; /* of an issue the words that name it: its own, or those that "the ban" takes up */
    uint32_t topic;      /* the watched one; of an issue its index once they are settled */
    float score;         /* of an issue: probability that it is one */
    float lean;          /* of an issue, as a mark's */
    float author_for, author_against;
    bool is_weighed;     /* lean and author_* are set */
    int32_t attribution; /* as a mark's */
    int32_t holder;      /* the mark of the name that it is a part of, which is then not its source; or NOWHERE */
};

/* What the stance head says of two marks of a window. */
struct judgement {
    uint32_t a, b;     /* marks; b a topic mark where is_of_topic, then only a's stance toward b counts */
    bool is_of_topic;
    uint32_t sentence; /* the one that shows it */
    bool is_carried;   /* one of the two was named in a sentence before */
    float probabilities[STANCE_CLASS_COUNT];
};

struct watched;
struct watched_search;

struct reading {
    struct view text;
    struct view title; /* of the record, outside the text; may be empty */
    struct arena *arena;
    const struct pronouns_listener *listener; /* NULL: nobody wants to learn from this */
    bool has_prose; /* some sentence is */
    bool is_cased;  /* the text uses capitals, so a name has one */
    struct sentence *sentences;       size_t sentence_count;
    struct mark *marks;               size_t mark_count, mark_room;
    struct judgement *judgements;     size_t judgement_count, judgement_room;
    const struct watched *watched;     struct watched_search *watched_search; /* NULL: none are watched; not begun */
    struct topic_mark *topic_marks;   size_t topic_mark_count, topic_mark_room;
    size_t first_issue; /* entities from here on are issues */
    const int32_t *issue_entities; /* [issues] the entity of each; a known measure may be named, too */
    struct attribution *attributions; size_t attribution_count, attribution_room;
};

/* `items` with room for one more behind `count`: itself, or a copy twice as large in `arena`. */
void *reading_room(struct arena *arena, void *items, size_t count, size_t *room, size_t item_bytes);

/* The first mark that does not start before byte `start` of the prose, found by bisection: marks are sorted within it. */
size_t reading_first_mark(const struct reading *reading, uint32_t start);

/* The text of a span. */
static inline struct view reading_view(const struct reading *reading, struct span span)
{
    return view_slice(reading->text, span.start, span.end);
}

static inline bool span_holds(struct span outer, struct span inner)
{
    return outer.start <= inner.start && inner.end <= outer.end;
}

static inline bool span_overlaps(struct span a, struct span b)
{
    return a.start < b.end && b.start < a.end;
}
