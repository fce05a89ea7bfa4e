// The norm between layers: each degree of a node's features is divided by its root mean square, to which all degrees
// together and a constant add, and each channel is scaled.
//
//     out_l = x_l s_l r_l,   r_l = (mean x_l^2 + share mean x^2 + floor)^(-1/2)
//
// A node at a time; a result depends on nothing but its node. Features are [component][channel], without padding.
#pragma once
#include <cmath>

#include "base/simd.h"

namespace fl {

constexpr int64_t most_norm_degrees = 5;

template <class T>
T dot_of_rows(const T* a, const T* b, int64_t size) {
  Vector<T> lanes_sum{};
  int64_t i = 0;
  for (; i + lanes<T> <= size; i += lanes<T>) lanes_sum = load(a + i) * load(b + i) + lanes_sum;
  T sum = 0;
  for (int n = 0; n < lanes<T>; ++n) sum += lanes_sum[n];
  for (; i < size; ++i) sum += a[i] * b[i];
  return sum;
}

struct NormShape {
  int64_t degrees, channels;
  double share, floor;

  int64_t begin(int64_t l) const { return l * l * channels; }
  int64_t size(int64_t l) const { return (2 * l + 1) * channels; }
  int64_t size() const { return degrees * degrees * channels; }
  int64_t scales() const { return degrees * channels; }
};

// r_l of a node.
template <class T>
void inverse_roots(const NormShape& shape, const T* x, T* roots) {
  T squares[most_norm_degrees], all = 0;
  for (int64_t l = 0; l < shape.degrees; ++l) {
    squares[l] = dot_of_rows(x + shape.begin(l), x + shape.begin(l), shape.size(l));
    all += squares[l];
  }
  const T added = static_cast<T>(shape.share) * all / static_cast<T>(shape.size()) + static_cast<T>(shape.floor);
  for (int64_t l = 0; l < shape.degrees; ++l)
    roots[l] = 1 / std::sqrt(squares[l] / static_cast<T>(shape.size(l)) + added);
}

template <class T>
void norm_forward(const NormShape& shape, const T* __restrict__ x, const T* __restrict__ scale, T* __restrict__ out) {
  T roots[most_norm_degrees];
  inverse_roots(shape, x, roots);
  for (int64_t l = 0; l < shape.degrees; ++l, scale += shape.channels) {
    const T root = roots[l];
    for (int64_t m = 0; m < 2 * l + 1; ++m, x += shape.channels, out += shape.channels)
      for (int64_t c = 0; c < shape.channels; ++c) out[c] = x[c] * root * scale[c];
  }
}

// grad_x = g s r - x (q_l / size_l + share sum q / size), q_l = r_l^3 sum g s x: the derivative of r_l.
template <class T>
void norm_backward(const NormShape& shape, const T* __restrict__ x, const T* __restrict__ scale,
                   const T* __restrict__ grad, T* __restrict__ grad_x, T* __restrict__ scale_sums) {
  T roots[most_norm_degrees], pull[most_norm_degrees], all = 0;
  inverse_roots(shape, x, roots);
  for (int64_t l = 0; l < shape.degrees; ++l) {
    const int64_t first = shape.begin(l);
    const T root = roots[l];
    for (int64_t m = 0; m < 2 * l + 1; ++m)
      for (int64_t c = 0; c < shape.channels; ++c) {
        const int64_t i = first + m * shape.channels + c, n = l * shape.channels + c;
        grad_x[i] = grad[i] * scale[n];
        scale_sums[n] += grad[i] * x[i] * root;
      }
    pull[l] = roots[l] * roots[l] * roots[l] * dot_of_rows(grad_x + first, x + first, shape.size(l));
    all += pull[l];
  }
  const T shared = static_cast<T>(shape.share) * all / static_cast<T>(shape.size());
  for (int64_t l = 0; l < shape.degrees; ++l) {
    const T own = pull[l] / static_cast<T>(shape.size(l)) + shared, root = roots[l];
    for (int64_t i = shape.begin(l); i < shape.begin(l) + shape.size(l); ++i)
      grad_x[i] = grad_x[i] * root - x[i] * own;
  }
}

}  // namespace fl
