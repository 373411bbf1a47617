#include "processor/ops/fleet.h"

#include "processor/runtime/memory.h"

#include <stdlib.h>
#include <string.h>

enum { INTERVAL_USUAL_MS = 10000, INTERVAL_MOST_MS = 3600000, NOBODY = -1 };

struct member {
    char *name; /* NULL: the place is free */
    json_t *status;
    int64_t seen_ms, silent_ms; /* when the record was made; how long may go by until it is silent */
};

struct part {
    char *topic;
    int32_t partition;
    int64_t lag;
    int owner; /* the member that reported it last, or NOBODY when it no longer does */
    int64_t seen_ms;
};

struct fleet {
    struct member members[FLEET_INSTANCES_MOST];
    struct part *parts; /* [part_count] of FLEET_PARTITIONS_MOST, sorted */
    size_t part_count;
};

struct fleet *fleet_new(void)
{
    struct fleet *fleet = memory_new(1, sizeof *fleet);
    fleet->parts = memory_new(FLEET_PARTITIONS_MOST, sizeof *fleet->parts);
    return fleet;
}

static void forget_member(struct fleet *fleet, int index)
{
    struct member *member = &fleet->members[index];
    for (size_t i = 0; i < fleet->part_count; i++)
        if (fleet->parts[i].owner == index)
            fleet->parts[i].owner = NOBODY;
    free(member->name);
    json_decref(member->status);
    *member = (struct member){0};
}

void fleet_free(struct fleet *fleet)
{
    if (fleet == NULL)
        return;
    for (int i = 0; i < FLEET_INSTANCES_MOST; i++)
        forget_member(fleet, i);
    for (size_t i = 0; i < fleet->part_count; i++)
        free(fleet->parts[i].topic);
    free(fleet->parts);
    free(fleet);
}

const char *fleet_presence_name(enum fleet_presence presence)
{
    static const char *const names[] = {[FLEET_PRESENT] = "present", [FLEET_SILENT] = "silent", [FLEET_ENDED] = "ended"};
    return names[presence];
}

double fleet_number(const json_t *status, const char *first, const char *second)
{
    const json_t *value = json_object_get(status, first);
    return json_number_value(second != NULL ? json_object_get(value, second) : value);
}

/* A process says `stopping` in its last record alone. */
static enum fleet_presence presence_of(const struct member *member, int64_t now_ms)
{
    const char *state = json_string_value(json_object_get(member->status, "state"));
    if (state != NULL && strcmp(state, "stopping") == 0)
        return FLEET_ENDED;
    return now_ms - member->seen_ms > member->silent_ms ? FLEET_SILENT : FLEET_PRESENT;
}

/* The member of that name, or a free place, or that of who has been silent for longest. */
static int place_of(struct fleet *fleet, const char *name)
{
    int found = 0;
    for (int i = 0; i < FLEET_INSTANCES_MOST; i++) {
        const struct member *member = &fleet->members[i], *best = &fleet->members[found];
        if (member->name != NULL && strcmp(member->name, name) == 0)
            return i;
        if (best->name != NULL && (member->name == NULL || member->seen_ms < best->seen_ms))
            found = i;
    }
    if (fleet->members[found].name != NULL)
        forget_member(fleet, found);
    fleet->members[found].name = memory_copy(name);
    return found;
}

static int compare_parts(const char *topic, int32_t partition, const struct part *part)
{
    int order = strcmp(topic, part->topic);
    return order != 0 ? order : (partition > part->partition) - (partition < part->partition);
}

/* NULL: there is no room for one more. */
static struct part *part_of(struct fleet *fleet, const char *topic, int32_t partition)
{
    size_t low = 0, high = fleet->part_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = compare_parts(topic, partition, &fleet->parts[middle]);
        if (order == 0)
            return &fleet->parts[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    if (fleet->part_count == FLEET_PARTITIONS_MOST)
        return NULL;
    memmove(&fleet->parts[low + 1], &fleet->parts[low], (fleet->part_count++ - low) * sizeof *fleet->parts);
    fleet->parts[low] = (struct part){.topic = memory_copy(topic), .partition = partition};
    return &fleet->parts[low];
}

/* What it reported the last time and no longer does is nobody's until someone else reports it. */
static void take_lags(struct fleet *fleet, int index)
{
    const struct member *member = &fleet->members[index];
    size_t i;
    const json_t *entry;
    for (size_t j = 0; j < fleet->part_count; j++)
        if (fleet->parts[j].owner == index)
            fleet->parts[j].owner = NOBODY;
    json_array_foreach(json_object_get(member->status, "lag"), i, entry) {
        const char *topic = json_string_value(json_object_get(entry, "topic"));
        const json_t *partition = json_object_get(entry, "partition");
        if (topic == NULL || !json_is_integer(partition))
            continue;
        struct part *part = part_of(fleet, topic, (int32_t)json_integer_value(partition));
        if (part == NULL || part->seen_ms > member->seen_ms)
            continue;
        part->lag = json_integer_value(json_object_get(entry, "lag"));
        part->owner = index;
        part->seen_ms = member->seen_ms;
    }
}

void fleet_add(struct fleet *fleet, const json_t *status, int64_t age_ms, int64_t now_ms)
{
    const char *name = json_string_value(json_object_get(status, "instance"));
    if (name == NULL)
        return;
    int index = place_of(fleet, name);
    struct member *member = &fleet->members[index];
    double interval_ms = fleet_number(status, "interval_ms", NULL);
    if (!(interval_ms > 0 && interval_ms <= INTERVAL_MOST_MS))
        interval_ms = INTERVAL_USUAL_MS;
    json_decref(member->status);
    member->status = json_deep_copy(status);
    member->seen_ms = now_ms - age_ms;
    member->silent_ms = 2 * (int64_t)interval_ms + FLEET_SILENT_MS;
    take_lags(fleet, index);
}

static void forget_old(struct fleet *fleet, int64_t now_ms)
{
    size_t kept = 0;
    for (int i = 0; i < FLEET_INSTANCES_MOST; i++)
        if (fleet->members[i].name != NULL && now_ms - fleet->members[i].seen_ms > fleet->members[i].silent_ms + FLEET_FORGET_MS)
            forget_member(fleet, i);
    for (size_t i = 0; i < fleet->part_count; i++) {
        if (fleet->parts[i].owner == NOBODY && now_ms - fleet->parts[i].seen_ms > FLEET_FORGET_MS)
            free(fleet->parts[i].topic);
        else
            fleet->parts[kept++] = fleet->parts[i];
    }
    fleet->part_count = kept;
}

static int compare_instances(const void *left, const void *right)
{
    const struct fleet_instance *a = left, *b = right;
    return strcmp(a->name, b->name);
}

size_t fleet_instances(struct fleet *fleet, int64_t now_ms, struct fleet_instance items[FLEET_INSTANCES_MOST])
{
    size_t count = 0;
    forget_old(fleet, now_ms);
    for (int i = 0; i < FLEET_INSTANCES_MOST; i++) {
        const struct member *member = &fleet->members[i];
        if (member->name != NULL)
            items[count++] = (struct fleet_instance){.name = member->name,
                                                     .status = member->status,
                                                     .age_ms = now_ms - member->seen_ms,
                                                     .presence = presence_of(member, now_ms)};
    }
    qsort(items, count, sizeof *items, compare_instances);
    return count;
}

size_t fleet_partitions(struct fleet *fleet, int64_t now_ms, struct fleet_partition items[FLEET_PARTITIONS_MOST])
{
    forget_old(fleet, now_ms);
    for (size_t i = 0; i < fleet->part_count; i++) {
        const struct part *part = &fleet->parts[i];
        bool is_known = part->owner != NOBODY && presence_of(&fleet->members[part->owner], now_ms) == FLEET_PRESENT;
        items[i] = (struct fleet_partition){
            .topic = part->topic, .partition = part->partition, .lag = is_known && part->lag >= 0 ? part->lag : -1};
    }
    return fleet->part_count;
}

struct fleet_sums fleet_sum(struct fleet *fleet, int64_t now_ms)
{
    struct fleet_sums sums = {0};
    struct fleet_instance instances[FLEET_INSTANCES_MOST];
    struct fleet_partition *partitions = memory_new(FLEET_PARTITIONS_MOST, sizeof *partitions);
    size_t count = fleet_instances(fleet, now_ms, instances);
    for (size_t i = 0; i < count; i++) {
        bool is_present = instances[i].presence == FLEET_PRESENT;
        sums.present += is_present;
        sums.silent += instances[i].presence == FLEET_SILENT;
        sums.done_rate += is_present ? fleet_number(instances[i].status, "rates", "done") : 0;
    }
    count = fleet_partitions(fleet, now_ms, partitions);
    for (size_t i = 0; i < count; i++) {
        sums.lag += partitions[i].lag >= 0 ? partitions[i].lag : 0;
        sums.unknown += partitions[i].lag < 0;
    }
    free(partitions);
    return sums;
}

/* A pack that fails is out of memory: jansson has no other reason with constant formats. */
static json_t *made(json_t *json)
{
    if (json == NULL)
        memory_exhausted(0);
    return json;
}

/* What an instance that is not present said last is no longer so. */
static json_t *instance_json(const struct fleet_instance *instance)
{
    const json_t *status = instance->status;
    const char *state = json_string_value(json_object_get(status, "state"));
    json_t *object = made(json_pack("{s:s, s:s, s:s, s:I}", "name", instance->name, "presence", fleet_presence_name(instance->presence),
                                    "state", state != NULL ? state : "", "age_ms", (json_int_t)instance->age_ms));
    if (instance->presence == FLEET_PRESENT)
        json_object_update_new(object, made(json_pack("{s:f, s:f, s:f, s:f, s:f}", "done_rate", fleet_number(status, "rates", "done"), "lag",
                                                      fleet_number(status, "lag_total", NULL), "in_hand",
                                                      fleet_number(status, "work", "in_hand"), "resident_bytes",
                                                      fleet_number(status, "memory", "resident_bytes"), "article_seconds",
                                                      fleet_number(status, "article_seconds", "p50"))));
    return object;
}

static json_t *partitions_json(struct fleet *fleet, int64_t now_ms)
{
    struct fleet_partition *partitions = memory_new(FLEET_PARTITIONS_MOST, sizeof *partitions);
    size_t count = fleet_partitions(fleet, now_ms, partitions);
    json_t *array = made(json_array());
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, made(json_pack("{s:s, s:i, s:o}", "topic", partitions[i].topic, "partition", partitions[i].partition, "lag",
                                                    partitions[i].lag >= 0 ? json_integer(partitions[i].lag) : json_null())));
    free(partitions);
    return array;
}

json_t *fleet_json(struct fleet *fleet, int64_t now_ms)
{
    struct fleet_instance instances[FLEET_INSTANCES_MOST];
    size_t count = fleet_instances(fleet, now_ms, instances);
    struct fleet_sums sums = fleet_sum(fleet, now_ms);
    json_t *array = made(json_array());
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, instance_json(&instances[i]));
    return made(json_pack("{s:o, s:o, s:i, s:i, s:f, s:I, s:i}", "instances", array, "partitions", partitions_json(fleet, now_ms),
                          "present", (int)sums.present, "silent", (int)sums.silent, "done_rate", sums.done_rate, "lag",
                          (json_int_t)sums.lag, "partitions_unknown", (int)sums.unknown));
}
