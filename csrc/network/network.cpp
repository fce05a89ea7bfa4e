// A network: message-passing layers and, if wanted, the readout, piece by piece of the graph.
//
// A small piece, a few lattices, goes through all layers in one thread, and its features never leave that core's cache;
// batch-wide arrays exist only where gradients need them. Backward, gradients of parameters are summed over parts of a
// few pieces, and those in a tree: the same bits for any number of threads.
#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/extents.h"
#include "base/pool.h"
#include "base/search.h"
#include "network/degree_norm.h"
#include "network/generated/calls.h"
#include "network/layer.h"
#include "ops/readout/readout.h"

namespace fl {
namespace {

constexpr int64_t nodes_per_chunk = 64;

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

// What layer t reads of features, without padding, that are to be normed: padded.
template <class T>
const T* Network<T>::normed(int32_t threads, int64_t t, int64_t nodes, const T* dense, Worker& worker) const {
  const NormShape shape = norm_shape(t);
  T* out = room(worker.normed, nodes * shape.size());
  parallel_for(threads, nodes, nodes_per_chunk, [&](int32_t, int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n)
      norm_forward(shape, dense + n * shape.size(), norms_[t], out + n * shape.size());
  });
  return padded_rows(nodes * shape.degrees * shape.degrees, out, worker.read);
}

// From the gradient of what layer t reads, padded, to that of the features before their norm, without padding; those of
// the scales are added to `sums`, unless null.
template <class T>
const T* Network<T>::before_norm(int64_t t, int64_t nodes, const T* dense, const T* grad, T* sums,
                                 Worker& worker) const {
  const NormShape shape = norm_shape(t);
  const T* slope = grad;
  if (channels_ != width()) {
    T* rows = room(worker.dense, nodes * shape.size());
    unpad_rows(nodes * shape.degrees * shape.degrees, grad, rows);
    slope = rows;
  }
  if (!sums) {  // not wanted, but computed all the same
    sums = room(worker.unused, shape.scales());
    std::fill_n(sums, shape.scales(), T(0));
  }
  T* out = room(worker.grad_normed, nodes * shape.size());
  for (int64_t n = 0; n < nodes; ++n) {
    const int64_t first = n * shape.size();
    norm_backward(shape, dense + first, norms_[t], slope + first, out + first, sums);
  }
  return out;
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
  const T* dense = inputs.features + piece.begin * in_components_ * channels_;  // null where nobody asks for it
  const T* features = padded_rows(piece.nodes() * in_components_, dense, worker.input);
  const int64_t count = layers_.size(), rows = piece.nodes() * components_;
  const bool plain = channels_ == width();
  for (int64_t t = 0; t < count; ++t) {
    if (norms_[t]) features = normed(threads, t, piece.nodes(), dense, worker);
    T* out_rows = t + 1 == count && !readout_ ? out + piece.begin * components_ * channels_ : nullptr;
    T* atomic_rows = kept ? slot(kept, inputs, 2 * t, piece) : nullptr;
    T* product_rows = kept ? slot(kept, inputs, 2 * t + 1, piece) : nullptr;
    T* result = plain && out_rows ? out_rows : room(worker.features[t % 2], rows * width());
    T* atomic = plain ? atomic_rows : kept ? room(worker.atomic, rows * width()) : nullptr;
    T* product = plain ? product_rows : kept ? room(worker.product, rows * width()) : nullptr;
    layers_[t].forward(threads, worker.layers.data(), read_inputs, features, result, atomic, product);
    const bool read_dense = t + 1 < count && norms_[t + 1];
    if (!plain && !out_rows && read_dense) out_rows = room(worker.dense, rows * channels_);
    if (!plain && out_rows) unpad_rows(rows, result, out_rows);
    dense = plain ? result : out_rows;
    if (!plain && kept) unpad_rows(rows, atomic, atomic_rows), unpad_rows(rows, product, product_rows);
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
  for (std::size_t t = 0; t < layers_.size(); ++t) size += sums_size(t);
  return size;
}

template <class T>
void Network<T>::piece_backward(const Piece& piece, const NetworkInputs<T>& inputs, const T* kept, const T* grad,
                                const NetworkGradients<T>& gradients, T* sums, Worker& worker) const {
  const int64_t rows = piece.nodes() * components_, count = layers_.size();
  const PieceInputs<T> read_inputs = read(piece, inputs, worker);
  const int64_t in_rows = piece.nodes() * in_components_;
  const auto product = [&](int64_t t) {
    return padded_rows(rows, slot(kept, inputs, 2 * t + 1, piece), worker.product);
  };
  std::vector<const T*> dense{inputs.features + piece.begin * in_components_ * channels_};  // and each layer's result
  const auto read_by = [&](int64_t t) {
    return norms_[t] ? normed(1, t, piece.nodes(), dense[t], worker)
                     : padded_rows(t ? rows : in_rows, dense[t], worker.input);
  };
  worker.results.resize(count);
  for (int64_t t = 0; t < count - !readout_; ++t) {
    const bool plain = channels_ == width();
    T* result = room(worker.results[t], rows * channels_);
    T* padded_result = plain ? result : room(worker.features[0], rows * width());
    layers_[t].finish(piece.nodes(), product(t), read_by(t), padded_result);
    if (!plain) unpad_rows(rows, padded_result, result);
    dense.push_back(result);
  }
  const T* slope = nullptr;  // the gradient of a layer's result
  T* readout_sums = sums;
  for (int64_t t = 0; t < count; ++t) readout_sums = sums ? readout_sums + sums_size(t) : nullptr;
  if (readout_) {
    T* grad_features = room(worker.grad[count % 2], rows * width());
    std::fill_n(grad_features, rows * width(), T(0));
    for_each_lattice(piece, inputs, [&](int64_t b) {
      readout_->backward((*inputs.lattices)[b], {dense[count], channels_, piece.begin},
                         grad + b * readout_->result_size(), {grad_features, width(), piece.begin}, readout_sums,
                         worker.readout);
    });
    slope = grad_features;
  } else {
    slope = padded_rows(rows, grad + piece.begin * components_ * channels_, worker.grad[count % 2]);
  }
  T* sums_end = readout_sums;
  T *grad_length = nullptr, *grad_radius = nullptr;
  if (gradients.length) {
    grad_length = room(worker.grad_length, piece.struts);
    grad_radius = room(worker.grad_radius, piece.struts);
  }
  for (int64_t t = count - 1; t >= 0; --t) {
    const T* atomic = padded_rows(rows, slot(kept, inputs, 2 * t, piece), worker.atomic);
    const bool wanted = t || gradients.features || (norms_[t] && sums);
    const bool straight = t == 0 && channels_ == width() && !norms_[t];
    T* grad_features = !wanted ? nullptr
                       : straight
                           ? gradients.features + piece.begin * in_components_ * channels_
                           : room(worker.grad[t % 2], t ? rows * width() : in_rows * width());
    if (sums) sums_end -= sums_size(t);
    layers_[t].backward(worker.layers[0], read_inputs, read_by(t), atomic, product(t), slope,
                        {grad_features, gradients.sh, grad_length, grad_radius, sums_end});
    for (int64_t i = 0; gradients.length && i < piece.struts; ++i) {
      const int64_t row = inputs.graph.row[piece.first_strut + i];
      gradients.length[row] += grad_length[i], gradients.radius[row] += grad_radius[i];
    }
    slope = grad_features;
    if (norms_[t] && wanted) {
      T* of_norm = sums ? sums_end + layers_[t].sums_size() : nullptr;
      const T* before = before_norm(t, piece.nodes(), dense[t], grad_features, of_norm, worker);
      if (t) slope = padded_rows(rows, before, worker.grad_before);
      if (t == 0 && gradients.features)
        std::copy_n(before, in_rows * channels_, gradients.features + piece.begin * in_components_ * channels_);
    } else if (wanted && t == 0 && !straight) {
      unpad_rows(in_rows, grad_features, gradients.features + piece.begin * in_components_ * channels_);
    }
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
    if (norms_[t]) std::copy_n(sum + layers_[t].sums_size(), norm_shape(t).scales(), gradients.layers[t].norm);
    sum += sums_size(t);
  }
  if (readout_) readout_->unpack_sums(sum, gradients.readout);
}

// The parameters, or their gradients, from one list of pointers; see fl_network.
template <class T>
struct ParameterList {
  std::vector<LayerParameters<T*>> layers;
  ReadoutParameters<T*> readout{};

  template <class Call>
  ParameterList(const Call& call, T* const* list) {
    for (int64_t t = 0; t < call.layers; ++t) {
      T* const* hidden = list + 5 + call.fold_tensors;
      T* const* end = hidden + 2 * call.hidden_layers;
      T* norm = call.norms >> t & 1 ? *end++ : nullptr;
      layers.push_back(
          {list[0], list[1], list[2], list[3], list[4], norm, list + 5, hidden, hidden + call.hidden_layers});
      list = end;
    }
    if (call.multiplicities) readout = {list[0], list[1], list[2]};
  }
};

// The number of elements that each buffer of such a list must have.
template <class T, class Call>
std::vector<boundary::Extent> parameter_sizes(const Call& call) {
  using boundary::Extent;
  const Extent channels = call.channels, folded = SymmetricContraction<T>(call.lmax, call.correlation, 0).weights();
  std::vector<Extent> sizes;
  for (int64_t t = 0; t < call.layers; ++t) {
    const int64_t l_in = t ? call.lmax : call.l_in;
    const Extent paths = boundary::paths(l_in, call.lmax);
    sizes.insert(sizes.end(), {(Extent(l_in) + 1) * channels * channels,
                               paths * channels * call.widths[call.hidden_layers], paths * channels * channels,
                               channels, (Extent(call.lmax) + 1) * channels * channels});
    for (int64_t n = 0; n < call.fold_tensors; ++n)
      sizes.push_back((call.fold_rows ? Extent(call.fold_counts[n]) : folded) * channels);
    for (int64_t n = 0; n < call.hidden_layers; ++n) sizes.push_back(Extent(call.widths[n]) * call.widths[n + 1]);
    for (int64_t n = 0; n < call.hidden_layers; ++n) sizes.push_back(call.widths[n + 1]);
    if (call.norms >> t & 1) sizes.push_back((Extent(l_in) + 1) * channels);
  }
  if (call.multiplicities) {
    sizes.push_back((2 * Extent(call.lmax) + 1) * channels * channels);
    sizes.push_back(boundary::multiplicity(call.multiplicities, call.lmax, call.output_degrees) * channels);
    sizes.push_back(call.multiplicities[0]);
  }
  return sizes;
}

template <class B>
void check_parameters(const char* name, const calls::BufferList<B>& list, const std::vector<boundary::Extent>& sizes) {
  boundary::check_list(name, list.data, list.sizes, list.count, static_cast<int64_t>(sizes.size()));
  for (int64_t n = 0; n < list.count; ++n) boundary::check_buffer(name, list.data[n], list.sizes[n], sizes[n]);
}

// Whether a layer adds its features, or reads their norm: bit t of a 64-bit number, of which the sign is no use.
constexpr int64_t most_layers = 63;

// The map of the contraction's weights, every number of which is in range.
template <class Call>
Fold fold_of(const Call& call) {
  if (!call.fold_rows) {
    if (call.fold_tensors != 1) throw std::invalid_argument("fold_tensors must be 1 where there are no fold_rows");
    return {0, 1, nullptr, nullptr, nullptr, nullptr, nullptr};
  }
  if (!(call.fold_counts && call.fold_starts) ||
      (call.fold_starts[call.fold_rows] && !(call.fold_tensor && call.fold_row && call.fold_value)))
    throw std::invalid_argument("the map of the contraction's weights is incomplete");
  const int64_t entry = first_of(call.fold_starts[call.fold_rows], [&](int64_t i) {
    const int64_t tensor = call.fold_tensor[i];
    return outside(tensor, call.fold_tensors) || outside(call.fold_row[i], call.fold_counts[tensor]);
  });
  if (entry >= 0) throw std::out_of_range("fold_row or fold_tensor " + std::to_string(entry) + " is out of range");
  return {call.fold_rows,   call.fold_tensors, call.fold_counts, call.fold_starts,
          call.fold_tensor, call.fold_row,     call.fold_value};
}

// A network whose parameters are packed; see Layer on those that are not. Free of T, so that a handle can be freed.
struct AnyPacked {
  virtual ~AnyPacked() = default;
};
template <class T>
struct Packed final : AnyPacked {
  std::vector<Readout<T>> readout;  // none, or one
  std::vector<Network<T>> network;  // one
  std::vector<std::pair<const T*, int64_t>> parameters;  // what it was made of
  int64_t l_in, lmax, channels;

  template <class Call>
  Packed(const Call& call, bool backward) : l_in(call.l_in), lmax(call.lmax), channels(call.channels) {
    if (call.layers < 1) throw std::invalid_argument("network: there must be a layer");
    if (call.layers > most_layers) throw std::invalid_argument("network: there are more than 63 layers");
    const Fold fold = fold_of(call);
    check_parameters("parameters", call.parameters, parameter_sizes<T>(call));
    const ParameterList<const T> list(call, call.parameters.data);
    const std::vector<int64_t> hidden(call.widths, call.widths + call.hidden_layers + 1);
    std::vector<Layer<T>> layers;
    std::vector<const T*> norms;
    for (int64_t t = 0; t < call.layers; ++t) {
      norms.push_back(list.layers[t].norm);
      const EdgeConvShape conv{t ? call.lmax : call.l_in, call.lmax, call.channels, hidden.back(), call.agg_norm};
      const int64_t output_degrees = t + 1 < call.layers ? (2 << call.lmax) - 1 : call.output_degrees;
      layers.emplace_back(LayerShape{conv, hidden, call.max_length, call.max_radius, call.correlation, output_degrees,
                                     (call.residual >> t & 1) != 0},
                          list.layers[t], fold, backward);
    }
    if (call.multiplicities)
      readout.emplace_back(ReadoutShape{call.lmax, call.output_degrees, call.channels,
                                        {call.multiplicities, call.multiplicities + call.lmax + 1}, call.silu_gain},
                           list.readout, backward);
    network.emplace_back(std::move(layers), std::move(norms), call.norm_share, call.norm_floor,
                         call.multiplicities ? readout.data() : nullptr, (call.l_in + 1) * (call.l_in + 1), (call.lmax + 1) * (call.lmax + 1), call.channels);
    for (int64_t n = 0; n < call.parameters.count; ++n)
      parameters.emplace_back(call.parameters.data[n], call.parameters.sizes[n]);
  }
};

// Calls work(network, inputs) for the graph of a call.
template <class T, class Call, class Work>
void with_graph(const Packed<T>& packed, const Call& call, const Work& work) {
  const bool reads = !packed.readout.empty();
  if (reads && !call.batch && call.nodes) throw std::invalid_argument("network: a readout needs batch");
  std::vector<NodesByLattice> lattices;
  if (reads) lattices.emplace_back(call.nodes, call.lattices, call.batch);
  const EdgeGraph graph(call.nodes, call.edges, call.struts, call.edge_index, call.strut);
  const Index cuts = graph.pieces(reads ? call.batch : nullptr);
  work(packed.network[0],
       NetworkInputs<T>{graph, cuts, lattices.data(), call.batch, call.features, call.sh, call.length, call.radius});
}

// Zeros where sums begin, unless null.
template <class T>
void clear(T* sums, int64_t size) {
  if (sums) std::fill_n(sums, size, T(0));
}

}  // namespace
}  // namespace fl

namespace fl::calls {

template <class T>
void run(const Network<T>& call) {
  const int64_t kept = 2 * call.layers * call.nodes * (call.lmax + 1) * (call.lmax + 1) * call.channels;
  if (call.kept) prefer_large_pages(call.kept, kept * sizeof(T));
  with_graph(Packed<T>(call, false), call, [&](const auto& network, const auto& inputs) {
    network.forward(call.threads, inputs, call.out, call.kept);
  });
}
template <class T>
void run(const NetworkBackward<T>& call) {
  boundary::check_together("grad_length and grad_radius", {call.grad_length, call.grad_radius});
  with_graph(Packed<T>(call, true), call, [&](const auto& network, const auto& inputs) {
    if (call.grad_parameters.data) check_parameters("grad_parameters", call.grad_parameters, parameter_sizes<T>(call));
    clear(call.grad_sh, call.edges * (call.lmax + 1) * (call.lmax + 1));
    clear(call.grad_length, call.struts), clear(call.grad_radius, call.struts);
    NetworkGradients<T> gradients{call.grad_features, call.grad_sh, call.grad_length, call.grad_radius, nullptr, {}};
    if (!call.grad_parameters.data) return network.backward(call.threads, inputs, call.kept, call.grad, gradients);
    const ParameterList<T> list(call, call.grad_parameters.data);
    gradients.layers = list.layers.data(), gradients.readout = list.readout;
    network.backward(call.threads, inputs, call.kept, call.grad, gradients);
  });
}
template <class T>
void run(const NetworkPack<T>& call) {
  if (!call.multiplicities) throw std::invalid_argument("network: only one with a readout is packed");
  *call.handle = static_cast<AnyPacked*>(new Packed<T>(call, false));
}
template <class T>
void run(const NetworkPacked<T>& call) {
  const auto* packed = dynamic_cast<const Packed<T>*>(static_cast<const AnyPacked*>(call.handle));
  if (!packed || packed->l_in != call.l_in || packed->lmax != call.lmax || packed->channels != call.channels ||
      packed->readout[0].result_size() != call.width)
    throw std::invalid_argument("network: the packed one is of another dtype or size");
  with_graph(*packed, call, [&](const auto& network, const auto& inputs) {
    network.forward(call.threads, inputs, call.out, nullptr);
  });
}
template <class T>
void run(const NetworkHolds<T>& call) {
  const auto* packed = dynamic_cast<const Packed<T>*>(static_cast<const AnyPacked*>(call.handle));
  const auto& list = call.parameters;
  bool same = packed && list.count == static_cast<int64_t>(packed->parameters.size());
  for (int64_t n = 0; same && n < list.count; ++n) {
    const auto& [data, size] = packed->parameters[n];
    same = list.sizes[n] == size && std::memcmp(list.data[n], data, size * sizeof(T)) == 0;
  }
  *call.same = same;
}
void run(const NetworkFree& call) { delete static_cast<AnyPacked*>(call.handle); }

template void run(const Network<float>&);
template void run(const Network<double>&);
template void run(const NetworkBackward<float>&);
template void run(const NetworkBackward<double>&);
template void run(const NetworkPack<float>&);
template void run(const NetworkPack<double>&);
template void run(const NetworkPacked<float>&);
template void run(const NetworkPacked<double>&);
template void run(const NetworkHolds<float>&);
template void run(const NetworkHolds<double>&);

}  // namespace fl::calls
