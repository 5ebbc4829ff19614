/* The exact integer product; additions of integers modulo 2³² may be taken in any order. */

static void gemm_int16(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const int16_t *a, ptrdiff_t a_row, const int16_t *b,
    ptrdiff_t b_row, int32_t *c, ptrdiff_t c_row) {
  for (ptrdiff_t i = 0; i < m; i++)
    for (ptrdiff_t j = 0; j < n; j++) {
      uint32_t sum = 0;
      for (ptrdiff_t step = 0; step < k; step++)
        sum += (uint32_t)((int32_t)a[i * a_row + step] * (int32_t)b[j * b_row + step]);
      c[i * c_row + j] = (int32_t)sum;
    }
}
