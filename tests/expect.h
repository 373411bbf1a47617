/* What tests say of text, on top of Criterion. */
#pragma once

#include "processor/runtime/view.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

/* `text` has `part` somewhere. */
#define expect_says(text, part)                                                                          \
    cr_expect(strstr((text), (part)) != NULL, "expected \"%s\" in \"%s\"", (part), (text))

/* Two NUL-terminated strings are the same; either may be const or NULL. */
#define expect_text(actual, expected)                                                                    \
    do {                                                                                                 \
        const char *actual_text_ = (actual), *expected_text_ = (expected);                               \
        cr_expect(actual_text_ && expected_text_ && strcmp(actual_text_, expected_text_) == 0,           \
                  "expected \"%s\", got \"%s\"", expected_text_ ? expected_text_ : "(NULL)",             \
                  actual_text_ ? actual_text_ : "(NULL)");                                               \
    } while (0)

/* A view holds exactly the string `expected`. */
#define expect_view(actual, expected)                                                                    \
    do {                                                                                                 \
        struct view actual_view_ = (actual);                                                             \
        const char *expected_text_ = (expected);                                                         \
        cr_expect(view_equal(actual_view_, view_of(expected_text_)), "expected \"%s\", got \"%.*s\"",    \
                  expected_text_, (int)actual_view_.len, actual_view_.data ? actual_view_.data : "");    \
    } while (0)

/* The call succeeded; `err` says why not. */
#define expect_fine(call, err)                                                                           \
    do {                                                                                                 \
        bool is_fine_ = (call);                                                                          \
        cr_expect(is_fine_, "%s: %s", (err).code, (err).text);                                           \
    } while (0)
