/* The kernels for any processor. Where the target has no fused multiply-add each lane calls the C
 * library's fma, which is correctly rounded: slower by far, and the same bits. */
#define PATH bartizan_path_portable
#define VECTOR_BYTES 16
#define TILE_ROWS 4 /* by two vectors: 8 of 16 registers */
#define DIRECT_ROWS 4
#include "../body/path.h"
