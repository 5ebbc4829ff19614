/* Convolution whose outputs' channels lie side by side: vectors are channels, a tile's rows are windows, whose
 * elements are read where they are. No column is written; a position's channels are stored together. */

INLINE int NAME(is_direct)(const bartizan_convolution *shape) {
  return shape->output_order == BARTIZAN_CHANNELS_LAST;
}

/* Where the elements of an image lie once its padding is explicit. */
typedef struct {
  const bartizan_convolution *shape;
  /* Of an image whose channels are planes. */
  NAME(padded_plane) plane;
  /* Distances of neighbouring rows, windows in a row, kernel columns. */
  ptrdiff_t row, window, column, height, count;
} NAME(laid_image);

INLINE NAME(laid_image) NAME(lay_image)(const bartizan_convolution *shape) {
  const bartizan_window *window = &shape->window;
  NAME(laid_image) laid = {.shape = shape, .plane = NAME(pad_plane)(window)};
  laid.height = laid.plane.height;
  if (shape->image_order == BARTIZAN_CHANNELS_LAST) {
    const ptrdiff_t across = (window->output_width - 1) * window->stride_x
        + (window->kernel_width - 1) * window->dilation_x + 1;
    laid.row = across * shape->inputs;
    laid.window = window->stride_x * shape->inputs;
    laid.column = window->dilation_x * shape->inputs;
    laid.count = laid.height * laid.row;
  } else {
    laid.row = laid.plane.row;
    laid.window = 1;
    laid.count = shape->inputs * laid.plane.plane;
  }
  return laid;
}

/* Copies an image; `to` held zeros, or another image of this shape, before. */
static void NAME(write_image)(
    const NAME(laid_image) *laid, const SCALAR *image, SCALAR *to) {
  const bartizan_convolution *shape = laid->shape;
  const bartizan_window *window = &shape->window;
  if (shape->image_order != BARTIZAN_CHANNELS_LAST) {
    for (ptrdiff_t channel = 0; channel < shape->inputs; channel++)
      NAME(write_padded)(
          window, &laid->plane, image + channel * window->height * window->width,
          to + channel * laid->plane.plane);
    return;
  }
  const ptrdiff_t rows = least(window->height, laid->height - window->pad_top);
  const ptrdiff_t left = window->pad_left * shape->inputs;
  const ptrdiff_t count = least(window->width * shape->inputs, laid->row - left);
  for (ptrdiff_t y = 0; y < rows; y++) {
    const SCALAR *from = image + y * window->width * shape->inputs;
    SCALAR *row = to + (y + window->pad_top) * laid->row + left;
    for (ptrdiff_t i = 0; i < count; i += LANES) NAME(store)(row + i, NAME(load)(from + i));
  }
}

/* Where the elements of kernel steps lie from the place of their window. */
static void NAME(write_offsets)(
    const NAME(laid_image) *laid, ptrdiff_t step, ptrdiff_t depth, ptrdiff_t *offsets) {
  const bartizan_window *window = &laid->shape->window;
  const ptrdiff_t across = window->kernel_width, kernel = window->kernel_height * across;
  const int is_last = laid->shape->image_order == BARTIZAN_CHANNELS_LAST;
  const ptrdiff_t apart = is_last ? 1 : laid->plane.plane;
  ptrdiff_t channel = step / kernel, r = step % kernel / across, s = step % across;
  for (ptrdiff_t i = 0; i < least(depth, kernel); i++) {
    const ptrdiff_t tap = is_last ? r * window->dilation_y * laid->row + s * laid->column
                                  : NAME(tap_offset)(window, &laid->plane, r, s);
    offsets[i] = channel * apart + tap;
    if (++s == across) {
      s = 0;
      if (++r == window->kernel_height) r = 0, channel++;
    }
  }
  /* The same kernel element of the next channel. */
  for (ptrdiff_t i = kernel; i < depth; i++) offsets[i] = offsets[i - kernel] + apart;
}

/* The rows of each tile but the last, when `count` are cut into tiles as equal as may be. */
INLINE ptrdiff_t NAME(even_rows)(ptrdiff_t count) {
  if (count <= DIRECT_ROWS) return most(count, 1);
  const ptrdiff_t tiles = (count + DIRECT_ROWS - 1) / DIRECT_ROWS;
  return (count + tiles - 1) / tiles;
}

/* The widest tile for so many rows that a rest of columns, a multiple of LANES, fills. */
INLINE ptrdiff_t NAME(filled_vectors)(ptrdiff_t rows, ptrdiff_t rest) {
  const ptrdiff_t widest = NAME(widest)(rows);
  ptrdiff_t vectors = rest > LANES ? 2 : 1;
  while (vectors < widest && 2 * vectors * LANES <= rest) vectors *= 2;
  return vectors;
}

/* All windows of one padded image for the steps that `offsets` tells. `packed` is that block of steps. */
static void NAME(direct_block)(
    const NAME(laid_image) *laid, const SCALAR *image, ptrdiff_t depth, const ptrdiff_t *offsets,
    const SCALAR *packed, SCALAR *output, const NAME(ends) *ends) {
  const bartizan_window *window = &laid->shape->window;
  const ptrdiff_t n = laid->shape->outputs, width = window->output_width;
  const ptrdiff_t most_rows = NAME(even_rows)(width);
  for (ptrdiff_t column = 0, vectors; column < n; column += vectors * LANES) {
    vectors = NAME(filled_vectors)(most_rows, n - column);
    NAME(ends) part = *ends;
    if (part.start == BARTIZAN_START_COLUMN_BIAS) part.bias += column;
    for (ptrdiff_t y = 0; y < window->output_height; y++)
      for (ptrdiff_t x = 0; x < width; x += most_rows)
        NAME(windows_tile)(
            least(most_rows, width - x), vectors, depth,
            image + y * window->stride_y * laid->row + x * laid->window, laid->window, offsets,
            packed + column * depth, least(vectors, 2) * LANES, depth * COLUMNS,
            output + (y * width + x) * n + column, n, &part);
  }
}

static void NAME(pack_direct)(
    const bartizan_convolution *shape, const void *weights, void *packed) {
  NAME(pack_right)(NAME(taps)(shape), shape->outputs, weights, 1, NAME(taps)(shape), packed);
}

static size_t NAME(direct_scratch_count)(const bartizan_convolution *shape) {
  return (size_t)(NAME(lay_image)(shape).count + SLACK);
}

static void NAME(direct_convolution)(
    const bartizan_convolution *shape, const SCALAR *image, const SCALAR *packed, SCALAR *output,
    const NAME(ends) *ends, SCALAR *scratch) {
  const ptrdiff_t positions = NAME(positions)(shape), taps = NAME(taps)(shape);
  const ptrdiff_t longest = NAME(block_depth)(taps);
  const NAME(laid_image) laid = NAME(lay_image)(shape);
  NAME(ends) own = *ends;
  if (own.start == BARTIZAN_START_ROW_BIAS) own.start = BARTIZAN_START_COLUMN_BIAS;
  if (taps == 0) {
    NAME(empty_product)(
        shape->batch * positions, shape->outputs, output, shape->outputs, 1, &own);
    return;
  }
  ptrdiff_t offsets[TILE_DEPTH], written = -1;
  for (ptrdiff_t number = 0; number < shape->batch; number++) {
    NAME(write_image)(
        &laid, image + number * shape->inputs * NAME(image_plane)(shape), scratch);
    for (ptrdiff_t step = 0; step < taps; step += longest) {
      const ptrdiff_t depth = least(longest, taps - step);
      if (written != step) NAME(write_offsets)(&laid, step, depth, offsets);
      written = step;
      const NAME(ends) part = NAME(ends_of_part)(&own, 0, 0, step == 0, step + depth == taps);
      NAME(direct_block)(
          &laid, scratch, depth, offsets, packed + step * shape->outputs,
          output + number * positions * shape->outputs, &part);
    }
  }
}

/* Whether the gradient's channels lie side by side too. */
INLINE int NAME(has_direct_gradient)(const bartizan_convolution *shape) {
  return NAME(is_direct)(shape) && shape->image_order == BARTIZAN_CHANNELS_LAST;
}

/* For each panel of input channels and each kernel element a matrix with a row for each output channel. */
static void NAME(pack_direct_transposed)(
    const bartizan_convolution *shape, const SCALAR *weights, SCALAR *packed) {
  const ptrdiff_t kernel = shape->window.kernel_height * shape->window.kernel_width;
  for (ptrdiff_t column = 0; column < shape->inputs; column += COLUMNS) {
    const ptrdiff_t columns = NAME(panel_columns)(shape->inputs, column);
    for (ptrdiff_t tap = 0; tap < kernel; tap++, packed += shape->outputs * columns)
      NAME(pack_panel)(
          shape->outputs, columns, columns, weights + column * kernel + tap, NAME(taps)(shape),
          kernel, packed);
  }
}

/* What one kernel element adds to one image's gradient, over `vectors` vectors of channels. */
static void NAME(direct_tap_gradient)(
    const bartizan_convolution *shape, ptrdiff_t tap, ptrdiff_t vectors, const SCALAR *cotangent,
    const SCALAR *packed, SCALAR *gradient) {
  const bartizan_window *window = &shape->window;
  const ptrdiff_t kernel = window->kernel_height * window->kernel_width;
  const ptrdiff_t n = shape->inputs, depth = shape->outputs, columns = least(vectors, 2) * LANES;
  const NAME(ends) ends = {.start = BARTIZAN_START_ZERO, .epilogue = EPILOGUE_ADD};
  const ptrdiff_t row = tap / window->kernel_width * window->dilation_y - window->pad_top;
  const ptrdiff_t column = tap % window->kernel_width * window->dilation_x - window->pad_left;
  ptrdiff_t top, bottom, left, right;
  NAME(inside)(window->height, window->output_height, row, window->stride_y, &top, &bottom);
  NAME(inside)(window->width, window->output_width, column, window->stride_x, &left, &right);
  /* No more rows than the tile's width was chosen for. */
  const ptrdiff_t most_rows =
      least(NAME(even_rows)(right - left), NAME(even_rows)(window->output_width));
  const SCALAR *weights = packed + tap * depth * columns;
  const ptrdiff_t a_pitch = window->output_width * depth, c_row = window->stride_x * n;
  const ptrdiff_t c_pitch = window->stride_y * window->width * n;
  const ptrdiff_t pairs = vectors == 1 ? DIRECT_PAIRS : 0;
  for (ptrdiff_t y = top, next; y < bottom; y = next) {
    /* One vector of channels leaves room for two rows of windows. */
    const int is_pair = y + 1 < bottom && most_rows <= pairs;
    const SCALAR *from = cotangent + y * a_pitch;
    SCALAR *target = gradient + row * window->width * n + y * c_pitch + column * n;
    next = y + (is_pair ? 2 : 1);
    for (ptrdiff_t x = left; x < right; x += most_rows) {
      const ptrdiff_t rows = least(most_rows, right - x);
      if (is_pair)
        NAME(pair_tile)(
            rows, depth, from + x * depth, depth, a_pitch, weights, columns, target + x * c_row,
            c_row, c_pitch, &ends);
      else
        NAME(direct_tile)(
            rows, vectors, depth, from + x * depth, depth, 1, weights, columns,
            kernel * depth * COLUMNS, target + x * c_row, c_row, &ends);
    }
  }
}

static void NAME(direct_image_gradient)(
    const bartizan_convolution *shape, const SCALAR *cotangent, const SCALAR *packed,
    SCALAR *gradient) {
  const ptrdiff_t kernel = shape->window.kernel_height * shape->window.kernel_width;
  const ptrdiff_t image = shape->inputs * NAME(image_plane)(shape);
  const ptrdiff_t most_rows = NAME(even_rows)(shape->window.output_width);
  zero_bytes(gradient, (size_t)(shape->batch * image) * sizeof(SCALAR));
  for (ptrdiff_t number = 0; number < shape->batch; number++)
    for (ptrdiff_t column = 0, vectors; column < shape->inputs; column += vectors * LANES) {
      vectors = NAME(filled_vectors)(most_rows, shape->inputs - column);
      for (ptrdiff_t tap = 0; tap < kernel; tap++)
        NAME(direct_tap_gradient)(
            shape, tap, vectors, cotangent + number * shape->outputs * NAME(positions)(shape),
            packed + column * kernel * shape->outputs, gradient + number * image + column);
    }
}
