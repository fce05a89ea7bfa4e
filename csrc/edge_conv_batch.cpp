// edge_conv over whole arrays: sorts the edges, cuts the graph into tiles, and shares them among threads.
//
// A tile never changes a node's result, so the output is the same whatever else is in a batch. Forward, a tile is some
// consecutive receivers. Backward, it is a piece of the graph that no edge leaves: one lattice or a few small ones.
#include <limits>
#include <stdexcept>
#include <string>

#include "abi.h"
#include "edge_conv.h"
#include "pool.h"
#include "simd.h"

namespace fl {
namespace {

constexpr int64_t edges_per_tile = 128, nodes_per_tile = 64;
// A part of the backward pass has a gradient of all weights of its own: it must be worth its sum.
constexpr int64_t tiles_per_part = 4;

using Index = std::vector<int64_t>;

// The numbers [0, keys.size()) sorted by key in [0, count), stably, and where each key starts.
Index sorted_by(const Index& keys, int64_t count, Index& starts) {
  starts.assign(count + 1, 0);
  for (const int64_t key : keys) ++starts[key + 1];
  for (int64_t n = 0; n < count; ++n) starts[n + 1] += starts[n];
  Index order(keys.size()), next(starts.begin(), starts.end() - 1);
  for (std::size_t e = 0; e < keys.size(); ++e) order[next[keys[e]]++] = static_cast<int64_t>(e);
  return order;
}

// The graph with its edges sorted by receiver.
struct Graph {
  int64_t nodes, edges, rows;
  Index edge, sender, receiver, strut, starts;  // edge: number in the caller's order; strut: row of `hidden`

  Graph(int64_t nodes, int64_t edges, int64_t rows, const int64_t* edge_index, const int64_t* struts)
      : nodes(nodes), edges(edges), rows(rows), sender(edges), receiver(edges), strut(edges) {
    check(edge_index, 2 * edges, nodes, "edge_index", "nodes");
    if (struts) check(struts, edges, rows, "strut", "rows of hidden");
    edge = sorted_by({edge_index + edges, edge_index + 2 * edges}, nodes, starts);
    for (int64_t e = 0; e < edges; ++e) {
      sender[e] = edge_index[edge[e]];
      receiver[e] = edge_index[edges + edge[e]];
      strut[e] = struts ? struts[edge[e]] : edge[e];
    }
  }

  static void check(const int64_t* index, int64_t size, int64_t count, const char* name, const char* of) {
    for (int64_t n = 0; n < size; ++n)
      if (index[n] < 0 || index[n] >= count)
        throw std::out_of_range(std::string(name) + " holds " + std::to_string(index[n]) + ", but there are " +
                                std::to_string(count) + " " + of);
  }
};

// Nodes at which tiles start: cut(node, nodes and edges of the tile so far) says where one may.
template <class Cut>
Index cut(const Graph& graph, const Cut& may) {
  Index tiles = {0};
  for (int64_t node = 1; node < graph.nodes; ++node)
    if (may(node, node - tiles.back(), graph.starts[node] - graph.starts[tiles.back()])) tiles.push_back(node);
  if (graph.nodes) tiles.push_back(graph.nodes);
  return tiles;
}

Index forward_tiles(const Graph& graph) {
  return cut(graph, [&](int64_t node, int64_t nodes, int64_t edges) {
    return nodes >= nodes_per_tile || edges + graph.starts[node + 1] - graph.starts[node] > edges_per_tile;
  });
}

// A cut is closed if the edges of no row of `hidden` are, or reach, on both of its sides.
Index backward_tiles(const Graph& graph) {
  Index low(graph.rows, std::numeric_limits<int64_t>::max()), high(graph.rows, -1), open(graph.nodes + 1);
  for (int64_t e = 0; e < graph.edges; ++e) {
    int64_t &least = low[graph.strut[e]], &most = high[graph.strut[e]];
    least = std::min({least, graph.sender[e], graph.receiver[e]});
    most = std::max({most, graph.sender[e], graph.receiver[e]});
  }
  for (int64_t row = 0; row < graph.rows; ++row)
    if (high[row] > low[row]) ++open[low[row] + 1], --open[high[row] + 1];
  for (int64_t node = 0; node < graph.nodes; ++node) open[node + 1] += open[node];
  return cut(graph, [&](int64_t node, int64_t nodes, int64_t edges) {
    return !open[node] && (nodes >= nodes_per_tile || edges >= edges_per_tile);
  });
}

// What a thread keeps from tile to tile.
template <class T>
struct Worker {
  typename EdgeConv<T>::Workspace workspace;
  Index offsets, row, strut, local, receiver, by_sender, starts;  // local: of each row of hidden, -1 or its place
  Array<T> out;
};

// The tile of the receivers [begin, end).
template <class T>
EdgeConvTile<T> make_tile(const Graph& graph, int64_t begin, int64_t end, const T* features, const T* sh,
                          const T* hidden, Worker<T>& worker) {
  const int64_t first = graph.starts[begin], edges = graph.starts[end] - first;
  worker.offsets.clear(), worker.row.clear(), worker.strut.clear();
  worker.local.resize(graph.rows, -1);
  for (int64_t node = begin; node <= end; ++node) worker.offsets.push_back(graph.starts[node] - first);
  for (int64_t e = first; e < first + edges; ++e) {
    int64_t& row = worker.local[graph.strut[e]];
    if (row < 0) {
      row = worker.strut.size();
      worker.strut.push_back(graph.strut[e]);
    }
    worker.row.push_back(row);
  }
  for (const int64_t strut : worker.strut) worker.local[strut] = -1;
  return {end - begin,
          edges,
          static_cast<int64_t>(worker.strut.size()),
          worker.offsets.data(),
          graph.sender.data() + first,
          graph.edge.data() + first,
          worker.row.data(),
          worker.strut.data(),
          features,
          sh,
          hidden};
}

// Copies between [rows, channels] and padded rows in blocks: [node][block][component][channel of the block].
template <class T>
void to_blocks(const EdgeConv<T>& conv, int64_t nodes, int64_t components, const T* from, T* to) {
  const int64_t channels = conv.shape().channels, block = conv.block();
  for (int64_t node = 0; node < nodes; ++node)
    for (int64_t first = 0; first < channels; first += block)
      for (int64_t i = 0; i < components; ++i, to += block) {
        const int64_t size = std::min(block, channels - first);
        const T* row = from + (node * components + i) * channels + first;
        std::copy(row, row + size, to);
        std::fill(to + size, to + block, T(0));
      }
}
template <class T>
void from_blocks(const EdgeConv<T>& conv, int64_t nodes, int64_t components, const T* from, T* to) {
  const int64_t channels = conv.shape().channels, block = conv.block();
  for (int64_t node = 0; node < nodes; ++node)
    for (int64_t first = 0; first < channels; first += block)
      for (int64_t i = 0; i < components; ++i, from += block)
        std::copy(from, from + std::min(block, channels - first), to + (node * components + i) * channels + first);
}

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
    to_blocks(conv, end - begin, components, features + begin * from, storage.data() + begin * to);
  });
  return storage.data();
}

template <class T>
void forward(int32_t threads, const Graph& graph, const EdgeConv<T>& conv, const T* features, const T* sh,
             const T* hidden, T* out) {
  Array<T> storage;
  const T* padded_features = blocked(conv, threads, graph.nodes, features, storage);
  const Index tiles = forward_tiles(graph);
  const int64_t rows = conv.shape().components(), from = conv.padded_channels(), to = conv.shape().channels;
  std::vector<Worker<T>> workers(std::max(threads, 1));
  parallel_for(threads, tiles.size() - 1, 1, [&](int32_t number, int64_t n, int64_t) {
    Worker<T>& worker = workers[number];
    const auto tile = make_tile(graph, tiles[n], tiles[n + 1], padded_features, sh, hidden, worker);
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
void backward(int32_t threads, const Graph& graph, const EdgeConv<T>& conv, const T* features, const T* sh,
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

  const Index tiles = backward_tiles(graph);
  const Parts parts(tiles.size() - 1, tiles_per_part);
  std::vector<Array<T>> sums(parts.number);
  std::vector<Worker<T>> workers(std::max(threads, 1));
  parallel_for(threads, parts.number, 1, [&](int32_t number, int64_t part, int64_t) {
    Worker<T>& worker = workers[number];
    if (gradients.weight) sums[part].assign(conv.sums_size(), T(0));
    for (int64_t n = parts.begin(part); n < parts.begin(part + 1); ++n) {
      const int64_t begin = tiles[n], end = tiles[n + 1], first = graph.starts[begin];
      const auto tile = make_tile(graph, begin, end, padded_features, sh, hidden, worker);
      worker.receiver.clear();
      Index senders;
      for (int64_t e = first; e < first + tile.edges; ++e) {
        worker.receiver.push_back(graph.receiver[e] - begin);
        senders.push_back(graph.sender[e] - begin);
      }
      worker.by_sender = sorted_by(senders, tile.nodes, worker.starts);
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
                    {worker.receiver.data(), worker.by_sender.data(), padded_grad, grad_features, gradients.sh,
                     gradients.hidden, gradients.weight ? sums[part].data() : nullptr},
                    worker.workspace);
    }
  });
  if (grad_features != gradients.features)
    from_blocks(conv, graph.nodes, shape.in_components(), grad_features, gradients.features);
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
      const fl::Graph graph(nodes, edges, rows, edge_index, strut);                                                   \
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
      const fl::Graph graph(nodes, edges, rows, edge_index, strut);                                                   \
      const fl::EdgeConv<T> conv({l_in, lmax, channels, width, agg_norm}, weight, linear_weight, linear_bias, true);  \
      fl::backward<T>(threads, graph, conv, features, sh, hidden, grad,                                               \
                      {grad_features, grad_sh, grad_hidden, grad_weight, grad_linear_weight, grad_linear_bias});      \
    });                                                                                                               \
  }

FL_EDGE_CONV(float, f32)
FL_EDGE_CONV(double, f64)
