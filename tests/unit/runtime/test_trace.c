#include "processor/runtime/trace.h"

#include "tests/expect.h"

#define TRACE "0af7651916cd43dd8448eb211c80319c"
#define PARENT "b7ad6b7169203331"

Test(trace, goes_on_with_the_trace_that_came)
{
    static const char *const headers[] = {"00-" TRACE "-" PARENT "-01", "00-" TRACE "-" PARENT "-03", "cc-" TRACE "-" PARENT "-01-what-else"};
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        char text[TRACE_PARENT_LEN + 1];
        struct trace trace = trace_begin(view_of(headers[i]), 0);
        cr_assert(trace.has_parent && trace.is_sampled, "case %zu", i);
        trace_write(&trace, text);
        cr_expect(eq(sz, strlen(text), TRACE_PARENT_LEN));
        cr_expect(strncmp(text, "00-" TRACE "-", 36) == 0, "%s", text);
        cr_expect(strncmp(text + 36, PARENT, 16) != 0, "a span of its own");
        expect_text(text + 52, "-01");
        cr_expect(eq(int, trace.parent[0], 0xb7));
    }
}

Test(trace, obeys_a_trace_that_is_not_sampled)
{
    struct trace trace = trace_begin(view_of("00-" TRACE "-" PARENT "-00"), 100);
    cr_expect(trace.has_parent && !trace.is_sampled);
}

Test(trace, begins_a_new_one_where_none_or_a_broken_one_came)
{
    static const char *const headers[] = {
        "", "00-1", "00-" TRACE "-" PARENT "-0", "ff-" TRACE "-" PARENT "-01", "00-" TRACE "-" PARENT "-01-more", "cc-" TRACE "-" PARENT "-01.",
        "00-00000000000000000000000000000000-" PARENT "-01", "00-" TRACE "-0000000000000000-01", "00-0AF7651916CD43DD8448EB211C80319C-" PARENT "-01",
        "00_" TRACE "-" PARENT "-01", "00-" TRACE "-" PARENT "-0x",
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct trace trace = trace_begin(view_of(headers[i]), 100), other = trace_begin(view_of(headers[i]), 0);
        cr_expect(eq(int, trace.has_parent * 2 + trace.is_sampled, 1), "case %zu", i);
        cr_expect(not(other.is_sampled), "case %zu", i);
        cr_expect(memcmp(trace.id, other.id, TRACE_ID_BYTES) != 0);
        cr_expect(trace.parent[0] == 0 && memcmp(trace.parent, trace.parent + 1, TRACE_SPAN_BYTES - 1) == 0);
    }
}

Test(trace, begins_as_many_as_it_is_told)
{
    int count = 0;
    for (int i = 0; i < 10000; i++)
        count += trace_begin((struct view){0}, 20).is_sampled;
    cr_expect(count > 1700 && count < 2300, "%d of 10000", count);
}
