#include "processor/extract/first_names.h"

#include "processor/extract/first_names_list.h"

#include <stddef.h>
#include <string.h>

enum { SHORT_LEAST = 3, CUT_LEAST = 2 }; /* letters */

/* What is short for what, where it is not its beginning. */
static const char *const short_forms[][2] = {
    {"Andy", "Andrew"}, {"Becky", "Rebecca"}, {"Bernie", "Bernard"}, {"Betsy", "Elizabeth"}, {"Bill", "William"}, {"Billy", "William"}, {"Bob", "Robert"},
    {"Bobby", "Robert"}, {"Chuck", "Charles"}, {"Debbie", "Deborah"}, {"Dick", "Richard"}, {"Ed", "Edward"}, {"Hank", "Henry"}, {"Jack", "John"},
    {"Jerry", "Gerald"}, {"Jim", "James"}, {"Jimmy", "James"}, {"Kathy", "Katherine"}, {"Kathy", "Kathleen"}, {"Larry", "Lawrence"}, {"Liz", "Elizabeth"},
    {"Mike", "Michael"}, {"Peggy", "Margaret"}, {"Rick", "Richard"}, {"Steve", "Stephen"}, {"Sue", "Susan"}, {"Ted", "Edward"}, {"Ted", "Theodore"},
    {"Tony", "Anthony"}, {"Will", "William"},
};

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

bool first_names_are_one(struct view a, struct view b)
{
    struct view shorter = a.len <= b.len ? a : b, longer = a.len <= b.len ? b : a;
    char gender = first_names_gender(a), other = first_names_gender(b);
    for (size_t i = 0; i < sizeof short_forms / sizeof *short_forms; i++)
        if (view_equal(shorter, view_of(short_forms[i][0])) && view_equal(longer, view_of(short_forms[i][1])))
            return true;
    return shorter.len >= SHORT_LEAST && longer.len >= shorter.len + CUT_LEAST && memcmp(longer.data, shorter.data, shorter.len) == 0 &&
           !(gender && other && gender != other);
}
