// A network: message-passing layers and, if wanted, the readout, piece by piece of the graph.
//
// A small piece, a few lattices, goes through all layers in one thread, and its features never leave that core's cache;
// batch-wide arrays exist only where gradients need them. Backward, gradients of parameters are summed over parts of a
// few pieces, and those in a tree: the same bits for any number of threads.
#include <algorithm>
#include <vector>

#include "abi.h"
#include "network/layer.h"
#include "base/pool.h"
#include "ops/readout/readout.h"

namespace fl {
namespace {

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
  Network(std::vector<Layer<T>> layers, const Readout<T>* readout, int64_t in_components, int64_t components,
          int64_t channels)
      : layers_(std::move(layers)),
        readout_(readout),
        in_components_(in_components),
        components_(components),
        channels_(channels) {}

  // out: [lattices, result] of the readout, or the features [nodes, components, channels]. `kept`, if not null, takes
  // what the gradients need, [nodes, components, channels] each: for every layer what goes into the contraction, then
  // its result, unless that is `out`.
  void forward(int32_t threads, const NetworkInputs<T>& inputs, T* out, T* kept) const;
  void backward(int32_t threads, const NetworkInputs<T>& inputs, const T* kept, const T* grad,
                const NetworkGradients<T>& gradients) const;

 private:
  struct Worker {
    typename Readout<T>::Worker readout;
    std::vector<typename Layer<T>::Worker> layers;  // one for each thread
    Array<T> input, atomic, features[2], length, radius, grad_length, grad_radius, grad[2];
  };
  template <class Work>
  static void with_worker(const Piece& piece, int32_t threads, const Work& work);

  int64_t width() const { return layers_[0].width(); }
  int64_t sums_size() const;
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
  const Readout<T>* readout_;
  int64_t in_components_, components_, channels_;
};

// Calls work(worker). What small pieces need, some megabytes, a thread keeps for its life: it is still in its cache
// when the next call comes.
template <class T>
template <class Work>
void Network<T>::with_worker(const Piece& piece, int32_t threads, const Work& work) {
  static thread_local Worker kept;
  Worker own;
  Worker& worker = piece.large() ? own : kept;
  if (worker.layers.size() < static_cast<std::size_t>(threads)) worker.layers.resize(threads);
  work(worker);
}

// Rows with their channels padded with zeros: the caller's, or a copy in `storage`.
template <class T>
const T* Network<T>::padded_rows(int64_t rows, const T* from, Array<T>& storage) const {
  if (channels_ == width()) return from;
  T* to = room(storage, rows * width());
  for (int64_t i = 0; i < rows; ++i) {
    std::copy_n(from + i * channels_, channels_, to + i * width());
    std::fill_n(to + i * width() + channels_, width() - channels_, T(0));
  }
  return to;
}

template <class T>
void Network<T>::unpad_rows(int64_t rows, const T* from, T* to) const {
  for (int64_t i = 0; i < rows; ++i) std::copy_n(from + i * width(), channels_, to + i * channels_);
}

template <class T>
PieceInputs<T> Network<T>::read(const Piece& piece, const NetworkInputs<T>& inputs, Worker& worker) const {
  T *length = room(worker.length, piece.struts), *radius = room(worker.radius, piece.struts);
  for (int64_t i = 0; i < piece.struts; ++i) {
    const int64_t row = inputs.graph.row[piece.first_strut + i];
    length[i] = inputs.length[row], radius[i] = inputs.radius[row];
  }
  return {piece, inputs.sh, length, radius};
}

// Calls work(number) for the lattices of a piece.
template <class T>
template <class Work>
void Network<T>::for_each_lattice(const Piece& piece, const NetworkInputs<T>& inputs, const Work& work) const {
  for (int64_t node = piece.begin; node < piece.end; ++node) {
    const int64_t b = inputs.lattice[node];
    if ((*inputs.lattices)[b].node[0] == node) work(b);  // its first node
  }
}

template <class T>
void Network<T>::piece_forward(int32_t threads, const Piece& piece, const NetworkInputs<T>& inputs, T* out, T* kept,
                               Worker& worker) const {
  const PieceInputs<T> read_inputs = read(piece, inputs, worker);
  const T* features = padded_rows(piece.nodes() * in_components_,
                                  inputs.features + piece.begin * in_components_ * channels_, worker.input);
  const int64_t count = layers_.size(), rows = piece.nodes() * components_;
  const bool plain = channels_ == width();
  for (int64_t t = 0; t < count; ++t) {
    T* out_rows = t + 1 == count && !readout_ ? out + piece.begin * components_ * channels_ : nullptr;
    T* result_rows = out_rows ? out_rows : kept ? slot(kept, inputs, 2 * t + 1, piece) : nullptr;
    T* atomic_rows = kept ? slot(kept, inputs, 2 * t, piece) : nullptr;
    T* result = plain && result_rows ? result_rows : room(worker.features[t % 2], rows * width());
    T* atomic = plain ? atomic_rows : kept ? room(worker.atomic, rows * width()) : nullptr;
    layers_[t].forward(threads, worker.layers.data(), read_inputs, features, result, atomic);
    if (!plain && result_rows) unpad_rows(rows, result, result_rows);
    if (!plain && atomic_rows) unpad_rows(rows, atomic, atomic_rows);
    features = result;
  }
  if (!readout_) return;
  for_each_lattice(piece, inputs, [&](int64_t b) {
    readout_->forward((*inputs.lattices)[b], {features, width(), piece.begin}, out + b * readout_->result_size(),
                      worker.readout);
  });
}

template <class T>
void Network<T>::forward(int32_t threads, const NetworkInputs<T>& inputs, T* out, T* kept) const {
  for_each_piece(threads, inputs.graph, inputs.cuts, [&](int32_t inner, int32_t, const Piece& piece) {
    with_worker(piece, inner, [&](Worker& worker) { piece_forward(inner, piece, inputs, out, kept, worker); });
  });
}

template <class T>
int64_t Network<T>::sums_size() const {
  int64_t size = readout_ ? readout_->sums_size() : 0;
  for (const Layer<T>& layer : layers_) size += layer.sums_size();
  return size;
}

template <class T>
void Network<T>::piece_backward(const Piece& piece, const NetworkInputs<T>& inputs, const T* kept, const T* grad,
                                const NetworkGradients<T>& gradients, T* sums, Worker& worker) const {
  const int64_t rows = piece.nodes() * components_, count = layers_.size();
  const PieceInputs<T> read_inputs = read(piece, inputs, worker);
  const T* slope = nullptr;  // the gradient of a layer's result
  T* readout_sums = sums;
  for (const Layer<T>& layer : layers_) readout_sums = sums ? readout_sums + layer.sums_size() : nullptr;
  if (readout_) {
    T* grad_features = room(worker.grad[count % 2], rows * width());
    std::fill_n(grad_features, rows * width(), T(0));
    for_each_lattice(piece, inputs, [&](int64_t b) {
      readout_->backward((*inputs.lattices)[b], {slot(kept, inputs, 2 * count - 1, piece), channels_, piece.begin},
                         grad + b * readout_->result_size(), {grad_features, width(), piece.begin}, readout_sums,
                         worker.readout);
    });
    slope = grad_features;
  } else {
    slope = padded_rows(rows, grad + piece.begin * components_ * channels_, worker.grad[count % 2]);
  }
  const int64_t in_rows = piece.nodes() * in_components_;
  const T* first = padded_rows(in_rows, inputs.features + piece.begin * in_components_ * channels_, worker.input);
  T* sums_end = readout_sums;
  T *grad_length = nullptr, *grad_radius = nullptr;
  if (gradients.length) {
    grad_length = room(worker.grad_length, piece.struts);
    grad_radius = room(worker.grad_radius, piece.struts);
  }
  for (int64_t t = count - 1; t >= 0; --t) {
    const T* features = t ? padded_rows(rows, slot(kept, inputs, 2 * t - 1, piece), worker.features[0]) : first;
    const T* atomic = padded_rows(rows, slot(kept, inputs, 2 * t, piece), worker.atomic);
    const bool wanted = t || gradients.features;
    const bool straight = t == 0 && channels_ == width();
    T* grad_features = !wanted ? nullptr
                       : straight
                           ? gradients.features + piece.begin * in_components_ * channels_
                           : room(worker.grad[t % 2], t ? rows * width() : in_rows * width());
    if (sums) sums_end -= layers_[t].sums_size();
    layers_[t].backward(worker.layers[0], read_inputs, features, atomic, slope,
                        {grad_features, gradients.sh, grad_length, grad_radius, sums_end});
    for (int64_t i = 0; gradients.length && i < piece.struts; ++i) {
      const int64_t row = inputs.graph.row[piece.first_strut + i];
      gradients.length[row] += grad_length[i], gradients.radius[row] += grad_radius[i];
    }
    if (wanted && t == 0 && !straight)
      unpad_rows(in_rows, grad_features, gradients.features + piece.begin * in_components_ * channels_);
    slope = grad_features;
  }
}

template <class T>
void Network<T>::backward(int32_t threads, const NetworkInputs<T>& inputs, const T* kept, const T* grad,
                          const NetworkGradients<T>& gradients) const {
  const Index parts = inputs.graph.parts(inputs.cuts);
  std::vector<Array<T>> sums(parts.size() - 1);
  parallel_for(threads, sums.size(), 1, [&](int32_t, int64_t part, int64_t) {
    if (gradients.layers) sums[part].assign(sums_size(), T(0));
    T* of_parameters = gradients.layers ? sums[part].data() : nullptr;
    for (int64_t n = parts[part]; n < parts[part + 1]; ++n) {
      const Piece piece(inputs.graph, inputs.cuts[n], inputs.cuts[n + 1]);
      with_worker(piece, 1, [&](Worker& worker) {
        piece_backward(piece, inputs, kept, grad, gradients, of_parameters, worker);
      });
    }
  });
  if (!gradients.layers) return;
  tree_sum(threads, sums);
  const T* sum = sums[0].data();
  for (std::size_t t = 0; t < layers_.size(); ++t) {
    layers_[t].unpack_sums(sum, gradients.layers[t]);
    sum += layers_[t].sums_size();
  }
  if (readout_) readout_->unpack_sums(sum, gradients.readout);
}

// The sizes of a network and of a batch, in the caller's words.
struct Sizes {
  int64_t nodes, edges, struts, lattices, layers, l_in, lmax, channels, hidden_layers;
  double agg_norm, max_length, max_radius;
  int64_t correlation, outputs, residual;
  double silu_gain;
};

// The parameters, or their gradients, from one list of pointers.
template <class T>
struct ParameterList {
  std::vector<LayerParameters<T*>> layers;
  ReadoutParameters<T*> readout{};

  ParameterList(int64_t count, int64_t contractions, int64_t hidden_layers, bool readout_too, T* const* list) {
    for (int64_t t = 0; t < count; ++t) {
      T* const* hidden = list + 5 + contractions;
      layers.push_back({list[0], list[1], list[2], list[3], list[4], list + 5, hidden, hidden + hidden_layers});
      list = hidden + 2 * hidden_layers;
    }
    if (readout_too) readout = {list[0], list[1], list[2]};
  }
};

// Calls work(network, inputs).
template <class T, class Work>
void with_network(const Sizes& sizes, const int64_t* widths, const int64_t* copies, const Fold& fold,
                  const int64_t* edge_index, const int64_t* strut, const int64_t* batch, const T* const* parameters,
                  const T* features, const T* sh, const T* length, const T* radius, bool backward, const Work& work) {
  if (sizes.layers < 1) throw std::invalid_argument("network: there must be a layer");
  const ParameterList<const T> list(sizes.layers, fold.tensors, sizes.hidden_layers, copies != nullptr, parameters);
  const std::vector<int64_t> hidden(widths, widths + sizes.hidden_layers + 1);
  std::vector<Layer<T>> layers;
  for (int64_t t = 0; t < sizes.layers; ++t) {
    const EdgeConvShape conv{t ? sizes.lmax : sizes.l_in, sizes.lmax, sizes.channels, hidden.back(), sizes.agg_norm};
    const int64_t outputs = t + 1 < sizes.layers ? (2 << sizes.lmax) - 1 : sizes.outputs;
    layers.emplace_back(LayerShape{conv, hidden, sizes.max_length, sizes.max_radius, sizes.correlation, outputs,
                                   (sizes.residual >> t & 1) != 0},
                        list.layers[t], fold, backward);
  }
  std::vector<Readout<T>> readout;
  std::vector<NodesByLattice> lattices;
  if (copies) {
    readout.emplace_back(ReadoutShape{sizes.lmax, sizes.outputs, sizes.channels, {copies, copies + sizes.lmax + 1},
                                      sizes.silu_gain},
                         list.readout, backward);
    lattices.emplace_back(sizes.nodes, sizes.lattices, batch);
  }
  const EdgeGraph graph(sizes.nodes, sizes.edges, sizes.struts, edge_index, strut);
  const Index cuts = graph.pieces(copies ? batch : nullptr);
  const Network<T> network(std::move(layers), copies ? readout.data() : nullptr, (sizes.l_in + 1) * (sizes.l_in + 1),
                           (sizes.lmax + 1) * (sizes.lmax + 1), sizes.channels);
  work(network, NetworkInputs<T>{graph, cuts, lattices.data(), batch, features, sh, length, radius});
}

// Zeros where sums begin, unless null.
template <class T>
void clear(T* sums, int64_t size) {
  if (sums) std::fill_n(sums, size, T(0));
}

}  // namespace
}  // namespace fl

// widths [hidden_layers + 1] as for RadialMlp; `outputs`: degrees of the last layer, one bit each; `residual`: one bit
// for each layer; copies [lmax + 1] as for the readout, or null for none. fold_...: as Fold; without rows there is one
// tensor. `parameters`: those of every layer in the order of LayerParameters, tensors of the contraction one after
// another, then hidden weights, then hidden biases; last those of the readout. strut may be null: each edge has its own
// row of length and radius. kept, or null: [2 * layers][nodes][(lmax + 1)^2][channels], one less of the first without a
// readout. Null gradients are not computed.
#define FL_NETWORK_SIZES                                                                                               \
  int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices, int64_t layers, int64_t l_in,       \
      int64_t lmax, int64_t channels, int64_t hidden_layers, const int64_t *widths, double max_length,                 \
      double max_radius, double agg_norm, int64_t correlation, int64_t outputs, int64_t residual,                      \
      const int64_t *copies, double silu_gain, int64_t fold_rows, int64_t fold_tensors, const int64_t *fold_counts,    \
      const int64_t *fold_starts, const int64_t *fold_tensor, const int64_t *fold_row, const double *fold_value,       \
      const int64_t *edge_index, const int64_t *strut, const int64_t *batch
#define FL_WITH_NETWORK(T, BACKWARD, WORK)                                                                             \
  return fl::guarded([&] {                                                                                             \
    const fl::Sizes sizes{nodes,         edges,    struts,     lattices,   layers,      l_in,    lmax,     channels,   \
                          hidden_layers, agg_norm, max_length, max_radius, correlation, outputs, residual, silu_gain}; \
    const fl::Fold fold{fold_rows, fold_tensors, fold_counts, fold_starts, fold_tensor, fold_row, fold_value};         \
    fl::with_network<T>(sizes, widths, copies, fold, edge_index, strut, batch, parameters, features, sh, length,       \
                        radius, BACKWARD, WORK);                                                                       \
  });
#define FL_NETWORK(T, SUFFIX)                                                                                          \
  FL_EXPORT int32_t fl_network_##SUFFIX(FL_NETWORK_SIZES, const T* const* parameters, const T* features, const T* sh,  \
                                        const T* length, const T* radius, T* out, T* kept) {                           \
    const auto run = [&](const auto& network, const auto& inputs) { network.forward(threads, inputs, out, kept); };    \
    FL_WITH_NETWORK(T, false, run)                                                                                     \
  }                                                                                                                    \
  FL_EXPORT int32_t fl_network_backward_##SUFFIX(                                                                      \
      FL_NETWORK_SIZES, const T* const* parameters, const T* features, const T* sh, const T* length, const T* radius,  \
      const T* kept, const T* grad, T* grad_features, T* grad_sh, T* grad_length, T* grad_radius,                      \
      T* const* grad_parameters) {                                                                                     \
    const auto run = [&](const auto& network, const auto& inputs) {                                                    \
      fl::clear(grad_sh, edges * (lmax + 1) * (lmax + 1));                                                             \
      fl::clear(grad_length, struts), fl::clear(grad_radius, struts);                                                  \
      fl::NetworkGradients<T> gradients{grad_features, grad_sh, grad_length, grad_radius, nullptr, {}};                \
      if (!grad_parameters) return network.backward(threads, inputs, kept, grad, gradients);                           \
      const fl::ParameterList<T> list(layers, fold_tensors, hidden_layers, copies != nullptr, grad_parameters);        \
      gradients.layers = list.layers.data(), gradients.readout = list.readout;                                         \
      network.backward(threads, inputs, kept, grad, gradients);                                                        \
    };                                                                                                                 \
    FL_WITH_NETWORK(T, true, run)                                                                                      \
  }

FL_NETWORK(float, f32)
FL_NETWORK(double, f64)
