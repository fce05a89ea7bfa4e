// The bounded head, C = F (1 + e^X)^-1 F with F^2 the affine bound, in double precision: X is the network's matrix plus the
// weighed guides, its norm limited. fastlattice/models/mace/extensions.py says why.
//
// A lattice at a time. The derivative of a function of a symmetric matrix is the theorem of Daleckii and Krein.
#include <algorithm>
#include <cmath>

#include "base/pool.h"
#include "base/symmetric6.h"
#include "network/generated/calls.h"

namespace fl {
namespace {

constexpr int64_t lattices_per_chunk = 16;
constexpr int order = 6, entries = order * order, guides = 2;
constexpr double near = 1e-6;  // eigenvalues closer than this part of the largest: see matrix_functions.py

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

using Matrix = double[order][order];

double dot(const double* a, const double* b) {
  double sum = 0;
  for (int n = 0; n < entries; ++n) sum += a[n] * b[n];
  return sum;
}

// out = a b; the second matrix transposed where it says so.
template <bool transposed = false>
void product(const Matrix& a, const Matrix& b, Matrix& out) {
  for (int i = 0; i < order; ++i)
    for (int j = 0; j < order; ++j) {
      double sum = 0;
      for (int k = 0; k < order; ++k) sum += a[i][k] * (transposed ? b[j][k] : b[k][j]);
      out[i][j] = sum;
    }
}

void transpose(const Matrix& a, Matrix& out) {
  for (int i = 0; i < order; ++i)
    for (int j = 0; j < order; ++j) out[i][j] = a[j][i];
}

void symmetrise(Matrix& a) {
  for (int i = 0; i < order; ++i)
    for (int j = 0; j < i; ++j) a[i][j] = a[j][i] = 0.5 * (a[i][j] + a[j][i]);
}

// From the gradient of f(m) to that of m, both symmetric.
template <class Function, class Slope>
void krein(const Eigen6& eigen, const Function& function, const Slope& slope, const Matrix& grad, Matrix& out) {
  Matrix transposed, half, inner;
  double scale = 0;
  for (const double value : eigen.values) scale = std::max(scale, std::abs(value));
  transpose(eigen.vectors, transposed);
  product(transposed, grad, half);
  product(half, eigen.vectors, inner);
  for (int i = 0; i < order; ++i)
    for (int j = 0; j < order; ++j) {
      const double a = eigen.values[i], b = eigen.values[j];
      inner[i][j] *= std::abs(a - b) < near * scale || a == b ? slope(0.5 * (a + b)) : (function(a) - function(b)) / (a - b);
    }
  product(eigen.vectors, inner, half);
  product<true>(half, eigen.vectors, out);
}

// X before and after its norm is limited.
struct Exponent {
  Matrix total, limited;
  double norm, factor;

  template <class T>
  Exponent(const T* matrix, const T* weights, const double* guide, double largest) {
    double* sum = &total[0][0];
    for (int n = 0; n < entries; ++n) {
      sum[n] = static_cast<double>(matrix[n]);
      for (int k = 0; k < guides; ++k) sum[n] += static_cast<double>(weights[k]) * guide[k * entries + n];
    }
    norm = std::sqrt(dot(sum, sum));
    factor = norm > largest ? largest / norm : 1;
    for (int n = 0; n < entries; ++n) (&limited[0][0])[n] = factor * sum[n];
  }
};

double share_of(double x) { return logistic(-x); }
double share_slope(double x) { return -logistic(x) * logistic(-x); }

template <class T, class Call>
Exponent exponent_of(const Call& call, int64_t b) {
  return {call.matrix + entries * b, call.weights + guides * b, call.guides + guides * entries * b, call.largest};
}

template <class T>
void head(const calls::BoundedHead<T>& call, int64_t b) {
  const Exponent exponent = exponent_of<T>(call, b);
  Matrix root, share, half, stiffness;
  std::copy_n(call.root + entries * b, entries, &root[0][0]);
  Eigen6(exponent.limited).image(share_of, share);
  product(root, share, half);
  product(half, root, stiffness);
  symmetrise(stiffness);
  for (int n = 0; n < entries; ++n) call.out[entries * b + n] = static_cast<T>((&stiffness[0][0])[n]);
}

template <class T>
void head_backward(const calls::BoundedHeadBackward<T>& call, int64_t b) {
  const Exponent exponent = exponent_of<T>(call, b);
  const Eigen6 eigen(exponent.limited);
  Matrix root, share, grad, half, slope, of_limited;
  std::copy_n(call.root + entries * b, entries, &root[0][0]);
  for (int n = 0; n < entries; ++n) (&grad[0][0])[n] = static_cast<double>(call.grad[entries * b + n]);
  symmetrise(grad);
  Matrix back;
  transpose(root, back);
  if (call.grad_root) {  // g F^T H + H F^T g, for H and g are symmetric
    Matrix first, second;
    eigen.image(share_of, share);
    product(grad, back, half), product(half, share, first);
    product(share, back, half), product(half, grad, second);
    for (int n = 0; n < entries; ++n) call.grad_root[entries * b + n] = (&first[0][0])[n] + (&second[0][0])[n];
  }
  product(back, grad, half), product(half, back, slope);
  symmetrise(slope);
  krein(eigen, share_of, share_slope, slope, of_limited);

  double of_total[entries];
  const double* total = &exponent.total[0][0];
  const double along = exponent.factor < 1 ? dot(&of_limited[0][0], total) / (exponent.norm * exponent.norm) : 0;
  for (int n = 0; n < entries; ++n) of_total[n] = exponent.factor * ((&of_limited[0][0])[n] - along * total[n]);
  for (int n = 0; n < entries && call.grad_matrix; ++n) call.grad_matrix[entries * b + n] = static_cast<T>(of_total[n]);
  for (int k = 0; k < guides; ++k) {
    const int64_t at = guides * b + k;
    if (call.grad_weights) call.grad_weights[at] = static_cast<T>(dot(of_total, call.guides + entries * at));
    for (int n = 0; n < entries && call.grad_guides; ++n)
      call.grad_guides[entries * at + n] = static_cast<double>(call.weights[at]) * of_total[n];
  }
}

}  // namespace
}  // namespace fl

namespace fl::calls {

template <class T>
void run(const BoundedHead<T>& call) {
  parallel_for(call.threads, call.count, lattices_per_chunk, [&](int32_t, int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) head(call, b);
  });
}
template <class T>
void run(const BoundedHeadBackward<T>& call) {
  parallel_for(call.threads, call.count, lattices_per_chunk, [&](int32_t, int64_t begin, int64_t end) {
    for (int64_t b = begin; b < end; ++b) head_backward(call, b);
  });
}

template void run(const BoundedHead<float>&);
template void run(const BoundedHead<double>&);
template void run(const BoundedHeadBackward<float>&);
template void run(const BoundedHeadBackward<double>&);

}  // namespace fl::calls
