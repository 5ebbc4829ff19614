/* The greatest element of windows over images whose channels lie side by side: vectors are channels. */

typedef MASK NAME(mask) __attribute__((ext_vector_type(VECTOR_BYTES / sizeof(SCALAR))));

INLINE void NAME(channel_pool_of)(
    const bartizan_window *window, ptrdiff_t images, ptrdiff_t channels, const SCALAR *source,
    SCALAR *target) {
  const NAME(pool) pool = NAME(pool_of)(window);
  const ptrdiff_t image = window->height * window->width * channels;
  for (ptrdiff_t number = 0; number < images; number++, source += image)
    for (ptrdiff_t y = 0; y < window->output_height; y++) {
      const NAME(taps_inside) rows = NAME(row_taps)(&pool, y);
      for (ptrdiff_t x = 0; x < window->output_width; x++, target += channels) {
        const NAME(taps_inside) columns = NAME(column_taps)(&pool, x);
        for (ptrdiff_t channel = 0; channel < channels; channel += LANES) {
          NAME(vector) greatest = (NAME(vector))(-(SCALAR)__builtin_inf());
          EACH_PLACE(rows, columns) {
            const NAME(vector) value = NAME(load)(source + place * channels + channel);
            greatest = ((value > greatest) | (value != value)) ? value : greatest;
          }
          NAME(store)(target + channel, greatest);
        }
      }
    }
}

static void NAME(channel_pool)(
    const bartizan_window *window, ptrdiff_t images, ptrdiff_t channels, const SCALAR *source,
    SCALAR *target) {
  if (NAME(is_halving)(window)) {
    const bartizan_window halving = NAME(halving)(window);
    NAME(channel_pool_of)(&halving, images, channels, source, target);
  } else {
    NAME(channel_pool_of)(window, images, channels, source, target);
  }
}

/* One window's cotangents to the elements that won; others gain 0, which changes none: a sum that starts from 0
 * is never -0. */
INLINE void NAME(channel_window_gradient)(
    const bartizan_window *window, NAME(taps_inside) rows, NAME(taps_inside) columns,
    ptrdiff_t channels, const int is_alone, const SCALAR *source, const SCALAR *cotangent,
    SCALAR *target) {
  for (ptrdiff_t channel = 0; channel < channels; channel += LANES) {
    NAME(vector) greatest = (NAME(vector))(-(SCALAR)__builtin_inf());
    NAME(mask) winner = (NAME(mask))(MASK)0;
    MASK number = 0;
    EACH_PLACE(rows, columns) {
      const NAME(vector) value = NAME(load)(source + place * channels + channel);
      const NAME(mask) leads =
          (value > greatest) | ((value != value) & (greatest == greatest)) | (number == 0 ? -1 : 0);
      greatest = leads ? value : greatest;
      winner = leads ? (NAME(mask))number : winner;
      number++;
    }
    number = 0;
    const NAME(vector) share = NAME(load)(cotangent + channel);
    EACH_PLACE(rows, columns) {
      SCALAR *sum = target + place * channels + channel;
      const NAME(vector) before = is_alone ? (NAME(vector))(SCALAR)0 : NAME(load)(sum);
      NAME(store)(sum, before + (winner == number ? share : (NAME(vector))(SCALAR)0));
      number++;
    }
  }
}

/* `is_alone`: each element lies under one window, so that none must be cleared or read before. */
INLINE void NAME(channel_pool_gradient_of)(
    const bartizan_window *window, ptrdiff_t images, ptrdiff_t channels, const int is_alone,
    const SCALAR *source, const SCALAR *cotangent, SCALAR *target) {
  const NAME(pool) pool = NAME(pool_of)(window);
  const ptrdiff_t image = window->height * window->width * channels;
  for (ptrdiff_t number = 0; number < images; number++, source += image, target += image)
    for (ptrdiff_t y = 0; y < window->output_height; y++) {
      const NAME(taps_inside) rows = NAME(row_taps)(&pool, y);
      for (ptrdiff_t x = 0; x < window->output_width; x++, cotangent += channels)
        NAME(channel_window_gradient)(
            window, rows, NAME(column_taps)(&pool, x), channels, is_alone, source, cotangent,
            target);
    }
}

static void NAME(channel_pool_gradient)(
    const bartizan_window *window, ptrdiff_t images, ptrdiff_t channels, const SCALAR *source,
    const SCALAR *cotangent, SCALAR *target) {
  if (NAME(is_halving)(window) && window->height == 2 * window->output_height
      && window->width == 2 * window->output_width) {
    const bartizan_window halving = NAME(halving)(window);
    NAME(channel_pool_gradient_of)(&halving, images, channels, 1, source, cotangent, target);
    return;
  }
  zero_bytes(
      target, (size_t)(images * window->height * window->width * channels) * sizeof(SCALAR));
  NAME(channel_pool_gradient_of)(window, images, channels, 0, source, cotangent, target);
}
