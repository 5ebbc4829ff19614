/* How windows lie on their planes, and their elements as columns of a matrix. */

INLINE ptrdiff_t NAME(positions)(const bartizan_convolution *shape) {
  return shape->window.output_height * shape->window.output_width;
}

INLINE ptrdiff_t NAME(taps)(const bartizan_convolution *shape) {
  return shape->inputs * shape->window.kernel_height * shape->window.kernel_width;
}

INLINE ptrdiff_t NAME(image_plane)(const bartizan_convolution *shape) {
  return shape->window.height * shape->window.width;
}

/* The output positions whose kernel element `tap` lies on an axis of `input` elements: [first, last). */
INLINE void NAME(inside)(
    ptrdiff_t input, ptrdiff_t output, ptrdiff_t start, ptrdiff_t stride, ptrdiff_t *first,
    ptrdiff_t *last) {
  if (stride == 1) { /* divisions would cost more than the rest */
    *first = least(most(-start, 0), output);
    *last = most(least(input - start, output), *first);
    return;
  }
  *first = start >= 0 ? 0 : least(quotient_up(-start, stride), output);
  *last = start >= input ? 0 : least((input - 1 - start) / stride + 1, output);
  if (*last < *first) *last = *first;
}

/* One channel's windows as rows of a matrix, a row for each kernel element and a column for each output
 * position; padding is 0. */
static void NAME(write_columns)(
    const bartizan_window *window, const SCALAR *plane, SCALAR *columns) {
  for (ptrdiff_t r = 0; r < window->kernel_height; r++)
    for (ptrdiff_t s = 0; s < window->kernel_width; s++) {
      const ptrdiff_t start = s * window->dilation_x - window->pad_left;
      ptrdiff_t first, last;
      NAME(inside)(window->width, window->output_width, start, window->stride_x, &first, &last);
      for (ptrdiff_t y = 0; y < window->output_height; y++) {
        const ptrdiff_t row = y * window->stride_y - window->pad_top + r * window->dilation_y;
        const ptrdiff_t width = window->output_width;
        if (row < 0 || row >= window->height) {
          zero_bytes(columns, (size_t)width * sizeof(SCALAR));
        } else {
          const SCALAR *source = plane + row * window->width;
          for (ptrdiff_t x = 0; x < first; x++) columns[x] = 0;
          for (ptrdiff_t x = first; x < last; x++) columns[x] = source[x * window->stride_x + start];
          for (ptrdiff_t x = last; x < width; x++) columns[x] = 0;
        }
        columns += width;
      }
    }
}
