/* Abbreviations that end with a full stop which need not end a sentence, and words that usually begin one.
 *
 * The tables are the only place to add to; tests hold them sorted. English news, with the titles and company
 * forms of other languages that English news quotes. */
#pragma once

#include "processor/runtime/view.h"

#include <stdbool.h>

enum abbreviation {
    ABBREVIATION_NONE,
    ABBREVIATION_TITLE,  /* stands before a name: never ends a sentence (Mr, Gen, St) */
    ABBREVIATION_NUMBER, /* before a number only (No, Art); otherwise a word like any other */
    ABBREVIATION_MONTH,  /* before a day, or at the end (Jan) */
    ABBREVIATION_WORD    /* within or at the end of a sentence; what follows decides (Inc, Jr, Calif, etc) */
};

/* What `token`, the letters before the stop, is; inner stops are kept ("e.g", "Ph.D"). All capitals ("ST") count as
 * capitalised. Thread: any. */
enum abbreviation abbreviation_find(struct view token);

/* Whether `word`, capitalised, is one that mostly begins sentences and is hardly part of a name: The, He, But, ... */
bool abbreviation_is_starter(struct view word);

/* Whether `word` continues a time or date behind "a.m." and the like: Monday, June, EST, ... */
bool abbreviation_is_time_word(struct view word);

/* Whether all tables are in order; for tests. */
bool abbreviation_tables_are_sorted(void);
