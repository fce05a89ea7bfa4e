// The radial network without its last layer: Gaussians of length and radius, then linear layers with SiLU.
#pragma once
#include <cstdint>
#include <vector>

#include "base/linear.h"

namespace fl {

// Weights packed for the kernels. Rows (struts) are worked on in tiles that stay in the first caches; the arrays of a
// tile have rows padded to whole vectors. Const after construction: threads share it, each with its own Workspace.
template <class T>
class RadialMlp {
 public:
  struct Workspace {
    Array<T> embedding, gradient, next;
    std::vector<Array<T>> before, after;  // of each layer: its output before and after SiLU
    std::vector<const T*> from, start;
    std::vector<T*> to;
  };

  // widths[0] = 2 * Gaussians, then the width of each hidden layer; weights[i] is [widths[i + 1], widths[i]]. The weights
  // must outlive the network.
  RadialMlp(const std::vector<int64_t>& widths, double max_length, double max_radius, const T* const* weights,
            const T* const* biases);

  const std::vector<int64_t>& widths() const { return widths_; }
  int64_t width() const { return widths_.back(); }
  int64_t layers() const { return static_cast<int64_t>(widths_.size()) - 1; }

  // out[rows][width()]
  void forward(int64_t rows, const T* length, const T* radius, T* out, Workspace& workspace) const;

  // Gradients of sum(grad * out): of length and radius where asked for; those of weights and biases are added to
  // `sums`, unless it is null.
  void backward(int64_t rows, const T* length, const T* radius, const T* grad, T* grad_length, T* grad_radius, T* sums,
                Workspace& workspace) const;

  int64_t sums_size() const { return sums_size_; }
  // Takes the gradients of the parameters from their sums.
  void unpack_sums(const T* sums, T* const* weights, T* const* biases) const;

 private:
  static void apply(int64_t rows, int64_t depth, int64_t columns, const T* in, int64_t in_stride, const Operand<T>& map,
                    T* out, const T* bias, Workspace& workspace);
  int64_t run(int64_t begin, int64_t rows, const T* length, const T* radius, Workspace& workspace) const;
  void embed(int64_t rows, const T* length, const T* radius, T* out) const;
  // How far x is from centre n, in spacings.
  static double distance(T x, double inverse, int64_t n) {
    return static_cast<double>(x) * inverse - static_cast<double>(n);
  }

  std::vector<int64_t> widths_, weight_at_, bias_at_;  // where the sums of a layer's weight (rows padded) and bias start
  int64_t sums_size_ = 0;
  // Of length and radius: the inverse spacing of the centres. In double, for what is near a centre is a difference.
  double inverse_length_, inverse_radius_;
  std::vector<Operand<T>> forward_, backward_;
  std::vector<Array<T>> bias_;
};

extern template class RadialMlp<float>;
extern template class RadialMlp<double>;

}  // namespace fl
