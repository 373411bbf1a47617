/* UTF-8: validated once at the door, code points counted at the way out. Tables come from utf8proc. */
#pragma once

#include "processor/runtime/arena.h"
#include "processor/runtime/view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool utf8_is_valid(struct view bytes);

/* `bytes` itself where it is valid UTF-8, else a copy in `arena` with each maximal invalid part replaced by
 * U+FFFD, as Python's bytes.decode("utf-8", "replace") does. A leading byte order mark stays. */
struct view utf8_repaired(struct view bytes, struct arena *arena);

/* The code point at *position of valid UTF-8, which moves behind it. *position < text.len. */
uint32_t utf8_next(struct view text, size_t *position);

/* Code points in the first `bytes` bytes of valid UTF-8. */
size_t utf8_count(struct view text, size_t bytes);

bool utf8_is_space(uint32_t code_point);  /* White_Space, and U+200B */
bool utf8_is_letter(uint32_t code_point); /* L* */
bool utf8_is_digit(uint32_t code_point);  /* Nd */
bool utf8_is_upper(uint32_t code_point);  /* Lu, Lt */
bool utf8_is_lower(uint32_t code_point);  /* Ll */

/* Turns rising byte offsets of one text into code point offsets, in one pass over it. */
struct utf8_cursor {
    struct view text;
    size_t byte, code_point;
};

/* Code points before byte `offset`; linear in the distance from the last call, also backwards. */
size_t utf8_cursor_move(struct utf8_cursor *cursor, size_t offset);
