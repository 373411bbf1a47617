/* Dead letters counted by reason. Zero at first. Thread: owner. */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/view.h"

#include <stdio.h>

enum { REASONS_MOST = 32 };

struct reasons {
    size_t total;
    struct {
        char code[ERROR_CODE_BYTES];
        size_t count;
    } codes[REASONS_MOST]; /* [code_count] in the order in which they came; of later ones only the total tells */
    size_t code_count;
};

void reasons_add(struct reasons *reasons, struct view code);

/* " (json.syntax 7, text.missing 5)"; nothing where there are none. */
void reasons_print(const struct reasons *reasons, FILE *to);
