/* The innermost part of every product: a tile of C whose elements stay in registers for many steps.
 *
 * A tile is loaded and stored exactly, so blocking the depth or tiling rows and columns cannot change a bit. */

/* An end of chains beside those of callers: C gains them by one addition each. */
#define EPILOGUE_ADD 16

/* Where the rows of a tile begin: one after another, or two times `half` of them a pitch apart. */
#define ROW_PLACE(row, stride, half, pitch) \
  ((row) < (half) ? (row) * (stride) : (pitch) + ((row) - (half)) * (stride))

/* `rows`, `half` and `vectors` (columns by LANES) are constants after inlining, which lets every sum be a
 * register. Element (row, step) of the left operand is a[row * a_row + step * a_column], or with offsets
 * a[row * a_row + offsets[step]]; vector v of the right operand's row `step` is at
 * b + v / 2 * b_panel + v % 2 * LANES + step * b_row. */
INLINE void NAME(tile)(
    const int rows, const int half, const int vectors, ptrdiff_t depth, const SCALAR *a,
    const ptrdiff_t a_row, const ptrdiff_t a_pitch, const ptrdiff_t a_column,
    const ptrdiff_t *const offsets, const SCALAR *b, ptrdiff_t b_row, ptrdiff_t b_panel, SCALAR *c,
    ptrdiff_t c_row, const ptrdiff_t c_pitch, const NAME(ends) *ends) {
  NAME(vector) sums[16][8];
#define C_PLACE(row) (c + ROW_PLACE(row, c_row, half, c_pitch))
#define EACH_SUM                                                \
  _Pragma("clang loop unroll(full)") for (int row = 0; row < rows; row++) \
  _Pragma("clang loop unroll(full)") for (int v = 0; v < vectors; v++)
  switch (ends->start) {
  case BARTIZAN_START_ZERO: EACH_SUM sums[row][v] = (NAME(vector))(SCALAR)0; break;
  case BARTIZAN_START_COLUMN_BIAS: EACH_SUM sums[row][v] = NAME(load)(ends->bias + v * LANES); break;
  case BARTIZAN_START_ROW_BIAS: EACH_SUM sums[row][v] = (NAME(vector))ends->bias[row]; break;
  default: EACH_SUM sums[row][v] = NAME(load)(C_PLACE(row) + v * LANES);
  }
  for (ptrdiff_t step = 0; step < depth; step++) {
    NAME(vector) right[8];
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++)
      right[v] = NAME(load)(b + v / 2 * b_panel + v % 2 * LANES + step * b_row);
    const SCALAR *from = a + (offsets ? offsets[step] : step * a_column);
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      const NAME(vector) left = (NAME(vector))from[ROW_PLACE(row, a_row, half, a_pitch)];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++)
        sums[row][v] = __builtin_elementwise_fma(left, right[v], sums[row][v]);
    }
  }
  if (ends->epilogue != BARTIZAN_EPILOGUE_NONE) {
    const SCALAR low = ends->low, high = ends->high;
#define FINISH(kind) \
  case kind: EACH_SUM sums[row][v] = NAME(finished_vector)(kind, low, high, sums[row][v]); break;
    switch (ends->epilogue) {
      FINISH(BARTIZAN_EPILOGUE_RELU)
      FINISH(BARTIZAN_EPILOGUE_CLIP)
      FINISH(BARTIZAN_EPILOGUE_LEAKY)
    case EPILOGUE_ADD: EACH_SUM sums[row][v] = NAME(load)(C_PLACE(row) + v * LANES) + sums[row][v];
    }
#undef FINISH
  }
  EACH_SUM NAME(store)(C_PLACE(row) + v * LANES, sums[row][v]);
#undef EACH_SUM
#undef C_PLACE
}

/* A tile whose left operand is packed: `rows` elements of each step side by side. */
static __attribute__((noinline)) void NAME(packed_tile)(
    ptrdiff_t rows, int vectors, ptrdiff_t depth, const SCALAR *a, const SCALAR *b, ptrdiff_t b_row,
    SCALAR *c, ptrdiff_t c_row, const NAME(ends) *ends) {
#define ROWS(r)                                                                          \
  case r:                                                                                \
    if (vectors == 2) NAME(tile)(r, r, 2, depth, a, 1, 0, r, 0, b, b_row, 0, c, c_row, 0, ends);     \
    else NAME(tile)(r, r, 1, depth, a, 1, 0, r, 0, b, b_row, 0, c, c_row, 0, ends);                  \
    break;
  switch (rows) {
    ROWS(1)
    ROWS(2)
    ROWS(3)
    ROWS(4)
#if TILE_ROWS >= 6
    ROWS(5)
    ROWS(6)
#endif
#if TILE_ROWS >= 12
    ROWS(7)
    ROWS(8)
    ROWS(9)
    ROWS(10)
    ROWS(11)
    ROWS(12)
#endif
  }
#undef ROWS
}

/* Every tile of few rows: it is wide, since a chain alone would wait for its own sums. */
#if DIRECT_ROWS >= 8
#define EACH_DIRECT_TILE                                                                       \
  TILE(1, 1) TILE(1, 2) TILE(1, 4) TILE(1, 8) TILE(2, 1) TILE(2, 2) TILE(2, 4) TILE(2, 8)      \
  TILE(3, 1) TILE(3, 2) TILE(3, 4) TILE(3, 8) TILE(4, 1) TILE(4, 2) TILE(4, 4)                 \
  TILE(5, 1) TILE(5, 2) TILE(5, 4) TILE(6, 1) TILE(6, 2) TILE(6, 4) TILE(7, 1) TILE(7, 2)      \
  TILE(8, 1) TILE(8, 2)
#elif DIRECT_ROWS >= 6
#define EACH_DIRECT_TILE                                                                       \
  TILE(1, 1) TILE(1, 2) TILE(1, 4) TILE(1, 8) TILE(2, 1) TILE(2, 2) TILE(2, 4)                 \
  TILE(3, 1) TILE(3, 2) TILE(3, 4) TILE(4, 1) TILE(4, 2) TILE(5, 1) TILE(5, 2)                 \
  TILE(6, 1) TILE(6, 2)
#else
#define EACH_DIRECT_TILE                                                                       \
  TILE(1, 1) TILE(1, 2) TILE(1, 4) TILE(1, 8) TILE(2, 1) TILE(2, 2) TILE(2, 4)                 \
  TILE(3, 1) TILE(3, 2) TILE(4, 1) TILE(4, 2)
#endif

/* A tile of few rows whose left operand is read where it is. `vectors` is 1, 2, 4 or 8 and at most
 * widest(rows). */
static __attribute__((noinline)) void NAME(direct_tile)(
    ptrdiff_t rows, ptrdiff_t vectors, ptrdiff_t depth, const SCALAR *a, ptrdiff_t a_row,
    ptrdiff_t a_column, const SCALAR *b, ptrdiff_t b_row, ptrdiff_t b_panel, SCALAR *c,
    ptrdiff_t c_row, const NAME(ends) *ends) {
#define TILE(r, v)                                                                           \
  case (r) * 16 + (v):                                                                       \
    NAME(tile)(                                                                              \
        r, r, v, depth, a, a_row, 0, a_column, 0, b, b_row, b_panel, c, c_row, 0, ends);     \
    break;
  switch (rows * 16 + vectors) { EACH_DIRECT_TILE }
#undef TILE
}

/* The same where offsets say at what distance the steps lie. */
static __attribute__((noinline)) void NAME(windows_tile)(
    ptrdiff_t rows, ptrdiff_t vectors, ptrdiff_t depth, const SCALAR *a, ptrdiff_t a_row,
    const ptrdiff_t *offsets, const SCALAR *b, ptrdiff_t b_row, ptrdiff_t b_panel, SCALAR *c,
    ptrdiff_t c_row, const NAME(ends) *ends) {
#define TILE(r, v)                                                                           \
  case (r) * 16 + (v):                                                                       \
    NAME(tile)(                                                                              \
        r, r, v, depth, a, a_row, 0, 0, offsets, b, b_row, b_panel, c, c_row, 0, ends);      \
    break;
  switch (rows * 16 + vectors) { EACH_DIRECT_TILE }
#undef TILE
}
#undef EACH_DIRECT_TILE

/* Two times `half` rows a pitch apart, one vector wide. */
#if DIRECT_ROWS >= 8
#define DIRECT_PAIRS 8
#else
#define DIRECT_PAIRS 2
#endif
static __attribute__((noinline)) void NAME(pair_tile)(
    ptrdiff_t half, ptrdiff_t depth, const SCALAR *a, ptrdiff_t a_row, ptrdiff_t a_pitch,
    const SCALAR *b, ptrdiff_t b_row, SCALAR *c, ptrdiff_t c_row, ptrdiff_t c_pitch,
    const NAME(ends) *ends) {
#define PAIR(r)                                                                              \
  case r:                                                                                    \
    NAME(tile)(                                                                              \
        2 * (r), r, 1, depth, a, a_row, a_pitch, 1, 0, b, b_row, 0, c, c_row, c_pitch, ends); \
    break;
  switch (half) {
    PAIR(1)
    PAIR(2)
#if DIRECT_PAIRS >= 8
    PAIR(3)
    PAIR(4)
    PAIR(5)
    PAIR(6)
    PAIR(7)
    PAIR(8)
#endif
  }
#undef PAIR
}
#undef ROW_PLACE

/* How many vectors of columns a direct tile may have. */
INLINE ptrdiff_t NAME(widest)(ptrdiff_t rows) {
#if DIRECT_ROWS >= 8
  return rows <= 3 ? 8 : rows <= 6 ? 4 : 2;
#elif DIRECT_ROWS >= 6
  return rows == 1 ? 8 : rows <= 3 ? 4 : 2;
#else
  return rows == 1 ? 8 : rows == 2 ? 4 : 2;
#endif
}
