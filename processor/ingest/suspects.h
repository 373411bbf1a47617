/* The records that were in a worker's hands when the process died, so that one that crashes it is given up after a few times.
 *
 * A mapped file has a slot for each worker, with the record it is at. The kernel keeps what was stored there whatever kills
 * the process; nothing is synced, for a machine that dies takes no record with it. The slots that are left become suspects
 * when the process starts again, each with the blame that it has:
 *
 *   2  it died there: a handler of SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT found its own thread in the slot
 *   1  unknown: nobody could say anything, as after SIGKILL, the kernel's out-of-memory killer, or a stop that came to no end
 *   0  it only stood by: another slot died, or the process was stopping
 *
 * A suspect is read alone, while all other workers wait, so that the next death is its own. One whose blame has reached
 * twice `crashes_most` is not read again. One that was read to its end is no suspect any more.
 *
 * A record is known by topic, partition, offset and a hash of its value: another record at that place, after the topic was
 * made anew or on another cluster, is none. Bytes of the file are not trusted: what has no right checksum is not there. */
#pragma once

#include "processor/runtime/error.h"
#include "processor/runtime/view.h"

#include <stddef.h>
#include <stdint.h>

enum { SUSPECTS_SLOTS_MOST = 1024, SUSPECTS_MOST = 512, SUSPECTS_TOPIC_BYTES = 256 };

struct suspects;

/* Which record. */
struct suspect_place {
    const char *topic; /* at most 249 bytes */
    int32_t partition;
    int64_t offset;
    struct view value;
};

enum suspects_verdict {
    SUSPECTS_NONE,   /* read it */
    SUSPECTS_ALONE,  /* read it; the other workers wait */
    SUSPECTS_GUILTY, /* leave it: it has crashed the process too often */
};

/* Opens DIRECTORY/NAME.hands, makes it if need be, and takes the signals above for the whole process, one `struct suspects`
 * at a time. `name` may hold anything. err: ERROR_CONFIG "state.open", "state.locked" (another process has it).
 * Thread: owner, before the workers start. */
struct suspects *suspects_open(const char *directory, const char *name, unsigned crashes_most, struct error *err);
void suspects_close(struct suspects *suspects); /* all workers have ended; NULL is fine */

/* How many there are now. Thread: any. */
size_t suspects_count(struct suspects *suspects);

/* Gives the calling thread a stack for its signal handler, for a stack that ran over is a crash too; to be freed when the
 * thread ends. Thread: worker. */
void *suspects_enter(void);
void suspects_exit(void *stack);

/* The worker begins a record, and is done with it. deaths: how often the process died with it in hand.
 * Thread: worker, `slot` below SUSPECTS_SLOTS_MOST is its own. */
enum suspects_verdict suspects_begin(struct suspects *suspects, size_t slot, const struct suspect_place *place, unsigned *deaths);
void suspects_end(struct suspects *suspects, size_t slot);

/* The process ends of its own will from now on: whatever is left in the slots is not to blame. Thread: any. */
void suspects_leave(struct suspects *suspects);

/* It wanted to, and could not: what is in the slots now may be why, and is to blame as if the process were killed. Thread: any. */
void suspects_cannot_leave(struct suspects *suspects);

/* It ends because of what this slot is at, as if it had died there. Thread: any. */
void suspects_blame(struct suspects *suspects, size_t slot);
