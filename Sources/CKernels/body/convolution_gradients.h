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

/* Channels whose columns are computed together: by the kernel's size alone, since it decides how weights are
 * packed. */
INLINE ptrdiff_t NAME(channels_together)(const bartizan_convolution *shape) {
  const ptrdiff_t kernel = shape->window.kernel_height * shape->window.kernel_width;
  return least(most(96 / kernel, 1), most(shape->inputs, 1));
}

static size_t NAME(convolution_transposed_weights_count)(const bartizan_convolution *shape) {
  return NAME(convolution_weights_count)(shape);
}

/* For each group and block of channels a matrix with a row for each tap and a column for each output channel. */
static void NAME(convolution_pack_transposed)(
    const bartizan_convolution *shape, const void *weights, void *packed) {
  const ptrdiff_t taps = NAME(taps)(shape), block = NAME(channels_together)(shape);
  const ptrdiff_t kernel = shape->window.kernel_height * shape->window.kernel_width;
  SCALAR *to = packed;
  if (NAME(has_direct_gradient)(shape)) {
    NAME(pack_direct_transposed)(shape, weights, packed);
    return;
  }
  for (ptrdiff_t group = 0; group < shape->groups; group++)
    for (ptrdiff_t channel = 0; channel < shape->inputs; channel += block) {
      const ptrdiff_t rows = least(block, shape->inputs - channel) * kernel;
      NAME(pack_left)(
          rows, shape->outputs,
          (const SCALAR *)weights + group * shape->outputs * taps + channel * kernel, 1, taps, to);
      to += rows * shape->outputs;
    }
}

/* Whether elements of the image can gather what windows give them, without a padded plane between. */
INLINE int NAME(can_gather)(const bartizan_window *window) {
  return window->stride_y == 1 && window->stride_x == 1;
}

/* What scratch holds before the columns: a padded plane, or else what may be read before them. */
INLINE ptrdiff_t NAME(padded_gradient_count)(const bartizan_window *window) {
  return NAME(can_gather)(window) ? SLACK : NAME(pad_plane)(window).plane;
}

static size_t NAME(image_gradient_scratch_count)(const bartizan_convolution *shape) {
  if (NAME(is_pointwise)(&shape->window) || NAME(positions)(shape) == 0) return 0;
  if (NAME(has_direct_gradient)(shape)) return 0;
  const ptrdiff_t kernel = shape->window.kernel_height * shape->window.kernel_width;
  return (size_t)(NAME(padded_gradient_count)(&shape->window)
                  + NAME(channels_together)(shape) * kernel * NAME(positions)(shape) + SLACK);
}

/* Sums one channel's columns into its plane where windows are one step apart: each element gathers from the
 * kernel elements in ascending order. Seven elements beyond both ends of the columns may be read. */
static void NAME(gather_columns)(
    const bartizan_window *window, const SCALAR *columns, SCALAR *plane) {
  typedef MASK mask __attribute__((ext_vector_type(8)));
  const mask lanes = {0, 1, 2, 3, 4, 5, 6, 7};
  const ptrdiff_t width = window->output_width, positions = width * window->output_height;
  for (ptrdiff_t y = 0; y < window->height; y++)
    for (ptrdiff_t x = 0; x < window->width; x += 8) {
      NAME(eight) sum = (NAME(eight))(SCALAR)0;
      for (ptrdiff_t r = 0; r < window->kernel_height; r++) {
        const ptrdiff_t row = y + window->pad_top - r * window->dilation_y;
        if (row < 0 || row >= window->output_height) continue;
        for (ptrdiff_t s = 0; s < window->kernel_width; s++) {
          const ptrdiff_t first = x + window->pad_left - s * window->dilation_x;
          if (first <= -8 || first >= width) continue;
          NAME(eight) value;
          copy_bytes(
              &value,
              columns + (r * window->kernel_width + s) * positions + row * width + first,
              sizeof value);
          if (first < 0) value = lanes >= (MASK)-first ? value : (NAME(eight))(SCALAR)0;
          if (first + 8 > width)
            value = lanes < (MASK)(width - first) ? value : (NAME(eight))(SCALAR)0;
          sum += value;
        }
      }
      NAME(copy_short)(
          least(8, window->width - x), (const SCALAR *)&sum, plane + y * window->width + x);
    }
}

INLINE void NAME(add_row)(ptrdiff_t count, const SCALAR *from, SCALAR *to) {
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) {
    NAME(eight) a, b;
    copy_bytes(&a, to + i, sizeof a);
    copy_bytes(&b, from + i, sizeof b);
    a += b;
    copy_bytes(to + i, &a, sizeof a);
  }
  for (; i + 4 <= count; i += 4) {
    NAME(four) sum = NAME(load_four)(to + i) + NAME(load_four)(from + i);
    copy_bytes(to + i, &sum, sizeof sum);
  }
  for (; i < count; i++) to[i] += from[i];
}

/* Adds one channel's columns to the padded plane they were taken from, kernel elements in ascending order. */
static void NAME(add_columns)(
    const bartizan_window *window, const NAME(padded_plane) *plane, const SCALAR *columns,
    SCALAR *padded) {
  for (ptrdiff_t r = 0; r < window->kernel_height; r++)
    for (ptrdiff_t s = 0; s < window->kernel_width; s++) {
      SCALAR *target = padded + NAME(tap_offset)(window, plane, r, s);
      for (ptrdiff_t y = 0; y < window->output_height; y++) {
        NAME(add_row)(window->output_width, columns, target);
        columns += window->output_width;
        target += window->stride_y * plane->row;
      }
    }
}

/* The gradient to one group's channels of one image. */
static void NAME(group_image_gradient)(
    const bartizan_convolution *shape, const SCALAR *cotangent, const SCALAR *packed,
    SCALAR *gradient, SCALAR *scratch) {
  const bartizan_window *window = &shape->window;
  const ptrdiff_t positions = NAME(positions)(shape), size = NAME(image_plane)(shape);
  const ptrdiff_t kernel = window->kernel_height * window->kernel_width;
  const ptrdiff_t block = NAME(channels_together)(shape);
  const int is_pointwise = NAME(is_pointwise)(window);
  const int can_gather = NAME(can_gather)(window);
  const NAME(padded_plane) plane = NAME(pad_plane)(window);
  const int is_last = shape->output_order == BARTIZAN_CHANNELS_LAST;
  const NAME(right) right = {
    .b = cotangent, .b_row = is_last ? 1 : positions, .b_column = is_last ? shape->outputs : 1};
  const NAME(ends) ends = {.start = BARTIZAN_START_ZERO};
  SCALAR *columns = scratch + NAME(padded_gradient_count)(window);
  for (ptrdiff_t channel = 0; channel < shape->inputs; channel += block) {
    const ptrdiff_t channels = least(block, shape->inputs - channel);
    SCALAR *target = is_pointwise ? gradient + channel * size : columns;
    NAME(product)(
        channels * kernel, positions, shape->outputs, packed, (const SCALAR *)0, 0, 0, &right,
        target, positions, 1, &ends);
    packed += channels * kernel * shape->outputs;
    if (is_pointwise) {
      /* The one tap is added to 0, which turns −0 into 0. */
      for (ptrdiff_t i = 0; i < channels * size; i++) target[i] = 0 + target[i];
      continue;
    }
    for (ptrdiff_t i = 0; i < channels; i++) {
      if (can_gather) {
        NAME(gather_columns)(
            window, columns + i * kernel * positions, gradient + (channel + i) * size);
        continue;
      }
      zero_bytes(scratch, (size_t)plane.plane * sizeof(SCALAR));
      NAME(add_columns)(window, &plane, columns + i * kernel * positions, scratch);
      NAME(read_padded)(window, &plane, scratch, gradient + (channel + i) * size);
    }
  }
}

static void NAME(image_gradient)(
    const bartizan_convolution *shape, const void *cotangent, const void *packed, void *gradient,
    void *scratch) {
  const ptrdiff_t channels = shape->inputs * NAME(image_plane)(shape);
  const ptrdiff_t outputs = shape->outputs * NAME(positions)(shape);
  if (outputs == 0) {
    zero_bytes(gradient, (size_t)(shape->batch * shape->groups * channels) * sizeof(SCALAR));
    return;
  }
  if (NAME(has_direct_gradient)(shape)) {
    NAME(direct_image_gradient)(shape, cotangent, packed, gradient);
    return;
  }
  for (ptrdiff_t number = 0; number < shape->batch * shape->groups; number++)
    NAME(group_image_gradient)(
        shape, (const SCALAR *)cotangent + number * outputs,
        (const SCALAR *)packed + number % shape->groups * shape->outputs * NAME(taps)(shape),
        (SCALAR *)gradient + number * channels, scratch);
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
