// Periodic edge vectors, their lengths and real spherical harmonics to degree 4, and the gradient.
//
// With y e3nn's polar axis and (z, x) the plane across it, a harmonic is Y_(l, +m) = q_lm(y) Re (z + i x)^m and
// Y_(l, -m) = q_lm(y) Im (z + i x)^m of the direction (x, y, z), where q_lm is, but for its norm, the m-th derivative
// of the Legendre polynomial P_l. The q_lm are written with s = x^2 + y^2 + z^2, which is 1, or 0 for an edge without
// direction: then all harmonics of degree l > 0 vanish. codegen/edge_sh.py derives them.
//
// Everything here works on values of a type V: a vector of edges on the CPU.
#pragma once
#include <cstdint>

#include "ops/edge_sh/generated/polar.h"

namespace fl::sh {

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

// out[l^2 + l + m] = Y_lm of a unit (or zero) vector u.
template <class T, int lmax, class V>
FL_INLINE void harmonics(const V u[3], V* out) {
  const V s = u[0] * u[0] + u[1] * u[1] + u[2] * u[2];
  const Powers<V> power(u[0], u[2], lmax);
#pragma GCC unroll 5
  for (int l = 0; l <= lmax; ++l) {
    V q[max_degree + 1] = {V{} + 1};
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
