/* The two ends of a product's chains: where they start and what is done with them. */

INLINE SCALAR NAME(finished)(int epilogue, SCALAR low, SCALAR high, SCALAR y) {
  switch (epilogue) {
  case BARTIZAN_EPILOGUE_RELU: return y < 0 ? 0 : y;
  case BARTIZAN_EPILOGUE_LEAKY: return y < 0 ? y * low : y;
  case BARTIZAN_EPILOGUE_CLIP:
    y = y < low ? low : y;
    return y > high ? high : y;
  default: return y;
  }
}

/* Writes the starts into C, unless the existing C is the start. */
static void NAME(start)(
    ptrdiff_t m, ptrdiff_t n, SCALAR *c, ptrdiff_t c_row, ptrdiff_t c_column,
    const bartizan_ends *ends) {
  if (!ends || ends->start == BARTIZAN_START_EXISTING) return;
  const SCALAR *bias = ends->bias;
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++)
      c[i * c_row + j * c_column] = ends->start == BARTIZAN_START_ZERO ? 0
          : ends->start == BARTIZAN_START_ROW_BIAS                     ? bias[i]
                                                                       : bias[j];
}

static void NAME(finish)(
    ptrdiff_t m, ptrdiff_t n, SCALAR *c, ptrdiff_t c_row, ptrdiff_t c_column,
    const bartizan_ends *ends) {
  if (!ends || ends->epilogue == BARTIZAN_EPILOGUE_NONE) return;
  const SCALAR low = (SCALAR)ends->low, high = (SCALAR)ends->high;
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) {
      SCALAR *element = c + i * c_row + j * c_column;
      *element = NAME(finished)(ends->epilogue, low, high, *element);
    }
}
