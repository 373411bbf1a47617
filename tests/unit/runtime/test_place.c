#include "processor/runtime/place.h"

#include "tests/expect.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder of this program. */
static char folder[PATH_MAX];

static void set_up(void)
{
    char program[PATH_MAX];
    ssize_t len = readlink("/proc/self/exe", program, sizeof program - 1);
    cr_assert(len > 0 && len < (ssize_t)sizeof program);
    program[len] = '\0';
    snprintf(folder, sizeof folder, "%s", dirname(program));
}

TestSuite(place, .init = set_up);

/* Makes FOLDER/name, whose name is its own so that tests that run at once do not meet. */
static void make_file(const char *name, char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%.3000s/%.200s", folder, name);
    int descriptor = open(path, O_CREAT | O_WRONLY, 0600);
    cr_assert(ge(int, descriptor, 0));
    close(descriptor);
}

Test(place, finds_a_file_beside_the_program)
{
    char made[PATH_MAX], found[PATH_MAX];
    make_file("place-beside", made);

    bool is_found = place_find("no-such-file", "place-beside", found);
    unlink(made);

    cr_expect(is_found);
    expect_text(found, made);
}

Test(place, finds_a_file_in_a_folder_above)
{
    char found[PATH_MAX], in_tree[PATH_MAX];
    snprintf(in_tree, sizeof in_tree, "%s", folder);

    bool is_found = place_find("no-such-file", basename(in_tree), found);

    struct stat a, b;
    cr_assert(is_found);
    cr_assert(stat(found, &a) == 0 && stat(folder, &b) == 0);
    cr_expect(a.st_ino == b.st_ino);
}

Test(place, says_where_it_looked_first)
{
    char found[PATH_MAX];

    cr_expect(not(place_find("models/no-such-file", "no-such-file", found)));

    expect_says(found, folder);
    expect_says(found, "/../share/stanced/models/no-such-file");
}
