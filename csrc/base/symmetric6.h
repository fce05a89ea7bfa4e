// Symmetric 6x6 matrices: eigenvalues and eigenvectors by Jacobi rotations, a matrix's own whatever stands beside it.
//
// Three rotations of disjoint pairs of rows go together, so that their roots and quotients need not wait for each other; five
// such rounds are a sweep over all pairs.
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
    constexpr int most_sweeps = 30;  // six do
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
  static constexpr int rounds = 5, at_once = 3;
  static constexpr int pairs[rounds][at_once][2] = {{{0, 1}, {2, 3}, {4, 5}},
                                                    {{0, 2}, {1, 4}, {3, 5}},
                                                    {{0, 3}, {1, 5}, {2, 4}},
                                                    {{0, 4}, {1, 3}, {2, 5}},
                                                    {{0, 5}, {1, 2}, {3, 4}}};

  // Whether anything was left to rotate: an entry below the rounding of its two diagonal entries is not.
  FL_INLINE bool rotate_all(double m[6][6]) {
    bool rotated = false;
#pragma GCC unroll 5
    for (int n = 0; n < rounds; ++n) rotated |= rotate(pairs[n], m);
    return rotated;
  }

  FL_INLINE bool rotate(const int (&round)[at_once][2], double m[6][6]) {
    double c[at_once], s[at_once];
    bool any = false;
#pragma GCC unroll 3
    for (int n = 0; n < at_once; ++n) {
      const int p = round[n][0], q = round[n][1];
      const double x = m[p][q];
      const bool large = x * x > 1e-34 * std::abs(m[p][p] * m[q][q]);
      const double theta = 0.5 * (m[q][q] - m[p][p]) / (large ? x : 1);
      const double t = large ? std::copysign(1 / (std::abs(theta) + std::sqrt(theta * theta + 1)), theta) : 0;
      c[n] = 1 / std::sqrt(t * t + 1), s[n] = t * c[n];
      any |= large;
      m[p][p] -= t * x, m[q][q] += t * x;
      if (large) m[p][q] = m[q][p] = 0;
    }
    if (!any) return false;
#pragma GCC unroll 3
    for (int a = 0; a < at_once; ++a) {
      const int p = round[a][0], q = round[a][1];
      for (int k = 0; k < 6; ++k) turn(c[a], s[a], vectors[k][p], vectors[k][q]);
#pragma GCC unroll 3
      for (int b = 0; b < a; ++b) {
        const int i = round[b][0], j = round[b][1];
        turn(c[a], s[a], m[p][i], m[q][i]), turn(c[a], s[a], m[p][j], m[q][j]);
        turn(c[b], s[b], m[p][i], m[p][j]), turn(c[b], s[b], m[q][i], m[q][j]);
        m[i][p] = m[p][i], m[j][p] = m[p][j], m[i][q] = m[q][i], m[j][q] = m[q][j];
      }
    }
    return true;
  }

  FL_INLINE static void turn(double c, double s, double& a, double& b) {
    const double before = a;
    a = c * before - s * b;
    b = s * before + c * b;
  }
};

}  // namespace fl
