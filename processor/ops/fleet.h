/* The instances of a group, as their status records tell: who is there, who fell silent, what lags where.
 *
 * A number is shown only while it is known. An instance whose next record is overdue is silent: it is in no sum, and the lag
 * of its partitions is unknown until another instance reports them. Bounded. Thread: owner. */
#pragma once


#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FLEET_INSTANCES_MOST = 64, FLEET_PARTITIONS_MOST = 4096, FLEET_SILENT_MS = 1000, FLEET_FORGET_MS = 15 * 60 * 1000 };

enum fleet_presence { FLEET_PRESENT, FLEET_SILENT, FLEET_ENDED };

struct fleet;

struct fleet_instance {
    const char *name;
    const json_t *status; /* its last record */
    int64_t age_ms;       /* of that record */
    enum fleet_presence presence;
};

struct fleet_partition {
    const char *topic;
    int32_t partition;
    int64_t lag; /* -1: unknown */
};

struct fleet_sums {
    size_t present, silent;
    double done_rate;       /* articles a second, of those present */
    int64_t lag;            /* of the partitions where it is known */
    size_t unknown;         /* partitions where it is not */
};

/* Free with fleet_free(). */
struct fleet *fleet_new(void);
void fleet_free(struct fleet *fleet); /* NULL is fine */

/* Takes in a status record that was made `age_ms` ago; what is none is ignored. All moments are of clock_now_ms(). Silent is
 * who has not reported for twice its `interval_ms` (10 s where the record does not say) and FLEET_SILENT_MS. */
void fleet_add(struct fleet *fleet, const json_t *status, int64_t age_ms, int64_t now_ms);

/* Sorted by name, and by topic and partition. Return how many there are; borrowed until the next fleet_add(). Who has been silent
 * for FLEET_FORGET_MS is forgotten, and so are partitions that nobody has reported for as long. */
size_t fleet_instances(struct fleet *fleet, int64_t now_ms, struct fleet_instance items[FLEET_INSTANCES_MOST]);
size_t fleet_partitions(struct fleet *fleet, int64_t now_ms, struct fleet_partition items[FLEET_PARTITIONS_MOST]);

struct fleet_sums fleet_sum(struct fleet *fleet, int64_t now_ms);

/* All of it as one object, the number that is not known as null. */
json_t *fleet_json(struct fleet *fleet, int64_t now_ms);

const char *fleet_presence_name(enum fleet_presence presence);

/* A number of a status record, by way of two keys (the second may be NULL); 0 where it is not there. */
double fleet_number(const json_t *status, const char *first, const char *second);
