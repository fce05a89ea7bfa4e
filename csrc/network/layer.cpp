// A message-passing layer: linear map of the senders, radial network, edge convolution, symmetric contraction, linear
// map, residual.
//
// First what edges look up at random: the piece's features mapped for the convolution, and the hidden rows of the
// radial network. Then tile by tile, from the messages to the result, nothing but a tile's arrays in the second-level
// cache. The backward pass takes a piece as one tile, so that a sender's gradient is complete in it; what went into the
// contraction and what came out of it was kept, all else is computed again.
#include "network/layer.h"

#include <algorithm>
#include <stdexcept>

#include "base/pool.h"
#include "base/simd.h"

namespace fl {
namespace {

constexpr int max_components = 25;
constexpr int64_t nodes_per_chunk = 64, struts_per_chunk = 96;
constexpr int64_t nodes_at_once = 16;  // few enough for their arrays to stay in the first caches

// The weights in the basis of the contraction, [block of channels][row][lanes].
template <class T>
Array<T> folded_blocks(const Fold& fold, int64_t channels, int64_t width, const T* const* weights) {
  Array<T> folded(fold.rows * channels, T(0));
  for (int64_t n = 0; n < fold.rows; ++n)
    for (int64_t i = fold.starts[n]; i < fold.starts[n + 1]; ++i) {
      const T value = static_cast<T>(fold.value[i]);
      const T* __restrict__ from = weights[fold.tensor[i]] + fold.row[i] * channels;
      T* __restrict__ to = folded.data() + n * channels;
      for (int64_t c = 0; c < channels; ++c) to[c] += value * from[c];
    }
  return pack_blocks(fold.rows, channels, width, folded.data());
}

// The transposed map, for gradients.
template <class T>
void unfold_blocks(const Fold& fold, int64_t channels, const T* blocks, T* const* weights) {
  for (int64_t k = 0; k < fold.tensors; ++k) std::fill_n(weights[k], fold.counts[k] * channels, T(0));
  Array<T> folded(fold.rows * channels);
  unpack_blocks(fold.rows, channels, blocks, folded.data());
  for (int64_t n = 0; n < fold.rows; ++n)
    for (int64_t i = fold.starts[n]; i < fold.starts[n + 1]; ++i) {
      const T value = static_cast<T>(fold.value[i]);
      const T* __restrict__ from = folded.data() + n * channels;
      T* __restrict__ to = weights[fold.tensor[i]] + fold.row[i] * channels;
      for (int64_t c = 0; c < channels; ++c) to[c] += value * from[c];
    }
}

}  // namespace

template <class T>
Layer<T>::Layer(const LayerShape& shape, const LayerParameters<const T*>& parameters, const Fold& fold, bool backward)
    : shape_(shape),
      fold_(fold),
      radial_(shape.widths, shape.max_length, shape.max_radius, parameters.hidden_weights, parameters.hidden_biases),
      conv_(shape.conv, parameters.radial, parameters.linear, parameters.bias, backward),
      up_(shape.conv.l_in, -1, shape.conv.channels, parameters.up, backward),
      product_(shape.conv.lmax, shape.output_degrees, shape.conv.channels, parameters.product, backward),
      contraction_(shape.conv.lmax, shape.correlation, shape.output_degrees) {
  if (shape.residual && shape.conv.l_in != shape.conv.lmax)
    throw std::invalid_argument("layer: a residual needs features of all degrees");
  if (fold.rows && fold.rows != contraction_.weights())
    throw std::invalid_argument("layer: the map of the contraction's weights is another network's");
  const int64_t channels = shape.conv.channels;
  contraction_weights_ = fold.rows ? folded_blocks(fold, channels, width(), parameters.contraction)
                                   : pack_blocks(contraction_.weights(), channels, width(), parameters.contraction[0]);
}

// What the edges look up: the features mapped for the convolution, and the hidden rows.
template <class T>
void Layer<T>::senders(int32_t threads, Worker* workers, const PieceInputs<T>& inputs, const T* features, T* up,
                       T* hidden) const {
  const Piece& piece = inputs.piece;
  const int64_t node_chunks = (piece.nodes() + nodes_per_chunk - 1) / nodes_per_chunk;
  const int64_t strut_chunks = (piece.struts + struts_per_chunk - 1) / struts_per_chunk;
  parallel_for(threads, node_chunks + strut_chunks, 1, [&](int32_t number, int64_t chunk, int64_t) {
    Worker& worker = workers[number];
    if (chunk >= node_chunks) {
      const int64_t begin = (chunk - node_chunks) * struts_per_chunk;
      const int64_t size = std::min(struts_per_chunk, piece.struts - begin);
      radial_.forward(size, inputs.length + begin, inputs.radius + begin, hidden + begin * radial_.width(),
                      worker.radial);
      return;
    }
    const int64_t begin = chunk * nodes_per_chunk, nodes = std::min(nodes_per_chunk, piece.nodes() - begin);
    const int64_t components = shape_.conv.in_components();
    const auto in = dense_rows(features + begin * in_size(), components, width());
    const bool direct = conv_.blocks() == 1;
    T* rows = direct ? up + begin * in_size() : room(worker.rows, nodes * in_size());
    up_.forward(nodes, in, dense_rows(rows, components, width()));
    if (!direct) conv_.to_blocks(nodes, rows, width(), up + begin * in_size());
  });
}

template <class T>
void Layer<T>::contract(int64_t nodes, const T* a, T* out) const {
  alignas(64) T in[max_components * lanes<T>], result[max_components * lanes<T>];
  const int64_t components = shape_.conv.components(), weights = contraction_.weights() * lanes<T>;
  for (int64_t b = 0; b < width() / lanes<T>; ++b)
    for (int64_t node = 0; node < nodes; ++node) {
      pack_block(components, width(), b, a + node * out_size(), in);
      if (node + 1 < nodes) {
        prefetch_block(components, width(), b, a + (node + 1) * out_size());
        prefetch_block<true>(components, width(), b, out + (node + 1) * out_size());
      }
      contraction_.forward(1, in, &contraction_weights_[b * weights], result);
      unpack_block(components, width(), b, result, out + node * out_size());
    }
}

// From the gradient of the contraction's result to that of what went in; those of the weights are added to `sums`.
template <class T>
void Layer<T>::contract_backward(int64_t nodes, const T* a, const T* grad, T* grad_a, T* sums) const {
  alignas(64) T in[max_components * lanes<T>], slope[max_components * lanes<T>], out[max_components * lanes<T>];
  const int64_t components = shape_.conv.components(), weights = contraction_.weights() * lanes<T>;
  for (int64_t b = 0; b < width() / lanes<T>; ++b)
    for (int64_t node = 0; node < nodes; ++node) {
      pack_block(components, width(), b, a + node * out_size(), in);
      pack_block(components, width(), b, grad + node * out_size(), slope);
      if (node + 1 < nodes) {
        prefetch_block(components, width(), b, a + (node + 1) * out_size());
        prefetch_block(components, width(), b, grad + (node + 1) * out_size());
      }
      contraction_.backward(1, in, &contraction_weights_[b * weights], slope, out, sums + b * weights);
      unpack_block(components, width(), b, out, grad_a + node * out_size());
    }
}

template <class T>
void Layer<T>::forward(int32_t threads, Worker* workers, const PieceInputs<T>& inputs, const T* features, T* out,
                       T* atomic, T* product) const {
  const Piece& piece = inputs.piece;
  T *up = room(workers->up, piece.nodes() * in_size()), *hidden = room(workers->hidden, piece.struts * radial_.width());
  senders(threads, workers, inputs, features, up, hidden);

  piece.tiles(workers->tiles);
  const Index& tiles = workers->tiles;
  parallel_for(threads, tiles.size() - 1, 1, [&](int32_t number, int64_t n, int64_t) {
    Worker& worker = workers[number];
    const int64_t begin = tiles[n], nodes = tiles[n + 1] - begin;
    worker.tile.set(piece, begin, tiles[n + 1]);
    T* a = atomic ? atomic + begin * out_size() : room(worker.atomic, nodes * out_size());
    conv_.forward({worker.tile, up, inputs.sh, hidden}, a, worker.conv);
    T* unkept = product ? nullptr : room(worker.product, nodes_at_once * out_size());
    for (int64_t first = 0; first < nodes; first += nodes_at_once) {
      const int64_t size = std::min(nodes_at_once, nodes - first), node = begin + first;
      T* result = product ? product + node * out_size() : unkept;
      contract(size, a + first * out_size(), result);
      finish(size, result, features + node * in_size(), out + node * out_size());
    }
  });
}

template <class T>
void Layer<T>::finish(int64_t nodes, const T* product, const T* features, T* out) const {
  const int64_t components = shape_.conv.components();
  Rows<const T> start;
  if (shape_.residual) start = dense_rows(features, components, width());
  product_.forward(nodes, dense_rows(product, components, width()), dense_rows(out, components, width()), start);
  for (int64_t l = 0; l <= shape_.conv.lmax; ++l)
    for (int64_t node = 0; node < nodes && !(shape_.output_degrees >> l & 1); ++node)
      std::fill_n(out + node * out_size() + l * l * width(), (2 * l + 1) * width(), T(0));
}

// Where the sums of each part begin; null ones are not wanted.
template <class T>
typename Layer<T>::Sums Layer<T>::split(T* sums) const {
  if (!sums) return {};
  T* contraction = sums + conv_.sums_size();
  T* product = contraction + contraction_.weights() * width();
  T* up = product + product_.sums_size();
  return {sums, contraction, product, up, up + up_.sums_size()};
}

// Through the product and the contraction of every node: the gradient of what the convolution gave.
template <class T>
const T* Layer<T>::node_backward(int64_t nodes, const T* atomic, const T* product, const T* grad, const Sums& sums,
                                 Worker& worker) const {
  const int64_t components = shape_.conv.components(), weights = contraction_.weights() * width();
  T* contraction_sums = sums.contraction;
  if (!contraction_sums) {  // not wanted, but computed all the same
    contraction_sums = room(worker.unused, weights);
    std::fill_n(contraction_sums, weights, T(0));
  }
  T* grad_product = room(worker.grad_product, nodes_at_once * out_size());
  T* grad_atomic = room(worker.grad_atomic, nodes * out_size());
  for (int64_t begin = 0; begin < nodes; begin += nodes_at_once) {
    const int64_t size = std::min(nodes_at_once, nodes - begin), at = begin * out_size();
    const auto grad_out = dense_rows(grad + at, components, width());
    product_.backward(size, grad_out, dense_rows(grad_product, components, width()));
    if (sums.product) product_.add_sums(size, dense_rows(product + at, components, width()), grad_out, sums.product);
    contract_backward(size, atomic + at, grad_product, grad_atomic + at, contraction_sums);
  }
  return grad_atomic;
}

// Through the convolution and the radial network: the gradients of what the edges were given; and that of the mapped
// features, or null where nothing asks for it.
template <class T>
const T* Layer<T>::edge_backward(const PieceInputs<T>& inputs, const T* features, const T* grad_atomic,
                                 const PieceGradients<T>& gradients, const Sums& sums, Worker& worker) const {
  const Piece& piece = inputs.piece;
  const int64_t nodes = piece.nodes(), hidden_size = piece.struts * radial_.width();
  const bool mapped = sums.up || gradients.features, radial = sums.radial || gradients.length;
  T *up = room(worker.up, nodes * in_size()), *hidden = room(worker.hidden, hidden_size);
  senders(1, &worker, inputs, features, up, hidden);
  worker.tile.set(piece, 0, nodes);
  worker.reverse.set(piece);
  T* grad_up = mapped ? room(worker.grad_up, nodes * in_size()) : nullptr;
  if (grad_up) std::fill_n(grad_up, nodes * in_size(), T(0));
  T* grad_hidden = radial ? room(worker.grad_hidden, hidden_size) : nullptr;
  conv_.backward({worker.tile, up, inputs.sh, hidden},
                 {worker.reverse.receiver.data(), worker.reverse.by_sender.data(), grad_atomic, grad_up, gradients.sh,
                  grad_hidden, sums.conv},
                 worker.conv);
  if (radial)
    radial_.backward(piece.struts, inputs.length, inputs.radius, grad_hidden, gradients.length, gradients.radius,
                     sums.radial, worker.radial);
  return grad_up;
}

// Through the senders' map, and past the layer where its features are added to its result.
template <class T>
void Layer<T>::feature_backward(int64_t nodes, const T* features, const T* grad_up, const T* grad, T* grad_features,
                                const Sums& sums, Worker& worker) const {
  const int64_t components = shape_.conv.in_components();
  const auto rows_of = [&](auto* data) { return dense_rows(data, components, width()); };
  for (int64_t begin = 0; begin < nodes; begin += nodes_at_once) {
    const int64_t size = std::min(nodes_at_once, nodes - begin), at = begin * in_size();
    const T* rows = grad_up + at;
    if (conv_.blocks() > 1) {
      T* unpacked = room(worker.rows, nodes_at_once * in_size());
      std::fill_n(unpacked, size * in_size(), T(0));
      conv_.from_blocks(size, rows, width(), unpacked);
      rows = unpacked;
    }
    if (sums.up) up_.add_sums(size, rows_of(features + at), rows_of(rows), sums.up);
    if (!grad_features) continue;
    T* out = grad_features + at;
    std::fill_n(out, size * in_size(), T(0));
    for (int64_t l = 0; l <= shape_.conv.lmax && shape_.residual; ++l)
      for (int64_t node = 0; node < size && shape_.output_degrees >> l & 1; ++node)
        std::copy_n(grad + (begin + node) * out_size() + l * l * width(), (2 * l + 1) * width(),
                    out + node * in_size() + l * l * width());
    up_.backward(size, rows_of(rows), rows_of(out), rows_of(static_cast<const T*>(out)));
  }
}

template <class T>
void Layer<T>::backward(Worker& worker, const PieceInputs<T>& inputs, const T* features, const T* atomic,
                        const T* product, const T* grad, const PieceGradients<T>& gradients) const {
  const int64_t nodes = inputs.piece.nodes();
  const Sums sums = split(gradients.sums);
  const T* grad_atomic = node_backward(nodes, atomic, product, grad, sums, worker);
  const T* grad_up = edge_backward(inputs, features, grad_atomic, gradients, sums, worker);
  if (grad_up) feature_backward(nodes, features, grad_up, grad, gradients.features, sums, worker);
}

// Of the convolution, the contraction, the product, the senders' map, the radial network.
template <class T>
int64_t Layer<T>::sums_size() const {
  return conv_.sums_size() + contraction_.weights() * width() + product_.sums_size() + up_.sums_size() +
         radial_.sums_size();
}

template <class T>
void Layer<T>::unpack_sums(const T* sums, const LayerParameters<T*>& parameters) const {
  const int64_t channels = shape_.conv.channels;
  conv_.unpack_sums(sums, parameters.radial, parameters.linear, parameters.bias);
  sums += conv_.sums_size();
  if (fold_.rows)
    unfold_blocks(fold_, channels, sums, parameters.contraction);
  else
    unpack_blocks(contraction_.weights(), channels, sums, parameters.contraction[0]);
  sums += contraction_.weights() * width();
  product_.unpack_sums(sums, parameters.product);
  sums += product_.sums_size();
  up_.unpack_sums(sums, parameters.up);
  radial_.unpack_sums(sums + up_.sums_size(), parameters.hidden_weights, parameters.hidden_biases);
}

template class Layer<float>;
template class Layer<double>;

}  // namespace fl
