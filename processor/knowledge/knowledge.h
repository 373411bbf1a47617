/* What is known beforehand: countries, places, people, parties, organisations, companies, under all their names.
 *
 * One mmap'd file (models/knowledge.bin), compiled from public facts by training/knowledge.py. A name leads to candidates,
 * each with the chance that the name, seen alone, means it: what the file does not know takes the rest up to 1.
 *
 *   header, 64 bytes  "STKNOWN\1", u32 version (1), u32 entries, u32 surfaces, u32 candidates, u32 text bytes, u32 reserved (0),
 *                     u8[32] SHA-256 of everything behind the header
 *   entries           24 bytes each: u32 name (offset in text), u32 parent (entry, or 2^32-1), u32 wikidata (number, 0 none),
 *                     u16 name bytes, u16 from (year, 0 unknown), u16 to (year, 0 open or unknown), u16 fame (of 65535),
 *                     u8 type, u8 kind, char country[2] (ISO 3166-1, or 0)
 *   surfaces          12 bytes each: u32 name (offset in text), u32 first candidate, u16 name bytes, u16 candidate count; sorted by
 *                     the name in ASCII lower case, then by the name
 *   candidates        8 bytes each: u32 entry, u16 prior (of 65535), u16 flags; falling prior within a surface
 *   text              UTF-8
 *
 * Little-endian. Every number is checked against the file at open, so that reading needs no check. */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Those of extract/findings.h that have names of their own; new ones behind, as the file holds their numbers. */
enum known_type { KNOWN_PERSON, KNOWN_ORGANIZATION, KNOWN_LOCATION, KNOWN_NORP, KNOWN_FACILITY, KNOWN_MISC, KNOWN_TYPE_COUNT };

#define KNOWN_KINDS(X)                                                                    \
    X(COUNTRY, "country")             /* and dependent territories */                     \
    X(REGION, "region")               /* continent, state, province, sea */               \
    X(CAPITAL, "capital")             /* parent: the country whose government it may mean */ \
    X(CITY, "city")                                                                       \
    X(SEAT, "seat")                   /* Kremlin, White House; parent: as of a capital */ \
    X(DEMONYM, "demonym")             /* parent: the country (or region) */               \
    X(GROUP, "group")                 /* religious, political, ethnic: Democrats, Muslims */ \
    X(POLITICIAN, "politician")       /* parent: "President of France", if he was */       \
    X(PERSON, "person")                                                                   \
    X(PARTY, "party")                                                                     \
    X(INTERNATIONAL, "international") /* bodies of several countries; parent: the body it belongs to */ \
    X(AGENCY, "agency")               /* of one state: ministries, forces, courts, central banks, parliaments */ \
    X(COMPANY, "company")                                                                 \
    X(MEDIA, "media")                                                                     \
    X(ORGANIZATION, "organization")   /* non-governmental, sport, universities, armed groups */ \
    X(MEASURE, "measure")             /* laws, agreements, programmes, policies: what one is for or against */

enum known_kind {
#define X(name, text) KNOWN_KIND_##name,
    KNOWN_KINDS(X)
#undef X
    KNOWN_KIND_COUNT
};

/* How a name stands for what it means. */
enum known_flag {
    KNOWN_LAST_NAME = 1,    /* a person's last name only: weak alone */
    KNOWN_ACRONYM = 2,      /* EU, NATO, Fed */
    KNOWN_AMBIGUOUS = 4,    /* also a common word or a place: needs other signs (Apple, Target, Visa) */
    KNOWN_FOLDED = 8,       /* set by knowledge_find(): matched only without regard to case */
    KNOWN_HISTORIC = 16,    /* a former name: Burma, Facebook Inc. */
};

#define KNOWN_NONE UINT32_MAX /* no entry */

enum { KNOWN_NAME_BYTES = 256 };

struct known {
    struct view name; /* canonical English name; lives as long as the knowledge */
    enum known_type type;
    enum known_kind kind;
    char wikidata[12];   /* "Q148", or "" */
    char country[3];     /* "CN", or "" */
    uint32_t parent;     /* another entry, or KNOWN_NONE */
    uint16_t from, to;   /* years in office; 0 unknown, and `to` 0 also still */
    float fame;          /* 0..1 */
    bool is_own;         /* from the user's own file */
};

struct known_candidate {
    uint32_t entry; /* for knowledge_get() */
    float prior;    /* 0..1 */
    unsigned flags; /* enum known_flag */
};

struct knowledge;

/* Maps and verifies the file. err: ERROR_CONFIG "knowledge.open", "knowledge.magic", "knowledge.version", "knowledge.size",
 * "knowledge.checksum", "knowledge.table". Free with knowledge_close(). Thread: any; const after open. */
struct knowledge *knowledge_open(const char *path, struct error *err);
/* The same over bytes in memory (4-aligned, outliving the result): for tests and fuzzing. */
struct knowledge *knowledge_read(struct view bytes, struct error *err);
void knowledge_close(struct knowledge *knowledge); /* NULL is fine */

/* Adds the user's own entities of the CSV file `path` (own.h), whose names go before those of the knowledge file; once, before
 * the knowledge is used. err: ERROR_CONFIG "own.open", and those of own_read(). Thread: owner. */
bool knowledge_add_own(struct knowledge *knowledge, const char *path, struct error *err);

size_t knowledge_count(const struct knowledge *knowledge); /* entries */

/* The entry `entry` < knowledge_count(). */
struct known knowledge_get(const struct knowledge *knowledge, uint32_t entry);

/* What `name` (valid UTF-8, as in a text) may mean: at most `most` candidates into `out`, best first; returns how many.
 * Accents, typographic quotes, dashes and runs of white space do not matter; where nothing is found, a "the" before and a
 * possessive "'s" behind are let go. The case of letters matters; only where no such name is known, a name of four letters or
 * more that has a capital ("HUAWEI", "Nato") is also found without regard to case, with KNOWN_FOLDED set.
 * Names over KNOWN_NAME_BYTES are not known. */
size_t knowledge_find(const struct knowledge *knowledge, struct view name, struct known_candidate *out, size_t most);

/* The country, capital's country, or seat's country behind `entry`: the entry itself for a country, else the first country
 * on the way of parents; KNOWN_NONE where there is none. */
uint32_t knowledge_country(const struct knowledge *knowledge, uint32_t entry);

/* "Person", "country": constants. Thread: any. */
const char *known_type_name(enum known_type type);
const char *known_kind_name(enum known_kind kind);
