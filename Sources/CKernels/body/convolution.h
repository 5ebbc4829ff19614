/* Convolution as a product of weights and windows; convolution of each channel by itself. */

#define DEPTHWISE_TAPS 64

/* Whether every group has one input and one output channel under a small kernel. */
INLINE int NAME(is_depthwise)(const bartizan_convolution *shape) {
  return shape->inputs == 1 && shape->outputs == 1 && NAME(taps)(shape) <= DEPTHWISE_TAPS;
}

/* Whether the windows are the image itself. */
INLINE int NAME(is_pointwise)(const bartizan_window *window) {
  return window->kernel_height == 1 && window->kernel_width == 1 && window->stride_y == 1
      && window->stride_x == 1 && window->pad_top == 0 && window->pad_left == 0
      && window->output_height == window->height && window->output_width == window->width;
}

static size_t NAME(convolution_weights_count)(const bartizan_convolution *shape) {
  return (size_t)(shape->groups * shape->outputs * NAME(taps)(shape));
}

/* One row of weights is packed as it is, so that the product can read a depthwise kernel as well. */
static void NAME(convolution_pack)(
    const bartizan_convolution *shape, const void *weights, void *packed) {
  const ptrdiff_t taps = NAME(taps)(shape);
  if (NAME(is_direct)(shape)) {
    NAME(pack_direct)(shape, weights, packed);
    return;
  }
  for (ptrdiff_t group = 0; group < shape->groups; group++) {
    const ptrdiff_t start = group * shape->outputs * taps;
    NAME(pack_left)(
        shape->outputs, taps, (const SCALAR *)weights + start, taps, 1, (SCALAR *)packed + start);
  }
}

static size_t NAME(convolution_scratch_count)(const bartizan_convolution *shape) {
  if (NAME(positions)(shape) == 0) return 0;
  if (NAME(is_direct)(shape)) return NAME(direct_scratch_count)(shape);
  if (NAME(is_pointwise)(&shape->window)) return 0;
  return (size_t)(shape->inputs * NAME(pad_plane)(&shape->window).plane + SLACK);
}

/* One plane under one kernel of `taps` elements, which lie at `offsets` from a window's place. */
INLINE void NAME(plane_convolution)(
    const bartizan_window *window, const NAME(padded_plane) *plane, const SCALAR *from,
    const ptrdiff_t taps, const ptrdiff_t *offsets, const SCALAR *kernel, SCALAR *output,
    const NAME(ends) *ends) {
  for (ptrdiff_t y = 0; y < window->output_height; y++)
    for (ptrdiff_t x = 0; x < window->output_width; x += LANES) {
      const ptrdiff_t width = least(LANES, window->output_width - x);
      SCALAR *target = output + y * window->output_width + x;
      NAME(vector) sum = (NAME(vector))(ends->bias ? ends->bias[0] : (SCALAR)0);
      if (ends->start == BARTIZAN_START_EXISTING)
        NAME(copy_short)(width, target, (SCALAR *)&sum);
      const SCALAR *source = from + y * window->stride_y * plane->row + x;
      for (ptrdiff_t tap = 0; tap < taps; tap++)
        sum = __builtin_elementwise_fma(
            (NAME(vector))kernel[tap], NAME(load)(source + offsets[tap]), sum);
      if (ends->epilogue != BARTIZAN_EPILOGUE_NONE)
        sum = NAME(finished_vector)(ends->epilogue, ends->low, ends->high, sum);
      if (width == LANES) NAME(store)(target, sum);
      else NAME(copy_short)(width, (const SCALAR *)&sum, target);
    }
}

static void NAME(depthwise)(
    const bartizan_convolution *shape, const SCALAR *image, const SCALAR *kernels, SCALAR *output,
    const NAME(ends) *ends, SCALAR *scratch) {
  const bartizan_window *window = &shape->window;
  const NAME(padded_plane) plane = NAME(pad_plane)(window);
  const ptrdiff_t taps = NAME(taps)(shape);
  ptrdiff_t offsets[DEPTHWISE_TAPS];
  for (ptrdiff_t tap = 0; tap < taps; tap++)
    offsets[tap] = NAME(tap_offset)(
        window, &plane, tap / window->kernel_width, tap % window->kernel_width);
  for (ptrdiff_t number = 0; number < shape->batch * shape->groups; number++) {
    const ptrdiff_t group = number % shape->groups;
    const SCALAR *kernel = kernels + group * taps;
    SCALAR *target = output + number * NAME(positions)(shape);
    NAME(ends) own = *ends;
    if (own.bias) own.bias += group;
    NAME(write_padded)(window, &plane, image + number * NAME(image_plane)(shape), scratch);
    switch (taps) {
    case 9:
      NAME(plane_convolution)(window, &plane, scratch, 9, offsets, kernel, target, &own);
      break;
    default: NAME(plane_convolution)(window, &plane, scratch, taps, offsets, kernel, target, &own);
    }
  }
}

static void NAME(convolution)(
    const bartizan_convolution *shape, const void *image, const void *packed, void *output,
    const bartizan_ends *ends, void *scratch) {
  const bartizan_window *window = &shape->window;
  const ptrdiff_t positions = NAME(positions)(shape), taps = NAME(taps)(shape);
  const ptrdiff_t channels = shape->inputs * NAME(image_plane)(shape);
  const int is_pointwise = NAME(is_pointwise)(window);
  const NAME(ends) own = NAME(read_ends)(ends);
  if (positions == 0) return;
  if (!is_pointwise || NAME(is_direct)(shape))
    zero_bytes(scratch, NAME(convolution_scratch_count)(shape) * sizeof(SCALAR));
  if (NAME(is_direct)(shape)) {
    NAME(direct_convolution)(shape, image, packed, output, &own, scratch);
    return;
  }
  if (NAME(is_depthwise)(shape) && !is_pointwise) {
    NAME(depthwise)(shape, image, packed, output, &own, scratch);
    return;
  }
  NAME(windows) windows = {.window = window, .plane = NAME(pad_plane)(window), .image = scratch};
  for (ptrdiff_t number = 0; number < shape->batch * shape->groups; number++) {
    const ptrdiff_t group = number % shape->groups;
    const SCALAR *from = (const SCALAR *)image + number * channels;
    NAME(right) right = {.b = from, .b_row = positions, .b_column = 1};
    if (!is_pointwise) {
      for (ptrdiff_t channel = 0; channel < shape->inputs; channel++)
        NAME(write_padded)(
            window, &windows.plane, from + channel * NAME(image_plane)(shape),
            (SCALAR *)scratch + channel * windows.plane.plane);
      right.windows = &windows;
    }
    const NAME(ends) part = NAME(ends_of_part)(&own, group * shape->outputs, 0, 1, 1);
    NAME(product)(
        shape->outputs, positions, taps,
        (const SCALAR *)packed + group * shape->outputs * taps, (const SCALAR *)0, 0, 0, &right,
        (SCALAR *)output + number * shape->outputs * positions, positions, 1, &part);
  }
}
