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

/* Rows that go side by side: a sum alone waits for its own last addition. Each row has the bits it would have
 * alone. */
#define ROWS 4

/* `count` rows of one box; constant where it is inlined. */
static inline __attribute__((always_inline)) void group(
    ptrdiff_t count, ptrdiff_t width, double *a, const double *lower_slopes,
    const double *upper_slopes, const double *lower_offsets, const double *upper_offsets,
    double *sums) {
  vector sum[ROWS] = {{0}};
  ptrdiff_t i = 0;
  for (; i + LANES <= width; i += LANES) {
    const vector low = load(lower_offsets + i), high = load(upper_offsets + i);
    vector less = low, more = high;
    if (lower_slopes) {
      less = load(lower_slopes + i);
      more = load(upper_slopes + i);
    }
    for (ptrdiff_t row = 0; row < count; row++) {
      double *values = a + row * width + i;
      const vector x = load(values);
      sum[row] += x * choose(x, high, low);
      if (lower_slopes) {
        const vector scaled = x * choose(x, more, less);
        memcpy(values, &scaled, sizeof scaled);
      }
    }
  }
  for (ptrdiff_t lane = 0; i < width; i++, lane++) {
    for (ptrdiff_t row = 0; row < count; row++) {
      double *value = a + row * width + i;
      const double x = *value;
      sum[row][lane] += x * (x < 0 ? upper_offsets : lower_offsets)[i];
      if (lower_slopes) *value = x * (x < 0 ? upper_slopes : lower_slopes)[i];
    }
  }
  for (ptrdiff_t row = 0; row < count; row++) {
    const vector all = sum[row];
    sums[row] +=
        ((all[0] + all[4]) + (all[2] + all[6])) + ((all[1] + all[5]) + (all[3] + all[7]));
  }
}

static inline __attribute__((always_inline)) void body(
    ptrdiff_t rows, ptrdiff_t width, double *a, const ptrdiff_t *box, const double *lower_slopes,
    const double *upper_slopes, const double *lower_offsets, const double *upper_offsets,
    double *sums) {
  for (ptrdiff_t row = 0; row < rows;) {
    const ptrdiff_t base = box[row] * width;
    ptrdiff_t alike = 1;
    while (alike < ROWS && row + alike < rows && box[row + alike] == box[row]) alike++;
    const double *less = lower_slopes ? lower_slopes + base : lower_slopes;
    const double *more = upper_slopes ? upper_slopes + base : upper_slopes;
    const double *low = lower_offsets + base, *high = upper_offsets + base;
    if (alike == ROWS) {
      group(ROWS, width, a + row * width, less, more, low, high, sums + row);
      row += ROWS;
    } else if (alike > 1) {
      group(2, width, a + row * width, less, more, low, high, sums + row);
      row += 2;
    } else {
      group(1, width, a + row * width, less, more, low, high, sums + row);
      row++;
    }
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
