/* The matrix product's one body, included once for each element type; the includer defines
 * SCALAR, LANES (elements in 32 bytes), NAME(suffix) and SPLAT(value).
 *
 * Accumulators live in registers for TILE_DEPTH steps and are then stored exactly, so blocking the
 * depth, tiling rows and columns or packing B cannot change a bit of the result. */

typedef SCALAR NAME(vector) __attribute__((vector_size(32)));

/* Two vectors of columns by six rows: 12 accumulators fit the 16 registers of AVX2. */
#define COLUMNS (2 * LANES)

static inline __attribute__((always_inline)) NAME(vector) NAME(load)(const SCALAR *from) {
  NAME(vector) value;
  memcpy(&value, from, sizeof value);
  return value;
}

/* `rows` (1 to 6) is a constant after inlining, which lets every accumulator be a register. */
static inline __attribute__((always_inline)) void NAME(tile)(
    const int rows, ptrdiff_t depth, const SCALAR *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const SCALAR *b, ptrdiff_t b_row, SCALAR *c, ptrdiff_t c_row) {
  NAME(vector) sums[TILE_ROWS][2];
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
      const NAME(vector) factor = SPLAT(element);
      sums[row][0] = __builtin_elementwise_fma(factor, first, sums[row][0]);
      sums[row][1] = __builtin_elementwise_fma(factor, second, sums[row][1]);
    }
  }
#pragma clang loop unroll(full)
  for (int row = 0; row < rows; row++) {
    memcpy(c + row * c_row, &sums[row][0], sizeof sums[row][0]);
    memcpy(c + row * c_row + LANES, &sums[row][1], sizeof sums[row][1]);
  }
}

static inline __attribute__((always_inline)) void NAME(rows)(
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
static inline __attribute__((always_inline)) void NAME(pack)(
    ptrdiff_t depth, ptrdiff_t width, const SCALAR *b, ptrdiff_t b_row, ptrdiff_t b_column,
    SCALAR *panel) {
  if (width < COLUMNS) memset(panel, 0, (size_t)depth * COLUMNS * sizeof(SCALAR));
  if (b_column == 1) {
    for (ptrdiff_t step = 0; step < depth; step++)
      memcpy(panel + step * COLUMNS, b + step * b_row, (size_t)width * sizeof(SCALAR));
  } else {
    for (ptrdiff_t column = 0; column < width; column++)
      for (ptrdiff_t step = 0; step < depth; step++)
        panel[step * COLUMNS + column] = b[step * b_row + column * b_column];
  }
}

static inline __attribute__((always_inline)) void NAME(body)(
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
  SCALAR corner[TILE_ROWS * COLUMNS] __attribute__((aligned(64)));
  for (ptrdiff_t step = 0; step < k; step += TILE_DEPTH) {
    const ptrdiff_t depth = k - step < TILE_DEPTH ? k - step : TILE_DEPTH;
    for (ptrdiff_t column = 0; column < n; column += COLUMNS) {
      const ptrdiff_t width = n - column < COLUMNS ? n - column : COLUMNS;
      const SCALAR *source = b + step * b_row + column * b_column;
      ptrdiff_t source_row = b_row;
      if (b_column != 1 || width < COLUMNS || m >= 4 * TILE_ROWS) {
        NAME(pack)(depth, width, source, b_row, b_column, panel);
        source = panel;
        source_row = COLUMNS;
      }
      for (ptrdiff_t row = 0; row < m; row += TILE_ROWS) {
        const ptrdiff_t rows = m - row < TILE_ROWS ? m - row : TILE_ROWS;
        const SCALAR *left = a + row * a_row + step * a_column;
        SCALAR *target = c + row * c_row + column * c_column;
        if (width == COLUMNS && c_column == 1) {
          NAME(rows)(rows, depth, left, a_row, a_column, source, source_row, target, c_row);
          continue;
        }
        memset(corner, 0, sizeof corner);
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

#define PARAMETERS                                                     \
  ptrdiff_t m, ptrdiff_t n, ptrdiff_t k,                               \
  const SCALAR *a, ptrdiff_t a_row, ptrdiff_t a_column,                \
  const SCALAR *b, ptrdiff_t b_row, ptrdiff_t b_column,                \
  SCALAR *c, ptrdiff_t c_row, ptrdiff_t c_column
#define ARGUMENTS m, n, k, a, a_row, a_column, b, b_row, b_column, c, c_row, c_column

/* Without FMA in the target each lane calls the C library's fma, which is correctly rounded: slower
 * by far, and the same bits. On aarch64 this is the fast path, since FMA is part of the baseline. */
static void NAME(portable)(PARAMETERS) { NAME(body)(ARGUMENTS); }

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static void NAME(avx2)(PARAMETERS) { NAME(body)(ARGUMENTS); }
#endif

void NAME(gemm)(PARAMETERS, int path) {
#if defined(__x86_64__)
  if (path != BARTIZAN_KERNEL_PORTABLE && has_avx2()) {
    NAME(avx2)(ARGUMENTS);
    return;
  }
#else
  (void)path;
#endif
  NAME(portable)(ARGUMENTS);
}

#undef ARGUMENTS
#undef PARAMETERS
#undef COLUMNS
#undef SCALAR
#undef LANES
#undef NAME
#undef SPLAT
