/* Convolution as a product of weights and windows. */

INLINE ptrdiff_t NAME(positions)(const bartizan_convolution *shape) {
  return shape->window.output_height * shape->window.output_width;
}

INLINE ptrdiff_t NAME(taps)(const bartizan_convolution *shape) {
  return shape->inputs * shape->window.kernel_height * shape->window.kernel_width;
}

static size_t NAME(convolution_weights_count)(const bartizan_convolution *shape) {
  return (size_t)(shape->groups * shape->outputs * NAME(taps)(shape));
}

static void NAME(convolution_pack)(
    const bartizan_convolution *shape, const void *weights, void *packed) {
  copy_bytes(packed, weights, NAME(convolution_weights_count)(shape) * sizeof(SCALAR));
}

static size_t NAME(convolution_scratch_count)(const bartizan_convolution *shape) {
  return (size_t)(NAME(taps)(shape) * NAME(positions)(shape));
}

/* All columns of one group of one image. */
static void NAME(write_group_columns)(
    const bartizan_convolution *shape, const SCALAR *image, SCALAR *columns) {
  const ptrdiff_t plane = shape->window.height * shape->window.width;
  const ptrdiff_t rows = shape->window.kernel_height * shape->window.kernel_width;
  for (ptrdiff_t channel = 0; channel < shape->inputs; channel++)
    NAME(write_columns)(
        &shape->window, image + channel * plane, columns + channel * rows * NAME(positions)(shape));
}

static void NAME(convolution)(
    const bartizan_convolution *shape, const void *image, const void *packed, void *output,
    const bartizan_ends *ends, void *scratch) {
  const ptrdiff_t plane = shape->window.height * shape->window.width;
  const ptrdiff_t positions = NAME(positions)(shape), taps = NAME(taps)(shape);
  for (ptrdiff_t row = 0; row < shape->batch * shape->groups; row++) {
    const ptrdiff_t group = row % shape->groups;
    bartizan_ends own = ends ? *ends : (bartizan_ends){0};
    if (own.bias) own.bias = (const SCALAR *)own.bias + group * shape->outputs;
    NAME(write_group_columns)(shape, (const SCALAR *)image + row * shape->inputs * plane, scratch);
    NAME(gemm)(
        shape->outputs, positions, taps, (const SCALAR *)packed + group * shape->outputs * taps,
        taps, 1, scratch, positions, 1, (SCALAR *)output + row * shape->outputs * positions,
        positions, 1, &own);
  }
}
