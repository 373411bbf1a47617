#include "processor/commands/demo_samples.h"

#include "processor/runtime/memory.h"
#include "processor/runtime/place.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SAMPLE_BYTES_MOST = 900 * 1024 }; /* below what a producer takes */

/* .dat and whatever else comes without a type: the stream finds out by itself. */
static const struct {
    const char *ending, *content_type;
} types[] = {{".txt", "text/plain"}, {".json", "application/json"}, {".html", "text/html"}};

/* Hidden files and the folder's description are no samples; nor is a folder. */
static int is_sample(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && strcmp(entry->d_name, "README.md") != 0 && entry->d_type != DT_DIR;
}

static bool read_file(const char *path, struct sample *sample, struct error *err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return error_set(err, ERROR_CONFIG, "demo.samples", "%s: %s", path, strerror(errno));
    sample->data = memory_take(SAMPLE_BYTES_MOST);
    sample->bytes = fread(sample->data, 1, SAMPLE_BYTES_MOST, file);
    bool fine = !ferror(file) && feof(file);
    fclose(file);
    sample->data = memory_resize(sample->data, sample->bytes + 1, 1);
    return fine || error_set(err, ERROR_CONFIG, "demo.samples", "%s: cannot be read, or is larger than %d bytes", path, SAMPLE_BYTES_MOST);
}

static bool add(const char *folder, const char *name, struct samples *samples, struct error *err)
{
    char path[PATH_MAX + NAME_MAX + 2];
    struct sample *sample = &samples->items[samples->count++];
    const char *ending = strrchr(name, '.');
    snprintf(path, sizeof path, "%s/%s", folder, name);
    sample->name = memory_copy(name);
    if (ending != NULL)
        sample->name[ending - name] = '\0';
    for (size_t i = 0; ending != NULL && i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].ending, ending) == 0)
            sample->content_type = types[i].content_type;
    return read_file(path, sample, err);
}

static bool add_folder(const char *folder, struct samples *samples, struct error *err)
{
    struct dirent **entries;
    int found = scandir(folder, &entries, is_sample, alphasort);
    if (found < 0)
        return error_set(err, ERROR_CONFIG, "demo.samples", "%s: %s", folder, strerror(errno));
    samples->items = memory_new((size_t)found + 1, sizeof *samples->items);
    bool fine = true;
    for (int i = 0; i < found; i++) {
        fine = fine && add(folder, entries[i]->d_name, samples, err);
        free(entries[i]);
    }
    free(entries);
    return fine;
}

/* Spreads `others` evenly between `samples`; takes them over. */
static void mix_in(struct samples *samples, struct samples *others)
{
    size_t count = samples->count + others->count, taken = 0, mixed = 0;
    struct sample *items = memory_new(count + 1, sizeof *items);
    for (size_t i = 0; i < count; i++)
        items[i] = (i + 1) * others->count / (count + 1) > mixed || taken == samples->count ? others->items[mixed++]
                                                                                           : samples->items[taken++];
    free(samples->items);
    free(others->items);
    *samples = (struct samples){.items = items, .count = count};
    *others = (struct samples){0};
}

bool samples_read(const char *folder, struct samples *samples, struct error *err)
{
    char place[PATH_MAX], broken[PATH_MAX + 8];
    struct samples others = {0};
    *samples = (struct samples){0};
    if (folder == NULL && !place_find("demo", "tests/cases/demo", place))
        return error_set(err, ERROR_CONFIG, "demo.samples", "no sample articles in %s; name a folder of articles", place);
    folder = folder != NULL ? folder : place;
    snprintf(broken, sizeof broken, "%s/broken", folder);
    bool fine = add_folder(folder, samples, err) && (access(broken, F_OK) != 0 || add_folder(broken, &others, err));
    mix_in(samples, &others);
    if (fine && samples->count == 0)
        fine = error_set(err, ERROR_CONFIG, "demo.samples", "%s is empty", folder);
    if (!fine)
        samples_free(samples);
    return fine;
}

void samples_free(struct samples *samples)
{
    for (size_t i = 0; i < samples->count; i++) {
        free(samples->items[i].name);
        free(samples->items[i].data);
    }
    free(samples->items);
    *samples = (struct samples){0};
}
