#include "processor/extract/first_names.h"

#include "processor/extract/first_names_list.h"

#include <stddef.h>

static bool is_among(struct view name, const char *const *list, size_t count)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = view_order(view_of(list[middle]), name);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

char first_names_gender(struct view name)
{
    if (is_among(name, men, sizeof men / sizeof *men))
        return 'm';
    return is_among(name, women, sizeof women / sizeof *women) ? 'f' : 0;
}
