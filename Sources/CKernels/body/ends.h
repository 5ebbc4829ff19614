/* The two ends of a product's chains: where they start and what is done with them. */

typedef struct {
  int start, epilogue;
  const SCALAR *bias;
  SCALAR low, high;
} NAME(ends);

INLINE NAME(ends) NAME(read_ends)(const bartizan_ends *ends) {
  NAME(ends) own = {0};
  if (ends) {
    own.start = ends->start;
    own.epilogue = ends->epilogue;
    own.bias = ends->bias;
    own.low = (SCALAR)ends->low;
    own.high = (SCALAR)ends->high;
  }
  return own;
}

/* The ends of the part of C that begins at a row and a column, for the steps that are the first of the
 * chain, the last, or both. */
INLINE NAME(ends) NAME(ends_of_part)(
    const NAME(ends) *ends, ptrdiff_t row, ptrdiff_t column, int is_first, int is_last) {
  NAME(ends) part = *ends;
  if (!is_first) part.start = BARTIZAN_START_EXISTING;
  if (!is_last) part.epilogue = BARTIZAN_EPILOGUE_NONE;
  if (part.start == BARTIZAN_START_COLUMN_BIAS) part.bias += column;
  if (part.start == BARTIZAN_START_ROW_BIAS) part.bias += row;
  return part;
}

INLINE SCALAR NAME(started)(const NAME(ends) *ends, ptrdiff_t i, ptrdiff_t j, SCALAR existing) {
  switch (ends->start) {
  case BARTIZAN_START_ZERO: return 0;
  case BARTIZAN_START_COLUMN_BIAS: return ends->bias[j];
  case BARTIZAN_START_ROW_BIAS: return ends->bias[i];
  default: return existing;
  }
}

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

INLINE NAME(vector) NAME(finished_vector)(
    int epilogue, SCALAR low, SCALAR high, NAME(vector) y) {
  switch (epilogue) {
  case BARTIZAN_EPILOGUE_RELU: return y < 0 ? (NAME(vector))(SCALAR)0 : y;
  case BARTIZAN_EPILOGUE_LEAKY: return y < 0 ? y * low : y;
  case BARTIZAN_EPILOGUE_CLIP:
    y = y < low ? (NAME(vector))low : y;
    return y > high ? (NAME(vector))high : y;
  default: return y;
  }
}
