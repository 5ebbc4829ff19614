/* Instantiates the deterministic kernels for each element type and chooses the path at run time. */
#include "CKernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

#define TILE_ROWS 6
#define TILE_DEPTH 256

int bartizan_kernel_is_accelerated(void) {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 0;
#endif
}

#define SCALAR float
#define LANES 8
#define NAME(suffix) bartizan_##suffix##_f32
#define SPLAT(x) {x, x, x, x, x, x, x, x}
#include "gemm_body.h"

#define SCALAR double
#define LANES 4
#define NAME(suffix) bartizan_##suffix##_f64
#define SPLAT(x) {x, x, x, x}
#include "gemm_body.h"
