/* Elementary functions and softmax of one element type: computed in double, rounded once. */

INLINE doubles NAME(widened)(const SCALAR *from) {
  NAME(eight) value;
  copy_bytes(&value, from, sizeof value);
  return __builtin_convertvector(value, doubles);
}

INLINE void NAME(narrowed)(SCALAR *to, doubles from) {
  const NAME(eight) value = __builtin_convertvector(from, NAME(eight));
  copy_bytes(to, &value, sizeof value);
}

INLINE void NAME(apply)(const int function, ptrdiff_t count, const SCALAR *from, SCALAR *to) {
  ptrdiff_t i = 0;
  for (; i + WIDTH <= count; i += WIDTH)
    NAME(narrowed)(to + i, function_of(function, NAME(widened)(from + i)));
  if (i == count) return;
  SCALAR rest[WIDTH] = {0};
  copy_bytes(rest, from + i, (size_t)(count - i) * sizeof(SCALAR));
  NAME(narrowed)(rest, function_of(function, NAME(widened)(rest)));
  copy_bytes(to + i, rest, (size_t)(count - i) * sizeof(SCALAR));
}

static void NAME(function)(int function, ptrdiff_t count, const void *x, void *y) {
  switch (function) {
  case BARTIZAN_EXP: NAME(apply)(BARTIZAN_EXP, count, x, y); break;
  case BARTIZAN_TANH: NAME(apply)(BARTIZAN_TANH, count, x, y); break;
  case BARTIZAN_SIGMOID: NAME(apply)(BARTIZAN_SIGMOID, count, x, y); break;
  case BARTIZAN_TANH_SLOPE: NAME(apply)(BARTIZAN_TANH_SLOPE, count, x, y); break;
  case BARTIZAN_SIGMOID_SLOPE: NAME(apply)(BARTIZAN_SIGMOID_SLOPE, count, x, y); break;
  default: NAME(apply)(BARTIZAN_ERF, count, x, y);
  }
}

/* Where any element is NaN all results are; a comparison may then choose any greatest element. */
static void NAME(softmax)(
    ptrdiff_t rows, ptrdiff_t count, const void *x, void *y, double *scratch) {
  const SCALAR *from = x;
  SCALAR *to = y;
  for (ptrdiff_t row = 0; row < rows && count > 0; row++, from += count, to += count) {
    SCALAR greatest = from[0];
    for (ptrdiff_t i = 1; i < count; i++) greatest = from[i] >= greatest ? from[i] : greatest;
    for (ptrdiff_t i = 0; i < count; i++) scratch[i] = (double)from[i] - (double)greatest;
    for (ptrdiff_t i = 0; i < count; i += WIDTH) {
      doubles eight = (doubles)0.0;
      const size_t bytes = (size_t)least(WIDTH, count - i) * sizeof(double);
      copy_bytes(&eight, scratch + i, bytes);
      eight = exp_of(eight);
      copy_bytes(scratch + i, &eight, bytes);
    }
    double sum = 0;
    for (ptrdiff_t i = 0; i < count; i++) sum += scratch[i];
    for (ptrdiff_t i = 0; i < count; i++) to[i] = (SCALAR)(scratch[i] / sum);
  }
}
