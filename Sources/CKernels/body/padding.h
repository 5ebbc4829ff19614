/* Images laid out for windows: padding made explicit and strides taken out, so that the elements under
 * neighbouring windows lie side by side.
 *
 * Column x of a padded row is element x / stride of its phase x % stride; the phases of a row follow one another. */

typedef struct {
  /* Rows and phase length of one channel, as far as any window reads. */
  ptrdiff_t height, length;
  ptrdiff_t row, plane;
} NAME(padded_plane);

/* More elements than a padded image has may be read at its end, and are not used. */
#define SLACK 16

/* The distance of neighbouring windows, which does not matter where each row has one. */
INLINE ptrdiff_t NAME(column_stride)(const bartizan_window *window) {
  return window->output_width > 1 ? window->stride_x : 1;
}

INLINE NAME(padded_plane) NAME(pad_plane)(const bartizan_window *window) {
  const ptrdiff_t stride = NAME(column_stride)(window);
  NAME(padded_plane) plane;
  plane.height = (window->output_height - 1) * window->stride_y
      + (window->kernel_height - 1) * window->dilation_y + 1;
  plane.length = window->output_width + (window->kernel_width - 1) * window->dilation_x / stride;
  plane.row = plane.length * stride;
  plane.plane = plane.height * plane.row;
  return plane;
}

/* Where a kernel element lies from the place of its window. */
INLINE ptrdiff_t NAME(tap_offset)(
    const bartizan_window *window, const NAME(padded_plane) *plane, ptrdiff_t r, ptrdiff_t s) {
  const ptrdiff_t x = s * window->dilation_x, row = r * window->dilation_y * plane->row;
  const ptrdiff_t stride = NAME(column_stride)(window);
  if (stride == 1) return row + x; /* divisions would cost more than the rest */
  return row + x % stride * plane->length + x / stride;
}

/* A copy for counts that are mostly small, without a call. */
INLINE void NAME(copy_short)(ptrdiff_t count, const SCALAR *from, SCALAR *to) {
  ptrdiff_t i = 0;
  for (; i + 8 <= count; i += 8) copy_bytes(to + i, from + i, 8 * sizeof(SCALAR));
  if (i + 4 <= count) {
    copy_bytes(to + i, from + i, 4 * sizeof(SCALAR));
    i += 4;
  }
  if (i + 2 <= count) {
    copy_bytes(to + i, from + i, 2 * sizeof(SCALAR));
    i += 2;
  }
  if (i < count) to[i] = from[i];
}

/* The columns of a phase that are not padding: `count` from image column `x` on, at element `first`. */
typedef struct {
  ptrdiff_t x, first, count;
} NAME(phase);

INLINE NAME(phase) NAME(phase_inside)(
    const bartizan_window *window, const NAME(padded_plane) *plane, ptrdiff_t phase) {
  const ptrdiff_t stride = NAME(column_stride)(window), left = window->pad_left;
  NAME(phase) inside;
  inside.x = phase >= left ? phase - left : (stride - (left - phase) % stride) % stride;
  inside.first = (inside.x + left) / stride;
  inside.count =
      least(quotient_up(window->width - inside.x, stride), plane->length - inside.first);
  return inside;
}

/* Copies one channel; `to` held zeros, or another channel of this geometry, before. */
static void NAME(write_padded)(
    const bartizan_window *window, const NAME(padded_plane) *plane, const SCALAR *from,
    SCALAR *to) {
  const ptrdiff_t stride = NAME(column_stride)(window);
  const ptrdiff_t rows = least(window->height, plane->height - window->pad_top);
  for (ptrdiff_t phase = 0; phase < stride; phase++) {
    const NAME(phase) inside = NAME(phase_inside)(window, plane, phase);
    for (ptrdiff_t y = 0; y < rows; y++) {
      const SCALAR *source = from + y * window->width + inside.x;
      SCALAR *row =
          to + (y + window->pad_top) * plane->row + phase * plane->length + inside.first;
      if (stride == 1) NAME(copy_short)(inside.count, source, row);
      else
        for (ptrdiff_t i = 0; i < inside.count; i++) row[i] = source[i * stride];
    }
  }
}

/* Copies the elements of one channel that are not padding; those that no window reads are 0. */
static void NAME(read_padded)(
    const bartizan_window *window, const NAME(padded_plane) *plane, const SCALAR *from,
    SCALAR *to) {
  const ptrdiff_t stride = NAME(column_stride)(window);
  const ptrdiff_t rows = least(window->height, plane->height - window->pad_top);
  zero_bytes(to, (size_t)(window->height * window->width) * sizeof(SCALAR));
  for (ptrdiff_t phase = 0; phase < stride; phase++) {
    const NAME(phase) inside = NAME(phase_inside)(window, plane, phase);
    for (ptrdiff_t y = 0; y < rows; y++) {
      const SCALAR *row =
          from + (y + window->pad_top) * plane->row + phase * plane->length + inside.first;
      SCALAR *target = to + y * window->width + inside.x;
      if (stride == 1) NAME(copy_short)(inside.count, row, target);
      else
        for (ptrdiff_t i = 0; i < inside.count; i++) target[i * stride] = row[i];
    }
  }
}

/* The windows of a padded group of channels as the right operand of a product: its rows are kernel elements
 * (channel, row, column), its columns output positions. */
typedef struct {
  const bartizan_window *window;
  NAME(padded_plane) plane;
  const SCALAR *image;
} NAME(windows);

#define RUN 8

/* A panel of that operand from kernel element `tap` and output position `position` on. Up to RUN − 1 elements
 * past the panel's end are overwritten. */
static void NAME(pack_windows)(
    const NAME(windows) *windows, ptrdiff_t tap, ptrdiff_t depth, ptrdiff_t position,
    ptrdiff_t width, const ptrdiff_t columns, SCALAR *panel) {
  const bartizan_window *window = windows->window;
  const ptrdiff_t output_width = window->output_width, across = window->kernel_width;
  /* Pieces of at most RUN positions of one output row. */
  struct {
    ptrdiff_t column, place;
  } pieces[COLUMNS];
  ptrdiff_t count = 0;
  for (ptrdiff_t column = 0; column < width;) {
    const ptrdiff_t y = (position + column) / output_width, x = (position + column) % output_width;
    pieces[count].column = column;
    pieces[count++].place = y * window->stride_y * windows->plane.row + x;
    column += least(RUN, output_width - x);
  }
  const ptrdiff_t kernel = window->kernel_height * across;
  ptrdiff_t channel = tap / kernel, r = tap % kernel / across, s = tap % across;
  for (ptrdiff_t step = 0; step < depth; step++, panel += columns) {
    const SCALAR *from = windows->image + channel * windows->plane.plane
        + NAME(tap_offset)(window, &windows->plane, r, s);
    for (ptrdiff_t piece = 0; piece < count; piece++)
      copy_bytes(
          panel + pieces[piece].column, from + pieces[piece].place, RUN * sizeof(SCALAR));
    if (++s == across) {
      s = 0;
      if (++r == window->kernel_height) r = 0, channel++;
    }
  }
}
