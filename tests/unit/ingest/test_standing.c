#include "processor/ingest/standing.h"

#include "tests/expect.h"

#include <stdio.h>
#include <string.h>

static bool is_outside(const char *state, const char *join)
{
    char json[512];
    int len = snprintf(json, sizeof json,
                       "{ \"name\": \"rdkafka#consumer-1\", \"topics\": { \"cgrp\": { \"topic\": \"cgrp\", \"state\": \"\" } }, \"cgrp\": { \"state\": \"%s\", \"stateage\": 12, "
                       "\"join_state\": \"%s\", \"rebalance_age\": 7, \"assignment_size\": 0 }, \"eos\": { } }",
                       state, join);
    return standing_is_outside(json, (size_t)len);
}

Test(standing, of_a_member_is_inside_while_its_group_comes_together)
{
    static const char *const joins[] = {"wait-join", "wait-metadata", "wait-sync", "wait-assign-call", "wait-incr-unassign-to-complete", "steady"};
    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++)
        cr_expect(not(is_outside("up", joins[i])), "%s", joins[i]);
}

Test(standing, is_outside_without_a_coordinator_and_before_joining)
{
    static const char *const states[] = {"init", "query-coord", "wait-coord", "wait-broker", "wait-broker-transport"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        cr_expect(is_outside(states[i], "steady"), "%s", states[i]);
    cr_expect(is_outside("up", "init"));
}

Test(standing, is_inside_where_nothing_is_said)
{
    static const char *const texts[] = {"", "{}", "{ \"cgrp\": ", "{ \"cgrp\": 7 }", "{ \"cgrp\": { \"state\": \"query-coord\" } }", "\"cgrp\": {"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(not(standing_is_outside(texts[i], strlen(texts[i]))), "%s", texts[i]);
}
