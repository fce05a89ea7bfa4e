// Symmetric 6x6 matrices of nodes and lattices as a network reads them: bounds and their roots, logarithms and what they say.
// fastlattice/models/mace/forms.py has the same in torch.
#pragma once
#include <algorithm>
#include <cmath>

#include "base/symmetric6.h"
#include "frame/matrix6.h"

namespace fl {

// A matrix [6][6] and the same as Matrix6: eigenvectors are found of the one, products are formed with the other.
struct Square {
  double entry[6][6] = {};

  frame::Matrix6 rows() const { return frame::symmetric(&entry[0][0]); }
  double trace() const {
    double sum = 0;
    for (int i = 0; i < 6; ++i) sum += entry[i][i];
    return sum;
  }
  // factor * this + floor * 1.
  Square scaled(double factor, double floor) const {
    Square out;
    for (int i = 0; i < 6; ++i)
      for (int j = 0; j < 6; ++j) out.entry[i][j] = factor * entry[i][j] + (i == j ? floor : 0);
    return out;
  }
};

inline void add(const frame::Matrix6& m, Square& sum) {
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) sum.entry[i][j] += m.row[i][j];
}

// F X F.
inline frame::Matrix6 between(const frame::Matrix6& F, const frame::Matrix6& X) {
  frame::Matrix6 product;
  for (int i = 0; i < 6; ++i) product.row[i] = F.times(X.times(F.row[i]));
  return product;
}

// ln sum e^x, of six.
inline double log_sum_exp(const double (&x)[6], double sign) {
  double largest = sign * x[0], sum = 0;
  for (int k = 1; k < 6; ++k) largest = std::max(largest, sign * x[k]);
  for (int k = 0; k < 6; ++k) sum += std::exp(sign * x[k] - largest);
  return largest + std::log(sum);
}

// Of a bound F^2, its eigenvalues raised by a floor: F and F^-1.
struct Roots {
  Eigen6 eigen;
  Square root, inverse;

  Roots(const Square& bound, double floor) : eigen(bound.scaled(1, floor).entry) {
    eigen.image([](double x) { return std::sqrt(x); }, root.entry);
    eigen.image([](double x) { return 1 / std::sqrt(x); }, inverse.entry);
  }
};

// The logarithm of a matrix, and three scalars of it: mean, soft least and soft largest eigenvalue.
template <class T>
void write_guide(const Eigen6& eigen, double* guide, T* scalars) {
  Square log;
  double values[6], mean = 0;
  eigen.image([](double x) { return std::log(x); }, log.entry);
  std::copy_n(&log.entry[0][0], 36, guide);
  for (int k = 0; k < 6; ++k) mean += (values[k] = std::log(eigen.values[k])) / 6;
  scalars[0] = static_cast<T>(mean / 3);
  constexpr double ln_6 = 1.791759469228055;
  scalars[1] = static_cast<T>((ln_6 - log_sum_exp(values, -1)) / 3);
  scalars[2] = static_cast<T>((log_sum_exp(values, 1) - ln_6) / 3);
}

}  // namespace fl
