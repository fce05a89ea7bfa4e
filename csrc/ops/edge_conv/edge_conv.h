// edge_conv: weighted tensor product along edges, sum at the receivers, linear map; csrc/edge_conv.cpp has the story.
//
// Layout. Channels are padded with zeros to `blocks` blocks of `block` channels, one pack of vectors each:
//     features, and their gradient   [node][block][(l_in + 1)^2][channel of the block]
//     out, and its gradient          [node][(lmax + 1)^2][padded channel]
// With one block both are [node][component][padded channel]. Everything else is in the caller's layout.
#pragma once
#include <cstdint>
#include <vector>

#include "ops/edge_conv/edge_conv_groups.h"
#include "lattice/edge_graph.h"
#include "base/linear.h"
#include "base/workspace.h"

namespace fl {

struct EdgeConvShape {
  int64_t l_in, lmax;  // largest degrees of the features and of the harmonics
  int64_t channels;
  int64_t width;  // of the hidden rows
  double agg_norm;

  int64_t in_components() const { return (l_in + 1) * (l_in + 1); }
  int64_t components() const { return (lmax + 1) * (lmax + 1); }
};

// A part of a graph that one thread works on with everything in its cache: some receivers and all edges into them.
template <class T>
struct EdgeConvTile {
  int64_t nodes, edges, rows;
  const int64_t* offsets;   // [nodes + 1] where the edges of each receiver start: edges are sorted by receiver
  const int64_t* sender;    // [edges] row of `features`
  const int64_t* edge;      // [edges] row of `sh`
  const int64_t* row;       // [edges] which of the tile's rows of `hidden`
  const int64_t* strut;     // [rows] where in `hidden` they are
  const T* features;        // padded
  const T* sh;              // [*, (lmax + 1)^2]
  const T* hidden;          // [*, width]

  // `features` and `hidden` start with the piece's first node and strut.
  EdgeConvTile(const EdgeTile& tile, const T* features, const T* sh, const T* hidden)
      : nodes(tile.nodes()),
        edges(tile.edges()),
        rows(static_cast<int64_t>(tile.strut.size())),
        offsets(tile.offsets.data()),
        sender(tile.sender.data()),
        edge(tile.edge.data()),
        row(tile.row.data()),
        strut(tile.strut.data()),
        features(features),
        sh(sh),
        hidden(hidden) {}
};

// What the gradients take besides. The edges of the tile must be all that its senders and its rows of `hidden` have.
template <class T>
struct EdgeConvGradient {
  const int64_t* receiver;   // [edges] which of the tile's nodes
  const int64_t* by_sender;  // [edges] the edges, sorted by sender
  const T* grad;             // [nodes] of out, padded
  T* features;               // padded, rows as in the tile; added to. These and the following may be null
  T* sh;                     // rows as in the tile; added to
  T* hidden;                 // rows as in the tile; overwritten
  T* sums;                   // of the parameters, sums_size(); added to
};

// The weights, packed for the kernels. Const after construction: threads share it, each with its own Workspace.
template <class T>
class EdgeConv {
 public:
  struct Workspace {
    Array<T> y, y_by_sender, d, weights, messages, grad_weights, hidden, grad_hidden, grad_y, unused;
    std::vector<const T*> from, start;
    std::vector<T*> to;
  };

  // weight [paths * channels, width], linear_weight [paths * channels * channels], linear_bias [channels] as in
  // fastlattice.ops.edge_conv, which must outlive this; `backward`: whether backward() will be called.
  EdgeConv(const EdgeConvShape& shape, const T* weight, const T* linear_weight, const T* linear_bias, bool backward);

  const EdgeConvShape& shape() const { return shape_; }
  int64_t block() const { return block_; }
  int64_t blocks() const { return blocks_; }
  int64_t padded_channels() const { return block_ * blocks_; }
  static int64_t padded_channels(int64_t channels) {
    const int64_t block = block_of(channels);
    return (channels + block - 1) / block * block;
  }

  // Features of `nodes` nodes, rows [node][component] of which `stride` numbers apart, to the blocks above and back.
  void to_blocks(int64_t nodes, const T* rows, int64_t stride, T* blocks) const;
  void from_blocks(int64_t nodes, const T* blocks, int64_t stride, T* rows) const;

  // out [tile.nodes], padded
  void forward(const EdgeConvTile<T>& tile, T* out, Workspace& workspace) const;
  void backward(const EdgeConvTile<T>& tile, const EdgeConvGradient<T>& gradient, Workspace& workspace) const;

  int64_t sums_size() const { return sums_size_; }
  // Takes the gradients of the parameters from their sums, in the caller's layout.
  void unpack_sums(const T* sums, T* weight, T* linear_weight, T* linear_bias) const;

 private:
  static int64_t block_of(int64_t channels) {
    return channels <= lanes<T> ? lanes<T> : edge_conv::widest_pack * lanes<T>;
  }

  // The weights of one block of channels and one degree l1 of the senders.
  struct Part {
    const edge_conv::Group<T>* group;
    int64_t first_channel, block;
    std::vector<int64_t> path;   // number of each path of the group among all
    std::vector<int64_t> start;  // first row of the messages of each l3
    std::vector<int64_t> first_path;  // first path of each l3 in the group
    std::vector<Operand<T>> radial, linear;            // the radial map; the linear map into each l3
    std::vector<Operand<T>> radial_back, linear_back;  // the same transposed; empty where no gradients are wanted
    int64_t radial_sums;
    std::vector<int64_t> linear_sums;
  };

  void pack_part(Part& part, const T* weight, const T* linear_weight, bool backward) const;
  void gather_harmonics(const EdgeConvTile<T>& tile, const int64_t* order, Array<T>& y) const;
  void radial_weights(const EdgeConvTile<T>& tile, const Part& part, Workspace& workspace) const;
  void messages(const EdgeConvTile<T>& tile, const Part& part, Workspace& workspace) const;
  void linear(const EdgeConvTile<T>& tile, const Part& part, T* out, Workspace& workspace) const;
  void linear_gradient(const EdgeConvTile<T>& tile, const Part& part, const EdgeConvGradient<T>& gradient,
                       Workspace& workspace) const;
  void edge_gradients(const EdgeConvTile<T>& tile, const Part& part, const EdgeConvGradient<T>& gradient,
                      Workspace& workspace) const;
  void radial_gradient(const EdgeConvTile<T>& tile, const Part& part, const EdgeConvGradient<T>& gradient,
                       Workspace& workspace) const;
  template <class A, class C>
  void find_rows(int64_t nodes, const Part& part, int64_t l3, A* messages, C* out, std::vector<A*>& message_rows,
                 std::vector<C*>& out_rows) const;
  const T* sender_row(const Part& part, const T* features, int64_t node) const;
  T scale(int64_t l3) const;

  EdgeConvShape shape_;
  int64_t block_, blocks_, sums_size_ = 0;
  std::vector<int64_t> paths_into_;  // of each l3
  Array<T> bias_;
  std::vector<Part> parts_;
};

extern template class EdgeConv<float>;
extern template class EdgeConv<double>;

}  // namespace fl
