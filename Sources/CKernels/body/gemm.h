/* The matrix product: blocks of both operands, packed or read in place, and tiles of C between them. */

/* Rows of C and of the left operand between which one panel of the right operand is used. */
typedef struct {
  ptrdiff_t rows, depth;
  /* Packed, or else where the operand lies. */
  const SCALAR *packed;
  const SCALAR *a;
  ptrdiff_t a_row, a_column;
} NAME(block);

/* C over one panel's whole columns, `vectors` wide. */
INLINE void NAME(panel_product)(
    const NAME(block) *left, ptrdiff_t vectors, const SCALAR *b, ptrdiff_t b_row,
    ptrdiff_t b_panel, SCALAR *c, ptrdiff_t c_row, const NAME(ends) *ends) {
  if (!left->packed) {
    NAME(direct_tile)(
        left->rows, vectors, left->depth, left->a, left->a_row, left->a_column, b, b_row, b_panel,
        c, c_row, ends);
    return;
  }
  NAME(ends) part = *ends;
  for (ptrdiff_t row = 0; row < left->rows; row += TILE_ROWS) {
    /* A tile begins with what C holds: it is fetched while the one before is computed. */
    for (ptrdiff_t next = row + TILE_ROWS; next < least(row + 2 * TILE_ROWS, left->rows); next++) {
      __builtin_prefetch(c + next * c_row, 1);
      __builtin_prefetch(c + next * c_row + LANES, 1);
    }
    NAME(packed_tile)(
        least(TILE_ROWS, left->rows - row), (int)vectors, left->depth,
        left->packed + row * left->depth, b, b_row, c + row * c_row, c_row, &part);
    if (part.start == BARTIZAN_START_ROW_BIAS) part.bias += TILE_ROWS;
  }
}

/* C over a panel of which only `width` columns exist, or whose columns do not lie side by side: computed in a
 * corner of its own. */
static __attribute__((noinline)) void NAME(corner_product)(
    const NAME(block) *left, ptrdiff_t width, ptrdiff_t vectors, const SCALAR *b, ptrdiff_t b_row,
    SCALAR *c, ptrdiff_t c_row, ptrdiff_t c_column, const NAME(ends) *ends) {
  SCALAR corner[TILE_ROWS * COLUMNS] __attribute__((aligned(64)));
  NAME(ends) part = *ends;
  part.start = BARTIZAN_START_EXISTING;
  for (ptrdiff_t row = 0; row < left->rows; row += TILE_ROWS) {
    const ptrdiff_t rows = least(TILE_ROWS, left->rows - row);
    zero_bytes(corner, (size_t)(rows * COLUMNS) * sizeof(SCALAR));
    if (ends->start != BARTIZAN_START_ZERO)
      for (ptrdiff_t i = 0; i < rows; i++)
        for (ptrdiff_t j = 0; j < width; j++)
          corner[i * COLUMNS + j] =
              NAME(started)(ends, row + i, j, c[(row + i) * c_row + j * c_column]);
    NAME(block) tile = *left;
    tile.rows = rows;
    if (tile.packed) tile.packed += row * left->depth;
    else tile.a += row * left->a_row;
    NAME(panel_product)(&tile, vectors, b, b_row, 0, corner, COLUMNS, &part);
    for (ptrdiff_t i = 0; i < rows; i++)
      for (ptrdiff_t j = 0; j < width; j++)
        c[(row + i) * c_row + j * c_column] = corner[i * COLUMNS + j];
  }
}

/* A right operand: packed, the windows of an image, or where it lies. */
typedef struct {
  const SCALAR *packed;
  const NAME(windows) *windows;
  const SCALAR *b;
  ptrdiff_t b_row, b_column;
} NAME(right);

/* One block of rows of C over all columns, for the steps `step` to `step + left->depth`. */
static void NAME(block_product)(
    const NAME(block) *left, ptrdiff_t n, ptrdiff_t step, const NAME(right) *right, SCALAR *c,
    ptrdiff_t c_row, ptrdiff_t c_column, const NAME(ends) *ends, SCALAR *panel) {
  const ptrdiff_t depth = left->depth;
  const ptrdiff_t widest = left->packed ? 2 : NAME(widest)(left->rows);
  /* Packing pays where many rows use the panel. */
  const int is_read_in_place = !right->packed && !right->windows && right->b_column == 1
      && left->rows <= DIRECT_ROWS;
  for (ptrdiff_t column = 0, next; column < n; column = next) {
    const ptrdiff_t rest = n - column;
    ptrdiff_t vectors = rest > LANES ? 2 : 1;
    if (is_read_in_place || right->packed)
      while (vectors < widest && 2 * vectors * LANES <= rest) vectors *= 2;
    const ptrdiff_t width = least(vectors * LANES, rest);
    next = column + width;
    const SCALAR *b = panel;
    ptrdiff_t b_row = vectors * LANES, b_panel = COLUMNS;
    if (right->packed) {
      b = right->packed + step * NAME(packed_columns)(n) + column * depth;
      b_row = least(vectors, 2) * LANES;
      b_panel = depth * COLUMNS;
    } else if (is_read_in_place && width == vectors * LANES) {
      b = right->b + step * right->b_row + column;
      b_row = right->b_row;
    } else if (right->windows) {
      NAME(pack_windows)(right->windows, step, depth, column, width, vectors * LANES, panel);
    } else {
      NAME(pack_panel)(
          depth, width, vectors * LANES, right->b + step * right->b_row + column * right->b_column,
          right->b_row, right->b_column, panel);
    }
    NAME(ends) part = *ends;
    if (part.start == BARTIZAN_START_COLUMN_BIAS) part.bias += column;
    SCALAR *target = c + column * c_column;
    if (width == vectors * LANES && c_column == 1)
      NAME(panel_product)(left, vectors, b, b_row, b_panel, target, c_row, &part);
    else
      for (ptrdiff_t v = 0; v < vectors; v += 2) {
        NAME(ends) corner = part;
        if (corner.start == BARTIZAN_START_COLUMN_BIAS) corner.bias += v * LANES;
        NAME(corner_product)(
            left, least(width - v * LANES, COLUMNS), least(vectors - v, 2), b + v / 2 * b_panel,
            b_row, target + v * LANES * c_column, c_row, c_column, &corner);
      }
  }
}

/* Chains without a step: their start, finished. */
static void NAME(empty_product)(
    ptrdiff_t m, ptrdiff_t n, SCALAR *c, ptrdiff_t c_row, ptrdiff_t c_column,
    const NAME(ends) *ends) {
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) {
      SCALAR *element = c + i * c_row + j * c_column;
      *element = NAME(finished)(
          ends->epilogue, ends->low, ends->high, NAME(started)(ends, i, j, *element));
    }
}

/* All of C: `packed_left` or else a, and the right operand. */
static void NAME(product)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const SCALAR *packed_left, const SCALAR *a,
    ptrdiff_t a_row, ptrdiff_t a_column, const NAME(right) *right, SCALAR *c, ptrdiff_t c_row,
    ptrdiff_t c_column, const NAME(ends) *ends) {
  if (k == 0) {
    NAME(empty_product)(m, n, c, c_row, c_column, ends);
    return;
  }
  SCALAR panel[TILE_DEPTH * COLUMNS + RUN] __attribute__((aligned(64)));
  SCALAR block[TILE_DEPTH * BLOCK_ROWS] __attribute__((aligned(64)));
  const ptrdiff_t longest = NAME(block_depth)(k);
  for (ptrdiff_t step = 0; step < k; step += longest) {
    const ptrdiff_t depth = least(longest, k - step);
    for (ptrdiff_t row = 0, next; row < m; row = next) {
      ptrdiff_t rows = packed_left ? m : least(BLOCK_ROWS, m - row);
      NAME(block) left = {
        .depth = depth, .a = a + row * a_row + step * a_column, .a_row = a_row, .a_column = a_column};
      if (packed_left) {
        left.packed = packed_left + step * m;
      } else if (m > DIRECT_ROWS) {
        NAME(pack_block)(rows, depth, left.a, a_row, a_column, block);
        left.packed = block;
      } else {
        rows = least(rows, DIRECT_ROWS);
      }
      left.rows = rows;
      next = row + rows;
      const NAME(ends) part =
          NAME(ends_of_part)(ends, row, 0, step == 0, step + depth == k);
      NAME(block_product)(&left, n, step, right, c + row * c_row, c_row, c_column, &part, panel);
    }
  }
}

static void NAME(gemm)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const void *b, ptrdiff_t b_row, ptrdiff_t b_column, void *c, ptrdiff_t c_row,
    ptrdiff_t c_column, const bartizan_ends *ends) {
  NAME(ends) own = NAME(read_ends)(ends);
  if (n < LANES && m > n) {
    /* A narrow C (a matrix-vector product) is computed as its transpose, so that lanes are filled
     * with rows; each element's chain stays the same because factors commute. */
    if (own.start == BARTIZAN_START_ROW_BIAS) own.start = BARTIZAN_START_COLUMN_BIAS;
    else if (own.start == BARTIZAN_START_COLUMN_BIAS) own.start = BARTIZAN_START_ROW_BIAS;
    const NAME(right) right = {.b = a, .b_row = a_column, .b_column = a_row};
    NAME(product)(
        n, m, k, (const SCALAR *)0, b, b_column, b_row, &right, c, c_column, c_row, &own);
    return;
  }
  const NAME(right) right = {.b = b, .b_row = b_row, .b_column = b_column};
  NAME(product)(
      m, n, k, (const SCALAR *)0, a, a_row, a_column, &right, c, c_row, c_column, &own);
}

static void NAME(gemm_packed_right)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_column,
    const void *packed, void *c, ptrdiff_t c_row, const bartizan_ends *ends) {
  const NAME(ends) own = NAME(read_ends)(ends);
  const NAME(right) right = {.packed = packed};
  NAME(product)(m, n, k, (const SCALAR *)0, a, a_row, a_column, &right, c, c_row, 1, &own);
}

static void NAME(gemm_packed_left)(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const void *packed, const void *b, ptrdiff_t b_row,
    ptrdiff_t b_column, void *c, ptrdiff_t c_row, const bartizan_ends *ends) {
  const NAME(ends) own = NAME(read_ends)(ends);
  const NAME(right) right = {.b = b, .b_row = b_row, .b_column = b_column};
  NAME(product)(m, n, k, packed, (const SCALAR *)0, 0, 0, &right, c, c_row, 1, &own);
}
