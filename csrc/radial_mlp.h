// The radial network without its last layer: Gaussians of length and radius, then linear layers with SiLU.
#pragma once
#include <cstdint>
#include <vector>

#include "workspace.h"

namespace fl {

// Weights packed for the kernels. Rows (struts) are worked on in tiles that stay in the first caches; the arrays of a
// tile have rows padded to whole vectors. Const after construction: threads share it, each with its own Workspace.
template <class T>
class RadialMlp {
 public:
  struct Workspace {
    Array<T> embedding, gradient, next;
    std::vector<Array<T>> before, after;  // of each layer: its output before and after SiLU
  };

  // widths[0] = 2 * Gaussians, then the width of each hidden layer; weights[i] is [widths[i + 1], widths[i]].
  RadialMlp(const std::vector<int64_t>& widths, double max_length, double max_radius, const T* const* weights,
            const T* const* biases);

  const std::vector<int64_t>& widths() const { return widths_; }
  int64_t width() const { return widths_.back(); }
  int64_t layers() const { return static_cast<int64_t>(widths_.size()) - 1; }

  // out[rows][width()]
  void forward(int64_t rows, const T* length, const T* radius, T* out, Workspace& workspace) const;

  // Gradients of sum(grad * out): of length and radius where asked for; those of weights and biases are added to
  // `sums`, laid out as `weight_at` and `bias_at` say, unless it is null.
  void backward(int64_t rows, const T* length, const T* radius, const T* grad, T* grad_length, T* grad_radius, T* sums,
                Workspace& workspace) const;

  int64_t sums_size() const { return sums_size_; }
  // Where the gradient of a layer's weight (row by row, rows padded) and of its bias start.
  int64_t weight_at(int64_t layer) const { return weight_at_[layer]; }
  int64_t bias_at(int64_t layer) const { return bias_at_[layer]; }

 private:
  int64_t run(int64_t begin, int64_t rows, const T* length, const T* radius, Workspace& workspace) const;
  void embed(int64_t rows, const T* length, const T* radius, T* out) const;
  // How far x is from centre n, in spacings.
  static double distance(T x, double inverse, int64_t n) {
    return static_cast<double>(x) * inverse - static_cast<double>(n);
  }

  std::vector<int64_t> widths_, weight_at_, bias_at_;
  int64_t sums_size_ = 0;
  // Of length and radius: the inverse spacing of the centres. In double, for what is near a centre is a difference.
  double inverse_length_, inverse_radius_;
  std::vector<Array<T>> forward_, backward_, bias_;
};

// Gradients of whole arrays, on many threads; those of the parameters [layers][...] together, or none where null.
template <class T>
void radial_mlp_backward(int32_t threads, const RadialMlp<T>& network, int64_t rows, const T* length, const T* radius,
                         const T* grad, T* grad_length, T* grad_radius, T* const* grad_weights, T* const* grad_biases);

extern template class RadialMlp<float>;
extern template class RadialMlp<double>;

}  // namespace fl
