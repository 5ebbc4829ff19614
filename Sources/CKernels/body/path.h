/* One path: every kernel's body for float and for double, and the tables of them. A path file defines
 * PATH (the table's name), VECTOR_BYTES, TILE_ROWS and DIRECT_ROWS (see gemm.h) before it includes this. */
#include "../kernels.h"

#pragma STDC FP_CONTRACT OFF
/* Vectors are passed between functions of this file only, and those are inlined: there is no ABI to change. */
#pragma clang diagnostic ignored "-Wpsabi"

#define INLINE static inline __attribute__((always_inline))

#include "memory.h"
#include "functions.h"
#include "integers.h"

#define SCALAR float
#define MASK int32_t
#define FMA __builtin_fmaf
#define NAME(name) name##_f32
#include "element.h"
#undef SCALAR
#undef MASK
#undef FMA
#undef NAME

#define SCALAR double
#define MASK int64_t
#define FMA __builtin_fma
#define NAME(name) name##_f64
#include "element.h"
#undef SCALAR
#undef MASK
#undef FMA
#undef NAME

const bartizan_path PATH = {table_f32, table_f64, gemm_int16};
