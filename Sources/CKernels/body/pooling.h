/* The greatest element and the average of windows over planes, and their gradients. */

/* The part of an axis of windows whose windows lie wholly on the plane: [first, last). */
typedef struct {
  ptrdiff_t first, last;
} NAME(range);

INLINE NAME(range) NAME(whole)(
    ptrdiff_t input, ptrdiff_t kernel, ptrdiff_t stride, ptrdiff_t dilation, ptrdiff_t pad,
    ptrdiff_t output) {
  const ptrdiff_t room = input - 1 + pad - (kernel - 1) * dilation;
  NAME(range) range = {quotient_up(pad, stride), room < 0 ? 0 : room / stride + 1};
  range.last = least(range.last, output);
  range.first = least(range.first, range.last);
  return range;
}

/* The kernel elements of one window along one axis that lie on the plane, and where element 0 would lie. */
typedef struct {
  ptrdiff_t start, first, last;
} NAME(taps_inside);

INLINE NAME(taps_inside) NAME(taps_of)(
    ptrdiff_t position, NAME(range) whole, ptrdiff_t input, ptrdiff_t kernel, ptrdiff_t stride,
    ptrdiff_t dilation, ptrdiff_t pad) {
  NAME(taps_inside) taps = {position * stride - pad, 0, kernel};
  if (position < whole.first || position >= whole.last)
    NAME(inside)(input, kernel, taps.start, dilation, &taps.first, &taps.last);
  return taps;
}

/* Both axes of a window's geometry, with the divisions done. */
typedef struct {
  const bartizan_window *window;
  NAME(range) whole_rows, whole_columns;
} NAME(pool);

INLINE NAME(pool) NAME(pool_of)(const bartizan_window *window) {
  NAME(pool) pool = {window};
  pool.whole_rows = NAME(whole)(
      window->height, window->kernel_height, window->stride_y, window->dilation_y,
      window->pad_top, window->output_height);
  pool.whole_columns = NAME(whole)(
      window->width, window->kernel_width, window->stride_x, window->dilation_x, window->pad_left,
      window->output_width);
  return pool;
}

INLINE NAME(taps_inside) NAME(row_taps)(const NAME(pool) *pool, ptrdiff_t y) {
  const bartizan_window *window = pool->window;
  return NAME(taps_of)(
      y, pool->whole_rows, window->height, window->kernel_height, window->stride_y,
      window->dilation_y, window->pad_top);
}

INLINE NAME(taps_inside) NAME(column_taps)(const NAME(pool) *pool, ptrdiff_t x) {
  const bartizan_window *window = pool->window;
  return NAME(taps_of)(
      x, pool->whole_columns, window->width, window->kernel_width, window->stride_x,
      window->dilation_x, window->pad_left);
}

#define EACH_PLACE(rows, columns)                                                           \
  for (ptrdiff_t r = rows.first; r < rows.last; r++)                                        \
    for (ptrdiff_t s = columns.first,                                                       \
                   place = (rows.start + r * window->dilation_y) * window->width            \
             + columns.start + s * window->dilation_x;                                      \
         s < columns.last; s++, place += window->dilation_x)

/* The place of the greatest element under a window, or −1. */
INLINE ptrdiff_t NAME(winner)(
    const bartizan_window *window, NAME(taps_inside) rows, NAME(taps_inside) columns,
    const SCALAR *plane) {
  ptrdiff_t best = -1;
  SCALAR greatest = 0;
  EACH_PLACE(rows, columns) {
    const SCALAR value = plane[place];
    /* A comparison with NaN is false, so once NaN leads it stays. */
    const int leads = best < 0 || value > greatest || (value != value && greatest == greatest);
    greatest = leads ? value : greatest;
    best = leads ? place : best;
  }
  return best;
}

/* Four elements `stride` apart; what lies behind the last is not read. */
INLINE NAME(four) NAME(load_apart)(const SCALAR *from, ptrdiff_t stride) {
  if (stride == 1) return NAME(load_four)(from);
  if (stride == 2)
    return __builtin_shufflevector(NAME(load_four)(from), NAME(load_four)(from + 3), 0, 2, 5, 7);
  return (NAME(four)){from[0], from[stride], from[2 * stride], from[3 * stride]};
}

/* Whether four windows from `x` on lie on the plane, and can be taken at once. */
INLINE int NAME(are_four)(const NAME(pool) *pool, ptrdiff_t y, ptrdiff_t x) {
  return y >= pool->whole_rows.first && y < pool->whole_rows.last
      && x >= pool->whole_columns.first && x + 4 <= pool->whole_columns.last;
}

/* The first element of a window that lies on the plane. */
INLINE ptrdiff_t NAME(place_of)(const bartizan_window *window, ptrdiff_t y, ptrdiff_t x) {
  return (y * window->stride_y - window->pad_top) * window->width + x * window->stride_x
      - window->pad_left;
}

#define EACH_TAP(window)                                          \
  for (ptrdiff_t r = 0; r < (window)->kernel_height; r++)         \
    for (ptrdiff_t s = 0; s < (window)->kernel_width; s++)
#define TAP(window) (r * (window)->dilation_y * (window)->width + s * (window)->dilation_x)

/* The geometry of the most frequent pool, in constants that the compiler can use. */
INLINE int NAME(is_halving)(const bartizan_window *window) {
  return window->kernel_height == 2 && window->kernel_width == 2 && window->stride_y == 2
      && window->stride_x == 2 && window->dilation_y == 1 && window->dilation_x == 1
      && window->pad_top == 0 && window->pad_left == 0;
}

INLINE bartizan_window NAME(halving)(const bartizan_window *window) {
  const bartizan_window halving = {
    window->height, window->width, 2, 2, 2, 2, 1, 1, 0, 0,
    window->output_height, window->output_width};
  return halving;
}

#include "channel_pooling.h"

/* Whether the one window is the plane itself. */
INLINE int NAME(is_whole)(const bartizan_window *window) {
  return window->output_height == 1 && window->output_width == 1 && window->pad_top == 0
      && window->pad_left == 0 && window->kernel_height == window->height
      && window->kernel_width == window->width
      && (window->dilation_y == 1 || window->height == 1)
      && (window->dilation_x == 1 || window->width == 1);
}

/* The first of equal greatest elements, NaN if there is one. Zeros alone are equal without being the same: the
 * first of them is looked for. */
INLINE SCALAR NAME(greatest)(ptrdiff_t count, const SCALAR *x) {
  NAME(vector) lanes[4];
  for (int v = 0; v < 4; v++) lanes[v] = (NAME(vector))(-(SCALAR)__builtin_inf());
#define LEAD(leader, value) leader = ((value > leader) | (value != value)) ? value : leader
  ptrdiff_t i = 0;
  for (; i + 4 * LANES <= count; i += 4 * LANES)
#pragma clang loop unroll(full)
    for (int v = 0; v < 4; v++) {
      const NAME(vector) value = NAME(load)(x + i + v * LANES);
      LEAD(lanes[v], value);
    }
  for (int v = 1; v < 4; v++) LEAD(lanes[0], lanes[v]);
#undef LEAD
  SCALAR greatest = lanes[0][0];
  for (int lane = 1; lane < LANES; lane++)
    if (lanes[0][lane] > greatest || lanes[0][lane] != lanes[0][lane]) greatest = lanes[0][lane];
  for (; i < count; i++)
    if (x[i] > greatest || x[i] != x[i]) greatest = x[i];
  for (i = 0; greatest == 0 && i < count; i++)
    if (x[i] == 0) return x[i];
  return greatest;
}

INLINE void NAME(maximum_pool_of)(
    const bartizan_window *window, ptrdiff_t planes, const SCALAR *source, SCALAR *target) {
  const NAME(pool) pool = NAME(pool_of)(window);
  for (ptrdiff_t plane = 0; plane < planes; plane++, source += window->height * window->width)
    for (ptrdiff_t y = 0; y < window->output_height; y++)
      for (ptrdiff_t x = 0; x < window->output_width;) {
        if (NAME(are_four)(&pool, y, x)) {
          const SCALAR *from = source + NAME(place_of)(window, y, x);
          NAME(four) greatest = (NAME(four))(-(SCALAR)__builtin_inf());
          EACH_TAP(window) {
            const NAME(four) value = NAME(load_apart)(from + TAP(window), window->stride_x);
            greatest = ((value > greatest) | (value != value)) ? value : greatest;
          }
          copy_bytes(target, &greatest, sizeof greatest);
          target += 4, x += 4;
        } else {
          const ptrdiff_t best = NAME(winner)(
              window, NAME(row_taps)(&pool, y), NAME(column_taps)(&pool, x), source);
          *target++ = best < 0 ? -(SCALAR)__builtin_inf() : source[best];
          x++;
        }
      }
}

static void NAME(maximum_pool)(
    const bartizan_window *window, ptrdiff_t planes, ptrdiff_t together, const void *x, void *y) {
  if (together > 1) {
    NAME(channel_pool)(window, planes / together, together, x, y);
  } else if (NAME(is_whole)(window)) {
    const ptrdiff_t size = window->height * window->width;
    for (ptrdiff_t plane = 0; plane < planes; plane++)
      ((SCALAR *)y)[plane] = NAME(greatest)(size, (const SCALAR *)x + plane * size);
  } else if (NAME(is_halving)(window)) {
    const bartizan_window halving = NAME(halving)(window);
    NAME(maximum_pool_of)(&halving, planes, x, y);
  } else {
    NAME(maximum_pool_of)(window, planes, x, y);
  }
}

/* Four windows of a halving pool: the cotangent of each goes to its winner, 0 to the other elements. */
INLINE void NAME(halving_gradient)(
    const SCALAR *from, ptrdiff_t width, const SCALAR *cotangent, SCALAR *to) {
  NAME(four) values[4], shares[4];
  for (int tap = 0; tap < 4; tap++)
    values[tap] = NAME(load_apart)(from + tap / 2 * width + tap % 2, 2);
  typedef MASK mask __attribute__((ext_vector_type(4)));
  NAME(four) greatest = values[0];
  mask winner = (mask)(MASK)0;
  for (int tap = 1; tap < 4; tap++) {
    const mask leads = (values[tap] > greatest)
        | ((values[tap] != values[tap]) & (greatest == greatest));
    greatest = leads ? values[tap] : greatest;
    winner = leads ? (mask)(MASK)tap : winner;
  }
  const NAME(four) zero = (NAME(four))(SCALAR)0, share = NAME(load_four)(cotangent) + zero;
  for (int tap = 0; tap < 4; tap++) shares[tap] = winner == (MASK)tap ? share : zero;
  for (int r = 0; r < 2; r++) {
    const NAME(four) low = __builtin_shufflevector(shares[2 * r], shares[2 * r + 1], 0, 4, 1, 5);
    const NAME(four) high = __builtin_shufflevector(shares[2 * r], shares[2 * r + 1], 2, 6, 3, 7);
    copy_bytes(to + r * width, &low, sizeof low);
    copy_bytes(to + r * width + 4, &high, sizeof high);
  }
}

static void NAME(maximum_pool_gradient)(
    const bartizan_window *window, ptrdiff_t planes, ptrdiff_t together, const void *x,
    const void *cotangent, void *gradient) {
  if (together > 1) {
    NAME(channel_pool_gradient)(window, planes / together, together, x, cotangent, gradient);
    return;
  }
  const NAME(pool) pool = NAME(pool_of)(window);
  const ptrdiff_t size = window->height * window->width;
  const int is_halving = NAME(is_halving)(window);
  const SCALAR *source = x, *g = cotangent;
  SCALAR *target = gradient;
  zero_bytes(target, (size_t)(planes * size) * sizeof(SCALAR));
  for (ptrdiff_t plane = 0; plane < planes; plane++, source += size, target += size)
    for (ptrdiff_t row = 0; row < window->output_height; row++)
      for (ptrdiff_t column = 0; column < window->output_width;) {
        if (is_halving && NAME(are_four)(&pool, row, column)) {
          const ptrdiff_t place = 2 * row * window->width + 2 * column;
          NAME(halving_gradient)(source + place, window->width, g, target + place);
          g += 4, column += 4;
          continue;
        }
        const ptrdiff_t best = NAME(winner)(
            window, NAME(row_taps)(&pool, row), NAME(column_taps)(&pool, column), source);
        if (best >= 0) target[best] += *g;
        g++, column++;
      }
}

static void NAME(average_pool)(
    const bartizan_window *window, ptrdiff_t planes, const ptrdiff_t *row_counts,
    const ptrdiff_t *column_counts, const void *x, void *y) {
  const NAME(pool) pool = NAME(pool_of)(window);
  const SCALAR *source = x;
  SCALAR *target = y;
  for (ptrdiff_t plane = 0; plane < planes; plane++, source += window->height * window->width)
    for (ptrdiff_t row = 0; row < window->output_height; row++)
      for (ptrdiff_t column = 0; column < window->output_width;) {
        if (NAME(are_four)(&pool, row, column)) {
          const SCALAR *from = source + NAME(place_of)(window, row, column);
          NAME(four) sum = (NAME(four))(SCALAR)0, divisor;
          EACH_TAP(window) sum += NAME(load_apart)(from + TAP(window), window->stride_x);
          for (int lane = 0; lane < 4; lane++)
            divisor[lane] = (SCALAR)most(row_counts[row] * column_counts[column + lane], 1);
          sum /= divisor;
          copy_bytes(target, &sum, sizeof sum);
          target += 4, column += 4;
        } else {
          const NAME(taps_inside) rows = NAME(row_taps)(&pool, row);
          const NAME(taps_inside) columns = NAME(column_taps)(&pool, column);
          SCALAR sum = 0;
          EACH_PLACE(rows, columns) sum += source[place];
          *target++ = sum / (SCALAR)most(row_counts[row] * column_counts[column], 1);
          column++;
        }
      }
}

static void NAME(average_pool_gradient)(
    const bartizan_window *window, ptrdiff_t planes, const ptrdiff_t *row_counts,
    const ptrdiff_t *column_counts, const void *cotangent, void *gradient) {
  const NAME(pool) pool = NAME(pool_of)(window);
  const ptrdiff_t size = window->height * window->width;
  const SCALAR *g = cotangent;
  SCALAR *target = gradient;
  zero_bytes(target, (size_t)(planes * size) * sizeof(SCALAR));
  for (ptrdiff_t plane = 0; plane < planes; plane++, target += size)
    for (ptrdiff_t row = 0; row < window->output_height; row++) {
      const NAME(taps_inside) rows = NAME(row_taps)(&pool, row);
      for (ptrdiff_t column = 0; column < window->output_width; column++) {
        const NAME(taps_inside) columns = NAME(column_taps)(&pool, column);
        const SCALAR share = *g++ / (SCALAR)most(row_counts[row] * column_counts[column], 1);
        EACH_PLACE(rows, columns) target[place] += share;
      }
    }
}
#undef EACH_PLACE
#undef EACH_TAP
#undef TAP
