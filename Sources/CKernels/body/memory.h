/* Copies and fills by the compiler's builtins: the kernels include no header of a C library. */
INLINE void copy_bytes(void *to, const void *from, size_t count) {
  __builtin_memcpy(to, from, count);
}

INLINE void zero_bytes(void *to, size_t count) { __builtin_memset(to, 0, count); }

INLINE ptrdiff_t least(ptrdiff_t a, ptrdiff_t b) { return a < b ? a : b; }

INLINE ptrdiff_t most(ptrdiff_t a, ptrdiff_t b) { return a > b ? a : b; }

/* a / b rounded towards +∞, for b > 0. */
INLINE ptrdiff_t quotient_up(ptrdiff_t a, ptrdiff_t b) {
  return a > 0 ? (a + b - 1) / b : -(-a / b);
}
