/* Linear relaxation of many rows of coefficients at once; the same bits on every processor. */
#ifndef BARTIZAN_CRELAXATION_H
#define BARTIZAN_CRELAXATION_H

#include <stddef.h>

/* For each row r of `a` [rows, width], which belongs to box b = box[r]:
 *   sums[r] += Σᵢ a[r][i] * (a[r][i] < 0 ? upper : lower)_offsets[b][i]
 *   a[r][i] *= (a[r][i] < 0 ? upper : lower)_slopes[b][i]      unless the slopes are null
 * The sum runs in eight lanes (element i in lane i mod 8) that are added as a fixed tree, without fused
 * multiply-adds. */
void bartizan_relax_f64(
    ptrdiff_t rows, ptrdiff_t width, double *a, const ptrdiff_t *box, const double *lower_slopes,
    const double *upper_slopes, const double *lower_offsets, const double *upper_offsets,
    double *sums);

#endif
