/* Operands of a product in the order in which tiles read them. */

#define COLUMNS (2 * LANES)
/* Steps of a chain between a tile's loading and storing, at most: many, since a large C comes from the third
 * cache each time. A panel of the right operand (48 kB at the widest) and a block of the left one (144 kB) stay
 * in the second. */
#define TILE_DEPTH 384
#define BLOCK_ROWS (384 / (ptrdiff_t)sizeof(SCALAR))

typedef SCALAR NAME(four) __attribute__((ext_vector_type(4)));
typedef SCALAR NAME(eight) __attribute__((ext_vector_type(8)));

INLINE NAME(four) NAME(load_four)(const SCALAR *from) {
  NAME(four) value;
  copy_bytes(&value, from, sizeof value);
  return value;
}

/* Four rows of four elements as four columns. */
INLINE void NAME(transpose_four)(
    const SCALAR *from, ptrdiff_t from_row, SCALAR *to, ptrdiff_t to_row) {
  const NAME(four) a = NAME(load_four)(from), b = NAME(load_four)(from + from_row);
  const NAME(four) c = NAME(load_four)(from + 2 * from_row), d = NAME(load_four)(from + 3 * from_row);
  const NAME(four) ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const NAME(four) ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const NAME(four) cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const NAME(four) cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  const NAME(four) columns[4] = {
    __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5),
    __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7),
    __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5),
    __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7),
  };
#pragma clang loop unroll(full)
  for (int column = 0; column < 4; column++)
    copy_bytes(to + column * to_row, &columns[column], sizeof columns[column]);
}

/* Writes element (row, step) of `rows` rows, whose steps lie side by side, to to[step * to_step + row]. */
INLINE void NAME(transpose)(
    const ptrdiff_t rows, ptrdiff_t steps, const SCALAR *from, ptrdiff_t from_row, SCALAR *to,
    const ptrdiff_t to_step) {
  ptrdiff_t step = 0;
  if (rows >= 4)
    for (; step + 4 <= steps; step += 4)
      for (ptrdiff_t next = 0; next < rows; next += 4) {
        /* The last four rows may begin inside those before: they are then written twice. */
        const ptrdiff_t row = least(next, rows - 4);
        NAME(transpose_four)(
            from + row * from_row + step, from_row, to + step * to_step + row, to_step);
      }
  for (; step < steps; step++)
    for (ptrdiff_t row = 0; row < rows; row++)
      to[step * to_step + row] = from[row * from_row + step];
}

static void NAME(transpose_matrices)(
    ptrdiff_t count, ptrdiff_t rows, ptrdiff_t columns, const void *x, void *y) {
  for (ptrdiff_t start = 0; start < count * rows * columns; start += rows * columns)
    NAME(transpose)(
        rows, columns, (const SCALAR *)x + start, columns, (SCALAR *)y + start, rows);
}

/* The steps of every block of a chain of k steps but the last: as equal as may be. */
INLINE ptrdiff_t NAME(block_depth)(ptrdiff_t k) {
  const ptrdiff_t blocks = (k + TILE_DEPTH - 1) / TILE_DEPTH;
  return blocks <= 1 ? k : (k + blocks - 1) / blocks;
}

/* A panel of the right operand as rows of `columns` elements; those past `width` are zero and never
 * reach C. */
static void NAME(pack_panel)(
    ptrdiff_t depth, ptrdiff_t width, const ptrdiff_t columns, const SCALAR *b, ptrdiff_t b_row,
    ptrdiff_t b_column, SCALAR *panel) {
  if (b_column == 1 && width == COLUMNS) {
    for (ptrdiff_t step = 0; step < depth; step++, b += b_row, panel += COLUMNS) {
      NAME(store)(panel, NAME(load)(b));
      NAME(store)(panel + LANES, NAME(load)(b + LANES));
    }
    return;
  }
  if (width < columns) zero_bytes(panel, (size_t)(depth * columns) * sizeof(SCALAR));
  if (b_column == 1) {
    for (ptrdiff_t step = 0; step < depth; step++)
      for (ptrdiff_t column = 0; column < width; column++)
        panel[step * columns + column] = b[step * b_row + column];
    return;
  }
  if (b_row == 1) {
    NAME(transpose)(width, depth, b, b_column, panel, columns);
    return;
  }
  for (ptrdiff_t step = 0; step < depth; step++)
    for (ptrdiff_t column = 0; column < width; column++)
      panel[step * columns + column] = b[step * b_row + column * b_column];
}

/* Rows of the left operand: tiles of TILE_ROWS rows (the last may have fewer), of each tile step by step
 * its rows side by side. */
static void NAME(pack_block)(
    ptrdiff_t rows, ptrdiff_t depth, const SCALAR *a, ptrdiff_t a_row, ptrdiff_t a_column,
    SCALAR *block) {
  for (ptrdiff_t first = 0; first < rows; first += TILE_ROWS) {
    const ptrdiff_t height = least(TILE_ROWS, rows - first);
    const SCALAR *from = a + first * a_row;
    if (a_column == 1 && height == TILE_ROWS) {
      NAME(transpose)(TILE_ROWS, depth, from, a_row, block, TILE_ROWS);
      block += TILE_ROWS * depth;
    } else if (height == TILE_ROWS) {
      for (ptrdiff_t step = 0; step < depth; step++, block += TILE_ROWS)
#pragma clang loop unroll(full)
        for (ptrdiff_t row = 0; row < TILE_ROWS; row++)
          block[row] = from[row * a_row + step * a_column];
    } else {
      for (ptrdiff_t step = 0; step < depth; step++, block += height)
        for (ptrdiff_t row = 0; row < height; row++)
          block[row] = from[row * a_row + step * a_column];
    }
  }
}

/* Columns of the packed right operand, those of zeros included. */
INLINE ptrdiff_t NAME(packed_columns)(ptrdiff_t n) { return (n + LANES - 1) / LANES * LANES; }

/* How many columns the panel that starts at a column has in memory. */
INLINE ptrdiff_t NAME(panel_columns)(ptrdiff_t n, ptrdiff_t column) {
  return n - column > LANES ? COLUMNS : LANES;
}

static size_t NAME(packed_right_count)(ptrdiff_t k, ptrdiff_t n) {
  return (size_t)k * (size_t)NAME(packed_columns)(n);
}

/* Blocks of steps; in each the panels one after another. */
static void NAME(pack_right)(
    ptrdiff_t k, ptrdiff_t n, const void *b, ptrdiff_t b_row, ptrdiff_t b_column, void *packed) {
  SCALAR *to = packed;
  const ptrdiff_t longest = NAME(block_depth)(k);
  for (ptrdiff_t step = 0; step < k; step += longest) {
    const ptrdiff_t depth = least(longest, k - step);
    for (ptrdiff_t column = 0; column < n; column += COLUMNS) {
      const ptrdiff_t columns = NAME(panel_columns)(n, column);
      NAME(pack_panel)(
          depth, least(columns, n - column), columns,
          (const SCALAR *)b + step * b_row + column * b_column, b_row, b_column, to);
      to += depth * columns;
    }
  }
}

static size_t NAME(packed_left_count)(ptrdiff_t m, ptrdiff_t k) { return (size_t)m * (size_t)k; }

static void NAME(pack_left)(
    ptrdiff_t m, ptrdiff_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_column, void *packed) {
  const ptrdiff_t longest = NAME(block_depth)(k);
  for (ptrdiff_t step = 0; step < k; step += longest)
    NAME(pack_block)(
        m, least(longest, k - step), (const SCALAR *)a + step * a_column, a_row, a_column,
        (SCALAR *)packed + step * m);
}
