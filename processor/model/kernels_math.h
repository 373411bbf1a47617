/* Functions of a vector, for kernels_vector.h and nobody else. */

enum { BESIDE = 4 }; /* vectors that a long function is computed of at a time */

/* x within -edge and edge; the larger of two sizes. */
#ifndef v_clamp
#define v_clamp(x, edge) v_min(v_max(x, -(edge)), edge)
#define v_max_size(a, b) v_max(v_abs(a), v_abs(b))
#endif

/* Four floats or int32, whatever the CPU. */
typedef float quad __attribute__((vector_size(16)));
typedef int32_t quad_int __attribute__((vector_size(16)));

/* exp(x) for x <= 0 (Cephes' expf): relative error below 2e-7, and about 1e-38 for all x below -87. */
INLINE VEC exp_of(VEC x)
{
    x = v_max(x, v_set(-87.0F));
    VEC n = v_round(x * v_set(1.44269504F));
    VEC r = v_fma(n, v_set(-0.693359375F), x);
    r = v_fma(n, v_set(2.12194440e-4F), r);
    VEC p = v_set(1.9875691500e-4F);
    p = v_fma(p, r, v_set(1.3981999507e-3F));
    p = v_fma(p, r, v_set(8.3334519073e-3F));
    p = v_fma(p, r, v_set(4.1665795894e-2F));
    p = v_fma(p, r, v_set(1.6666665459e-1F));
    p = v_fma(p, r, v_set(5.0000001201e-1F));
    p = v_fma(p, r * r, r + v_set(1.0F));
    return v_scale(p, v_to_int(n));
}

/* x Phi(x) = x (1 + erf(x / sqrt 2)) / 2, with Phi(x) = 1/2 + x P(x^2) between -edge and edge and constant beyond. P is the
 * least-maximum fit in t = x^2, or in 2 x^2 / edge^2 - 1 where that is `centred`, highest power first. In place, for
 * `count` (a constant) vectors side by side: each step waits for the one before, and a CPU does not look far ahead. */
INLINE void gelu_by(VEC *x, size_t count, const float *factors, size_t factor_count, float edge, bool centred)
{
    VEC inner[BESIDE], t[BESIDE], p[BESIDE];
    UNROLL for (size_t j = 0; j < count; j++)
    {
        inner[j] = v_clamp(x[j], v_set(edge));
        t[j] = inner[j] * inner[j];
        if (centred)
            t[j] = v_fma(t[j], v_set(2 / (edge * edge)), v_set(-1.0F));
        p[j] = v_set(factors[0]);
    }
    UNROLL for (size_t i = 1; i < factor_count; i++)
        UNROLL for (size_t j = 0; j < count; j++)
            p[j] = v_fma(p[j], t[j], v_set(factors[i]));
    UNROLL for (size_t j = 0; j < count; j++)
        x[j] = x[j] * v_fma(inner[j], p[j], v_set(0.5F));
}

/* Absolute error below 2e-6 for |x| <= 12, below 3e-7 |x| beyond. */
INLINE void gelu_of(VEC *x, size_t count)
{
    static const float factors[] = {
        0.000858779531F, -0.00250372314F, 0.00285357819F, -0.00350570213F, 0.00755786151F, -0.0131033529F, 0.0183871519F,
        -0.0245934036F, 0.0319072641F,   -0.0399412997F, 0.0500301681F,   -0.0677434057F, 0.135949939F};
    gelu_by(x, count, factors, sizeof factors / sizeof *factors, 5.2F, true);
}

/* The same, off by at most 1.5e-4: for what becomes bytes at once, of which a step is a hundred times that. */
INLINE void rough_gelu_of(VEC *x, size_t count)
{
    static const float factors[] = {2.62719923e-08F, -1.77052281e-06F, 5.12378528e-05F, -0.000844517834F, 0.00891381615F, -0.0648695408F, 0.398085653F};
    gelu_by(x, count, factors, sizeof factors / sizeof *factors, 3.9F, false);
}

/* Lanes 2, 3, 0, 1 and 1, 0, 3, 2: what the last two steps of a tree over four lanes join. */
#define HALVES_SWAPPED(four) __builtin_shufflevector(four, four, 2, 3, 0, 1)
#define LANES_SWAPPED(four) __builtin_shufflevector(four, four, 1, 0, 3, 2)

/* Adds 16 partial sums in a fixed tree: halves, quarters, ... */
INLINE float add_up(const VEC sums[PARTS])
{
    quad four = v_add_to_four(sums);
    four = four + HALVES_SWAPPED(four);
    return four[0] + four[1];
}

INLINE quad max_quad(quad a, quad b)
{
    quad_int is_more = a > b;
    return (quad)((is_more & (quad_int)a) | (~is_more & (quad_int)b));
}

INLINE float most_of(VEC most)
{
    quad four = v_max_to_four(most);
    four = max_quad(four, HALVES_SWAPPED(four));
    four = max_quad(four, LANES_SWAPPED(four));
    return four[0];
}

/* The largest lane of each of four. */
INLINE quad most_of_four(const VEC most[4])
{
    quad a = v_max_to_four(most[0]), b = v_max_to_four(most[1]), c = v_max_to_four(most[2]), d = v_max_to_four(most[3]);
    quad ab = max_quad(__builtin_shufflevector(a, b, 0, 4, 1, 5), __builtin_shufflevector(a, b, 2, 6, 3, 7));
    quad cd = max_quad(__builtin_shufflevector(c, d, 0, 4, 1, 5), __builtin_shufflevector(c, d, 2, 6, 3, 7));
    return max_quad(__builtin_shufflevector(ab, cd, 0, 1, 4, 5), __builtin_shufflevector(ab, cd, 2, 3, 6, 7));
}

/* add_up() of four sums, in the same order. */
INLINE quad add_up_four(VEC sums[4][PARTS])
{
    quad a = v_add_to_four(sums[0]), b = v_add_to_four(sums[1]), c = v_add_to_four(sums[2]), d = v_add_to_four(sums[3]);
    quad ab = __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
    quad cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
    return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

INLINE int32_t add_up_int(VECI sums)
{
    quad_int four = v_add_int_to_four(sums);
    four = four + HALVES_SWAPPED(four);
    return four[0] + four[1];
}

/* Stores what of `values` lies before the end of a row. */
INLINE void store_part(float *at, VEC values, size_t left)
{
    float all[LANES];
    if (left >= LANES) {
        v_store(at, values);
        return;
    }
    v_store(all, values);
    memcpy(at, all, left * sizeof *all);
}
