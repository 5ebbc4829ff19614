/* Every kernel for one element type, and the table of them. SCALAR, MASK (the integer of its size), FMA
 * and NAME(name) are defined by path.h. */
#define LANES (VECTOR_BYTES / (ptrdiff_t)sizeof(SCALAR))

typedef SCALAR NAME(vector) __attribute__((ext_vector_type(VECTOR_BYTES / sizeof(SCALAR))));

INLINE NAME(vector) NAME(load)(const SCALAR *from) {
  NAME(vector) value;
  copy_bytes(&value, from, sizeof value);
  return value;
}

INLINE void NAME(store)(SCALAR *to, NAME(vector) value) { copy_bytes(to, &value, sizeof value); }

#include "ends.h"
#include "tile.h"
#include "packing.h"
#include "padding.h"
#include "gemm.h"
#include "windows.h"
#include "direct_convolution.h"
#include "convolution.h"
#include "convolution_gradients.h"
#include "pooling.h"
#include "elementwise.h"
#include "element_functions.h"

static const bartizan_kernels NAME(table) = {
  .gemm = NAME(gemm),
  .packed_right_count = NAME(packed_right_count),
  .pack_right = NAME(pack_right),
  .gemm_packed_right = NAME(gemm_packed_right),
  .packed_left_count = NAME(packed_left_count),
  .pack_left = NAME(pack_left),
  .gemm_packed_left = NAME(gemm_packed_left),
  .convolution_weights_count = NAME(convolution_weights_count),
  .convolution_pack = NAME(convolution_pack),
  .convolution_scratch_count = NAME(convolution_scratch_count),
  .convolution = NAME(convolution),
  .convolution_transposed_weights_count = NAME(convolution_transposed_weights_count),
  .convolution_pack_transposed = NAME(convolution_pack_transposed),
  .convolution_image_gradient_scratch_count = NAME(image_gradient_scratch_count),
  .convolution_image_gradient = NAME(image_gradient),
  .convolution_weight_gradient_scratch_count = NAME(weight_gradient_scratch_count),
  .convolution_weight_gradient = NAME(weight_gradient),
  .transpose = NAME(transpose_matrices),
  .maximum_pool = NAME(maximum_pool),
  .maximum_pool_gradient = NAME(maximum_pool_gradient),
  .average_pool = NAME(average_pool),
  .average_pool_gradient = NAME(average_pool_gradient),
  .binary = NAME(binary),
  .multiply_add = NAME(multiply_add),
  .activation = NAME(activation),
  .activation_gradient = NAME(activation_gradient),
  .scale_and_shift = NAME(scale_and_shift),
  .row_sums = NAME(row_sums),
  .function = NAME(function),
  .softmax = NAME(softmax),
};

#undef DEPTHWISE_TAPS
#undef RUN
#undef SLACK
#undef DIRECT_PAIRS
#undef EPILOGUE_ADD
#undef TILE_DEPTH
#undef BLOCK_ROWS
#undef COLUMNS
#undef LANES
