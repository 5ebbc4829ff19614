/* Deterministic kernels: each output element is one chain of fused multiply-adds in a fixed order. */
#ifndef BARTIZAN_CKERNELS_H
#define BARTIZAN_CKERNELS_H

#include <stddef.h>

/* Which instantiation of the one kernel body runs; every one gives the same bits. */
enum { BARTIZAN_KERNEL_FASTEST = 0, BARTIZAN_KERNEL_PORTABLE = 1 };

/* C += A·B for an m×k matrix A, a k×n matrix B and an m×n matrix C, each element addressed as
 * base[row * row_stride + column * column_stride], so that transposed operands need no copy.
 * Law: c[i][j] = fma(a[i][k-1], b[k-1][j], … fma(a[i][0], b[0][j], c[i][j])), k ascending.
 * C must not overlap A or B. */
void bartizan_gemm_f32(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
    const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const float *b, ptrdiff_t b_row, ptrdiff_t b_column,
    float *c, ptrdiff_t c_row, ptrdiff_t c_column, int path);

void bartizan_gemm_f64(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
    const double *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const double *b, ptrdiff_t b_row, ptrdiff_t b_column,
    double *c, ptrdiff_t c_row, ptrdiff_t c_column, int path);

#endif
