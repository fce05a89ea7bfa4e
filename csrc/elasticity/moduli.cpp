// Columns of results from stiffnesses: their entries, moduli along the axes and universal anisotropy, several at a time.
//
// E_i = 1 / S_ii, G = 1 / (2 S_kk) with Mandel's S, nu_ij = -S_ij / S_ii; anisotropy is the universal index
// A^U = 5 G_V/G_R + K_V/K_R - 6 (Ranganathan and Ostoja-Starzewski, Phys. Rev. Lett. 101, 2008, 055504).
#include <algorithm>
#include <cmath>

#include "base/simd.h"
#include "elasticity/generated/calls.h"

namespace fl {
namespace {

constexpr double smallest_pivot = 1e-14;  // of its diagonal entry: below, there is no inverse to speak of
constexpr int axes[3][2] = {{1, 2}, {0, 2}, {0, 1}};  // the others of each

using Values = Vector<double>;  // one of each of several stiffnesses
using Matrix = Values[6][6];

FL_INLINE Values square_root(Values x) {
  for (int n = 0; n < lanes<double>; ++n) x[n] = std::sqrt(x[n]);
  return x;
}

// The inverse of a symmetric matrix by Cholesky's factor L: S = L^-T L^-1; NaN where a pivot vanishes.
FL_INLINE void invert(const Matrix& c, Matrix& s) {
  Matrix factor, inverse;
  for (int j = 0; j < 6; ++j) {
    for (int i = 0; i <= j; ++i) {
      Values rest = c[j][i];
      if (i) {
        Values sum = factor[j][0] * factor[i][0];
        for (int k = 1; k < i; ++k) sum += factor[j][k] * factor[i][k];
        rest -= sum;
      }
      if (i < j) {
        factor[j][i] = rest / factor[i][i];
      } else {
        factor[j][j] = square_root(rest > smallest_pivot * c[j][j] ? rest : Values{} + NAN);
      }
    }
  }
  for (int i = 0; i < 6; ++i) {
    for (int j = 0; j < i; ++j) {
      Values sum = factor[i][j] * inverse[j][j];
      for (int k = j + 1; k < i; ++k) sum += factor[i][k] * inverse[k][j];
      inverse[i][j] = -sum / factor[i][i];
    }
    inverse[i][i] = 1.0 / factor[i][i];
  }
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j <= i; ++j) {
      Values sum = inverse[i][i] * inverse[i][j];
      for (int k = i + 1; k < 6; ++k) sum += inverse[k][i] * inverse[k][j];
      s[i][j] = s[j][i] = sum;
    }
}

// Sum of the entries of the upper left 3 x 3 block, row by row.
FL_INLINE Values block_sum(const Matrix& m) {
  Values sum = m[0][0];
  for (int k = 1; k < 9; ++k) sum += m[k / 3][k % 3];
  return sum;
}

FL_INLINE Values trace(const Matrix& m) {
  Values sum = m[0][0];
  for (int k = 1; k < 6; ++k) sum += m[k][k];
  return sum;
}

// All columns of as many stiffnesses as there are lanes: give(column, values).
template <class Give>
void columns_of(const Matrix& given, const Give& give) {
  Matrix c, s;
  int column = 0;
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) {
      if (i <= j) give(column++, given[i][j]);
      c[i][j] = (given[i][j] + given[j][i]) / 2.0;
    }
  invert(c, s);
  for (int k = 0; k < 3; ++k) give(column++, 1.0 / s[k][k]);
  for (int k = 3; k < 6; ++k) give(column++, 1.0 / (2.0 * s[k][k]));
  for (int i = 0; i < 3; ++i)
    for (const int j : axes[i]) give(column++, -s[i][j] / s[i][i]);
  const Values bulk_voigt = block_sum(c) / 9.0, bulk_reuss = 1.0 / block_sum(s);
  const Values shear_voigt = (trace(c) - 3.0 * bulk_voigt) / 10.0;
  const Values shear_reuss = 2.5 / (trace(s) - 1.0 / (3.0 * bulk_reuss));
  give(column++, 5.0 * shear_voigt / shear_reuss + bulk_voigt / bulk_reuss - 6.0);
}

}  // namespace
}  // namespace fl

namespace fl::calls {

void run(const ElasticityModuli& call) {
  constexpr int64_t block = 64, columns = 34;
  // Columns of a batch may be a multiple of 4,096 bytes apart, where the nearest cache has room for few of them.
  alignas(64) double found[columns][block];
  for (int64_t begin = 0; begin < call.count; begin += block) {
    const int64_t size = std::min(block, call.count - begin);
    for (int64_t first = 0; first < size; first += lanes<double>) {
      Matrix given;
      Values* const entries = given[0];
      for (int64_t lane = 0; lane < lanes<double>; ++lane) {
        const double* const from = call.stiffness + 36 * (begin + std::min(first + lane, size - 1));
        for (int k = 0; k < 36; ++k) entries[k][lane] = from[k];
      }
      columns_of(given, [&](int column, Values values) { store(&found[column][first], values); });
    }
    for (int64_t column = 0; column < columns; ++column)
      std::copy_n(found[column], size, call.columns + column * call.count + begin);
  }
}

}  // namespace fl::calls
