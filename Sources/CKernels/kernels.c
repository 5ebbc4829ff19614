/* Instantiates the deterministic kernels for each element type and chooses the path at run time. */
#include "CKernels.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF
/* Vectors are passed between functions of this file only, and those are inlined: there is no ABI to change. */
#pragma clang diagnostic ignored "-Wpsabi"

#define TILE_ROWS 6
#define TILE_DEPTH 256

#if defined(__x86_64__)
static int has_avx2(void) {
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}
#endif

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
