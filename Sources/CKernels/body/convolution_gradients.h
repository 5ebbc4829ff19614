/* The gradients of a convolution: to its image and to its weights. */

/* All columns of one group of one image. */
static void NAME(write_group_columns)(
    const bartizan_convolution *shape, const SCALAR *image, SCALAR *columns) {
  const ptrdiff_t rows = shape->window.kernel_height * shape->window.kernel_width;
  for (ptrdiff_t channel = 0; channel < shape->inputs; channel++)
    NAME(write_columns)(
        &shape->window, image + channel * NAME(image_plane)(shape),
        columns + channel * rows * NAME(positions)(shape));
}

static size_t NAME(convolution_transposed_weights_count)(const bartizan_convolution *shape) {
  return NAME(convolution_weights_count)(shape);
}

static void NAME(convolution_pack_transposed)(
    const bartizan_convolution *shape, const void *weights, void *packed) {
  copy_bytes(packed, weights, NAME(convolution_weights_count)(shape) * sizeof(SCALAR));
}

static size_t NAME(image_gradient_scratch_count)(const bartizan_convolution *shape) {
  return (size_t)(NAME(taps)(shape) * NAME(positions)(shape));
}

static void NAME(image_gradient)(
    const bartizan_convolution *shape, const void *cotangent, const void *packed, void *gradient,
    void *scratch) {
  const ptrdiff_t plane = shape->window.height * shape->window.width;
  const ptrdiff_t positions = NAME(positions)(shape), taps = NAME(taps)(shape);
  const ptrdiff_t rows = shape->window.kernel_height * shape->window.kernel_width;
  const bartizan_ends ends = {.start = BARTIZAN_START_ZERO};
  for (ptrdiff_t row = 0; row < shape->batch * shape->groups; row++) {
    const ptrdiff_t group = row % shape->groups;
    SCALAR *target = (SCALAR *)gradient + row * shape->inputs * plane;
    zero_bytes(target, (size_t)(shape->inputs * plane) * sizeof(SCALAR));
    NAME(gemm)(
        taps, positions, shape->outputs,
        (const SCALAR *)packed + group * shape->outputs * taps, 1, taps,
        (const SCALAR *)cotangent + row * shape->outputs * positions, positions, 1, scratch,
        positions, 1, &ends);
    for (ptrdiff_t channel = 0; channel < shape->inputs; channel++)
      NAME(add_columns)(
          &shape->window, (const SCALAR *)scratch + channel * rows * positions,
          target + channel * plane);
  }
}

static size_t NAME(weight_gradient_scratch_count)(const bartizan_convolution *shape) {
  return (size_t)(NAME(taps)(shape) * NAME(positions)(shape));
}

static void NAME(weight_gradient)(
    const bartizan_convolution *shape, const void *image, const void *cotangent, void *gradient,
    void *scratch) {
  const ptrdiff_t plane = shape->window.height * shape->window.width;
  const ptrdiff_t positions = NAME(positions)(shape), taps = NAME(taps)(shape);
  for (ptrdiff_t row = 0; row < shape->batch * shape->groups; row++) {
    NAME(write_group_columns)(shape, (const SCALAR *)image + row * shape->inputs * plane, scratch);
    NAME(gemm)(
        shape->outputs, taps, positions,
        (const SCALAR *)cotangent + row * shape->outputs * positions, positions, 1, scratch, 1,
        positions, (SCALAR *)gradient + row % shape->groups * shape->outputs * taps, taps, 1,
        (const bartizan_ends *)0);
  }
}
