/* What is sent for one record: its records, or a dead letter, or a stub of one. Thread: the committer's. */
#pragma once

#include "processor/task.h"

/* Sends everything for the task in its shape, which is changed first where an output is larger than the producer may
 * send. `arena` is used meanwhile and reset. Results as of producer_send(). */
enum producer_result outputs_send(struct task *task, struct producer *producer, const struct settings *settings,
                                  struct arena *arena, struct error *err);

/* The error that made the task a dead letter; borrowed. */
const struct error *outputs_error(const struct task *task);

/* The next shape, after the present one was refused. A stub stays one. */
void outputs_shrink(struct task *task);
