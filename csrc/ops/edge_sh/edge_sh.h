// Periodic edge vectors, their lengths and real spherical harmonics to degree 4, and the gradient.
//
// With y e3nn's polar axis and (z, x) the plane across it, a harmonic is Y_(l, +m) = q_lm(y) Re (z + i x)^m and
// Y_(l, -m) = q_lm(y) Im (z + i x)^m of the direction (x, y, z), where q_lm is, but for its norm, the m-th derivative
// of the Legendre polynomial P_l. The q_lm are written with s = x^2 + y^2 + z^2, which is 1, or 0 for an edge without
// direction: then all harmonics of degree l > 0 vanish.
//
// Everything here works on values of a type V: a vector of edges on the CPU.
#pragma once
#include <cstdint>

#include "base/isa.h"

namespace fl::sh {

constexpr int max_degree = 4;

// Re and Im of (z + i x)^m.
template <class V>
struct Powers {
  V re[max_degree + 1], im[max_degree + 1];
  FL_INLINE Powers(V x, V z, int lmax) {
    re[0] = V{} + 1;
    im[0] = V{};
#pragma GCC unroll 4
    for (int m = 1; m <= lmax; ++m) {
      re[m] = z * re[m - 1] - x * im[m - 1];
      im[m] = x * re[m - 1] + z * im[m - 1];
    }
  }
};

// Norms: sqrt((2 l + 1) (m > 0 ? 2 : 1) (l - m)! / (l + m)!), times the leading factor of the derivative of P_l.
template <class T>
struct Norm {
  static constexpr T n10 = T(1.7320508075688772935), n11 = n10;
  static constexpr T n20 = T(1.1180339887498948482), n21 = T(3.8729833462074168852), n22 = n21 / 2;
  static constexpr T n30 = T(1.3228756555322952953), n31 = T(1.6201851746019650655), n32 = T(5.1234753829797991916),
                     n33 = T(2.0916500663351888699);
  static constexpr T n40 = T(0.375), n41 = T(2.3717082451262844992), n42 = T(1.6770509831248422723),
                     n43 = T(6.2749501990055666098), n44 = T(2.2185299186623560278);
};

// q_lm(y), m = 0 ... l, of one degree.
template <class T, class V>
FL_INLINE void polar(int l, V y, V s, V* q) {
  using N = Norm<T>;
  const V y2 = y * y;
  if (l == 0) q[0] = V{} + 1;
  if (l == 1) q[0] = N::n10 * y, q[1] = V{} + N::n11;
  if (l == 2) q[0] = N::n20 * (3 * y2 - s), q[1] = N::n21 * y, q[2] = V{} + N::n22;
  if (l == 3) {
    q[0] = N::n30 * y * (5 * y2 - 3 * s);
    q[1] = N::n31 * (5 * y2 - s);
    q[2] = N::n32 * y;
    q[3] = V{} + N::n33;
  }
  if (l == 4) {
    q[0] = N::n40 * (35 * y2 * y2 - 30 * y2 * s + 3 * s * s);
    q[1] = N::n41 * y * (7 * y2 - 3 * s);
    q[2] = N::n42 * (7 * y2 - s);
    q[3] = N::n43 * y;
    q[4] = V{} + N::n44;
  }
}

// Their derivatives in y at fixed s.
template <class T, class V>
FL_INLINE void polar_slope(int l, V y, V s, V* q) {
  using N = Norm<T>;
  const V y2 = y * y;
  if (l == 1) q[0] = V{} + N::n10, q[1] = V{};
  if (l == 2) q[0] = 6 * N::n20 * y, q[1] = V{} + N::n21, q[2] = V{};
  if (l == 3) q[0] = N::n30 * (15 * y2 - 3 * s), q[1] = 10 * N::n31 * y, q[2] = V{} + N::n32, q[3] = V{};
  if (l == 4) {
    q[0] = N::n40 * y * (140 * y2 - 60 * s);
    q[1] = N::n41 * (21 * y2 - 3 * s);
    q[2] = 14 * N::n42 * y;
    q[3] = V{} + N::n43;
    q[4] = V{};
  }
}

// out[l^2 + l + m] = Y_lm of a unit (or zero) vector u.
template <class T, int lmax, class V>
FL_INLINE void harmonics(const V u[3], V* out) {
  const V s = u[0] * u[0] + u[1] * u[1] + u[2] * u[2];
  const Powers<V> power(u[0], u[2], lmax);
#pragma GCC unroll 5
  for (int l = 0; l <= lmax; ++l) {
    V q[max_degree + 1] = {};
    polar<T>(l, u[1], s, q);
    V* middle = out + l * l + l;
    middle[0] = q[0];
    for (int m = 1; m <= l; ++m) {
      middle[m] = q[m] * power.re[m];
      middle[-m] = q[m] * power.im[m];
    }
  }
}

// Tangential part t of the gradient of sum(slope * Y) with respect to a unit vector u. The terms through s point along
// u, and drop out.
template <class T, int lmax, class V>
FL_INLINE void harmonics_gradient(const V u[3], const V* slope, V t[3]) {
  const V s = u[0] * u[0] + u[1] * u[1] + u[2] * u[2];
  const Powers<V> power(u[0], u[2], lmax);
  t[0] = t[1] = t[2] = V{};
#pragma GCC unroll 4
  for (int l = 1; l <= lmax; ++l) {
    V q[max_degree + 1] = {}, dq[max_degree + 1] = {};
    polar<T>(l, u[1], s, q);
    polar_slope<T>(l, u[1], s, dq);
    const V* middle = slope + l * l + l;
    t[1] += middle[0] * dq[0];
    for (int m = 1; m <= l; ++m) {
      const V re = middle[m] * q[m] * T(m), im = middle[-m] * q[m] * T(m);
      t[0] += im * power.re[m - 1] - re * power.im[m - 1];
      t[1] += dq[m] * (middle[m] * power.re[m] + middle[-m] * power.im[m]);
      t[2] += re * power.re[m - 1] + im * power.im[m - 1];
    }
  }
  const V along = t[0] * u[0] + t[1] * u[1] + t[2] * u[2];
  for (int i = 0; i < 3; ++i) t[i] -= along * u[i];
}

}  // namespace fl::sh
