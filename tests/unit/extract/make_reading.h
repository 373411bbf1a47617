/* Readings made by hand: a text whose names are marked in it, {Person:Ann Lee} and so on; pronouns and nominals are found. */
#pragma once

#include "processor/extract/marks.h"
#include "processor/text/sentences.h"

#include <stdio.h>
#include <stdlib.h>

enum { MADE_WORDS_MOST = 2000 };

static inline enum entity_type made_type(struct view name)
{
    for (int t = 0; t < ENTITY_TYPE_COUNT; t++)
        if (view_equal(name, view_of(entity_type_name((enum entity_type)t))))
            return (enum entity_type)t;
    abort();
}

/* One window over the whole text with a row a word, as the encoder's would be but without ids. */
static inline struct window made_window(const struct reading *reading)
{
    struct arena *arena = reading->arena;
    struct window window = {.spans = arena_take_zeroed(arena, MADE_WORDS_MOST, sizeof *window.spans),
                            .sentence_of = arena_take_zeroed(arena, MADE_WORDS_MOST, sizeof *window.sentence_of),
                            .words = arena_take_zeroed(arena, MADE_WORDS_MOST, sizeof *window.words),
                            .count = 1};
    for (uint32_t s = 0; s < reading->sentence_count; s++) {
        struct span span = reading->sentences[s].span;
        for (uint32_t at = span.start; at < span.end;) {
            uint32_t end = at;
            const char *text = reading->text.data;
            while (end < span.end && ((text[end] | 32) >= 'a' && (text[end] | 32) <= 'z'))
                end++;
            end = end > at ? end : at + 1;
            while (end < span.end && ((unsigned char)text[end] & 0xC0) == 0x80) /* the rest of a character */
                end++;
            if (text[at] != ' ') {
                window.spans[window.count] = (struct span){at, end};
                window.sentence_of[window.count] = s;
                window.words[window.word_count++] = (uint32_t)window.count++;
            }
            at = end;
        }
    }
    window.count++;
    return window;
}

/* The reading of `marked`: sentences split, names as marked, pronouns and nominals as marks_add_others() finds them. */
static inline struct reading make_reading(const char *marked, struct arena *arena)
{
    char *text = arena_take(arena, strlen(marked) + 1);
    struct mark names[64];
    size_t length = 0, count = 0;
    for (const char *at = marked; *at;) {
        if (*at != '{') {
            text[length++] = *at++;
            continue;
        }
        const char *colon = strchr(at, ':'), *close = strchr(at, '}');
        struct view type = {.data = at + 1, .len = (size_t)(colon - at - 1)};
        uint32_t start = (uint32_t)length;
        memcpy(text + length, colon + 1, (size_t)(close - colon - 1));
        length += (size_t)(close - colon - 1);
        names[count++] = (struct mark){.span = {start, (uint32_t)length}, .kind = MENTION_NAME, .type = made_type(type),
                                       .score = 0.9f, .entity = NOWHERE, .attribution = NOWHERE};
        at = close + 1;
    }
    struct reading reading = {.text = {.data = text, .len = length}, .arena = arena};
    struct sentences sentences = sentences_split(reading.text, (struct span){0, (uint32_t)length}, arena);
    reading.sentences = arena_take_zeroed(arena, sentences.count + 1, sizeof *reading.sentences);
    for (size_t i = 0; i < sentences.count; i++)
        reading.sentences[reading.sentence_count++] = (struct sentence){.span = sentences.items[i], .kind = REGION_BODY, .is_prose = true};
    for (size_t i = 0; i < count; i++) {
        for (uint32_t s = 0; s < reading.sentence_count; s++)
            if (span_holds(reading.sentences[s].span, names[i].span))
                names[i].sentence = s;
        reading.marks = reading_room(arena, reading.marks, reading.mark_count, &reading.mark_room, sizeof *reading.marks);
        reading.marks[reading.mark_count++] = names[i];
    }
    struct window window = made_window(&reading);
    marks_add_others(&reading, &window, 0);
    return reading;
}

/* The first of the names that are marked; there is one. */
static inline const struct mark *made_name(const struct reading *reading)
{
    size_t first = 0;
    while (reading->marks[first].kind != MENTION_NAME)
        first++;
    return &reading->marks[first];
}

/* The `nth` mark (from 0) that reads `text`, or NULL. */
static inline struct mark *made_mark(const struct reading *reading, const char *text, size_t nth)
{
    for (size_t i = 0; i < reading->mark_count; i++)
        if (view_equal(reading_view(reading, reading->marks[i].span), view_of(text)) && nth-- == 0)
            return &reading->marks[i];
    return NULL;
}
