/* Watched topics: where a text names an issue that the settings ask for.
 *
 * A pattern is a phrase. Its words (text/words.h) match the text's whatever their case, with or without a possessive "'s"; a
 * word with "*" behind it matches all that begin with it: "ban* on Huawei" finds "Banning on Huawei's". Between two words
 * there may be white space, hyphens, quotes and stops; a comma, semicolon, colon, dash or bracket ends a phrase, but where the
 * pattern has one too. */
#pragma once

#include "processor/extract/windows.h"
#include "processor/runtime/settings.h"

struct watched;

/* Compiles the patterns. err: ERROR_CONFIG "topics.pattern", with file and line: no word, or a "*" that ends none.
 * Thread: any; const afterwards, shared by workers. Free with watched_free(), which takes NULL. */
struct watched *watched_new(const struct settings_topics *settings, struct error *err);
void watched_free(struct watched *watched);

/* Of topic `index`; lives as long as `watched`. */
struct view watched_name(const struct watched *watched, size_t index);

enum { WATCHED_MOST = 16 }; /* mentions of a sentence that are kept, the first ones: its cost and memory are bounded */

/* Adds to reading->topic_marks the mentions in the sentences of `window`; of two overlapping ones of one topic the
 * first. Mentions of different topics may overlap, and names. The window's names must have been added, at
 * `first_mark` of reading->marks, and its issues, at `first_topic`: all of them are sorted by position then.
 * Linear in the text but for sorting: a word costs a step for each place in the patterns that it matches. */
void watched_add(struct reading *reading, const struct window *window, size_t first_mark, size_t first_topic);

/* The mentions of watched topics among reading->topic_marks, by position; in the reading's arena. `count` is written. */
struct topic_mention *watched_mentions(const struct reading *reading, size_t *count);

/* Sets the attribution of the topic marks, as antecedents do of others, when all attributions are settled. */
void watched_settle(struct reading *reading);
