// Pi, pairs of axes, and 3x3 matrices of doubles, row by row.
#pragma once

namespace fl {

constexpr double pi = 3.14159265358979323846;

// The components of a symmetric tensor in Mandel's order: 11, 22, 33, 23, 13, 12.
constexpr int mandel_pairs[6][2] = {{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}};

inline double determinant(const double* m) {
  return m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6]);
}

// The inverse times the determinant.
inline void adjugate(const double* m, double* out) {
  for (int r = 0; r < 3; ++r)
    for (int c = 0; c < 3; ++c) {
      const int r1 = (r + 1) % 3, r2 = (r + 2) % 3, c1 = (c + 1) % 3, c2 = (c + 2) % 3;
      out[3 * c + r] = m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
    }
}

inline void inverse(const double* m, double* out) {
  adjugate(m, out);
  const double scale = 1 / determinant(m);
  for (int k = 0; k < 9; ++k) out[k] *= scale;
}

}  // namespace fl
