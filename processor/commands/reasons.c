#include "processor/commands/reasons.h"

#include "processor/commands/table.h"

void reasons_add(struct reasons *reasons, struct view code)
{
    size_t at = 0;
    reasons->total++;
    code.len = code.len < ERROR_CODE_BYTES ? code.len : ERROR_CODE_BYTES - 1;
    while (at < reasons->code_count && !view_equal(view_of(reasons->codes[at].code), code))
        at++;
    if (at == REASONS_MOST)
        return;
    if (at == reasons->code_count)
        snprintf(reasons->codes[reasons->code_count++].code, ERROR_CODE_BYTES, "%.*s", (int)code.len, code.len > 0 ? code.data : "");
    reasons->codes[at].count++;
}

void reasons_print(const struct reasons *reasons, FILE *to)
{
    for (size_t i = 0; i < reasons->code_count; i++) {
        fputs(i == 0 ? " (" : ", ", to);
        table_print_text(to, view_of(reasons->codes[i].code), ERROR_CODE_BYTES, 0);
        fprintf(to, " %zu", reasons->codes[i].count);
    }
    if (reasons->code_count > 0)
        fputc(')', to);
}
