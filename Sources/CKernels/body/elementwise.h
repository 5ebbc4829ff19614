/* Operations on elements in their places. The loops are plain: each element is independent, so that the
 * compiler's vectors cannot change a bit. */

#define EACH(expression)                                          \
  for (ptrdiff_t i = 0; i < count; i++) {                         \
    const SCALAR p = left[i * a_step], q = right[i * b_step];     \
    result[i] = (expression);                                     \
  }                                                               \
  break;

INLINE void NAME(binary_steps)(
    int operation, ptrdiff_t count, const SCALAR *left, const ptrdiff_t a_step, const SCALAR *right,
    const ptrdiff_t b_step, SCALAR *result) {
  switch (operation) {
  case BARTIZAN_ADD: EACH(p + q)
  case BARTIZAN_SUBTRACT: EACH(p - q)
  case BARTIZAN_MULTIPLY: EACH(p * q)
  case BARTIZAN_DIVIDE: EACH(p / q)
  case BARTIZAN_MAXIMUM: EACH(q > p || q != q ? q : p)
  default: EACH(q < p || q != q ? q : p)
  }
}
#undef EACH

static void NAME(binary)(
    int operation, ptrdiff_t count, const void *a, ptrdiff_t a_step, const void *b,
    ptrdiff_t b_step, void *y) {
  if (a_step == 1 && b_step == 1) NAME(binary_steps)(operation, count, a, 1, b, 1, y);
  else if (a_step == 1) NAME(binary_steps)(operation, count, a, 1, b, 0, y);
  else if (b_step == 1) NAME(binary_steps)(operation, count, a, 0, b, 1, y);
  else NAME(binary_steps)(operation, count, a, 0, b, 0, y);
}

static void NAME(multiply_add)(
    ptrdiff_t count, const void *a, const void *b, const void *c, void *y) {
  const SCALAR *left = a, *right = b, *sum = c;
  SCALAR *to = y;
  ptrdiff_t i = 0;
  for (; i + LANES <= count; i += LANES)
    NAME(store)(
        to + i, __builtin_elementwise_fma(
                    NAME(load)(left + i), NAME(load)(right + i), NAME(load)(sum + i)));
  for (; i < count; i++) to[i] = FMA(left[i], right[i], sum[i]);
}

static void NAME(activation)(
    int epilogue, double low, double high, ptrdiff_t count, const void *x, void *y) {
  const SCALAR least_value = (SCALAR)low, greatest = (SCALAR)high;
  const SCALAR *from = x;
  SCALAR *to = y;
  switch (epilogue) {
  case BARTIZAN_EPILOGUE_RELU:
    for (ptrdiff_t i = 0; i < count; i++)
      to[i] = NAME(finished)(BARTIZAN_EPILOGUE_RELU, least_value, greatest, from[i]);
    break;
  case BARTIZAN_EPILOGUE_CLIP:
    for (ptrdiff_t i = 0; i < count; i++)
      to[i] = NAME(finished)(BARTIZAN_EPILOGUE_CLIP, least_value, greatest, from[i]);
    break;
  case BARTIZAN_EPILOGUE_LEAKY:
    for (ptrdiff_t i = 0; i < count; i++)
      to[i] = NAME(finished)(BARTIZAN_EPILOGUE_LEAKY, least_value, greatest, from[i]);
    break;
  default: __builtin_memmove(to, from, (size_t)count * sizeof(SCALAR));
  }
}

/* Vectors by hand: the compiler does not read a cotangent that it may not need. */
#define EACH(expression)                                                       \
  for (; i + LANES <= count; i += LANES) {                                     \
    const NAME(vector) p = NAME(load)(at + i), q = NAME(load)(from + i);       \
    NAME(store)(to + i, (expression));                                         \
  }                                                                            \
  for (; i < count; i++) {                                                     \
    const NAME(vector) p = (NAME(vector))at[i], q = (NAME(vector))from[i];     \
    to[i] = (expression)[0];                                                   \
  }                                                                            \
  break;

static void NAME(activation_gradient)(
    int epilogue, double low, double high, ptrdiff_t count, const void *x, const void *g,
    void *y) {
  const NAME(vector) zero = (NAME(vector))(SCALAR)0;
  const NAME(vector) least_value = (NAME(vector))(SCALAR)low;
  const NAME(vector) greatest = (NAME(vector))(SCALAR)high;
  const SCALAR *at = x, *from = g;
  SCALAR *to = y;
  ptrdiff_t i = 0;
  switch (epilogue) {
  case BARTIZAN_EPILOGUE_RELU: EACH(p > 0 ? q : zero)
  case BARTIZAN_EPILOGUE_CLIP: EACH(((p < least_value) | (p > greatest)) ? zero : q)
  case BARTIZAN_EPILOGUE_LEAKY: EACH(p > 0 ? q : q * least_value)
  default: __builtin_memmove(to, from, (size_t)count * sizeof(SCALAR));
  }
}
#undef EACH

static void NAME(scale_and_shift)(
    ptrdiff_t planes, ptrdiff_t channels, ptrdiff_t plane, const void *x, const void *mean,
    const void *factor, const void *bias, void *y) {
  const SCALAR *from = x, *means = mean, *factors = factor, *biases = bias;
  SCALAR *to = y;
  for (ptrdiff_t number = 0; number < planes; number++, from += plane, to += plane) {
    const ptrdiff_t channel = number % channels;
    /* x − 0 is x for every x, so a mean that is left out needs no loop of its own. */
    const SCALAR centre = means ? means[channel] : 0, scale = factors[channel];
    if (biases) {
      const SCALAR shift = biases[channel];
      for (ptrdiff_t i = 0; i < plane; i++) to[i] = (from[i] - centre) * scale + shift;
    } else {
      for (ptrdiff_t i = 0; i < plane; i++) to[i] = (from[i] - centre) * scale;
    }
  }
}

#define SUM_LANES 16

static void NAME(row_sums)(ptrdiff_t rows, ptrdiff_t count, const void *x, void *sums) {
  const SCALAR *from = x;
  SCALAR *to = sums;
  for (ptrdiff_t row = 0; row < rows; row++, from += count) {
    SCALAR lanes[SUM_LANES] = {0};
    ptrdiff_t i = 0;
    for (; i + SUM_LANES <= count; i += SUM_LANES)
      for (ptrdiff_t lane = 0; lane < SUM_LANES; lane++) lanes[lane] += from[i + lane];
    for (ptrdiff_t lane = 0; i + lane < count; lane++) lanes[lane] += from[i + lane];
    for (ptrdiff_t apart = SUM_LANES / 2; apart > 0; apart /= 2)
      for (ptrdiff_t lane = 0; lane < apart; lane++) lanes[lane] += lanes[lane + apart];
    to[row] = lanes[0];
  }
}
#undef SUM_LANES
