/* Deterministic kernels: every processor, path, tiling and batch size gives the same bits.
 *
 * Laws that hold for all of them:
 * - a product is one chain of fused multiply-adds in ascending order of the summed index;
 * - every other operation is one IEEE 754 operation rounded to nearest, never contracted or reordered;
 * - functions are computed in double and rounded once to the element type;
 * - what a NaN carries beside being one (sign, payload) is not part of the law.
 * Pointers are to elements of the table's type. Outputs overlap no input unless it is said. Sizes are
 * checked by the caller: each is at least 0, and what is addressed lies inside its memory. */
#ifndef BARTIZAN_CKERNELS_H
#define BARTIZAN_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

/* Which instantiation of the one kernel body runs. */
enum {
  BARTIZAN_PATH_FASTEST = 0,
  BARTIZAN_PATH_AVX512 = 1,
  BARTIZAN_PATH_AVX2 = 2,
  BARTIZAN_PATH_NEON = 3,
  BARTIZAN_PATH_PORTABLE = 4
};

enum { BARTIZAN_FLOAT32 = 0, BARTIZAN_FLOAT64 = 1 };

/* What an element's chain starts from. */
enum {
  BARTIZAN_START_EXISTING = 0,
  BARTIZAN_START_ZERO = 1,
  BARTIZAN_START_COLUMN_BIAS = 2, /* bias[j] */
  BARTIZAN_START_ROW_BIAS = 3     /* bias[i] */
};

/* What is done with the end of the chain y. */
enum {
  BARTIZAN_EPILOGUE_NONE = 0,
  BARTIZAN_EPILOGUE_RELU = 1, /* y < 0 ? 0 : y */
  BARTIZAN_EPILOGUE_CLIP = 2, /* r = y < low ? low : y; r > high ? high : r */
  BARTIZAN_EPILOGUE_LEAKY = 3 /* y < 0 ? y * low : y */
};

/* The two ends of a product's chains. `low` and `high` are rounded to the element type. */
typedef struct {
  int start;
  int epilogue;
  const void *_Nullable bias;
  double low;
  double high;
} bartizan_ends;

/* A two-dimensional window that slides over planes; a signal is a plane of height 1. Kernel element
 * (r, s) of window (y, x) lies at row y * stride_y - pad_top + r * dilation_y and column
 * x * stride_x - pad_left + s * dilation_x; outside the plane is padding. */
typedef struct {
  ptrdiff_t height, width;
  ptrdiff_t kernel_height, kernel_width;
  ptrdiff_t stride_y, stride_x;
  ptrdiff_t dilation_y, dilation_x;
  ptrdiff_t pad_top, pad_left;
  ptrdiff_t output_height, output_width;
} bartizan_window;

/* How the channels of images lie: as planes [channels][height][width], or side by side
 * [height][width][channels]. */
enum { BARTIZAN_CHANNELS_FIRST = 0, BARTIZAN_CHANNELS_LAST = 1 };

/* A convolution over images [batch][groups * inputs][height][width] with weights
 * [groups * outputs][inputs][kernel_height][kernel_width]: inputs and outputs count one group's channels.
 * Outputs may be channels last where there is one group and `outputs` is a multiple of 16; then images may be
 * so too, if `inputs` is. */
typedef struct {
  ptrdiff_t batch, groups, inputs, outputs;
  bartizan_window window;
  int image_order, output_order;
} bartizan_convolution;

enum {
  BARTIZAN_ADD = 0,
  BARTIZAN_SUBTRACT = 1,
  BARTIZAN_MULTIPLY = 2,
  BARTIZAN_DIVIDE = 3,
  BARTIZAN_MAXIMUM = 4, /* b > a or b is NaN ? b : a */
  BARTIZAN_MINIMUM = 5  /* b < a or b is NaN ? b : a */
};

/* As TensorCore's PortableMath computes them. */
enum {
  BARTIZAN_EXP = 0,
  BARTIZAN_TANH = 1,
  BARTIZAN_SIGMOID = 2,
  BARTIZAN_ERF = 3,
  BARTIZAN_TANH_SLOPE = 4,   /* 1 - y * y for y = tanh x */
  BARTIZAN_SIGMOID_SLOPE = 5 /* y * (1 - y) for y = sigmoid x */
};

typedef struct {
  /* C = A·B for an m×k matrix A, a k×n matrix B and an m×n matrix C, each element addressed as
   * base[row * row_stride + column * column_stride], so that transposed operands need no copy.
   * Law: c[i][j] = epilogue(fma(a[i][k-1], b[k-1][j], … fma(a[i][0], b[0][j], start))).
   * `ends` NULL is the existing C and no epilogue. */
  void (*_Nonnull gemm)(
      ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
      const void *_Nonnull a, ptrdiff_t a_row, ptrdiff_t a_column,
      const void *_Nonnull b, ptrdiff_t b_row, ptrdiff_t b_column,
      void *_Nonnull c, ptrdiff_t c_row, ptrdiff_t c_column, const bartizan_ends *_Nullable ends);

  /* A constant operand in the order in which the path reads it. Counts are of elements; what one path
   * packed no other path can read. C's columns lie side by side. */
  size_t (*_Nonnull packed_right_count)(ptrdiff_t k, ptrdiff_t n);
  void (*_Nonnull pack_right)(
      ptrdiff_t k, ptrdiff_t n, const void *_Nonnull b, ptrdiff_t b_row, ptrdiff_t b_column,
      void *_Nonnull packed);
  void (*_Nonnull gemm_packed_right)(
      ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
      const void *_Nonnull a, ptrdiff_t a_row, ptrdiff_t a_column, const void *_Nonnull packed,
      void *_Nonnull c, ptrdiff_t c_row, const bartizan_ends *_Nullable ends);
  size_t (*_Nonnull packed_left_count)(ptrdiff_t m, ptrdiff_t k);
  void (*_Nonnull pack_left)(
      ptrdiff_t m, ptrdiff_t k, const void *_Nonnull a, ptrdiff_t a_row, ptrdiff_t a_column,
      void *_Nonnull packed);
  void (*_Nonnull gemm_packed_left)(
      ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *_Nonnull packed,
      const void *_Nonnull b, ptrdiff_t b_row, ptrdiff_t b_column,
      void *_Nonnull c, ptrdiff_t c_row, const bartizan_ends *_Nullable ends);

  /* Convolution. Law: each output is one chain over (channel, kernel row, kernel column) in ascending
   * order, in which padding counts as elements of 0; rows of `ends` are output channels (a column bias
   * is not allowed). Weights are packed once; scratch is any memory of the count, contents free. */
  size_t (*_Nonnull convolution_weights_count)(const bartizan_convolution *_Nonnull shape);
  void (*_Nonnull convolution_pack)(
      const bartizan_convolution *_Nonnull shape, const void *_Nonnull weights,
      void *_Nonnull packed);
  size_t (*_Nonnull convolution_scratch_count)(const bartizan_convolution *_Nonnull shape);
  void (*_Nonnull convolution)(
      const bartizan_convolution *_Nonnull shape, const void *_Nonnull image,
      const void *_Nonnull packed, void *_Nonnull output, const bartizan_ends *_Nullable ends,
      void *_Nonnull scratch);

  /* The gradient with respect to the image, which is overwritten. Law: for each tap (channel, kernel
   * row, kernel column) in ascending order the element under it gains, by one addition, a chain from 0 over
   * the output channels of w * g in ascending order. */
  size_t (*_Nonnull convolution_transposed_weights_count)(
      const bartizan_convolution *_Nonnull shape);
  void (*_Nonnull convolution_pack_transposed)(
      const bartizan_convolution *_Nonnull shape, const void *_Nonnull weights,
      void *_Nonnull packed);
  size_t (*_Nonnull convolution_image_gradient_scratch_count)(
      const bartizan_convolution *_Nonnull shape);
  void (*_Nonnull convolution_image_gradient)(
      const bartizan_convolution *_Nonnull shape, const void *_Nonnull cotangent,
      const void *_Nonnull packed, void *_Nonnull gradient, void *_Nonnull scratch);

  /* The gradient with respect to the weights, added to what `gradient` holds. Law: one chain over the
   * batch and, in each image, the output positions, both ascending; padding counts as elements of 0. */
  size_t (*_Nonnull convolution_weight_gradient_scratch_count)(
      const bartizan_convolution *_Nonnull shape);
  void (*_Nonnull convolution_weight_gradient)(
      const bartizan_convolution *_Nonnull shape, const void *_Nonnull image,
      const void *_Nonnull cotangent, void *_Nonnull gradient, void *_Nonnull scratch);

  /* Each of `count` matrices [rows][columns], one after the other, as [columns][rows]. */
  void (*_Nonnull transpose)(
      ptrdiff_t count, ptrdiff_t rows, ptrdiff_t columns, const void *_Nonnull x,
      void *_Nonnull y);

  /* Pooling over `planes` planes. The maximum's law: the first of equal greatest elements; NaN is greatest;
   * −∞ where all is padding. The average: a sum from 0 in ascending order over the elements on the
   * plane, divided once by max(rows[y] * columns[x], 1). For the maximum, `together` planes may be channels
   * that lie side by side: 1 or a multiple of 16 that divides `planes`. */
  void (*_Nonnull maximum_pool)(
      const bartizan_window *_Nonnull window, ptrdiff_t planes, ptrdiff_t together,
      const void *_Nonnull x, void *_Nonnull y);
  /* Adds each cotangent, in ascending order, to the element that won; `gradient` is overwritten. */
  void (*_Nonnull maximum_pool_gradient)(
      const bartizan_window *_Nonnull window, ptrdiff_t planes, ptrdiff_t together,
      const void *_Nonnull x, const void *_Nonnull cotangent, void *_Nonnull gradient);
  void (*_Nonnull average_pool)(
      const bartizan_window *_Nonnull window, ptrdiff_t planes, const ptrdiff_t *_Nonnull rows,
      const ptrdiff_t *_Nonnull columns, const void *_Nonnull x, void *_Nonnull y);
  /* Adds each cotangent's share, in ascending order, to the elements of its window; `gradient` is
   * overwritten. */
  void (*_Nonnull average_pool_gradient)(
      const bartizan_window *_Nonnull window, ptrdiff_t planes, const ptrdiff_t *_Nonnull rows,
      const ptrdiff_t *_Nonnull columns, const void *_Nonnull cotangent, void *_Nonnull gradient);

  /* y[i] = a[i * a_step] op b[i * b_step]; a step is 0 or 1. y may be a or b. */
  void (*_Nonnull binary)(
      int operation, ptrdiff_t count, const void *_Nonnull a, ptrdiff_t a_step,
      const void *_Nonnull b, ptrdiff_t b_step, void *_Nonnull y);
  /* y[i] = fma(a[i], b[i], c[i]); y may be any of them. */
  void (*_Nonnull multiply_add)(
      ptrdiff_t count, const void *_Nonnull a, const void *_Nonnull b, const void *_Nonnull c,
      void *_Nonnull y);
  /* y[i] = epilogue(x[i]); y may be x. */
  void (*_Nonnull activation)(
      int epilogue, double low, double high, ptrdiff_t count, const void *_Nonnull x,
      void *_Nonnull y);
  /* The cotangent g times the derivative at x: relu x > 0 ? g : 0; clip x < low or x > high ? 0 : g;
   * leaky x > 0 ? g : g * low. y may be g. */
  void (*_Nonnull activation_gradient)(
      int epilogue, double low, double high, ptrdiff_t count, const void *_Nonnull x,
      const void *_Nonnull g, void *_Nonnull y);
  /* y = (x − mean[c]) · factor[c] + bias[c], three roundings, over planes of `plane` elements whose
   * channel is plane number % channels; a NULL mean or bias is left out. y may be x. */
  void (*_Nonnull scale_and_shift)(
      ptrdiff_t planes, ptrdiff_t channels, ptrdiff_t plane, const void *_Nonnull x,
      const void *_Nullable mean, const void *_Nonnull factor, const void *_Nullable bias,
      void *_Nonnull y);
  /* Sums of `rows` rows of `count` elements that lie side by side. Law: 16 lanes, lane l adding elements l,
   * l + 16, … in ascending order to 0; then lanes 8 apart are added, 4, 2 and 1 apart. */
  void (*_Nonnull row_sums)(
      ptrdiff_t rows, ptrdiff_t count, const void *_Nonnull x, void *_Nonnull sums);

  /* y[i] = f(x[i]) in the operation sequence of PortableMath; y may be x. */
  void (*_Nonnull function)(
      int function, ptrdiff_t count, const void *_Nonnull x, void *_Nonnull y);
  /* Softmax of rows that lie side by side: powers of e in double of the difference to the greatest
   * element, their sum in ascending order, quotients rounded once. Scratch has `count` doubles. y may be x. */
  void (*_Nonnull softmax)(
      ptrdiff_t rows, ptrdiff_t count, const void *_Nonnull x, void *_Nonnull y,
      double *_Nonnull scratch);
} bartizan_kernels;

/* 1 if this processor can run a path. */
int bartizan_path_is_available(int path);

/* The path that runs when `path` is asked for: itself if available, else the fastest. */
int bartizan_path_resolved(int path);

/* The kernels for an element type on a path (resolved first). */
const bartizan_kernels *_Nonnull bartizan_kernels_for(int element, int path);

/* C = A·Bᵀ modulo 2³² for an m×k matrix A and an n×k matrix B whose rows lie side by side: exact where no
 * sum leaves 32 bits. Quantised operands are widened with their zero points taken off, so |a|, |b| ≤ 255. */
void bartizan_gemm_int16(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const int16_t *_Nonnull a, ptrdiff_t a_row,
    const int16_t *_Nonnull b, ptrdiff_t b_row, int32_t *_Nonnull c, ptrdiff_t c_row, int path);

#endif
