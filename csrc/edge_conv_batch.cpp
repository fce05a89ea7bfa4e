// edge_conv over whole arrays: cuts the graph into tiles, and shares them among threads.
#include "abi.h"
#include "edge_conv.h"
#include "edge_graph.h"
#include "pool.h"
#include "simd.h"

namespace fl {
namespace {

// A part of the backward pass has a gradient of all weights of its own: it must be worth its sum.
constexpr int64_t tiles_per_part = 4;

// What a thread keeps from tile to tile.
template <class T>
struct Worker {
  typename EdgeConv<T>::Workspace workspace;
  EdgeTile tile;
  ReverseTile reverse;
  Array<T> out;
};

// Whether the padded layout of node features is the caller's.
template <class T>
bool plain(const EdgeConv<T>& conv) {
  return conv.padded_channels() == conv.shape().channels && conv.blocks() == 1;
}

// Features in the padded layout: the caller's, or a copy in `storage`.
template <class T>
const T* blocked(const EdgeConv<T>& conv, int32_t threads, int64_t nodes, const T* features, Array<T>& storage) {
  if (plain(conv)) return features;
  const int64_t components = conv.shape().in_components(), from = components * conv.shape().channels;
  const int64_t to = components * conv.padded_channels();
  storage.resize(nodes * to);
  parallel_for(threads, nodes, 256, [&](int32_t, int64_t begin, int64_t end) {
    conv.to_blocks(end - begin, features + begin * from, conv.shape().channels, storage.data() + begin * to);
  });
  return storage.data();
}

template <class T>
void forward(int32_t threads, const EdgeGraph& graph, const EdgeConv<T>& conv, const T* features, const T* sh,
             const T* hidden, T* out) {
  Array<T> storage;
  const T* padded_features = blocked(conv, threads, graph.nodes, features, storage);
  const Index tiles = graph.forward_tiles();
  const int64_t rows = conv.shape().components(), from = conv.padded_channels(), to = conv.shape().channels;
  std::vector<Worker<T>> workers(std::max(threads, 1));
  parallel_for(threads, tiles.size() - 1, 1, [&](int32_t number, int64_t n, int64_t) {
    Worker<T>& worker = workers[number];
    worker.tile.set(graph, tiles[n], tiles[n + 1]);
    const EdgeConvTile<T> tile(graph, worker.tile, padded_features, sh, hidden);
    T* result = out + tiles[n] * rows * to;
    if (from == to) return conv.forward(tile, result, worker.workspace);
    const T* padded_result = room(worker.out, tile.nodes * rows * from);
    conv.forward(tile, worker.out.data(), worker.workspace);
    for (int64_t i = 0; i < tile.nodes * rows; ++i)
      std::copy(padded_result + i * from, padded_result + i * from + to, result + i * to);
  });
}

// Gradients; null ones are not computed, those of the three parameters together.
template <class T>
struct Gradients {
  T *features, *sh, *hidden, *weight, *linear_weight, *linear_bias;
};

template <class T>
void backward(int32_t threads, const EdgeGraph& graph, const EdgeConv<T>& conv, const T* features, const T* sh,
              const T* hidden, const T* grad, const Gradients<T>& gradients) {
  const EdgeConvShape& shape = conv.shape();
  Array<T> storage, grad_storage;
  const T* padded_features = blocked(conv, threads, graph.nodes, features, storage);
  const int64_t rows = shape.components(), from = shape.channels, to = conv.padded_channels();
  T* grad_features = gradients.features;
  if (grad_features && !plain(conv)) {
    grad_storage.assign(graph.nodes * shape.in_components() * to, T(0));
    grad_features = grad_storage.data();
  }
  if (gradients.features) std::fill_n(gradients.features, graph.nodes * shape.in_components() * from, T(0));
  if (gradients.hidden) std::fill_n(gradients.hidden, graph.rows * shape.width, T(0));

  const Index tiles = graph.backward_tiles();
  const Parts parts(tiles.size() - 1, tiles_per_part);
  std::vector<Array<T>> sums(parts.number);
  std::vector<Worker<T>> workers(std::max(threads, 1));
  parallel_for(threads, parts.number, 1, [&](int32_t number, int64_t part, int64_t) {
    Worker<T>& worker = workers[number];
    if (gradients.weight) sums[part].assign(conv.sums_size(), T(0));
    for (int64_t n = parts.begin(part); n < parts.begin(part + 1); ++n) {
      const int64_t begin = tiles[n], end = tiles[n + 1];
      worker.tile.set(graph, begin, end);
      worker.reverse.set(graph, begin, end);
      const EdgeConvTile<T> tile(graph, worker.tile, padded_features, sh, hidden);
      const T* padded_grad = grad + begin * rows * from;
      if (from != to) {
        T* copy = room(worker.out, tile.nodes * rows * to);
        for (int64_t i = 0; i < tile.nodes * rows; ++i) {
          std::copy(padded_grad + i * from, padded_grad + (i + 1) * from, copy + i * to);
          std::fill(copy + i * to + from, copy + (i + 1) * to, T(0));
        }
        padded_grad = copy;
      }
      conv.backward(tile,
                    {worker.reverse.receiver.data(), worker.reverse.by_sender.data(), padded_grad, grad_features, gradients.sh,
                     gradients.hidden, gradients.weight ? sums[part].data() : nullptr},
                    worker.workspace);
    }
  });
  if (grad_features != gradients.features)
    conv.from_blocks(graph.nodes, grad_features, from, gradients.features);
  if (!gradients.weight) return;
  tree_sum(threads, sums);
  conv.unpack_sums(sums[0].data(), gradients.weight, gradients.linear_weight, gradients.linear_bias);
}

}  // namespace
}  // namespace fl

// Arrays as in fastlattice.ops.edge_conv, `rows` those of `hidden`; strut may be null, and so may gradients.
#define FL_EDGE_CONV(T, SUFFIX)                                                                                       \
  FL_EXPORT int32_t fl_edge_conv_##SUFFIX(                                                                            \
      int64_t threads, int64_t nodes, int64_t edges, int64_t rows, int64_t l_in, int64_t lmax, int64_t channels,      \
      int64_t width, double agg_norm, const T* features, const T* sh, const T* hidden, const T* weight,               \
      const int64_t* edge_index, const T* linear_weight, const T* linear_bias, const int64_t* strut, T* out) {        \
    return fl::guarded([&] {                                                                                          \
      const fl::EdgeGraph graph(nodes, edges, rows, edge_index, strut);                                                   \
      const fl::EdgeConv<T> conv({l_in, lmax, channels, width, agg_norm}, weight, linear_weight, linear_bias, false); \
      fl::forward<T>(threads, graph, conv, features, sh, hidden, out);                                                \
    });                                                                                                               \
  }                                                                                                                   \
  FL_EXPORT int32_t fl_edge_conv_backward_##SUFFIX(                                                                   \
      int64_t threads, int64_t nodes, int64_t edges, int64_t rows, int64_t l_in, int64_t lmax, int64_t channels,      \
      int64_t width, double agg_norm, const T* features, const T* sh, const T* hidden, const T* weight,               \
      const int64_t* edge_index, const T* linear_weight, const T* linear_bias, const int64_t* strut, const T* grad,   \
      T* grad_features, T* grad_sh, T* grad_hidden, T* grad_weight, T* grad_linear_weight, T* grad_linear_bias) {     \
    return fl::guarded([&] {                                                                                          \
      const fl::EdgeGraph graph(nodes, edges, rows, edge_index, strut);                                                   \
      const fl::EdgeConv<T> conv({l_in, lmax, channels, width, agg_norm}, weight, linear_weight, linear_bias, true);  \
      fl::backward<T>(threads, graph, conv, features, sh, hidden, grad,                                               \
                      {grad_features, grad_sh, grad_hidden, grad_weight, grad_linear_weight, grad_linear_bias});      \
    });                                                                                                               \
  }

FL_EDGE_CONV(float, f32)
FL_EDGE_CONV(double, f64)
