// The bounded head, C = F (1 + e^X)^-1 F with F^2 the affine bound, in double precision: X is the network's matrix plus the
// weighed guides, its eigenvalues limited. fastlattice/models/mace/extensions.py says why.
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
template <class Function>
void krein(const Eigen6& eigen, const Function& function, const Matrix& grad, Matrix& out) {
  Matrix transposed, half, inner;
  double scale = 0;
  for (const double value : eigen.values) scale = std::max(scale, std::abs(value));
  transpose(eigen.vectors, transposed);
  product(transposed, grad, half);
  product(half, eigen.vectors, inner);
  for (int i = 0; i < order; ++i)
    for (int j = 0; j < order; ++j) {
      const double a = eigen.values[i], b = eigen.values[j];
      const bool same = std::abs(a - b) < near * scale || a == b;
      inner[i][j] *= same ? function.slope(0.5 * (a + b)) : (function(a) - function(b)) / (a - b);
    }
  product(eigen.vectors, inner, half);
  product<true>(half, eigen.vectors, out);
}

// (1 + e^x)^-1, x no larger than the limit, and its derivative.
struct Share {
  double largest;
  double operator()(double x) const { return logistic(-std::min(x, largest)); }
  double slope(double x) const { return x < largest ? -logistic(x) * logistic(-x) : 0; }
};

template <class Call>
Eigen6 exponent_of(const Call& call, int64_t b) {
  Matrix sum;
  for (int n = 0; n < entries; ++n) {
    double& entry = (&sum[0][0])[n];
    entry = static_cast<double>(call.matrix[entries * b + n]);
    for (int k = 0; k < guides; ++k) {
      const int64_t at = guides * b + k;
      entry += static_cast<double>(call.weights[at]) * call.guides[entries * at + n];
    }
  }
  return Eigen6(sum);
}

template <class T>
void head(const calls::BoundedHead<T>& call, int64_t b) {
  Matrix root, share, half, stiffness;
  std::copy_n(call.root + entries * b, entries, &root[0][0]);
  exponent_of(call, b).image(Share{call.largest}, share);
  product(root, share, half);
  product(half, root, stiffness);
  symmetrise(stiffness);
  for (int n = 0; n < entries; ++n) call.out[entries * b + n] = static_cast<T>((&stiffness[0][0])[n]);
}

template <class T>
void head_backward(const calls::BoundedHeadBackward<T>& call, int64_t b) {
  const Eigen6 eigen = exponent_of(call, b);
  const Share function{call.largest};
  Matrix root, share, grad, half, slope, of_exponent;
  std::copy_n(call.root + entries * b, entries, &root[0][0]);
  for (int n = 0; n < entries; ++n) (&grad[0][0])[n] = static_cast<double>(call.grad[entries * b + n]);
  symmetrise(grad);
  Matrix back;
  transpose(root, back);
  if (call.grad_root) {  // g F^T H + H F^T g, for H and g are symmetric
    Matrix first, second;
    eigen.image(function, share);
    product(grad, back, half), product(half, share, first);
    product(share, back, half), product(half, grad, second);
    for (int n = 0; n < entries; ++n) call.grad_root[entries * b + n] = (&first[0][0])[n] + (&second[0][0])[n];
  }
  product(back, grad, half), product(half, back, slope);
  symmetrise(slope);
  krein(eigen, function, slope, of_exponent);

  const double* of_total = &of_exponent[0][0];
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
