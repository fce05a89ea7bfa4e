// exp, the logistic function and SiLU on whole vectors.
#pragma once
#include <type_traits>

#include "base/simd.h"

namespace fl {

// exp(x) to about one unit in the last place, for x clamped to where the result is a normal number; NaN stays NaN.
//
// x = n ln 2 + r with |r| <= ln 2 / 2; the Taylor polynomial of exp(r) is exact to rounding at degree 7 (fp32) and 13
// (fp64). Adding 1.5 * 2^(mantissa bits) rounds to the nearest integer n and leaves it in the low bits.
template <class T>
FL_INLINE Vector<T> exponential(Vector<T> x) {
  using V = Vector<T>;
  constexpr bool single = std::is_same<T, float>::value;
  using Int = typename std::conditional<single, int32_t, int64_t>::type;
  typedef Int I __attribute__((vector_size(vector_bytes)));
  constexpr T lowest = single ? T(-87.3) : T(-708.3), highest = single ? T(88.3) : T(709.4);
  constexpr T shift = single ? T(12582912) : T(6755399441055744);
  // ln 2 in two parts; the upper one has so few bits that its product with n is exact.
  constexpr T upper = single ? T(0.693359375) : T(0.693147180369123816490);
  constexpr T lower = single ? T(-2.12194440054690583e-4) : T(1.90821492927058770002e-10);
  constexpr int bits = single ? 23 : 52, bias = single ? 127 : 1023, degree = single ? 7 : 13;

  x = x < lowest ? V{} + lowest : x;
  x = x > highest ? V{} + highest : x;
  const V shifted = x * T(1.44269504088896340736) + shift;
  const V n = shifted - shift;
  const V r = x - n * upper - n * lower;
  constexpr T inverse_factorial[] = {T(1), T(1), T(1. / 2), T(1. / 6), T(1. / 24), T(1. / 120), T(1. / 720),
                                     T(1. / 5040), T(1. / 40320), T(1. / 362880), T(1. / 3628800), T(1. / 39916800),
                                     T(1. / 479001600), T(1. / 6227020800)};
  V sum = V{} + inverse_factorial[degree];
#pragma GCC unroll 16
  for (int k = degree - 1; k >= 0; --k) sum = sum * r + inverse_factorial[k];
  I exponent, offset;
  const V zero = V{} + shift;
  std::memcpy(&exponent, &shifted, sizeof exponent);
  std::memcpy(&offset, &zero, sizeof offset);
  exponent = (exponent - offset + bias) << bits;
  V scale;
  std::memcpy(&scale, &exponent, sizeof scale);
  return sum * scale;
}

// 1 / (1 + exp(-x))
template <class T>
FL_INLINE Vector<T> logistic(Vector<T> x) {
  return T(1) / (T(1) + exponential<T>(-x));
}

// SiLU: x / (1 + exp(-x))
template <class T>
FL_INLINE Vector<T> silu(Vector<T> x) {
  return x / (T(1) + exponential<T>(-x));
}

// Its derivative.
template <class T>
FL_INLINE Vector<T> silu_slope(Vector<T> x) {
  const Vector<T> s = logistic<T>(x);
  return s * (T(1) + x * (T(1) - s));
}

}  // namespace fl
