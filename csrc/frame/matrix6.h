// 6x6 matrices over load cases: cotangents of stiffnesses, and what weighs six fields against each other.
#pragma once
#include "frame/vector8.h"

namespace fl::frame {

// By rows.
struct Matrix6 {
  Vector8 row[6] = {};

  // The product of a row of six with this.
  FL_INLINE Vector8 times(const Vector8& x) const {
    Vector8 y = x[0] * row[0];
#pragma GCC unroll 6
    for (int m = 1; m < 6; ++m) y.add(row[m], x[m]);
    return y;
  }
};

inline Matrix6 operator*(double factor, const Matrix6& m) {
  Matrix6 product;
  for (int k = 0; k < 6; ++k) product.row[k] = factor * m.row[k];
  return product;
}

inline Matrix6 transposed(const Matrix6& m) {
  Matrix6 t;
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) t.row[j].set(i, m.row[i][j]);
  return t;
}

// The symmetric part of g [6, 6].
inline Matrix6 symmetric(const double* g) {
  Matrix6 h;
  for (int m = 0; m < 6; ++m)
    for (int n = 0; n < 6; ++n) h.row[m].set(n, 0.5 * (g[6 * m + n] + g[6 * n + m]));
  return h;
}

// The symmetric part of m, to out [6, 6].
inline void write_symmetric(const Vector8 (&m)[6], double* out) {
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) out[6 * i + j] = 0.5 * (m[i][j] + m[j][i]);
}

}  // namespace fl::frame
