// A network: message-passing layers and, if wanted, the readout, piece by piece of the graph.
//
// A small piece, a few lattices, goes through all layers in one thread, and its features never leave that core's cache;
// batch-wide arrays exist only where gradients need them. Backward, gradients of parameters are summed over parts of a
// few pieces, and those in a tree: the same bits for any number of threads.
#pragma once
#include <utility>
#include <vector>

#include "network/degree_norm.h"
#include "network/layer.h"
#include "ops/readout/readout.h"

namespace fl {

// What a network reads of a batch. The arrays are the caller's: features [nodes, (l_in + 1)^2, channels] of the first
// layer, sh [edges, (lmax + 1)^2], length and radius [struts]; `lattices` may be null without a readout.
template <class T>
struct NetworkInputs {
  const EdgeGraph& graph;
  const Index& cuts;
  const NodesByLattice* lattices;
  const int64_t* lattice;  // [nodes]
  const T *features, *sh, *length, *radius;
};

// Null ones are not computed: those of length and radius together, and those of all parameters.
template <class T>
struct NetworkGradients {
  T *features, *sh, *length, *radius;
  const LayerParameters<T*>* layers;
  ReadoutParameters<T*> readout;
};

template <class T>
class Network {
 public:
  // norms: the scales of the norm that stands before each layer, null where there is none.
  Network(std::vector<Layer<T>> layers, std::vector<const T*> norms, double norm_share, double norm_floor,
          const Readout<T>* readout, int64_t in_components, int64_t components, int64_t channels)
      : layers_(std::move(layers)),
        norms_(std::move(norms)),
        norm_share_(norm_share),
        norm_floor_(norm_floor),
        readout_(readout),
        in_components_(in_components),
        components_(components),
        channels_(channels) {}

  // out: [lattices, result] of the readout, or the features [nodes, components, channels]. `kept`, if not null, takes
  // what the gradients need, [nodes, components, channels] each: for every layer what goes into the contraction and
  // what comes out of it.
  void forward(int32_t threads, const NetworkInputs<T>& inputs, T* out, T* kept) const;
  void backward(int32_t threads, const NetworkInputs<T>& inputs, const T* kept, const T* grad,
                const NetworkGradients<T>& gradients) const;

 private:
  struct Worker {
    typename Readout<T>::Worker readout;
    std::vector<typename Layer<T>::Worker> layers;  // one for each thread
    std::vector<Array<T>> results;  // of each layer, without padding
    Array<T> input, atomic, product, features[2], length, radius, grad_length, grad_radius, grad[2];
    Array<T> dense, normed, read, grad_normed, grad_before, unused;  // of norms
  };
  template <class Work>
  static void with_worker(const Piece& piece, int32_t threads, const Work& work);

  int64_t width() const { return layers_[0].width(); }
  int64_t sums_size() const;
  // Of a layer, its norm's behind its own.
  int64_t sums_size(int64_t t) const {
    return layers_[t].sums_size() + (norms_[t] ? padded<T>(norm_shape(t).scales()) : 0);
  }
  NormShape norm_shape(int64_t t) const {
    int64_t degrees = 1;
    while (degrees * degrees < (t ? components_ : in_components_)) ++degrees;
    return {degrees, channels_, norm_share_, norm_floor_};
  }
  const T* normed(int32_t threads, int64_t t, int64_t nodes, const T* dense, Worker& worker) const;
  const T* before_norm(int64_t t, int64_t nodes, const T* dense, const T* grad, T* sums, Worker& worker) const;
  // Where a piece's rows of the n-th array in `kept` are.
  template <class P>
  P* slot(P* kept, const NetworkInputs<T>& inputs, int64_t n, const Piece& piece) const {
    return kept + (n * inputs.graph.nodes + piece.begin) * components_ * channels_;
  }
  const T* padded_rows(int64_t rows, const T* from, Array<T>& storage) const;
  void unpad_rows(int64_t rows, const T* from, T* to) const;
  PieceInputs<T> read(const Piece& piece, const NetworkInputs<T>& inputs, Worker& worker) const;
  template <class Work>
  void for_each_lattice(const Piece& piece, const NetworkInputs<T>& inputs, const Work& work) const;
  void piece_forward(int32_t threads, const Piece& piece, const NetworkInputs<T>& inputs, T* out, T* kept,
                     Worker& worker) const;
  void piece_backward(const Piece& piece, const NetworkInputs<T>& inputs, const T* kept, const T* grad,
                      const NetworkGradients<T>& gradients, T* sums, Worker& worker) const;

  std::vector<Layer<T>> layers_;
  std::vector<const T*> norms_;
  double norm_share_, norm_floor_;
  const Readout<T>* readout_;
  int64_t in_components_, components_, channels_;
};

}  // namespace fl
