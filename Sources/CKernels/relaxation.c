#include "CRelaxation.h"

#include <string.h>

/* Contraction would depend on the processor. */
#pragma STDC FP_CONTRACT OFF
/* Vectors are passed between functions of this file only, and those are inlined: there is no ABI to change. */
#pragma clang diagnostic ignored "-Wpsabi"

#define LANES 8
typedef double vector __attribute__((vector_size(LANES * sizeof(double))));

static inline __attribute__((always_inline)) vector load(const double *from) {
  vector value;
  memcpy(&value, from, sizeof value);
  return value;
}

typedef long long lanes __attribute__((vector_size(LANES * sizeof(long long))));

/* `high` where x is below 0, else `low`. */
static inline __attribute__((always_inline)) vector choose(vector x, vector high, vector low) {
  const vector zero = {0};
  const lanes below = (lanes)(x < zero);
  return (vector)((below & (lanes)high) | (~below & (lanes)low));
}

static inline __attribute__((always_inline)) void body(
    ptrdiff_t rows, ptrdiff_t width, double *a, const ptrdiff_t *box, const double *lower_slopes,
    const double *upper_slopes, const double *lower_offsets, const double *upper_offsets,
    double *sums) {
  const vector zero = {0};
  for (ptrdiff_t row = 0; row < rows; row++) {
    double *values = a + row * width;
    const ptrdiff_t base = box[row] * width;
    vector sum = zero;
    ptrdiff_t i = 0;
    for (; i + LANES <= width; i += LANES) {
      const vector x = load(values + i);
      const vector low = load(lower_offsets + base + i), high = load(upper_offsets + base + i);
      sum += x * choose(x, high, low);
      if (lower_slopes) {
        const vector less = load(lower_slopes + base + i), more = load(upper_slopes + base + i);
        const vector scaled = x * choose(x, more, less);
        memcpy(values + i, &scaled, sizeof scaled);
      }
    }
    for (ptrdiff_t lane = 0; i < width; i++, lane++) {
      const double x = values[i];
      sum[lane] += x * (x < 0 ? upper_offsets : lower_offsets)[base + i];
      if (lower_slopes) values[i] = x * (x < 0 ? upper_slopes : lower_slopes)[base + i];
    }
    sums[row] +=
        ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512dq,avx512vl"), min_vector_width(512))) static void wide(
    ptrdiff_t rows, ptrdiff_t width, double *a, const ptrdiff_t *box, const double *lower_slopes,
    const double *upper_slopes, const double *lower_offsets, const double *upper_offsets,
    double *sums) {
  body(rows, width, a, box, lower_slopes, upper_slopes, lower_offsets, upper_offsets, sums);
}

__attribute__((target("avx2"))) static void medium(
    ptrdiff_t rows, ptrdiff_t width, double *a, const ptrdiff_t *box, const double *lower_slopes,
    const double *upper_slopes, const double *lower_offsets, const double *upper_offsets,
    double *sums) {
  body(rows, width, a, box, lower_slopes, upper_slopes, lower_offsets, upper_offsets, sums);
}
#endif

void bartizan_relax_f64(
    ptrdiff_t rows, ptrdiff_t width, double *a, const ptrdiff_t *box, const double *lower_slopes,
    const double *upper_slopes, const double *lower_offsets, const double *upper_offsets,
    double *sums) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512vl")) {
    wide(rows, width, a, box, lower_slopes, upper_slopes, lower_offsets, upper_offsets, sums);
    return;
  }
  if (__builtin_cpu_supports("avx2")) {
    medium(rows, width, a, box, lower_slopes, upper_slopes, lower_offsets, upper_offsets, sums);
    return;
  }
#endif
  body(rows, width, a, box, lower_slopes, upper_slopes, lower_offsets, upper_offsets, sums);
}
