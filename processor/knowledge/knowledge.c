#include "processor/knowledge/knowledge.h"

#include "processor/knowledge/normal.h"
#include "processor/knowledge/own.h"
#include "processor/runtime/memory.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FORMAT_VERSION = 1, CANDIDATES_MOST = 64, FOLD_BYTES_LEAST = 4 };

struct header {
    char magic[8];
    uint32_t version, entries, surfaces, candidates, text_bytes, reserved;
    uint8_t sha256[SHA256_DIGEST_LENGTH];
};

struct entry {
    uint32_t name, parent, wikidata;
    uint16_t name_bytes, from, to, fame;
    uint8_t type, kind;
    char country[2];
};

struct surface {
    uint32_t name, first;
    uint16_t name_bytes, count;
};

struct candidate {
    uint32_t entry;
    uint16_t prior, flags;
};

_Static_assert(sizeof(struct header) == 64 && sizeof(struct entry) == 24, "the file's layout");
_Static_assert(sizeof(struct surface) == 12 && sizeof(struct candidate) == 8, "the file's layout");
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the file is little-endian and read in place");

struct knowledge {
    const struct header *header;
    const struct entry *entries;        /* [header->entries] */
    const struct surface *surfaces;     /* [header->surfaces] */
    const struct candidate *candidates; /* [header->candidates] */
    const char *text;                   /* [header->text_bytes] */
    struct own *own;                    /* NULL: none */
    void *mapped;                       /* NULL where the bytes are the caller's */
    size_t mapped_bytes;
};

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* <0, 0, >0: the order of a and b in ASCII lower case. */
static int compare_folded(struct view a, struct view b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < shared; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return lower(a.data[i]) < lower(b.data[i]) ? -1 : 1;
    return a.len == b.len ? 0 : a.len < b.len ? -1 : 1;
}

static struct view surface_name(const struct knowledge *k, size_t i)
{
    return (struct view){.data = k->text + k->surfaces[i].name, .len = k->surfaces[i].name_bytes};
}

static bool is_inside(uint64_t start, uint64_t count, uint64_t whole)
{
    return start <= whole && count <= whole - start;
}

/* Parents come before their children in the file, so that no chain of them can be a ring. */
static bool is_entry_sound(const struct knowledge *k, uint32_t i)
{
    const struct entry *e = &k->entries[i];
    bool has_country = e->country[0] != '\0';
    return is_inside(e->name, e->name_bytes, k->header->text_bytes) && (e->parent == KNOWN_NONE || e->parent < i) &&
           e->type < KNOWN_TYPE_COUNT && e->kind < KNOWN_KIND_COUNT && has_country == (e->country[1] != '\0');
}

static bool is_surface_sound(const struct knowledge *k, uint32_t i)
{
    const struct surface *s = &k->surfaces[i];
    if (!is_inside(s->name, s->name_bytes, k->header->text_bytes) || s->name_bytes == 0 || s->count == 0 ||
        s->count > CANDIDATES_MOST || !is_inside(s->first, s->count, k->header->candidates))
        return false;
    for (uint32_t c = s->first; c < s->first + s->count; c++) {
        if (k->candidates[c].entry >= k->header->entries)
            return false;
        if (c > s->first && k->candidates[c].prior > k->candidates[c - 1].prior)
            return false;
    }
    if (i == 0)
        return true;
    struct view before = surface_name(k, i - 1), here = surface_name(k, i);
    int order = compare_folded(before, here);
    return order < 0 || (order == 0 && memcmp(before.data, here.data, here.len) < 0);
}

static bool check_tables(const struct knowledge *k, struct error *err)
{
    for (uint32_t i = 0; i < k->header->entries; i++)
        if (!is_entry_sound(k, i))
            return error_set(err, ERROR_CONFIG, "knowledge.table", "knowledge file: entry %u is broken", i);
    for (uint32_t i = 0; i < k->header->surfaces; i++)
        if (!is_surface_sound(k, i))
            return error_set(err, ERROR_CONFIG, "knowledge.table", "knowledge file: name %u is broken", i);
    return true;
}

static bool check_header(struct view bytes, struct error *err)
{
    const struct header *h = (const struct header *)(const void *)bytes.data;
    if (bytes.len < sizeof *h || memcmp(h->magic, "STKNOWN\1", sizeof h->magic) != 0)
        return error_set(err, ERROR_CONFIG, "knowledge.magic", "not a knowledge file");
    if (h->version != FORMAT_VERSION)
        return error_set(err, ERROR_CONFIG, "knowledge.version", "knowledge file of version %u, this program reads %d", h->version,
                         FORMAT_VERSION);
    uint64_t expected = sizeof *h + (uint64_t)h->entries * sizeof(struct entry) + (uint64_t)h->surfaces * sizeof(struct surface) +
                        (uint64_t)h->candidates * sizeof(struct candidate) + h->text_bytes;
    if (h->reserved != 0 || expected != bytes.len)
        return error_set(err, ERROR_CONFIG, "knowledge.size", "knowledge file has %zu bytes, its header says %llu", bytes.len,
                         (unsigned long long)expected);
    uint8_t sum[SHA256_DIGEST_LENGTH];
    SHA256((const unsigned char *)bytes.data + sizeof *h, bytes.len - sizeof *h, sum);
    if (memcmp(sum, h->sha256, sizeof sum) != 0)
        return error_set(err, ERROR_CONFIG, "knowledge.checksum", "knowledge file is damaged: its checksum does not match");
    return true;
}

struct knowledge *knowledge_read(struct view bytes, struct error *err)
{
    if (!check_header(bytes, err))
        return NULL;
    struct knowledge *k = memory_new(1, sizeof *k);
    k->header = (const struct header *)(const void *)bytes.data;
    k->entries = (const struct entry *)(k->header + 1);
    k->surfaces = (const struct surface *)(k->entries + k->header->entries);
    k->candidates = (const struct candidate *)(k->surfaces + k->header->surfaces);
    k->text = (const char *)(k->candidates + k->header->candidates);
    if (check_tables(k, err))
        return k;
    knowledge_close(k);
    return NULL;
}

struct knowledge *knowledge_open(const char *path, struct error *err)
{
    struct knowledge *k = NULL;
    struct error inside = {0};
    struct stat status;
    void *mapped = MAP_FAILED;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0) {
        error_set(err, ERROR_CONFIG, "knowledge.open", "cannot open the knowledge file %s: %m", path);
        goto out;
    }
    if (!S_ISREG(status.st_mode) || status.st_size == 0) {
        error_set(err, ERROR_CONFIG, "knowledge.magic", "%s is not a knowledge file", path);
        goto out;
    }
    mapped = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (mapped == MAP_FAILED) {
        error_set(err, ERROR_CONFIG, "knowledge.open", "cannot map the knowledge file %s: %m", path);
        goto out;
    }
    k = knowledge_read((struct view){.data = mapped, .len = (size_t)status.st_size}, &inside);
    if (k == NULL) {
        error_set(err, inside.kind, inside.code, "%s: %s", path, inside.text);
    } else {
        k->mapped = mapped;
        k->mapped_bytes = (size_t)status.st_size;
    }
out:
    if (k == NULL && mapped != MAP_FAILED)
        munmap(mapped, (size_t)status.st_size);
    if (fd >= 0)
        close(fd);
    return k;
}

void knowledge_close(struct knowledge *knowledge)
{
    if (knowledge == NULL)
        return;
    own_free(knowledge->own);
    if (knowledge->mapped != NULL)
        munmap(knowledge->mapped, knowledge->mapped_bytes);
    free(knowledge);
}

bool knowledge_add_own(struct knowledge *knowledge, const char *path, struct error *err)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return error_set(err, ERROR_CONFIG, "own.open", "cannot open the file of own entities %s: %m", path);
    char *bytes = memory_take(OWN_FILE_BYTES_MOST + 1); /* one more, so that a file that is too large shows */
    size_t len = fread(bytes, 1, OWN_FILE_BYTES_MOST + 1, file);
    bool is_read = !ferror(file);
    if (!is_read)
        error_set(err, ERROR_CONFIG, "own.open", "cannot read the file of own entities %s: %m", path);
    fclose(file);
    if (is_read)
        knowledge->own = own_read((struct view){.data = bytes, .len = len}, path, knowledge, err);
    free(bytes);
    return knowledge->own != NULL;
}

size_t knowledge_count(const struct knowledge *knowledge)
{
    return knowledge->header->entries + (knowledge->own != NULL ? own_count(knowledge->own) : 0);
}

struct known knowledge_get(const struct knowledge *knowledge, uint32_t entry)
{
    struct known own;
    if (knowledge->own != NULL && own_get(knowledge->own, entry, &own))
        return own;
    const struct entry *e = &knowledge->entries[entry];
    struct known known = {
        .name = {.data = knowledge->text + e->name, .len = e->name_bytes},
        .type = (enum known_type)e->type,
        .kind = (enum known_kind)e->kind,
        .country = {e->country[0], e->country[1]},
        .parent = e->parent,
        .from = e->from,
        .to = e->to,
        .fame = (float)e->fame / UINT16_MAX,
    };
    if (e->wikidata != 0)
        snprintf(known.wikidata, sizeof known.wikidata, "Q%u", e->wikidata);
    return known;
}

uint32_t knowledge_country(const struct knowledge *knowledge, uint32_t entry)
{
    if (entry != KNOWN_NONE && entry >= knowledge->header->entries)
        entry = knowledge_get(knowledge, entry).parent;
    while (entry != KNOWN_NONE && knowledge->entries[entry].kind != KNOWN_KIND_COUNTRY)
        entry = knowledge->entries[entry].parent;
    return entry;
}

const char *known_type_name(enum known_type type)
{
    static const char *const names[KNOWN_TYPE_COUNT] = {"Person", "Organization", "Location", "NORP", "Facility", "Misc"};
    return names[type];
}

const char *known_kind_name(enum known_kind kind)
{
    static const char *const names[KNOWN_KIND_COUNT] = {
#define X(name, text) text,
        KNOWN_KINDS(X)
#undef X
    };
    return names[kind];
}

/* The first surface whose name in lower case is not before `name`'s. */
static size_t first_not_before(const struct knowledge *k, struct view name)
{
    size_t low = 0, high = k->header->surfaces;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_folded(surface_name(k, middle), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static size_t put_candidates(const struct knowledge *k, size_t surface, unsigned flags, struct known_candidate *out, size_t most)
{
    const struct surface *s = &k->surfaces[surface];
    size_t count = s->count < most ? s->count : most;
    for (size_t i = 0; i < count; i++) {
        const struct candidate *c = &k->candidates[s->first + i];
        out[i] = (struct known_candidate){
            .entry = c->entry, .prior = (float)c->prior / UINT16_MAX, .flags = c->flags | flags};
    }
    return count;
}

/* Lower-case words are no names ("us", "who", "target"), and two or three letters say too little without their case. */
static bool may_fold(struct view name)
{
    bool has_capital = false;
    for (size_t i = 0; i < name.len; i++)
        has_capital = has_capital || (name.data[i] >= 'A' && name.data[i] <= 'Z');
    return has_capital && name.len >= FOLD_BYTES_LEAST;
}

/* Of several surfaces that differ in case only, the one with the likeliest first candidate is taken. */
static size_t find_spelling(const struct knowledge *k, struct view name, struct known_candidate *out, size_t most)
{
    size_t best = SIZE_MAX;
    uint16_t best_prior = 0;
    for (size_t i = first_not_before(k, name); i < k->header->surfaces && compare_folded(surface_name(k, i), name) == 0; i++) {
        if (view_equal(surface_name(k, i), name))
            return put_candidates(k, i, 0, out, most);
        uint16_t prior = k->candidates[k->surfaces[i].first].prior;
        if (best == SIZE_MAX || prior > best_prior) {
            best = i;
            best_prior = prior;
        }
    }
    return best == SIZE_MAX || !may_fold(name) ? 0 : put_candidates(k, best, KNOWN_FOLDED, out, most);
}

static struct view without_article(struct view name)
{
    bool has_the = name.len > 4 && (name.data[0] == 't' || name.data[0] == 'T') && memcmp(name.data + 1, "he ", 3) == 0;
    return has_the ? view_slice(name, 4, name.len) : name;
}

static struct view without_possessive(struct view name)
{
    if (name.len > 2 && memcmp(name.data + name.len - 2, "'s", 2) == 0)
        return view_slice(name, 0, name.len - 2);
    if (name.len > 2 && memcmp(name.data + name.len - 2, "s'", 2) == 0)
        return view_slice(name, 0, name.len - 1);
    return name;
}

size_t knowledge_find(const struct knowledge *knowledge, struct view name, struct known_candidate *out, size_t most)
{
    char spelling[KNOWN_NAME_BYTES];
    struct view whole = {.data = spelling, .len = normal_spelling(name, spelling, sizeof spelling)};
    struct view bare = without_possessive(whole);
    const struct view tries[] = {whole, without_article(whole), bare, without_article(bare)};
    for (size_t i = 0; i < sizeof tries / sizeof *tries && knowledge->own != NULL && most > 0; i++) {
        uint32_t entry = own_find(knowledge->own, tries[i]);
        if (entry != KNOWN_NONE) {
            out[0] = (struct known_candidate){.entry = entry, .prior = 1};
            return 1;
        }
    }
    for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
        size_t count = tries[i].len == 0 ? 0 : find_spelling(knowledge, tries[i], out, most);
        if (count > 0)
            return count;
    }
    return 0;
}
