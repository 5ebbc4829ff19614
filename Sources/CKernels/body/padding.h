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

INLINE NAME(padded_plane) NAME(pad_plane)(const bartizan_window *window) {
  NAME(padded_plane) plane;
  plane.height = (window->output_height - 1) * window->stride_y
      + (window->kernel_height - 1) * window->dilation_y + 1;
  plane.length = window->output_width + (window->kernel_width - 1) * window->dilation_x / window->stride_x;
  plane.row = plane.length * window->stride_x;
  plane.plane = plane.height * plane.row;
  return plane;
}

/* Where a kernel element lies from the place of its window. */
INLINE ptrdiff_t NAME(tap_offset)(
    const bartizan_window *window, const NAME(padded_plane) *plane, ptrdiff_t r, ptrdiff_t s) {
  const ptrdiff_t x = s * window->dilation_x;
  return r * window->dilation_y * plane->row + x % window->stride_x * plane->length
      + x / window->stride_x;
}

/* Copies one channel; `to` held zeros, or another channel of this geometry, before. */
static void NAME(write_padded)(
    const bartizan_window *window, const NAME(padded_plane) *plane, const SCALAR *from,
    SCALAR *to) {
  const ptrdiff_t stride = window->stride_x, left = window->pad_left;
  const ptrdiff_t rows = least(window->height, plane->height - window->pad_top);
  for (ptrdiff_t y = 0; y < rows; y++) {
    const SCALAR *source = from + y * window->width;
    SCALAR *row = to + (y + window->pad_top) * plane->row;
    for (ptrdiff_t phase = 0; phase < stride; phase++, row += plane->length) {
      /* The first column of the phase that is not padding, and where it lies. */
      const ptrdiff_t x = phase >= left ? phase - left : (stride - (left - phase) % stride) % stride;
      const ptrdiff_t first = (x + left) / stride;
      const ptrdiff_t count = least(quotient_up(window->width - x, stride), plane->length - first);
      if (stride == 1)
        for (ptrdiff_t i = 0; i < count; i++) row[first + i] = source[x + i];
      else
        for (ptrdiff_t i = 0; i < count; i++) row[first + i] = source[x + i * stride];
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
