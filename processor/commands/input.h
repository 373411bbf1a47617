/* The bytes of a file or of stdin, unpacked on the way where they are gzip's; what has arrived is handed on at once, so
 * that a program that writes line by line gets its answers line by line. */
#pragma once

#include "processor/runtime/error.h"

#include <stddef.h>

struct input;

/* Opens `path`, "-" for stdin. NULL with *err ERROR_INPUT "file.open". Close with input_close(). Thread: owner. */
struct input *input_open(const char *path, struct error *err);
void input_close(struct input *input); /* NULL is fine */

/* Reads at least one byte and at most `room` (not 0) to `to`. 0: the end, or a failure: err then is ERROR_INPUT
 * "file.read", "gzip.broken" (also where it is cut short). */
size_t input_read(struct input *input, char *to, size_t room, struct error *err);

/* Bytes of the file read so far, packed or not: for a progress bar. */
size_t input_consumed(const struct input *input);
