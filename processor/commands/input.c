#include "processor/commands/input.h"

#include "processor/runtime/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { RAW_BYTES = 64 * 1024, WINDOW_BITS_GZIP = 15 + 16 };
static const unsigned char GZIP_MAGIC[] = {0x1F, 0x8B};

struct input {
    int descriptor;
    bool is_begun, is_packed, is_at_end; /* of the file */
    bool in_member;                      /* within a gzip member: the end would come too early */
    size_t consumed;
    z_stream stream;                     /* next_in, avail_in: the raw bytes in hand, packed or not */
    unsigned char raw[RAW_BYTES];
};

static bool read_raw(struct input *input, struct error *err)
{
    if (input->stream.avail_in > 0)
        memmove(input->raw, input->stream.next_in, input->stream.avail_in);
    input->stream.next_in = input->raw;
    ssize_t got;
    do
        got = read(input->descriptor, input->raw + input->stream.avail_in, RAW_BYTES - input->stream.avail_in);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return error_set(err, ERROR_INPUT, "file.read", "cannot read: %s", strerror(errno));
    input->is_at_end = got == 0;
    input->stream.avail_in += (uInt)got;
    input->consumed += (size_t)got;
    return true;
}

/* Looks at the first two bytes. */
static bool begin(struct input *input, struct error *err)
{
    input->is_begun = true;
    while (input->stream.avail_in < sizeof GZIP_MAGIC && !input->is_at_end)
        if (!read_raw(input, err))
            return false;
    input->is_packed = input->stream.avail_in >= sizeof GZIP_MAGIC && memcmp(input->raw, GZIP_MAGIC, sizeof GZIP_MAGIC) == 0;
    if (input->is_packed && inflateInit2(&input->stream, WINDOW_BITS_GZIP) != Z_OK)
        memory_exhausted(sizeof input->stream);
    input->in_member = input->is_packed;
    return true;
}

static size_t read_plain(struct input *input, char *to, size_t room, struct error *err)
{
    if (input->stream.avail_in == 0 && !read_raw(input, err))
        return 0;
    size_t bytes = input->stream.avail_in < room ? input->stream.avail_in : room;
    memcpy(to, input->stream.next_in, bytes);
    input->stream.next_in += bytes;
    input->stream.avail_in -= (uInt)bytes;
    return bytes;
}

/* One step of inflate; members may follow each other (RFC 1952). False at the end and on failure. */
static bool unpack_step(struct input *input, struct error *err)
{
    if (input->stream.avail_in == 0 && !input->is_at_end && !read_raw(input, err))
        return false;
    if (input->stream.avail_in == 0) {
        if (input->in_member)
            error_set(err, ERROR_INPUT, "gzip.broken", "the gzip data is cut short");
        return false;
    }
    if (!input->in_member && inflateReset(&input->stream) != Z_OK)
        return error_set(err, ERROR_FATAL, "gzip.broken", "zlib cannot be reset");
    input->in_member = true;
    int result = inflate(&input->stream, Z_NO_FLUSH);
    if (result == Z_STREAM_END)
        input->in_member = false;
    else if (result != Z_OK && result != Z_BUF_ERROR)
        return error_set(err, ERROR_INPUT, "gzip.broken", "broken gzip data: %s",
                         input->stream.msg ? input->stream.msg : "no reason given");
    return true;
}

static size_t read_packed(struct input *input, char *to, size_t room, struct error *err)
{
    uInt most = room < RAW_BYTES ? (uInt)room : RAW_BYTES;
    input->stream.next_out = (Bytef *)to;
    input->stream.avail_out = most;
    while (input->stream.avail_out == most)
        if (!unpack_step(input, err))
            return 0;
    return most - input->stream.avail_out;
}

struct input *input_open(const char *path, struct error *err)
{
    int descriptor = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        error_set(err, ERROR_INPUT, "file.open", "cannot open: %s", strerror(errno));
        return NULL;
    }
    struct input *input = memory_new(1, sizeof *input);
    input->descriptor = descriptor;
    input->stream.next_in = input->raw;
    return input;
}

void input_close(struct input *input)
{
    if (!input)
        return;
    if (input->is_packed)
        inflateEnd(&input->stream);
    if (input->descriptor != STDIN_FILENO)
        close(input->descriptor);
    free(input);
}

size_t input_read(struct input *input, char *to, size_t room, struct error *err)
{
    if (!input->is_begun && !begin(input, err))
        return 0;
    return input->is_packed ? read_packed(input, to, room, err) : read_plain(input, to, room, err);
}

size_t input_consumed(const struct input *input)
{
    return input->consumed;
}
