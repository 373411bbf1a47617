#include "processor/commands/reader.h"

#include "tests/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>

static char path[] = "/tmp/stanced-reader-XXXXXX";

static void set_up(void)
{
    int descriptor = mkstemp(path);
    cr_assert(ge(int, descriptor, 0));
    close(descriptor);
}

static void tear_down(void)
{
    unlink(path);
}

TestSuite(reader, .init = set_up, .fini = tear_down);

static void put(const char *text, size_t len, const char *mode)
{
    FILE *file = fopen(path, mode);
    cr_assert(ne(ptr, file, NULL));
    fwrite(text, 1, len, file);
    fclose(file);
}

static void put_packed(const char *text, const char *mode)
{
    gzFile file = gzopen(path, mode);
    gzwrite(file, text, (unsigned)strlen(text));
    gzclose(file);
}

/* Everything that is read, as "LINE:payload|" or "LINE!code|" a record. */
static void read_all(enum reader_split split, size_t bytes_most, char out[4096])
{
    struct reader *reader = reader_open(path, split, bytes_most);
    struct reader_record record;
    struct error err = {0};
    size_t len = 0;
    out[0] = '\0';
    while (reader_next(reader, &record, &err)) {
        if (err.kind != ERROR_NONE)
            len += (size_t)snprintf(out + len, 4096 - len, "%zu!%s|", record.line, err.code);
        else
            len += (size_t)snprintf(out + len, 4096 - len, "%zu:%.*s|", record.line, (int)record.payload.len, record.payload.data);
        err = (struct error){0};
    }
    cr_expect(eq(int, err.kind, ERROR_NONE));
    reader_close(reader);
}

Test(reader, cuts_files_into_records)
{
    static const struct {
        const char *file, *records;
        enum reader_split split;
    } cases[] = {
        {"{\"a\":1}\n{\"a\":2}\n", "1:{\"a\":1}|2:{\"a\":2}|", READER_GUESS},
        {"{\"a\":1}\r\n\r\n  \n{\"a\":2}", "1:{\"a\":1}\r|4:{\"a\":2}|", READER_GUESS},
        {"{\"a\":1}\nbroken\n", "1:{\"a\":1}|2:broken|", READER_GUESS},
        {"{\"a\": \n{\"a\":2}\n{\"a\":3}\n", "1:{\"a\": |2:{\"a\":2}|3:{\"a\":3}|", READER_GUESS},
        {"broken\n{\"a\":2}\n", "1:broken|2:{\"a\":2}|", READER_GUESS},
        {"{\n  \"a\": 1\n}\n", "0:{\n  \"a\": 1\n}\n|", READER_GUESS},
        {"{\"a\": 1,\n\"b\": [{}]\n}", "0:{\"a\": 1,\n\"b\": [{}]\n}|", READER_GUESS},
        {"Prose.\n\nMore prose.\n", "0:Prose.\n\nMore prose.\n|", READER_GUESS},
        {"one\ntwo", "1:one|2:two|", READER_LINES},
        {"{\"a\":1}\n{\"a\":2}\n", "0:{\"a\":1}\n{\"a\":2}\n|", READER_WHOLE},
        {"", "0:|", READER_GUESS},
        {"", "", READER_LINES},
        {"\n\n", "", READER_LINES},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char records[4096];
        put(cases[i].file, strlen(cases[i].file), "wb");
        read_all(cases[i].split, 1000, records);
        expect_text(records, cases[i].records);
    }
}

Test(reader, unpacks_gzip_and_its_members)
{
    char records[4096];
    put_packed("{\"a\":1}\n", "wb");
    put_packed("{\"a\":2}\n", "ab");
    read_all(READER_GUESS, 1000, records);
    expect_text(records, "1:{\"a\":1}|2:{\"a\":2}|");
}

Test(reader, tells_of_gzip_that_is_cut_short_and_keeps_what_came_before)
{
    char records[4096];
    put_packed("{\"a\":1}\n", "wb");
    put("\x1F\x8B\x08\x00\x00", 5, "ab");
    read_all(READER_GUESS, 1000, records);
    expect_text(records, "1:{\"a\":1}|2!gzip.broken|");
    put("\x1F\x8B nonsense", 11, "wb");
    read_all(READER_GUESS, 1000, records);
    expect_text(records, "0!gzip.broken|");
}

Test(reader, passes_over_what_is_too_large)
{
    char records[4096];
    put("123456789\n1234\n12345\n", 21, "wb");
    read_all(READER_LINES, 4, records);
    expect_text(records, "1!payload.large|2:1234|3!payload.large|");
    read_all(READER_WHOLE, 20, records);
    expect_text(records, "0!payload.large|");
    read_all(READER_WHOLE, 21, records);
    expect_says(records, "0:123456789");
}

Test(reader, does_not_keep_a_huge_line_in_memory)
{
    FILE *file = fopen(path, "wb");
    for (int i = 0; i < 300000; i++)
        fputs("0123456789", file);
    fputs("\nend\n", file);
    fclose(file);
    char records[4096];
    read_all(READER_LINES, 100, records);
    expect_text(records, "1!payload.large|2:end|");
}

Test(reader, makes_a_record_of_a_file_that_cannot_be_opened)
{
    struct reader *reader = reader_open("/nonexistent/file", READER_GUESS, 100);
    struct reader_record record;
    struct error err = {0};
    cr_expect(reader_next(reader, &record, &err));
    expect_text(err.code, "file.open");
    err = (struct error){0};
    cr_expect(not(reader_next(reader, &record, &err)));
    reader_close(reader);
}

Test(reader, decides_as_soon_as_it_can)
{
    cr_expect(eq(int, reader_guess(view_of("{\"text\": \"x\"}\n"), false), READER_LINES));
    cr_expect(eq(int, reader_guess(view_of("{\"text\": \"x\"}"), false), READER_GUESS));
    cr_expect(eq(int, reader_guess(view_of("{\"text\": \"x\"}"), true), READER_LINES));
    cr_expect(eq(int, reader_guess(view_of("Prose.\n"), false), READER_GUESS));
}
