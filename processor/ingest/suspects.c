#include "processor/ingest/suspects.h"

#include "processor/runtime/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

enum {
    DIED_BLAME = 2,
    UNKNOWN_BLAME = 1,
    BLAME_MOST = 1000, /* a file that says more is held to that: sums do not overflow */
    STACK_BYTES = 64 * 1024,
    PATH_BYTES = 8192,
};

static const char magic[8] = {'s', 't', 'a', 'n', 'c', 'e', 'd', '1'};
static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { SIGNAL_COUNT = sizeof fatal_signals / sizeof *fatal_signals };

/* Numbers that zeroed or random bytes do not have. */
enum entry_state { ENTRY_EMPTY = 0, ENTRY_FILLED = 0x57c3a1d2, ENTRY_DIED = 0x2e9b64f5 };
enum { LEAVING = 0x6a07d31c };

/* A slot or a suspect, as it stands in the file. */
struct entry {
    uint64_t checksum; /* of all from `blame` on */
    _Atomic uint32_t state;
    _Atomic int32_t thread; /* of a slot: who is at it, while the process lives */
    uint32_t blame, deaths;
    uint64_t hash; /* of the value */
    int64_t offset;
    int32_t partition;
    char topic[SUSPECTS_TOPIC_BYTES];
};

struct file {
    char magic[sizeof magic];
    _Atomic uint32_t leaving;
    uint32_t next; /* which suspect makes room where all places are taken */
    struct entry slots[SUSPECTS_SLOTS_MOST];
    struct entry suspects[SUSPECTS_MOST];
};

struct suspects {
    struct file *file; /* slots: each its worker's */
    int descriptor;
    unsigned blame_most;
    pthread_rwlock_t reading; /* for writing: by who reads a suspect */
    pthread_mutex_t lock;     /* protects file->suspects and file->next */
    atomic_size_t count;      /* of file->suspects; written with lock */
    bool is_alone[SUSPECTS_SLOTS_MOST]; /* each its worker's */
    struct sigaction before[SIGNAL_COUNT];
};

/* A signal handler has nothing else to find it by. */
static struct suspects *_Atomic watched;

static uint64_t checksum_of(const struct entry *entry)
{
    return XXH3_64bits(&entry->blame, sizeof *entry - offsetof(struct entry, blame));
}

static bool is_sound(const struct entry *entry)
{
    uint32_t state = atomic_load(&entry->state);
    return (state == ENTRY_FILLED || state == ENTRY_DIED) && entry->checksum == checksum_of(entry) &&
           memchr(entry->topic, '\0', sizeof entry->topic) != NULL;
}

static bool is_same(const struct entry *a, const struct entry *b)
{
    return a->offset == b->offset && a->hash == b->hash && a->partition == b->partition && strcmp(a->topic, b->topic) == 0;
}

/* Everything but the state, so that a process that dies in between leaves an entry that is empty. */
static void fill(struct entry *entry, const struct entry *with)
{
    atomic_store(&entry->state, ENTRY_EMPTY);
    entry->blame = with->blame;
    entry->deaths = with->deaths;
    entry->hash = with->hash;
    entry->offset = with->offset;
    entry->partition = with->partition;
    memcpy(entry->topic, with->topic, sizeof entry->topic);
    entry->checksum = checksum_of(entry);
    atomic_store(&entry->state, ENTRY_FILLED);
}

static struct entry *find(struct suspects *suspects, const struct entry *wanted)
{
    for (size_t i = 0; i < SUSPECTS_MOST; i++) {
        struct entry *suspect = &suspects->file->suspects[i];
        if (atomic_load(&suspect->state) != ENTRY_EMPTY && is_same(suspect, wanted))
            return suspect;
    }
    return NULL;
}

static struct entry *find_place(struct file *file)
{
    for (size_t i = 0; i < SUSPECTS_MOST; i++)
        if (atomic_load(&file->suspects[i].state) == ENTRY_EMPTY)
            return &file->suspects[i];
    file->next = (file->next + 1) % SUSPECTS_MOST;
    return &file->suspects[file->next];
}

/* Done again after a death in the middle it gives the same: the slot knows what the record was blamed for before. */
static void suspect_slot(struct suspects *suspects, const struct entry *slot, uint32_t blame)
{
    struct entry *known = find(suspects, slot);
    struct entry next = {.hash = slot->hash, .offset = slot->offset, .partition = slot->partition};
    memcpy(next.topic, slot->topic, sizeof next.topic);
    next.blame = (slot->blame < BLAME_MOST ? slot->blame : BLAME_MOST) + blame;
    next.deaths = (slot->deaths < BLAME_MOST ? slot->deaths : BLAME_MOST) + 1;
    fill(known != NULL ? known : find_place(suspects->file), &next);
}

static void empty_slots(struct file *file, bool are_culprits)
{
    for (size_t i = 0; i < SUSPECTS_SLOTS_MOST; i++)
        if ((atomic_load(&file->slots[i].state) == ENTRY_DIED) == are_culprits)
            atomic_store(&file->slots[i].state, ENTRY_EMPTY);
}

/* Turns what the last process left into suspects. The slots that excuse others are emptied last. */
static void judge_slots(struct suspects *suspects)
{
    struct file *file = suspects->file;
    bool is_excused = atomic_load(&file->leaving) == LEAVING;
    for (size_t i = 0; i < SUSPECTS_SLOTS_MOST; i++)
        is_excused |= is_sound(&file->slots[i]) && atomic_load(&file->slots[i].state) == ENTRY_DIED;
    for (size_t i = 0; i < SUSPECTS_SLOTS_MOST; i++) {
        const struct entry *slot = &file->slots[i];
        bool has_died = atomic_load(&slot->state) == ENTRY_DIED;
        if (is_sound(slot) && (has_died || !is_excused))
            suspect_slot(suspects, slot, has_died ? DIED_BLAME : UNKNOWN_BLAME);
    }
    empty_slots(file, false);
    empty_slots(file, true);
    atomic_store(&file->leaving, 0);
}

static void read_file(struct suspects *suspects)
{
    struct file *file = suspects->file;
    if (memcmp(file->magic, magic, sizeof magic) != 0) {
        memset(file, 0, sizeof *file);
        memcpy(file->magic, magic, sizeof magic);
    }
    file->next %= SUSPECTS_MOST;
    for (size_t i = 0; i < SUSPECTS_MOST; i++)
        if (!is_sound(&file->suspects[i]))
            atomic_store(&file->suspects[i].state, ENTRY_EMPTY);
    judge_slots(suspects);
    for (size_t i = 0; i < SUSPECTS_MOST; i++)
        suspects->count += atomic_load(&file->suspects[i].state) != ENTRY_EMPTY;
}

/* Only what is safe in a signal handler: one slot is marked, then the process dies as it would have. */
static void on_fatal_signal(int number, siginfo_t *info, void *context)
{
    struct suspects *suspects = atomic_load(&watched);
    bool is_fault = info->si_code > 0; /* of the processor; else somebody sent it, abort() for one */
    int32_t thread = gettid();
    (void)context;
    for (size_t i = 0; suspects != NULL && i < SUSPECTS_SLOTS_MOST && (is_fault || info->si_pid == getpid()); i++)
        if (atomic_load(&suspects->file->slots[i].thread) == thread)
            suspects_blame(suspects, i);
    /* The action is the system's again: a fault comes back as soon as this returns, anything else has to be sent again. */
    if (!is_fault)
        raise(number);
}

static void take_signals(struct suspects *suspects)
{
    struct sigaction action = {.sa_sigaction = on_fatal_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER};
    action.sa_flags |= (int)SA_RESETHAND; /* its constant is unsigned */
    sigemptyset(&action.sa_mask);
    atomic_store(&watched, suspects);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        sigaction(fatal_signals[i], &action, &suspects->before[i]);
}

static void give_signals_back(struct suspects *suspects)
{
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        sigaction(fatal_signals[i], &suspects->before[i], NULL);
    atomic_store(&watched, NULL);
}

/* DIRECTORY/NAME.hands, with anything unusual in the name replaced. False: too long. */
static bool make_path(const char *directory, const char *name, char path[PATH_BYTES])
{
    int start = snprintf(path, PATH_BYTES, "%s/", directory);
    int len = start > 0 && start < PATH_BYTES ? snprintf(path + start, (size_t)(PATH_BYTES - start), "%s.hands", name) : PATH_BYTES;
    if (len >= PATH_BYTES - start)
        return false;
    for (char *at = path + start; *at != '\0'; at++)
        if (strchr("-_.", *at) == NULL && !((*at | 32) >= 'a' && (*at | 32) <= 'z') && !(*at >= '0' && *at <= '9'))
            *at = '_';
    return true;
}

/* Space is taken now: a hole that cannot be filled later, on a full disk, would be a SIGBUS. */
static bool map_file(struct suspects *suspects, const char *path, struct error *err)
{
    suspects->descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (suspects->descriptor < 0)
        return error_set(err, ERROR_CONFIG, "state.open", "state_dir: %s: %s: is its directory there, and may this user write to it?", path,
                         strerror(errno));
    if (flock(suspects->descriptor, LOCK_EX | LOCK_NB) != 0)
        return error_set(err, ERROR_CONFIG, "state.locked",
                         "state_dir: %s is used by another process: give each its own `instance`", path);
    off_t size = lseek(suspects->descriptor, 0, SEEK_END);
    if (size != (off_t)sizeof(struct file) && ftruncate(suspects->descriptor, 0) != 0)
        return error_set(err, ERROR_CONFIG, "state.open", "state_dir: %s: %s", path, strerror(errno));
    int problem = posix_fallocate(suspects->descriptor, 0, sizeof(struct file));
    if (problem != 0)
        return error_set(err, ERROR_CONFIG, "state.open", "state_dir: %s: %s", path, strerror(problem));
    void *file = mmap(NULL, sizeof(struct file), PROT_READ | PROT_WRITE, MAP_SHARED, suspects->descriptor, 0);
    if (file == MAP_FAILED)
        return error_set(err, ERROR_CONFIG, "state.open", "state_dir: %s: %s", path, strerror(errno));
    suspects->file = file;
    return true;
}

static void release(struct suspects *suspects)
{
    if (suspects->file != NULL)
        munmap(suspects->file, sizeof *suspects->file);
    if (suspects->descriptor >= 0)
        close(suspects->descriptor);
    free(suspects);
}

struct suspects *suspects_open(const char *directory, const char *name, unsigned crashes_most, struct error *err)
{
    char path[PATH_BYTES];
    struct suspects *suspects = memory_new(1, sizeof *suspects);
    suspects->descriptor = -1;
    suspects->blame_most = crashes_most * DIED_BLAME;
    if (!make_path(directory, name, path)) {
        error_set(err, ERROR_CONFIG, "state.open", "state_dir: the path is too long");
        release(suspects);
        return NULL;
    }
    if (!map_file(suspects, path, err)) {
        release(suspects);
        return NULL;
    }
    pthread_rwlockattr_t kind;
    pthread_rwlockattr_init(&kind);
    pthread_rwlockattr_setkind_np(&kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&suspects->reading, &kind);
    pthread_rwlockattr_destroy(&kind);
    pthread_mutex_init(&suspects->lock, NULL);
    read_file(suspects);
    take_signals(suspects);
    return suspects;
}

void suspects_close(struct suspects *suspects)
{
    if (suspects == NULL)
        return;
    give_signals_back(suspects);
    pthread_rwlock_destroy(&suspects->reading);
    pthread_mutex_destroy(&suspects->lock);
    release(suspects);
}

size_t suspects_count(struct suspects *suspects)
{
    return atomic_load(&suspects->count);
}

struct thread_stack {
    stack_t before;
    char bytes[STACK_BYTES];
};

void *suspects_enter(void)
{
    struct thread_stack *stack = memory_new(1, sizeof *stack);
    sigaltstack(&(stack_t){.ss_sp = stack->bytes, .ss_size = sizeof stack->bytes}, &stack->before);
    return stack;
}

void suspects_exit(void *stack)
{
    sigaltstack(&((struct thread_stack *)stack)->before, NULL);
    free(stack);
}

static struct entry entry_of(const struct suspect_place *place)
{
    struct entry entry = {
        .hash = XXH3_64bits(place->value.data, place->value.len), .offset = place->offset, .partition = place->partition};
    snprintf(entry.topic, sizeof entry.topic, "%s", place->topic);
    return entry;
}

enum suspects_verdict suspects_begin(struct suspects *suspects, size_t slot, const struct suspect_place *place, unsigned *deaths)
{
    struct entry entry = entry_of(place);
    bool is_known = false;
    if (atomic_load(&suspects->count) > 0) {
        pthread_mutex_lock(&suspects->lock);
        const struct entry *known = find(suspects, &entry);
        is_known = known != NULL;
        entry.blame = is_known ? known->blame : 0;
        entry.deaths = is_known ? known->deaths : 0;
        pthread_mutex_unlock(&suspects->lock);
    }
    *deaths = entry.deaths;
    if (is_known && entry.blame >= suspects->blame_most)
        return SUSPECTS_GUILTY;
    if (is_known)
        pthread_rwlock_wrlock(&suspects->reading);
    else
        pthread_rwlock_rdlock(&suspects->reading);
    suspects->is_alone[slot] = is_known;
    atomic_store(&suspects->file->slots[slot].thread, gettid());
    fill(&suspects->file->slots[slot], &entry);
    return is_known ? SUSPECTS_ALONE : SUSPECTS_NONE;
}

void suspects_end(struct suspects *suspects, size_t slot)
{
    struct entry *entry = &suspects->file->slots[slot];
    atomic_store(&entry->state, ENTRY_EMPTY);
    if (suspects->is_alone[slot]) {
        pthread_mutex_lock(&suspects->lock);
        struct entry *known = find(suspects, entry);
        if (known != NULL) {
            atomic_store(&known->state, ENTRY_EMPTY);
            atomic_fetch_sub(&suspects->count, 1);
        }
        pthread_mutex_unlock(&suspects->lock);
    }
    pthread_rwlock_unlock(&suspects->reading);
}

void suspects_leave(struct suspects *suspects)
{
    atomic_store(&suspects->file->leaving, LEAVING);
}

void suspects_cannot_leave(struct suspects *suspects)
{
    atomic_store(&suspects->file->leaving, 0);
}

void suspects_blame(struct suspects *suspects, size_t slot)
{
    uint32_t filled = ENTRY_FILLED;
    atomic_compare_exchange_strong(&suspects->file->slots[slot].state, &filled, ENTRY_DIED);
}
