/* The matrix product. */
#define COLUMNS (2 * LANES)
#define TILE_DEPTH 256

/* `rows` (1 to 6) is a constant after inlining, which lets every accumulator be a register. */
INLINE void NAME(tile)(
    const int rows, ptrdiff_t depth, const SCALAR *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const SCALAR *b, ptrdiff_t b_row, SCALAR *c, ptrdiff_t c_row) {
  NAME(vector) sums[6][2];
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    sums[row][0] = NAME(load)(c + row * c_row);
    sums[row][1] = NAME(load)(c + row * c_row + LANES);
  }
  for (ptrdiff_t step = 0; step < depth; step++) {
    const NAME(vector) first = NAME(load)(b + step * b_row);
    const NAME(vector) second = NAME(load)(b + step * b_row + LANES);
#pragma clang loop unroll(full)
    for (int row = 0; row < rows; row++) {
      const SCALAR element = a[row * a_row + step * a_column];
      const NAME(vector) factor = (NAME(vector))element;
      sums[row][0] = __builtin_elementwise_fma(factor, first, sums[row][0]);
      sums[row][1] = __builtin_elementwise_fma(factor, second, sums[row][1]);
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    copy_bytes(c + row * c_row, &sums[row][0], sizeof sums[row][0]);
    copy_bytes(c + row * c_row + LANES, &sums[row][1], sizeof sums[row][1]);
  }
}

INLINE void NAME(rows)(
    ptrdiff_t rows, ptrdiff_t depth, const SCALAR *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const SCALAR *b, ptrdiff_t b_row, SCALAR *c, ptrdiff_t c_row) {
  switch (rows) {
  case 1: NAME(tile)(1, depth, a, a_row, a_column, b, b_row, c, c_row); break;
  case 2: NAME(tile)(2, depth, a, a_row, a_column, b, b_row, c, c_row); break;
  case 3: NAME(tile)(3, depth, a, a_row, a_column, b, b_row, c, c_row); break;
  case 4: NAME(tile)(4, depth, a, a_row, a_column, b, b_row, c, c_row); break;
  case 5: NAME(tile)(5, depth, a, a_row, a_column, b, b_row, c, c_row); break;
  default: NAME(tile)(6, depth, a, a_row, a_column, b, b_row, c, c_row); break;
  }
}

/* Copies a panel of B into rows of COLUMNS elements; lanes past `width` are zero and never stored. */
INLINE void NAME(pack_panel)(
    ptrdiff_t depth, ptrdiff_t width, const SCALAR *b, ptrdiff_t b_row, ptrdiff_t b_column,
    SCALAR *panel) {
  if (width < COLUMNS) zero_bytes(panel, (size_t)depth * COLUMNS * sizeof(SCALAR));
  if (b_column == 1) {
    for (ptrdiff_t step = 0; step < depth; step++)
      copy_bytes(panel + step * COLUMNS, b + step * b_row, (size_t)width * sizeof(SCALAR));
  } else {
    for (ptrdiff_t column = 0; column < width; column++)
      for (ptrdiff_t step = 0; step < depth; step++)
        panel[step * COLUMNS + column] = b[step * b_row + column * b_column];
  }
}

static void NAME(add_product)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,
    const SCALAR *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const SCALAR *b, ptrdiff_t b_row, ptrdiff_t b_column,
    SCALAR *c, ptrdiff_t c_row, ptrdiff_t c_column) {
  if (n < COLUMNS && m > n) {
    /* A narrow C (a matrix-vector product) is computed as its transpose, so that lanes are filled
     * with rows; each element's chain stays the same because factors commute. */
    const SCALAR *left = a;
    const ptrdiff_t rows = m, left_row = a_row, left_column = a_column, row = c_row;
    m = n, n = rows;
    a = b, a_row = b_column, a_column = b_row;
    b = left, b_row = left_column, b_column = left_row;
    c_row = c_column, c_column = row;
  }
  SCALAR panel[TILE_DEPTH * COLUMNS] __attribute__((aligned(64)));
  SCALAR corner[6 * COLUMNS] __attribute__((aligned(64)));
  for (ptrdiff_t step = 0; step < k; step += TILE_DEPTH) {
    const ptrdiff_t depth = k - step < TILE_DEPTH ? k - step : TILE_DEPTH;
    for (ptrdiff_t column = 0; column < n; column += COLUMNS) {
      const ptrdiff_t width = n - column < COLUMNS ? n - column : COLUMNS;
      const SCALAR *source = b + step * b_row + column * b_column;
      ptrdiff_t source_row = b_row;
      if (b_column != 1 || width < COLUMNS || m >= 4 * 6) {
        NAME(pack_panel)(depth, width, source, b_row, b_column, panel);
        source = panel;
        source_row = COLUMNS;
      }
      for (ptrdiff_t row = 0; row < m; row += 6) {
        const ptrdiff_t rows = m - row < 6 ? m - row : 6;
        const SCALAR *left = a + row * a_row + step * a_column;
        SCALAR *target = c + row * c_row + column * c_column;
        if (width == COLUMNS && c_column == 1) {
          NAME(rows)(rows, depth, left, a_row, a_column, source, source_row, target, c_row);
          continue;
        }
        zero_bytes(corner, sizeof corner);
        for (ptrdiff_t i = 0; i < rows; i++)
          for (ptrdiff_t j = 0; j < width; j++)
            corner[i * COLUMNS + j] = target[i * c_row + j * c_column];
        NAME(rows)(rows, depth, left, a_row, a_column, source, source_row, corner, COLUMNS);
        for (ptrdiff_t i = 0; i < rows; i++)
          for (ptrdiff_t j = 0; j < width; j++)
            target[i * c_row + j * c_column] = corner[i * COLUMNS + j];
      }
    }
  }
}

static void NAME(gemm)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const void *b, ptrdiff_t b_row, ptrdiff_t b_column, void *c, ptrdiff_t c_row,
    ptrdiff_t c_column, const bartizan_ends *ends) {
  NAME(start)(m, n, c, c_row, c_column, ends);
  NAME(add_product)(m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, c_column);
  NAME(finish)(m, n, c, c_row, c_column, ends);
}

static size_t NAME(packed_right_count)(ptrdiff_t k, ptrdiff_t n) { return (size_t)k * (size_t)n; }

static void NAME(pack_right)(
    ptrdiff_t k, ptrdiff_t n, const void *b, ptrdiff_t b_row, ptrdiff_t b_column, void *packed) {
  const SCALAR *from = b;
  SCALAR *to = packed;
  for (ptrdiff_t i = 0; i < k; i++)
    for (ptrdiff_t j = 0; j < n; j++) to[i * n + j] = from[i * b_row + j * b_column];
}

static void NAME(gemm_packed_right)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const void *packed, void *c, ptrdiff_t c_row, const bartizan_ends *ends) {
  NAME(gemm)(m, n, k, a, a_row, a_column, packed, n, 1, c, c_row, 1, ends);
}

static size_t NAME(packed_left_count)(ptrdiff_t m, ptrdiff_t k) { return (size_t)m * (size_t)k; }

static void NAME(pack_left)(
    ptrdiff_t m, ptrdiff_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_column, void *packed) {
  const SCALAR *from = a;
  SCALAR *to = packed;
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < k; j++) to[i * k + j] = from[i * a_row + j * a_column];
}

static void NAME(gemm_packed_left)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *packed, const void *b, ptrdiff_t b_row,
    ptrdiff_t b_column, void *c, ptrdiff_t c_row, const bartizan_ends *ends) {
  NAME(gemm)(m, n, k, packed, k, 1, b, b_row, b_column, c, c_row, 1, ends);
}

#undef COLUMNS
#undef TILE_DEPTH
