/* The kernels for x86-64 processors with AVX2 and FMA. */
#if defined(__x86_64__)
#define PATH bartizan_path_avx2
#define VECTOR_BYTES 32
#define TILE_ROWS 6 /* by two vectors: 12 of 16 registers */
#define DIRECT_ROWS 6
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "../body/path.h"
#pragma clang attribute pop
#endif
