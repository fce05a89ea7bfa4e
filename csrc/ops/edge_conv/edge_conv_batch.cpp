// edge_conv over whole arrays: cuts the graph into pieces and tiles, and shares them among threads.
#include <algorithm>

#include "base/pool.h"
#include "base/simd.h"
#include "lattice/edge_graph.h"
#include "ops/edge_conv/edge_conv.h"
#include "ops/edge_conv/generated/calls.h"

namespace fl {
namespace {

// What a thread keeps from piece to piece.
template <class T>
struct Worker {
  typename EdgeConv<T>::Workspace workspace;
  EdgeTile tile;
  ReverseTile reverse;
  Index tiles;
  Array<T> features, hidden, out, grad, grad_features, grad_hidden;
};

// A batch: the caller's arrays, and copies of what a piece reads of them.
template <class T>
class BatchConvolution {
 public:
  BatchConvolution(const EdgeGraph& graph, const EdgeConv<T>& conv, int64_t rows, const T* features, const T* sh, const T* hidden)
      : graph_(graph), conv_(conv), shape_(conv.shape()), rows_(rows), features_(features), sh_(sh), hidden_(hidden) {}

  void forward(int32_t threads, T* out) const;
  // Null gradients are not computed, those of the three parameters together.
  struct Gradients {
    T *features, *sh, *hidden, *weight, *linear_weight, *linear_bias;
  };
  void backward(int32_t threads, const T* grad, const Gradients& gradients) const;

 private:
  int64_t padded_channels() const { return conv_.padded_channels(); }
  void read(const Piece& piece, Worker<T>& worker) const;
  void piece_backward(const Piece& piece, const T* grad, const Gradients& gradients, T* sums, Worker<T>& worker) const;

  const EdgeGraph& graph_;
  const EdgeConv<T>& conv_;
  const EdgeConvShape& shape_;
  const int64_t rows_;
  const T *features_, *sh_, *hidden_;
};

// The features of the piece's nodes in blocks, and the hidden rows of its struts.
template <class T>
void BatchConvolution<T>::read(const Piece& piece, Worker<T>& worker) const {
  const int64_t components = shape_.in_components(), width = shape_.width;
  conv_.to_blocks(piece.nodes(), features_ + piece.begin * components * shape_.channels, shape_.channels,
                  room(worker.features, piece.nodes() * components * padded_channels()));
  T* hidden = room(worker.hidden, piece.struts * width);
  for (int64_t i = 0; i < piece.struts; ++i)
    std::copy_n(hidden_ + graph_.row[piece.first_strut + i] * width, width, hidden + i * width);
}

template <class T>
void BatchConvolution<T>::forward(int32_t threads, T* out) const {
  const int64_t rows = shape_.components(), from = padded_channels(), to = shape_.channels;
  std::vector<Worker<T>> workers(std::max(threads, 1));
  for_each_piece(threads, graph_, graph_.pieces(nullptr), [&](int32_t inner, int32_t first, const Piece& piece) {
    Worker<T>& reader = workers[first];
    read(piece, reader);
    piece.tiles(reader.tiles);
    parallel_for(inner, reader.tiles.size() - 1, 1, [&](int32_t number, int64_t n, int64_t) {
      Worker<T>& worker = workers[first + number];
      worker.tile.set(piece, reader.tiles[n], reader.tiles[n + 1]);
      const int64_t count = worker.tile.nodes() * rows;
      T* result = room(worker.out, count * from);
      conv_.forward({worker.tile, reader.features.data(), sh_, reader.hidden.data()}, result, worker.workspace);
      for (int64_t i = 0; i < count; ++i)
        std::copy_n(result + i * from, to, out + ((piece.begin + reader.tiles[n]) * rows + i) * to);
    });
  });
}

template <class T>
void BatchConvolution<T>::piece_backward(const Piece& piece, const T* grad, const Gradients& gradients, T* sums,
                              Worker<T>& worker) const {
  const int64_t nodes = piece.nodes(), rows = shape_.components(), from = shape_.channels, to = padded_channels();
  const int64_t in_size = shape_.in_components() * to;
  read(piece, worker);
  worker.tile.set(piece, 0, nodes);
  worker.reverse.set(piece);
  T* padded_grad = room(worker.grad, nodes * rows * to);
  for (int64_t i = 0; i < nodes * rows; ++i) {
    std::copy_n(grad + (piece.begin * rows + i) * from, from, padded_grad + i * to);
    std::fill_n(padded_grad + i * to + from, to - from, T(0));
  }
  T* grad_features = gradients.features ? room(worker.grad_features, nodes * in_size) : nullptr;
  if (grad_features) std::fill_n(grad_features, nodes * in_size, T(0));
  T* grad_hidden = gradients.hidden ? room(worker.grad_hidden, piece.struts * shape_.width) : nullptr;
  conv_.backward({worker.tile, worker.features.data(), sh_, worker.hidden.data()},
                 {worker.reverse.receiver.data(), worker.reverse.by_sender.data(), padded_grad, grad_features,
                  gradients.sh, grad_hidden, sums},
                 worker.workspace);
  if (grad_features)
    conv_.from_blocks(nodes, grad_features, from,
                      gradients.features + piece.begin * shape_.in_components() * shape_.channels);
  for (int64_t i = 0; grad_hidden && i < piece.struts; ++i)
    std::copy_n(grad_hidden + i * shape_.width, shape_.width,
                gradients.hidden + graph_.row[piece.first_strut + i] * shape_.width);
}

template <class T>
void BatchConvolution<T>::backward(int32_t threads, const T* grad, const Gradients& gradients) const {
  if (gradients.sh) std::fill_n(gradients.sh, graph_.edges * shape_.components(), T(0));
  if (gradients.hidden) std::fill_n(gradients.hidden, rows_ * shape_.width, T(0));  // some rows may have no edges
  const Index cuts = graph_.pieces(nullptr);
  const Index parts = graph_.parts(cuts);
  std::vector<Array<T>> sums(parts.size() - 1);
  std::vector<Worker<T>> workers(std::max(threads, 1));
  parallel_for(threads, sums.size(), 1, [&](int32_t number, int64_t part, int64_t) {
    if (gradients.weight) sums[part].assign(conv_.sums_size(), T(0));
    T* of_weights = gradients.weight ? sums[part].data() : nullptr;
    for (int64_t n = parts[part]; n < parts[part + 1]; ++n)
      piece_backward(Piece(graph_, cuts[n], cuts[n + 1]), grad, gradients, of_weights, workers[number]);
  });
  if (!gradients.weight) return;
  tree_sum(threads, sums);
  conv_.unpack_sums(sums[0].data(), gradients.weight, gradients.linear_weight, gradients.linear_bias);
}

}  // namespace
}  // namespace fl

namespace fl::calls {

// Calls work(batch).
template <class T, class Call, class Work>
void with_batch(const Call& call, bool backward, const Work& work) {
  const EdgeGraph graph(call.nodes, call.edges, call.rows, call.edge_index, call.strut);
  const fl::EdgeConv<T> conv({call.l_in, call.lmax, call.channels, call.width, call.agg_norm}, call.weight,
                             call.linear_weight, call.linear_bias, backward);
  work(BatchConvolution<T>(graph, conv, call.rows, call.features, call.sh, call.hidden));
}

template <class T>
void run(const EdgeConv<T>& call) {
  with_batch<T>(call, false, [&](const auto& batch) { batch.forward(call.threads, call.out); });
}
template <class T>
void run(const EdgeConvBackward<T>& call) {
  boundary::check_together("grad_weight, grad_linear_weight and grad_linear_bias",
                           {call.grad_weight, call.grad_linear_weight, call.grad_linear_bias});
  with_batch<T>(call, true, [&](const auto& batch) {
    batch.backward(call.threads, call.grad,
                   {call.grad_features, call.grad_sh, call.grad_hidden, call.grad_weight, call.grad_linear_weight,
                    call.grad_linear_bias});
  });
}

template void run(const EdgeConv<float>&);
template void run(const EdgeConv<double>&);
template void run(const EdgeConvBackward<float>&);
template void run(const EdgeConvBackward<double>&);

}  // namespace fl::calls
