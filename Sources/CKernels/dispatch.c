/* Chooses the instantiation of the kernels by what the processor says of itself at run time. */
#include "kernels.h"

int bartizan_path_is_available(int path) {
  switch (path) {
#if defined(__x86_64__)
  case BARTIZAN_PATH_AVX512:
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
        && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
        && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  case BARTIZAN_PATH_AVX2:
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#elif defined(__aarch64__)
  case BARTIZAN_PATH_NEON: /* part of the baseline */
    return 1;
#endif
  case BARTIZAN_PATH_FASTEST:
  case BARTIZAN_PATH_PORTABLE: return 1;
  default: return 0;
  }
}

int bartizan_path_resolved(int path) {
  if (path != BARTIZAN_PATH_FASTEST && bartizan_path_is_available(path)) return path;
  for (path = BARTIZAN_PATH_AVX512; path < BARTIZAN_PATH_PORTABLE; path++)
    if (bartizan_path_is_available(path)) return path;
  return BARTIZAN_PATH_PORTABLE;
}

static const bartizan_path *tables_of(int path) {
  switch (bartizan_path_resolved(path)) {
#if defined(__x86_64__)
  case BARTIZAN_PATH_AVX512: return &bartizan_path_avx512;
  case BARTIZAN_PATH_AVX2: return &bartizan_path_avx2;
#elif defined(__aarch64__)
  case BARTIZAN_PATH_NEON: return &bartizan_path_neon;
#endif
  default: return &bartizan_path_portable;
  }
}

const bartizan_kernels *bartizan_kernels_for(int element, int path) {
  const bartizan_path *tables = tables_of(path);
  return element == BARTIZAN_FLOAT32 ? &tables->f32 : &tables->f64;
}

void bartizan_gemm_int16(
    ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const int16_t *a, ptrdiff_t a_row, const int16_t *b,
    ptrdiff_t b_row, int32_t *c, ptrdiff_t c_row, int path) {
  tables_of(path)->gemm_int16(m, n, k, a, a_row, b, b_row, c, c_row);
}
