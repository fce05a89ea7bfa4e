// One message-passing layer, tile by tile: csrc/layer.cpp has the story.
#pragma once
#include <cstdint>
#include <vector>

#include "degree_linear.h"
#include "edge_conv.h"
#include "radial_mlp.h"
#include "symmetric_contraction.h"

namespace fl {

struct LayerShape {
  EdgeConvShape conv;
  std::vector<int64_t> widths;  // of the radial network, as for RadialMlp
  double max_length, max_radius;
  int64_t correlation, outputs;  // of the contraction: largest order, one bit for each degree
  bool residual;                 // whether the features are added to the result, in the degrees that are computed
};

// The parameters, or their gradients, in the layouts of fastlattice.ops.layer.
template <class P>
struct LayerParameters {
  P up, radial, linear, bias, contraction, product;
  const P *hidden_weights, *hidden_biases;
};

// What the layer reads of a batch. All arrays are the caller's: features [nodes, (l_in + 1)^2, channels],
// sh [edges, (lmax + 1)^2], length and radius [struts].
template <class T>
struct LayerInputs {
  const EdgeGraph& graph;
  const T *features, *sh, *length, *radius;
};

// Gradients. Null ones are not computed: those of length and radius together, and those of all parameters.
template <class T>
struct LayerGradients {
  T *features, *sh, *length, *radius;
  const LayerParameters<T*>* parameters;
};

template <class T>
class Layer {
 public:
  // `backward` packs what the gradients need.
  Layer(const LayerShape& shape, const LayerParameters<const T*>& parameters, bool backward);

  // out [nodes, (lmax + 1)^2, channels]. What goes into the contraction is written to `atomic`, of the same shape,
  // unless that is null; the gradients need it.
  void forward(int32_t threads, const LayerInputs<T>& inputs, T* out, T* atomic) const;
  void backward(int32_t threads, const LayerInputs<T>& inputs, const T* atomic, const T* grad,
                const LayerGradients<T>& gradients) const;

 private:
  struct Worker;

  int64_t width() const { return conv_.padded_channels(); }
  int64_t in_size() const { return shape_.conv.in_components() * width(); }
  int64_t out_size() const { return shape_.conv.components() * width(); }
  int64_t sums_size() const;
  void senders(int32_t threads, const LayerInputs<T>& inputs, const T* features, T* up, T* hidden) const;
  void contract(int64_t nodes, const T* a, T* out) const;
  void contract_backward(int64_t nodes, const T* a, const T* grad, T* grad_a, T* sums) const;
  void tile_backward(const LayerInputs<T>& inputs, int64_t begin, int64_t end, const T* features, const T* atomic,
                     const T* up, const T* hidden, const T* grad, T* grad_up, T* grad_hidden, T* grad_features,
                     T* grad_sh, T* sums, Worker& worker) const;

  LayerShape shape_;
  RadialMlp<T> radial_;
  EdgeConv<T> conv_;
  DegreeLinear<T> up_, product_;
  SymmetricContraction<T> contraction_;
  Array<T> contraction_weights_;
};

extern template class Layer<float>;
extern template class Layer<double>;

}  // namespace fl
