/* The kernels for aarch64 processors, whose baseline has NEON with fused multiply-adds. */
#if defined(__aarch64__)
#define PATH bartizan_path_neon
#define VECTOR_BYTES 16
#define TILE_ROWS 12 /* by two vectors: 24 of 32 registers */
#define DIRECT_ROWS 8
#include "../body/path.h"
#endif
