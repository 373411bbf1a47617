#include "processor/ingest/frame.h"

#include "tests/expect.h"

#define BYTES(text) {.data = (text), .len = sizeof(text) - 1}

Test(frame, takes_the_frame_off)
{
    static const struct {
        struct view payload;
        uint32_t schema_id, index_count, last_index;
        const char *message;
    } cases[] = {
        {BYTES("\0\0\0\0\7\0abc"), 7, 1, 0, "abc"},          /* [0], the short form */
        {BYTES("\0\1\2\3\4\2\0abc"), 0x01020304, 1, 0, "abc"}, /* [0], the long one */
        {BYTES("\0\0\0\0\7\4\2\6abc"), 7, 2, 3, "abc"},      /* [1, 3] */
        {BYTES("\0\0\0\0\7\2\x80\1"), 7, 1, 64, ""},         /* [64], and nothing behind it */
        {BYTES("\0\0\0\0\7{}"), 7, 0, 0, "{}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct frame frame = {0};
        expect_fine(frame_decode(cases[i].payload, &frame, &err), err);
        cr_expect(eq(u32, frame.schema_id, cases[i].schema_id), "case %zu", i);
        cr_expect(eq(u32, frame.index_count, cases[i].index_count), "case %zu", i);
        cr_expect(eq(int, frame.is_json, cases[i].index_count == 0), "case %zu", i);
        if (frame.index_count > 0)
            cr_expect(eq(u32, frame.indexes[frame.index_count - 1], cases[i].last_index), "case %zu", i);
        expect_view(frame.message, cases[i].message);
    }
}

Test(frame, says_what_is_wrong_with_a_broken_one)
{
    static const struct {
        struct view payload;
        const char *says;
    } cases[] = {
        {BYTES(""), "first byte"},
        {BYTES("\1\0\0\0\7"), "first byte"},
        {BYTES("\0\0\0"), "schema id"},
        {BYTES("\0\0\0\0\7"), "ends within the message indexes"},
        {BYTES("\0\0\0\0\7\4\2"), "ends within the message indexes"},
        {BYTES("\0\0\0\0\7\2\x80"), "ends within the message indexes"},
        {BYTES("\0\0\0\0\7\1abc"), "negative"},
        {BYTES("\0\0\0\0\7\2\1abc"), "negative"},
        {BYTES("\0\0\0\0\7\x22" "0123456789abcdefg"), "more message indexes"},
        {BYTES("\0\0\0\0\7\2\xFF\xFF\xFF\xFF\x7F"), "larger than 32 bits"},
        {BYTES("\0\0\0\0\7\2\x80\x80\x80\x80\x80\x80"), "larger than 32 bits"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error err = {0};
        struct frame frame;
        cr_expect(not(frame_decode(cases[i].payload, &frame, &err)), "accepted case %zu", i);
        cr_expect(eq(int, err.kind, ERROR_INPUT));
        expect_text(err.code, "confluent.frame");
        expect_says(err.text, cases[i].says);
    }
}
