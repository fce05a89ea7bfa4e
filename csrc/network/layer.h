// One message-passing layer of one piece of a graph: csrc/layer.cpp has the story.
#pragma once
#include <cstdint>
#include <vector>

#include "base/degree_linear.h"
#include "ops/edge_conv/edge_conv.h"
#include "ops/radial_mlp/radial_mlp.h"
#include "ops/symmetric_contraction/symmetric_contraction.h"

namespace fl {

struct LayerShape {
  EdgeConvShape conv;
  std::vector<int64_t> widths;  // of the radial network, as for RadialMlp
  double max_length, max_radius;
  int64_t correlation, output_degrees;  // of the contraction: largest order, one bit for each degree
  bool residual;                 // whether the features are added to the result, in the degrees that are computed
};

// The sparse map from the released network's weights of the contraction, `tensors` arrays of rows, to those of the
// two-stage basis: row n is a sum over the entries starts[n] .. starts[n + 1] - 1. Without rows, the weights are one
// array, of the basis already.
struct Fold {
  int64_t rows, tensors;
  const int64_t *counts, *starts, *tensor, *row;  // [tensors] rows of each; [rows + 1]; of each entry
  const double* value;
};

// The parameters, or their gradients, in the layouts of fastlattice.ops.LayerParameters. The norm of the features that the
// layer reads is the network's work; null where there is none.
template <class P>
struct LayerParameters {
  P up, radial, linear, bias, product, norm;
  const P *contraction, *hidden_weights, *hidden_biases;
};

// What a layer reads of a piece: sh [*, (lmax + 1)^2] by the caller's number of an edge; length and radius of the
// piece's struts.
template <class T>
struct PieceInputs {
  const Piece& piece;
  const T *sh, *length, *radius;
};

// Gradients of one piece: sh and sums are added to, the others overwritten. `features` and `sums` may be null, and
// `sh`, `length` and `radius` together.
template <class T>
struct PieceGradients {
  T *features, *sh, *length, *radius, *sums;
};

// Rows of features are padded to width() channels, whatever is in them; arrays start with the piece's first node.
template <class T>
class Layer {
 public:
  // What a thread keeps from piece to piece.
  struct Worker {
    typename EdgeConv<T>::Workspace conv;
    typename RadialMlp<T>::Workspace radial;
    EdgeTile tile;
    ReverseTile reverse;
    Index tiles;
    Array<T> up, hidden, atomic, product, grad_product, grad_atomic, grad_up, grad_hidden, rows, unused;
  };

  // The parameters must outlive the layer; `backward`: whether backward() will be called.
  Layer(const LayerShape& shape, const LayerParameters<const T*>& parameters, const Fold& fold, bool backward);

  int64_t width() const { return conv_.padded_channels(); }
  int64_t in_size() const { return shape_.conv.in_components() * width(); }
  int64_t out_size() const { return shape_.conv.components() * width(); }

  // From features [nodes][(l_in + 1)^2] to out [nodes][(lmax + 1)^2]. What goes into the contraction and what comes out
  // of it is written to `atomic` and `product`, unless they are null; the gradients need both. One worker for each
  // thread.
  void forward(int32_t threads, Worker* workers, const PieceInputs<T>& inputs, const T* features, T* out, T* atomic,
               T* product) const;
  // The end of forward(): the linear map of the product, and the residual.
  void finish(int64_t nodes, const T* product, const T* features, T* out) const;
  void backward(Worker& worker, const PieceInputs<T>& inputs, const T* features, const T* atomic, const T* product,
                const T* grad, const PieceGradients<T>& gradients) const;

  int64_t sums_size() const;
  // Takes the gradients of the parameters from their sums.
  void unpack_sums(const T* sums, const LayerParameters<T*>& parameters) const;

 private:
  void senders(int32_t threads, Worker* workers, const PieceInputs<T>& inputs, const T* features, T* up,
               T* hidden) const;
  void contract(int64_t nodes, const T* a, T* out) const;
  void contract_backward(int64_t nodes, const T* a, const T* grad, T* grad_a, T* sums) const;

  // The gradients of the parameters, as sums over nodes and edges.
  struct Sums {
    T *conv = nullptr, *contraction = nullptr, *product = nullptr, *up = nullptr, *radial = nullptr;
  };
  Sums split(T* sums) const;
  const T* node_backward(int64_t nodes, const T* atomic, const T* product, const T* grad, const Sums& sums,
                         Worker& worker) const;
  const T* edge_backward(const PieceInputs<T>& inputs, const T* features, const T* grad_atomic,
                         const PieceGradients<T>& gradients, const Sums& sums, Worker& worker) const;
  void feature_backward(int64_t nodes, const T* features, const T* grad_up, const T* grad, T* grad_features,
                        const Sums& sums, Worker& worker) const;

  LayerShape shape_;
  Fold fold_;
  RadialMlp<T> radial_;
  EdgeConv<T> conv_;
  DegreeLinear<T> up_, product_;
  SymmetricContraction<T> contraction_;
  Array<T> contraction_weights_;
};

extern template class Layer<float>;
extern template class Layer<double>;

}  // namespace fl
