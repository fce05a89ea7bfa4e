#include "network/network.h"

#include <algorithm>

#include "base/pool.h"

namespace fl {
namespace {

constexpr int64_t nodes_per_chunk = 64;

}  // namespace

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

template class Network<float>;
template class Network<double>;

}  // namespace fl
