/* The greatest element and the average of windows over planes, and their gradients. */

/* The kernel elements of a window that lie on an axis: [first, last). */
INLINE void NAME(taps_inside)(
    ptrdiff_t input, ptrdiff_t kernel, ptrdiff_t start, ptrdiff_t dilation, ptrdiff_t *first,
    ptrdiff_t *last) {
  NAME(inside)(input, kernel, start, dilation, first, last);
}

/* The place of the greatest element under a window, or −1. */
INLINE ptrdiff_t NAME(winner)(
    const bartizan_window *window, const SCALAR *plane, ptrdiff_t y, ptrdiff_t x) {
  const ptrdiff_t top = y * window->stride_y - window->pad_top;
  const ptrdiff_t left = x * window->stride_x - window->pad_left;
  ptrdiff_t first_row, last_row, first, last, best = -1;
  NAME(taps_inside)(
      window->height, window->kernel_height, top, window->dilation_y, &first_row, &last_row);
  NAME(taps_inside)(window->width, window->kernel_width, left, window->dilation_x, &first, &last);
  for (ptrdiff_t r = first_row; r < last_row; r++)
    for (ptrdiff_t s = first; s < last; s++) {
      const ptrdiff_t place =
          (top + r * window->dilation_y) * window->width + left + s * window->dilation_x;
      const SCALAR value = plane[place];
      /* A comparison with NaN is false, so once NaN leads it stays. */
      if (best < 0 || value > plane[best] || (value != value && plane[best] == plane[best]))
        best = place;
    }
  return best;
}

static void NAME(maximum_pool)(
    const bartizan_window *window, ptrdiff_t planes, const void *x, void *y) {
  const ptrdiff_t size = window->height * window->width;
  const SCALAR *source = x;
  SCALAR *target = y;
  for (ptrdiff_t plane = 0; plane < planes; plane++, source += size)
    for (ptrdiff_t row = 0; row < window->output_height; row++)
      for (ptrdiff_t column = 0; column < window->output_width; column++) {
        const ptrdiff_t best = NAME(winner)(window, source, row, column);
        *target++ = best < 0 ? -(SCALAR)__builtin_inf() : source[best];
      }
}

static void NAME(maximum_pool_gradient)(
    const bartizan_window *window, ptrdiff_t planes, const void *x, const void *cotangent,
    void *gradient) {
  const ptrdiff_t size = window->height * window->width;
  const SCALAR *source = x, *g = cotangent;
  SCALAR *target = gradient;
  zero_bytes(target, (size_t)(planes * size) * sizeof(SCALAR));
  for (ptrdiff_t plane = 0; plane < planes; plane++, source += size, target += size)
    for (ptrdiff_t row = 0; row < window->output_height; row++)
      for (ptrdiff_t column = 0; column < window->output_width; column++, g++) {
        const ptrdiff_t best = NAME(winner)(window, source, row, column);
        if (best >= 0) target[best] += *g;
      }
}

static void NAME(average_pool)(
    const bartizan_window *window, ptrdiff_t planes, const ptrdiff_t *rows,
    const ptrdiff_t *columns, const void *x, void *y) {
  const ptrdiff_t size = window->height * window->width;
  const SCALAR *source = x;
  SCALAR *target = y;
  for (ptrdiff_t plane = 0; plane < planes; plane++, source += size)
    for (ptrdiff_t row = 0; row < window->output_height; row++)
      for (ptrdiff_t column = 0; column < window->output_width; column++) {
        const ptrdiff_t top = row * window->stride_y - window->pad_top;
        const ptrdiff_t left = column * window->stride_x - window->pad_left;
        ptrdiff_t first_row, last_row, first, last;
        NAME(taps_inside)(
            window->height, window->kernel_height, top, window->dilation_y, &first_row, &last_row);
        NAME(taps_inside)(
            window->width, window->kernel_width, left, window->dilation_x, &first, &last);
        SCALAR sum = 0;
        for (ptrdiff_t r = first_row; r < last_row; r++)
          for (ptrdiff_t s = first; s < last; s++)
            sum += source[(top + r * window->dilation_y) * window->width + left
                          + s * window->dilation_x];
        *target++ = sum / (SCALAR)most(rows[row] * columns[column], 1);
      }
}

static void NAME(average_pool_gradient)(
    const bartizan_window *window, ptrdiff_t planes, const ptrdiff_t *rows,
    const ptrdiff_t *columns, const void *cotangent, void *gradient) {
  const ptrdiff_t size = window->height * window->width;
  const SCALAR *g = cotangent;
  SCALAR *target = gradient;
  zero_bytes(target, (size_t)(planes * size) * sizeof(SCALAR));
  for (ptrdiff_t plane = 0; plane < planes; plane++, target += size)
    for (ptrdiff_t row = 0; row < window->output_height; row++)
      for (ptrdiff_t column = 0; column < window->output_width; column++) {
        const ptrdiff_t top = row * window->stride_y - window->pad_top;
        const ptrdiff_t left = column * window->stride_x - window->pad_left;
        ptrdiff_t first_row, last_row, first, last;
        NAME(taps_inside)(
            window->height, window->kernel_height, top, window->dilation_y, &first_row, &last_row);
        NAME(taps_inside)(
            window->width, window->kernel_width, left, window->dilation_x, &first, &last);
        const SCALAR share = *g++ / (SCALAR)most(rows[row] * columns[column], 1);
        for (ptrdiff_t r = first_row; r < last_row; r++)
          for (ptrdiff_t s = first; s < last; s++)
            target[(top + r * window->dilation_y) * window->width + left
                   + s * window->dilation_x] += share;
      }
}
