/* What every body file shares: the tables that the paths fill. */
#ifndef BARTIZAN_KERNELS_H
#define BARTIZAN_KERNELS_H

#include "CKernels.h"

typedef void bartizan_gemm_int16_function(
    ptrdiff_t, ptrdiff_t, ptrdiff_t, const int16_t *, ptrdiff_t, const int16_t *, ptrdiff_t,
    int32_t *, ptrdiff_t);

/* One path: the tables of both element types and the integer product. */
typedef struct {
  bartizan_kernels f32, f64;
  bartizan_gemm_int16_function *gemm_int16;
} bartizan_path;

#if defined(__x86_64__)
extern const bartizan_path bartizan_path_avx512, bartizan_path_avx2;
#elif defined(__aarch64__)
extern const bartizan_path bartizan_path_neon;
#endif
extern const bartizan_path bartizan_path_portable;

#endif
