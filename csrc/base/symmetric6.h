// Symmetric 6x6 matrices: eigenvalues and eigenvectors by cyclic Jacobi rotations, a matrix's own whatever stands beside it.
#pragma once
#include <cmath>

#include "base/isa.h"

namespace fl {

// a = vectors diag(values) vectors^T; eigenvectors are columns, in no order. Inline always: folders are compiled with flags
// of their own, and have their own copy.
struct Eigen6 {
  double values[6], vectors[6][6];

  FL_INLINE explicit Eigen6(const double a[6][6]) {
    double m[6][6];
    for (int i = 0; i < 6; ++i)
      for (int j = 0; j < 6; ++j) {
        m[i][j] = 0.5 * (a[i][j] + a[j][i]);
        vectors[i][j] = i == j;
      }
    constexpr int most_sweeps = 30;  // six do; a NaN never ends by itself
    for (int sweep = 0; sweep < most_sweeps && rotate_all(m); ++sweep) {
    }
    for (int i = 0; i < 6; ++i) values[i] = m[i][i];
  }

  // vectors diag(function(values)) vectors^T, symmetric to the last bit.
  template <class Function>
  void image(const Function& function, double out[6][6]) const {
    double images[6];
    for (int k = 0; k < 6; ++k) images[k] = function(values[k]);
    for (int i = 0; i < 6; ++i)
      for (int j = 0; j <= i; ++j) {
        double sum = 0;
        for (int k = 0; k < 6; ++k) sum += images[k] * vectors[i][k] * vectors[j][k];
        out[i][j] = out[j][i] = sum;
      }
  }

 private:
  // Whether anything was left to rotate: an entry below the rounding of its two diagonal entries is not.
  FL_INLINE bool rotate_all(double m[6][6]) {
    bool rotated = false;
    for (int p = 0; p < 5; ++p)
      for (int q = p + 1; q < 6; ++q) {
        const double x = m[p][q], size = std::abs(x);
        if (size == 0 || size <= 1e-18 * std::sqrt(std::abs(m[p][p] * m[q][q]))) continue;
        const double theta = 0.5 * (m[q][q] - m[p][p]) / x;
        const double t = (theta < 0 ? -1 : 1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1), s = t * c;
        rotated = true;
        m[p][p] -= t * x;
        m[q][q] += t * x;
        m[p][q] = m[q][p] = 0;
        for (int k = 0; k < 6; ++k) {
          if (k != p && k != q) {
            const double a = m[k][p], b = m[k][q];
            m[k][p] = m[p][k] = c * a - s * b;
            m[k][q] = m[q][k] = s * a + c * b;
          }
          const double a = vectors[k][p], b = vectors[k][q];
          vectors[k][p] = c * a - s * b;
          vectors[k][q] = s * a + c * b;
        }
      }
    return rotated;
  }
};

}  // namespace fl
