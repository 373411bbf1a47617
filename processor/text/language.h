/* Which language a text is written in: by its script, and by the small words that no text goes without. */
#pragma once

#include "processor/runtime/view.h"

/* An ISO 639-1 code ("en", "de", "zh", ...), or "" where the text is too short or too mixed to say. Knows
 * Arabic, Bengali, Bulgarian, Chinese, Croatian (and its neighbours), Czech, Danish, Dutch, English, Finnish, French, German,
 * Greek, Hebrew, Hindi, Hungarian, Indonesian, Italian, Japanese, Korean, Norwegian, Persian, Polish, Portuguese, Romanian,
 * Russian, Spanish, Swahili, Swedish, Tamil, Thai, Turkish, Ukrainian, Urdu, Vietnamese. Looks at the first 400 words at most.
 * A constant. `text` is valid UTF-8. Thread: any. */
const char *language_guess(struct view text);
