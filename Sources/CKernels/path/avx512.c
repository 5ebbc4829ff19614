/* The kernels for x86-64 processors with AVX-512 F, VL, BW and DQ. */
#if defined(__x86_64__)
#define PATH bartizan_path_avx512
#define VECTOR_BYTES 64
#define TILE_ROWS 12 /* by two vectors: 24 of 32 registers */
#define DIRECT_ROWS 8
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"), min_vector_width(512))), \
    apply_to = function)
#include "../body/path.h"
#pragma clang attribute pop
#endif
