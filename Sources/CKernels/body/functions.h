/* Elementary functions of doubles in the operation sequence of TensorCore's PortableMath, eight arguments
 * at a time; a lane's bits do not depend on the other lanes. */

#define WIDTH 8
typedef double doubles __attribute__((ext_vector_type(WIDTH)));
typedef int64_t words __attribute__((ext_vector_type(WIDTH)));

INLINE int any(words mask) { return __builtin_reduce_or(mask) != 0; }

/* 2^exponent for −1022 ≤ exponent ≤ 1023. */
INLINE doubles power_of_2(words exponent) { return (doubles)((exponent + 1023) << 52); }

/* eˣ: Cody–Waite reduction to |r| ≤ ln 2 / 2, then the Taylor series to r¹⁴. */
INLINE doubles exp_of(doubles x) {
  const words is_large = x > 709.782712893384, is_small = x < -745.2, is_nan = x != x;
  const doubles bounded = is_large | is_small | is_nan ? (doubles)0.0 : x;
  /* Adding 1.5·2⁵² rounds to an integer, to even in the middle, and leaves it in the low bits. */
  const doubles shift = (doubles)0x1.8p52;
  const doubles shifted = bounded * 1.4426950408889634 + shift;
  const doubles k = shifted - shift;
  const words whole = (words)shifted - (words)shift;
  const doubles r = (bounded - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33;
  doubles sum = (doubles)(1.0 / 87178291200.0);
  sum = sum * r + 1.0 / 6227020800.0;
  sum = sum * r + 1.0 / 479001600.0;
  sum = sum * r + 1.0 / 39916800.0;
  sum = sum * r + 1.0 / 3628800.0;
  sum = sum * r + 1.0 / 362880.0;
  sum = sum * r + 1.0 / 40320.0;
  sum = sum * r + 1.0 / 5040.0;
  sum = sum * r + 1.0 / 720.0;
  sum = sum * r + 1.0 / 120.0;
  sum = sum * r + 1.0 / 24.0;
  sum = sum * r + 1.0 / 6.0;
  sum = sum * r + 1.0 / 2.0;
  sum = sum * r + 1.0;
  sum = sum * r + 1.0;
  /* Two steps, so that results below the smallest normal number are scaled without an early overflow; half
   * is rounded towards zero. */
  const words half = (whole - (whole >> 63)) >> 1;
  doubles result = sum * power_of_2(half) * power_of_2(whole - half);
  result = is_large ? (doubles)__builtin_inf() : result;
  result = is_small ? (doubles)0.0 : result;
  return is_nan ? x : result;
}

INLINE doubles tanh_of(doubles x) {
  const doubles magnitude = __builtin_elementwise_abs(x);
  const words is_far = magnitude >= 0.55;
  doubles near = x, far = x;
  if (any(~is_far)) {
    /* Lambert's continued fraction x/(1 + x²/(3 + x²/(5 + …))). */
    const doubles square = x * x;
    doubles denominator = (doubles)21.0;
    for (double odd = 19; odd >= 1; odd -= 2) denominator = odd + square / denominator;
    near = x / denominator;
  }
  if (any(is_far)) {
    const doubles e = exp_of(-2.0 * magnitude);
    const doubles result = (1.0 - e) / (1.0 + e);
    far = x < 0.0 ? -result : result;
  }
  return is_far ? far : near;
}

INLINE doubles sigmoid_of(doubles x) {
  const words is_positive = x >= 0.0;
  const doubles e = exp_of(is_positive ? -x : x);
  return (is_positive ? (doubles)1.0 : e) / (1.0 + e);
}

/* Up to 2 a series of positive terms, beyond it 1 less the continued fraction of the complement. */
INLINE doubles erf_of(doubles x) {
  const doubles magnitude = __builtin_elementwise_abs(x);
  const words is_nan = x != x, is_far = magnitude > 6.0, is_near = magnitude < 2.0;
  const words is_middle = ~(is_nan | is_far | is_near);
  const doubles square = magnitude * magnitude;
  const doubles decay = exp_of(-square);
  doubles result = (doubles)1.0;
  if (any(is_near)) {
    doubles sum = (doubles)1.0, term = (doubles)1.0, odd = (doubles)1.0;
    for (words open = is_near; any(open); open &= term > sum * 0x1p-56) {
      odd += 2.0;
      const doubles next = term * (2.0 * square / odd);
      term = open ? next : term;
      sum = open ? sum + next : sum;
    }
    result = is_near ? 0x1.20dd750429b6dp+0 * magnitude * decay * sum : result;
  }
  if (any(is_middle)) {
    doubles fraction = (doubles)0.0;
    for (double n = 120; n >= 1; n--) fraction = n / 2 / (magnitude + fraction);
    const doubles complement = decay / (1.7724538509055159 * (magnitude + fraction));
    result = is_middle ? 1.0 - complement : result;
  }
  result = x < 0.0 ? -result : result;
  return is_nan ? x : result;
}

INLINE doubles function_of(int function, doubles x) {
  switch (function) {
  case BARTIZAN_EXP: return exp_of(x);
  case BARTIZAN_TANH: return tanh_of(x);
  case BARTIZAN_SIGMOID: return sigmoid_of(x);
  case BARTIZAN_TANH_SLOPE: {
    const doubles y = tanh_of(x);
    return 1.0 - y * y;
  }
  case BARTIZAN_SIGMOID_SLOPE: {
    const doubles y = sigmoid_of(x);
    return y * (1.0 - y);
  }
  default: return erf_of(x);
  }
}
