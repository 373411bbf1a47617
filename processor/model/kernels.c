#include "processor/model/kernels.h"

#include "processor/model/attention_desk.h"
#include "processor/model/kernels_neon.h"
#include "processor/model/kernels_plain.h"
#include "processor/model/kernels_portable.h"
#include "processor/model/kernels_x86.h"
#include "processor/runtime/memory.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

const struct kernels *kernels_exact(void)
{
    return &KERNELS_EXACT;
}

#if defined(__x86_64__)
/* Not all compilers know this one by name; it is in leaf 7, subleaf 1. The registers are AVX2's. */
static bool has_avx_vnni(void)
{
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1) && __builtin_cpu_supports("avx2");
}

static bool can_run_avx512(void)
{
    return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("avx512dq");
}

/* The kernel gives the tile registers (8 KiB a thread) only to a process that asks for them. */
static bool has_amx(void)
{
    enum { ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18 };
    unsigned a, b, c, d;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (d >> 24 & 3) == 3 &&
           syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
}

static bool can_run(const struct kernels *kernels)
{
    if (kernels == &KERNELS_AMX)
        return can_run_avx512() && has_amx();
    if (kernels == &KERNELS_AVX512)
        return can_run_avx512();
    bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (kernels == &KERNELS_AVXVNNI)
        return has_avx2 && has_avx_vnni();
    return kernels != &KERNELS_AVX2 || has_avx2;
}

static const struct kernels *const ALL[] = {&KERNELS_AMX, &KERNELS_AVX512, &KERNELS_AVXVNNI, &KERNELS_AVX2, &KERNELS_PORTABLE};
#elif defined(__aarch64__)
static bool can_run(const struct kernels *kernels)
{
    enum { HAS_DOT_PRODUCTS = 1 << 20 }; /* HWCAP_ASIMDDP */
    return kernels != &KERNELS_NEON || (getauxval(AT_HWCAP) & HAS_DOT_PRODUCTS) != 0;
}

static const struct kernels *const ALL[] = {&KERNELS_NEON, &KERNELS_PORTABLE};
#else
static bool can_run(const struct kernels *kernels)
{
    return kernels != NULL;
}

static const struct kernels *const ALL[] = {&KERNELS_PORTABLE};
#endif

const struct kernels *kernels_at(size_t index)
{
    for (size_t i = 0; i < sizeof ALL / sizeof *ALL; i++)
        if (can_run(ALL[i]) && index-- == 0)
            return ALL[i];
    return NULL;
}

size_t kernels_padded_rows(size_t rows)
{
    return (rows + 15) / 16 * 16;
}

size_t kernels_attention_bytes(size_t count, size_t heads, size_t width)
{
    struct attention_desk desk;
    size_t bytes = attention_desk_lay(&desk, count, heads, width, ATTENTION_MIX_STEP, NULL), plain = count * (3 * width + 1) * sizeof(float);
    return bytes > plain ? bytes : plain; /* the plain version keeps q, k, v and a row of scores */
}

bool kernels_attends(size_t head_width)
{
    return head_width % KERNELS_INPUTS == 0 && head_width <= ATTENTION_HEAD_LIMIT;
}

void *kernels_memory(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX - 64)
        memory_exhausted(SIZE_MAX);
    bytes = (bytes / 64 + 1) * 64; /* one line more than needed: vectors may read past the end */
    void *memory = aligned_alloc(64, bytes);
    if (memory == NULL)
        memory_exhausted(bytes);
    memset(memory, 0, bytes);
    return memory;
}

void *kernels_large_memory(size_t bytes)
{
    enum { PAGE = 2 << 20 };
    if (bytes > SIZE_MAX - 2 * (size_t)PAGE)
        memory_exhausted(SIZE_MAX);
    bytes = (bytes / PAGE + 1) * PAGE;
    void *memory = aligned_alloc(PAGE, bytes);
    if (memory == NULL)
        memory_exhausted(bytes);
    madvise(memory, bytes, MADV_HUGEPAGE); /* a wish */
    return memory;
}
