// A message-passing layer: linear map of the senders, radial network, edge convolution, symmetric contraction, linear
// map, residual.
//
// One pass over nodes and struts makes what edges look up at random: mapped features and hidden rows of the radial
// network. A second goes tile by tile, and from the messages to the result leaves nothing in memory: the weights of the
// messages, the messages, what goes into the contraction and what comes out of it are one tile's, in the second-level
// cache. Backward, tiles are closed, so that a sender's gradient is complete in its tile; what went into the contraction
// was kept, all else is computed again.
//
// A network's forward pass takes six tenths of the time that it takes with single ops, which hand whole arrays on; part
// of what is saved is memory that the system need not clear anew (csrc/workspace.h).
#include "layer.h"

#include <algorithm>
#include <stdexcept>

#include "abi.h"
#include "pool.h"
#include "simd.h"

namespace fl {
namespace {

constexpr int max_components = 25;
constexpr int64_t nodes_per_chunk = 64, struts_per_chunk = 96;
constexpr int64_t tiles_per_part = 4;  // a part of the backward pass must be worth the sum of its weights' gradients
constexpr int64_t small_batch = 64;    // nodes: below, waking threads costs more than they save

// Rows [count][channels] with their channels padded with zeros to `width`: the caller's, or a copy in `storage`.
template <class T>
const T* padded_rows(int32_t threads, int64_t count, int64_t channels, int64_t width, const T* rows,
                     Array<T>& storage) {
  if (channels == width) return rows;
  T* out = room(storage, count * width);
  parallel_for(threads, count, 4096, [=](int32_t, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      std::copy(rows + i * channels, rows + (i + 1) * channels, out + i * width);
      std::fill(out + i * width + channels, out + (i + 1) * width, T(0));
    }
  });
  return out;
}

template <class T>
void unpad_rows(int64_t count, int64_t channels, int64_t width, const T* rows, T* out) {
  for (int64_t i = 0; i < count; ++i) std::copy(rows + i * width, rows + i * width + channels, out + i * channels);
}

}  // namespace

// What a thread keeps from tile to tile.
template <class T>
struct Layer<T>::Worker {
  typename EdgeConv<T>::Workspace conv;
  typename RadialMlp<T>::Workspace radial;
  EdgeTile tile;
  ReverseTile reverse;
  Array<T> atomic, product, out, grad_product, grad_atomic, grad_rows, unused;
};

template <class T>
Layer<T>::Layer(const LayerShape& shape, const LayerParameters<const T*>& parameters, bool backward)
    : shape_(shape),
      radial_(shape.widths, shape.max_length, shape.max_radius, parameters.hidden_weights, parameters.hidden_biases),
      conv_(shape.conv, parameters.radial, parameters.linear, parameters.bias, backward),
      up_(shape.conv.l_in, -1, shape.conv.channels, parameters.up, backward),
      product_(shape.conv.lmax, shape.outputs, shape.conv.channels, parameters.product, backward),
      contraction_(shape.conv.lmax, shape.correlation, shape.outputs) {
  if (shape.residual && shape.conv.l_in != shape.conv.lmax)
    throw std::invalid_argument("layer: a residual needs features of all degrees");
  contraction_weights_ = pack_blocks(contraction_.weights(), shape.conv.channels, width(), parameters.contraction);
}

// What the edges look up: the features mapped for the convolution, and the hidden rows.
template <class T>
void Layer<T>::senders(int32_t threads, const LayerInputs<T>& inputs, const T* features, T* up, T* hidden) const {
  const EdgeGraph& graph = inputs.graph;
  const int64_t node_chunks = (graph.nodes + nodes_per_chunk - 1) / nodes_per_chunk;
  const int64_t strut_chunks = (graph.rows + struts_per_chunk - 1) / struts_per_chunk;
  std::vector<Worker> workers(std::max(threads, 1));
  parallel_for(threads, node_chunks + strut_chunks, 1, [&](int32_t number, int64_t chunk, int64_t) {
    Worker& worker = workers[number];
    if (chunk >= node_chunks) {
      const int64_t begin = (chunk - node_chunks) * struts_per_chunk;
      const int64_t size = std::min(struts_per_chunk, graph.rows - begin);
      radial_.forward(size, inputs.length + begin, inputs.radius + begin, hidden + begin * radial_.width(),
                      worker.radial);
      return;
    }
    const int64_t begin = chunk * nodes_per_chunk, nodes = std::min(nodes_per_chunk, graph.nodes - begin);
    const int64_t components = shape_.conv.in_components();
    const auto in = dense_rows(features + begin * in_size(), components, width());
    const bool direct = conv_.blocks() == 1;
    T* rows = direct ? up + begin * in_size() : room(worker.out, nodes * in_size());
    up_.forward(nodes, in, dense_rows(rows, components, width()), false);
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
      contraction_.backward(1, in, &contraction_weights_[b * weights], slope, out, sums + b * weights);
      unpack_block(components, width(), b, out, grad_a + node * out_size());
    }
}

template <class T>
void Layer<T>::forward(int32_t threads, const LayerInputs<T>& inputs, T* out, T* atomic) const {
  const EdgeGraph& graph = inputs.graph;
  const int64_t channels = shape_.conv.channels, components = shape_.conv.components();
  if (graph.nodes <= small_batch) threads = 1;
  Array<T> storage, up(graph.nodes * in_size()), hidden(graph.rows * radial_.width());
  const T* features = padded_rows(threads, graph.nodes * shape_.conv.in_components(), channels, width(),
                                  inputs.features, storage);
  senders(threads, inputs, features, up.data(), hidden.data());

  const Index tiles = graph.forward_tiles();
  std::vector<Worker> workers(std::max(threads, 1));
  parallel_for(threads, tiles.size() - 1, 1, [&](int32_t number, int64_t n, int64_t) {
    Worker& worker = workers[number];
    const int64_t begin = tiles[n], nodes = tiles[n + 1] - begin;
    worker.tile.set(graph, begin, tiles[n + 1]);
    const bool direct = channels == width();
    T* a = atomic && direct ? atomic + begin * out_size() : room(worker.atomic, nodes * out_size());
    conv_.forward({graph, worker.tile, up.data(), inputs.sh, hidden.data()}, a, worker.conv);
    if (atomic && !direct) unpad_rows(nodes * components, channels, width(), a, atomic + begin * components * channels);

    T* product = room(worker.product, nodes * out_size());
    contract(nodes, a, product);
    T* result = direct ? out + begin * out_size() : room(worker.out, nodes * out_size());
    if (shape_.residual)
      std::copy(features + begin * in_size(), features + (begin + nodes) * in_size(), result);
    else
      std::fill(result, result + nodes * out_size(), T(0));
    for (int64_t l = 0; l <= shape_.conv.lmax; ++l)  // no residual where there is no result
      for (int64_t node = 0; node < nodes && shape_.residual && !(shape_.outputs >> l & 1); ++node)
        std::fill_n(result + node * out_size() + l * l * width(), (2 * l + 1) * width(), T(0));
    product_.forward(nodes, dense_rows<const T>(product, components, width()), dense_rows(result, components, width()),
                     true);
    if (!direct) unpad_rows(nodes * components, channels, width(), result, out + begin * components * channels);
  });
}

// The gradients of the weights of one part: of the convolution, the contraction, the product, the senders' map.
template <class T>
int64_t Layer<T>::sums_size() const {
  return conv_.sums_size() + contraction_.weights() * width() + product_.sums_size() + up_.sums_size();
}

template <class T>
void Layer<T>::tile_backward(const LayerInputs<T>& inputs, int64_t begin, int64_t end, const T* features,
                             const T* atomic, const T* up, const T* hidden, const T* grad, T* grad_up, T* grad_hidden,
                             T* grad_features, T* grad_sh, T* sums, Worker& worker) const {
  const int64_t nodes = end - begin, components = shape_.conv.components(), in_components = shape_.conv.in_components();
  T* contraction_sums = sums + conv_.sums_size();
  if (!sums) {  // not wanted, but computed all the same
    contraction_sums = room(worker.unused, contraction_.weights() * width());
    std::fill_n(contraction_sums, contraction_.weights() * width(), T(0));
  }
  T* product_sums = contraction_sums + contraction_.weights() * width();
  T* up_sums = product_sums + product_.sums_size();
  const T* a = atomic + begin * out_size();
  const auto slope = dense_rows(grad + begin * out_size(), components, width());

  T* grad_product = room(worker.grad_product, nodes * out_size());
  std::fill(grad_product, grad_product + nodes * out_size(), T(0));
  product_.backward(nodes, slope, dense_rows(grad_product, components, width()), false);
  if (sums) {
    T* product = room(worker.product, nodes * out_size());
    contract(nodes, a, product);
    product_.add_sums(nodes, dense_rows<const T>(product, components, width()), slope, product_sums);
  }
  T* grad_atomic = room(worker.grad_atomic, nodes * out_size());
  contract_backward(nodes, a, grad_product, grad_atomic, contraction_sums);

  worker.tile.set(inputs.graph, begin, end);
  worker.reverse.set(inputs.graph, begin, end);
  const bool through = sums || grad_features;  // whether the gradient of the senders is needed
  if (through) std::fill(grad_up + begin * in_size(), grad_up + end * in_size(), T(0));
  conv_.backward({inputs.graph, worker.tile, up, inputs.sh, hidden},
                 {worker.reverse.receiver.data(), worker.reverse.by_sender.data(), grad_atomic,
                  through ? grad_up : nullptr, grad_sh, grad_hidden, sums},
                 worker.conv);
  if (!through) return;
  const T* rows = grad_up + begin * in_size();
  if (conv_.blocks() > 1) {
    T* unblocked = room(worker.grad_rows, nodes * in_size());
    std::fill(unblocked, unblocked + nodes * in_size(), T(0));
    conv_.from_blocks(nodes, rows, width(), unblocked);
    rows = unblocked;
  }
  const auto in_slope = dense_rows(rows, in_components, width());
  if (sums) up_.add_sums(nodes, dense_rows(features + begin * in_size(), in_components, width()), in_slope, up_sums);
  if (!grad_features) return;
  T* result = grad_features + begin * in_size();
  std::fill(result, result + nodes * in_size(), T(0));
  for (int64_t l = 0; l <= shape_.conv.lmax && shape_.residual; ++l)
    for (int64_t node = 0; node < nodes && shape_.outputs >> l & 1; ++node)
      std::copy_n(grad + (begin + node) * out_size() + l * l * width(), (2 * l + 1) * width(),
                  result + node * in_size() + l * l * width());
  up_.backward(nodes, in_slope, dense_rows(result, in_components, width()), true);
}

template <class T>
void Layer<T>::backward(int32_t threads, const LayerInputs<T>& inputs, const T* atomic, const T* grad,
                        const LayerGradients<T>& gradients) const {
  const EdgeGraph& graph = inputs.graph;
  const int64_t channels = shape_.conv.channels, in_rows = graph.nodes * shape_.conv.in_components();
  const int64_t out_rows = graph.nodes * shape_.conv.components(), hidden_width = radial_.width();
  const LayerParameters<T*>* parameters = gradients.parameters;
  const bool radial = parameters || gradients.length;
  if (graph.nodes <= small_batch) threads = 1;

  Array<T> storage[3], up(graph.nodes * in_size()), hidden(graph.rows * hidden_width), grad_up, grad_hidden, grad_rows;
  const T* features = padded_rows(threads, in_rows, channels, width(), inputs.features, storage[0]);
  atomic = padded_rows(threads, out_rows, channels, width(), atomic, storage[1]);
  grad = padded_rows(threads, out_rows, channels, width(), grad, storage[2]);
  senders(threads, inputs, features, up.data(), hidden.data());
  if (parameters || gradients.features) grad_up.resize(graph.nodes * in_size());
  if (radial) grad_hidden.resize(graph.rows * hidden_width, T(0));
  T* grad_features = gradients.features;
  if (grad_features && channels != width()) grad_features = room(grad_rows, graph.nodes * in_size());

  const Index tiles = graph.backward_tiles();
  const Parts parts(tiles.size() - 1, tiles_per_part);
  std::vector<Array<T>> sums(parts.number);
  std::vector<Worker> workers(std::max(threads, 1));
  parallel_for(threads, parts.number, 1, [&](int32_t number, int64_t part, int64_t) {
    if (parameters) sums[part].assign(sums_size(), T(0));
    for (int64_t n = parts.begin(part); n < parts.begin(part + 1); ++n)
      tile_backward(inputs, tiles[n], tiles[n + 1], features, atomic, up.data(), hidden.data(), grad, grad_up.data(),
                    radial ? grad_hidden.data() : nullptr, grad_features, gradients.sh,
                    parameters ? sums[part].data() : nullptr, workers[number]);
  });
  if (grad_features != gradients.features)
    unpad_rows(in_rows, channels, width(), grad_features, gradients.features);
  if (parameters) {
    tree_sum(threads, sums);
    const T* sum = sums[0].data();
    conv_.unpack_sums(sum, parameters->radial, parameters->linear, parameters->bias);
    sum += conv_.sums_size();
    unpack_blocks(contraction_.weights(), channels, sum, parameters->contraction);
    sum += contraction_.weights() * width();
    product_.unpack_sums(sum, parameters->product);
    up_.unpack_sums(sum + product_.sums_size(), parameters->up);
  }
  if (radial)
    radial_mlp_backward(threads, radial_, graph.rows, inputs.length, inputs.radius, grad_hidden.data(),
                        gradients.length, gradients.radius, parameters ? parameters->hidden_weights : nullptr,
                        parameters ? parameters->hidden_biases : nullptr);
}

template class Layer<float>;
template class Layer<double>;

namespace {

// The parameters, or their gradients, from one list of pointers.
template <class T>
LayerParameters<T*> parameters_of(T* const* list, int64_t hidden_layers) {
  return {list[0], list[1], list[2], list[3], list[4], list[5], list + 6, list + 6 + hidden_layers};
}

}  // namespace
}  // namespace fl

// widths [hidden_layers + 1] as for RadialMlp. `parameters`: those of the layer in the order of LayerParameters, hidden
// weights one after another, then hidden biases. strut may be null: each edge has its own row of length and radius.
// Null gradients are not computed.
#define FL_LAYER(T, SUFFIX)                                                                                            \
  FL_EXPORT int32_t fl_layer_##SUFFIX(                                                                                 \
      int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t l_in, int64_t lmax, int64_t channels,     \
      double agg_norm, int64_t hidden_layers, const int64_t* widths, double max_length, double max_radius,             \
      int64_t correlation, int64_t outputs, int64_t residual, const int64_t* edge_index, const int64_t* strut,         \
      const T* const* parameters, const T* features, const T* sh, const T* length, const T* radius, T* out,            \
      T* atomic) {                                                                                                     \
    return fl::guarded([&] {                                                                                           \
      const fl::EdgeGraph graph(nodes, edges, struts, edge_index, strut);                                              \
      const std::vector<int64_t> sizes(widths, widths + hidden_layers + 1);                                            \
      const fl::Layer<T> layer({{l_in, lmax, channels, sizes.back(), agg_norm}, sizes, max_length, max_radius,         \
                                correlation, outputs, residual != 0},                                                  \
                               fl::parameters_of(parameters, hidden_layers), false);                                   \
      layer.forward(static_cast<int32_t>(threads), {graph, features, sh, length, radius}, out, atomic);                \
    });                                                                                                                \
  }                                                                                                                    \
  FL_EXPORT int32_t fl_layer_backward_##SUFFIX(                                                                        \
      int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t l_in, int64_t lmax, int64_t channels,     \
      double agg_norm, int64_t hidden_layers, const int64_t* widths, double max_length, double max_radius,             \
      int64_t correlation, int64_t outputs, int64_t residual, const int64_t* edge_index, const int64_t* strut,         \
      const T* const* parameters, const T* features, const T* sh, const T* length, const T* radius, const T* atomic,   \
      const T* grad, T* grad_features, T* grad_sh, T* grad_length, T* grad_radius, T* const* grad_parameters) {        \
    return fl::guarded([&] {                                                                                           \
      const fl::EdgeGraph graph(nodes, edges, struts, edge_index, strut);                                              \
      const std::vector<int64_t> sizes(widths, widths + hidden_layers + 1);                                            \
      const fl::Layer<T> layer({{l_in, lmax, channels, sizes.back(), agg_norm}, sizes, max_length, max_radius,         \
                                correlation, outputs, residual != 0},                                                  \
                               fl::parameters_of(parameters, hidden_layers), true);                                    \
      fl::LayerParameters<T*> slopes{};                                                                                \
      if (grad_parameters) slopes = fl::parameters_of(grad_parameters, hidden_layers);                                 \
      layer.backward(static_cast<int32_t>(threads), {graph, features, sh, length, radius}, atomic, grad,               \
                     {grad_features, grad_sh, grad_length, grad_radius, grad_parameters ? &slopes : nullptr});         \
    });                                                                                                                \
  }

FL_LAYER(float, f32)
FL_LAYER(double, f64)
