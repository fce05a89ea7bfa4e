// edge_conv on one tile of a graph.
//
// The weights of the messages, one number per path, channel and edge, are 42 times as many as the numbers that go in
// and come out: streamed through memory they cost two to three times what the arithmetic does. So everything is done
// for one degree l1 of the senders at a time, at most ten paths: weights of the tile's struts, from their hidden rows;
// messages, summed per receiver; their linear map, added to the output. All of it fits the second-level cache.
//
// The product itself is straight-line code over the channels (codegen/edge_conv.py). It reads the numbers d, harmonics
// times Clebsch-Gordan coefficients, which are the same for all channels, and are made for a whole vector of edges
// at once: 1 operation where the product has 18. With features of degree 0 only, d are the harmonics themselves, and
// the sum over edges is the collapsed form that the first layer of a network needs.
//
// The gradients go through edges by sender: the sum of a sender's gradient is then its own, and one pass gives the
// gradients of features and weights at the cost of the forward product.
#include "ops/edge_conv/edge_conv.h"

#include <cmath>
#include <cstdlib>
#include <stdexcept>

#include "base/linear.h"
#include "base/simd.h"

namespace fl {
namespace {

template <class T>
const edge_conv::Group<T>* groups(int64_t lmax, int vectors) {
  switch (lmax) {
    case 0:
      return edge_conv::groups_lmax0<T>(vectors);
    case 1:
      return edge_conv::groups_lmax1<T>(vectors);
    case 2:
      return edge_conv::groups_lmax2<T>(vectors);
    case 3:
      return edge_conv::groups_lmax3<T>(vectors);
    case 4:
      return edge_conv::groups_lmax4<T>(vectors);
  }
  throw std::invalid_argument("edge_conv: lmax must be 0 to 4");
}

// Calls work(first, size) for whole vectors of edges.
template <class T, class Work>
void for_each_vector(int64_t edges, const Work& work) {
  for (int64_t first = 0; first < edges; first += lanes<T>) work(first, std::min<int64_t>(lanes<T>, edges - first));
}

}  // namespace

template <class T>
EdgeConv<T>::EdgeConv(const EdgeConvShape& shape, const T* weight, const T* linear_weight, const T* linear_bias,
                      bool backward)
    : shape_(shape) {
  if (shape.l_in < 0 || shape.l_in > shape.lmax) throw std::invalid_argument("edge_conv: l_in must be 0 to lmax");
  block_ = block_of(shape.channels);
  blocks_ = padded_channels(shape.channels) / block_;
  bias_.assign(padded_channels(), T(0));
  std::copy(linear_bias, linear_bias + shape.channels, bias_.begin());
  sums_size_ = padded_channels();

  const edge_conv::Group<T>* all = groups<T>(shape.lmax, static_cast<int>(block_ / lanes<T>));
  paths_into_.resize(shape.lmax + 1);
  for (int64_t l1 = 0; l1 <= shape.l_in; ++l1)
    for (int64_t l3 = 0; l3 <= shape.lmax; ++l3) paths_into_[l3] += all[l1].fan[l3];
  for (int64_t b = 0; b < blocks_; ++b)
    for (int64_t l1 = 0; l1 <= shape.l_in; ++l1) {
      parts_.emplace_back();
      Part& part = parts_.back();
      part.group = all + l1, part.first_channel = b * block_, part.block = b;
      // Paths are numbered by l3, then by l1, then by l2.
      int64_t number = 0, row = 0;
      for (int64_t l3 = 0; l3 <= shape.lmax; ++l3) {
        for (int64_t a = 0; a < l1; ++a) number += all[a].fan[l3];
        part.start.push_back(row);
        part.first_path.push_back(part.path.size());
        for (int32_t p = 0; p < all[l1].fan[l3]; ++p) part.path.push_back(number++);
        for (int64_t a = l1 + 1; a <= shape.l_in; ++a) number += all[a].fan[l3];
        row += all[l1].fan[l3] * (2 * l3 + 1);
        part.linear_sums.push_back(sums_size_);
        sums_size_ += all[l1].fan[l3] * block_ * padded_channels();
      }
      part.radial_sums = sums_size_;
      sums_size_ += all[l1].paths * block_ * padded<T>(shape.width);
      pack_part(part, weight, linear_weight, backward);
    }
}

// The norm of the linear map, and of the sum over edges.
template <class T>
T EdgeConv<T>::scale(int64_t l3) const {
  return static_cast<T>(1 / (shape_.agg_norm * std::sqrt(static_cast<double>(paths_into_[l3] * shape_.channels))));
}

template <class T>
void EdgeConv<T>::pack_part(Part& part, const T* weight, const T* linear_weight, bool backward) const {
  const int64_t channels = shape_.channels, width = shape_.width, columns = part.group->paths * block_;
  // Where the rows of a matrix [paths * channels, size] are for each path and channel of the part; null for padding.
  const auto rows_of = [&](const T* matrix, int64_t size) {
    std::vector<const T*> rows;
    for (const int64_t path : part.path)
      for (int64_t c = part.first_channel; c < part.first_channel + block_; ++c)
        rows.push_back(c < channels ? matrix + (path * channels + c) * size : nullptr);
    return rows;
  };
  const std::vector<const T*> radial = rows_of(weight, width), linear = rows_of(linear_weight, channels);

  const auto radial_row = [&](int64_t n) { return radial[n]; };
  part.radial.push_back(Operand<T>::packed_columns(width, columns, columns, radial_row));
  if (backward) part.radial_back.push_back(Operand<T>::packed_rows(columns, width, padded<T>(width), radial_row));
  for (int64_t l3 = 0; l3 <= shape_.lmax; ++l3) {
    const int64_t depth = part.group->fan[l3] * block_;
    const T* const* rows = linear.data() + part.first_path[l3] * block_;
    const auto linear_row = [=](int64_t k) { return rows[k]; };
    // The paths of an l1 into an l3 follow one another, and so do their channels where there is one block.
    part.linear.push_back(block_ == channels && depth
                              ? Operand<T>::rows(depth, channels, rows[0], channels)
                              : Operand<T>::packed_rows(depth, channels, padded_channels(), linear_row));
    if (backward) part.linear_back.push_back(Operand<T>::packed_columns(channels, depth, depth, linear_row));
  }
}

template <class T>
const T* EdgeConv<T>::sender_row(const Part& part, const T* features, int64_t node) const {
  const int64_t component = part.group->l1 * part.group->l1;
  return features + ((node * blocks_ + part.block) * shape_.in_components() + component) * block_;
}

template <class T>
void EdgeConv<T>::to_blocks(int64_t nodes, const T* rows, int64_t stride, T* blocks) const {
  for (int64_t node = 0; node < nodes; ++node)
    for (int64_t first = 0; first < shape_.channels; first += block_)
      for (int64_t i = 0; i < shape_.in_components(); ++i, blocks += block_) {
        const int64_t size = std::min(block_, shape_.channels - first);
        const T* row = rows + (node * shape_.in_components() + i) * stride + first;
        std::copy(row, row + size, blocks);
        std::fill(blocks + size, blocks + block_, T(0));
      }
}

template <class T>
void EdgeConv<T>::from_blocks(int64_t nodes, const T* blocks, int64_t stride, T* rows) const {
  for (int64_t node = 0; node < nodes; ++node)
    for (int64_t first = 0; first < shape_.channels; first += block_)
      for (int64_t i = 0; i < shape_.in_components(); ++i, blocks += block_) {
        const int64_t size = std::min(block_, shape_.channels - first);
        std::copy(blocks, blocks + size, rows + (node * shape_.in_components() + i) * stride + first);
      }
}

// The rows (node, component) of degree l3 in the messages (all paths, one after another), and in the output.
template <class T>
template <class A, class C>
void EdgeConv<T>::find_rows(int64_t nodes, const Part& part, int64_t l3, A* messages, C* out,
                            std::vector<A*>& message_rows, std::vector<C*>& out_rows) const {
  const int64_t fan = part.group->fan[l3] * block_, channels = padded_channels(), count = 2 * l3 + 1;
  message_rows.resize(nodes * count), out_rows.resize(nodes * count);
  messages += part.start[l3] * block_, out += l3 * l3 * channels;
  A** message_row = message_rows.data();
  C** out_row = out_rows.data();
  for (int64_t node = 0; node < nodes; ++node) {
    for (int64_t component = 0; component < count; ++component)
      *message_row++ = messages + component * fan, *out_row++ = out + component * channels;
    messages += part.group->rows * block_, out += shape_.components() * channels;
  }
}

// Harmonics of whole vectors of edges: [vector][component][lane].
template <class T>
void EdgeConv<T>::gather_harmonics(const EdgeConvTile<T>& tile, const int64_t* order, Array<T>& y) const {
  const int64_t components = shape_.components();
  T* out = room(y, (tile.edges + lanes<T> - 1) / lanes<T> * lanes<T> * components);
  for_each_vector<T>(tile.edges, [&](int64_t first, int64_t size) {
    T* vector = out + first * components;
    if (size < lanes<T>) std::fill(vector, vector + lanes<T> * components, T(0));
    for (int64_t n = 0; n < size; ++n) {
      const T* row = tile.sh + tile.edge[order ? order[first + n] : first + n] * components;
      for (int64_t j = 0; j < components; ++j) vector[j * lanes<T> + n] = row[j];
    }
  });
}

template <class T>
void EdgeConv<T>::radial_weights(const EdgeConvTile<T>& tile, const Part& part, Workspace& workspace) const {
  const int64_t columns = part.group->paths * block_;
  T* weights = room(workspace.weights, tile.rows * columns);
  workspace.from.resize(tile.rows), workspace.to.resize(tile.rows);
  for (int64_t i = 0; i < tile.rows; ++i) {
    workspace.from[i] = tile.hidden + tile.strut[i] * shape_.width;
    workspace.to[i] = weights + i * columns;
  }
  multiply<T>(tile.rows, shape_.width, columns, workspace.from.data(), part.radial[0].matrix(), workspace.to.data());
}

template <class T>
void EdgeConv<T>::messages(const EdgeConvTile<T>& tile, const Part& part, Workspace& workspace) const {
  const edge_conv::Group<T>& group = *part.group;
  const int64_t size = group.rows * block_;
  T *m = room(workspace.messages, tile.nodes * size), *d = room(workspace.d, group.products * lanes<T>);
  int64_t node = -1;
  const auto next_node = [&] {  // clears the sums just before they are used
    ++node;
    std::fill(m + node * size, m + (node + 1) * size, T(0));
  };
  for_each_vector<T>(tile.edges, [&](int64_t first, int64_t count) {
    group.couple(workspace.y.data() + first * shape_.components(), d);
    for (int64_t e = first; e < first + count; ++e) {
      while (node < 0 || e >= tile.offsets[node + 1]) next_node();
      group.convolve(sender_row(part, tile.features, tile.sender[e]), d + (e - first),
                     workspace.weights.data() + tile.row[e] * group.paths * block_, m + node * size);
    }
  });
  while (node + 1 < tile.nodes) next_node();
}

template <class T>
void EdgeConv<T>::linear(const EdgeConvTile<T>& tile, const Part& part, T* out, Workspace& workspace) const {
  for (int64_t l3 = 0; l3 <= shape_.lmax; ++l3) {
    if (!part.group->fan[l3]) continue;
    find_rows<const T, T>(tile.nodes, part, l3, workspace.messages.data(), out, workspace.from, workspace.to);
    const T* const* start = workspace.to.data();
    if (part.group->l1 == 0 && part.block == 0) {  // the first, which leads into every degree
      workspace.start.assign(workspace.to.size(), bias_.data());
      start = l3 == 0 ? workspace.start.data() : nullptr;
    }
    multiply<T>(workspace.to.size(), part.group->fan[l3] * block_, padded_channels(), workspace.from.data(),
                part.linear[l3].matrix(), workspace.to.data(), scale(l3), start);
  }
}

template <class T>
void EdgeConv<T>::forward(const EdgeConvTile<T>& tile, T* out, Workspace& workspace) const {
  gather_harmonics(tile, nullptr, workspace.y);
  for (const Part& part : parts_) {
    radial_weights(tile, part, workspace);
    messages(tile, part, workspace);
    linear(tile, part, out, workspace);
  }
}

// Gradient of the linear map's weights, but for its norm.
template <class T>
void EdgeConv<T>::linear_gradient(const EdgeConvTile<T>& tile, const Part& part, const EdgeConvGradient<T>& gradient,
                                  Workspace& workspace) const {
  messages(tile, part, workspace);
  const int64_t channels = padded_channels(), rows = part.group->rows * block_;
  for (int64_t l3 = 0; l3 <= shape_.lmax; ++l3) {
    const int64_t depth = part.group->fan[l3] * block_;
    if (depth)
      add_outer_products<T>(channels, depth, tile.nodes, 2 * l3 + 1,
                            {gradient.grad + l3 * l3 * channels, shape_.components() * channels, channels},
                            {workspace.messages.data() + part.start[l3] * block_, rows, depth},
                            gradient.sums + part.linear_sums[l3]);
  }
}

// Gradients of the features, of the weights of the messages, and of the harmonics (lanes not summed yet).
template <class T>
void EdgeConv<T>::edge_gradients(const EdgeConvTile<T>& tile, const Part& part, const EdgeConvGradient<T>& gradient,
                                 Workspace& workspace) const {
  const edge_conv::Group<T>& group = *part.group;
  const int64_t rows = group.rows * block_, columns = group.paths * block_;
  T* slopes = room(workspace.messages, tile.nodes * rows);  // the messages are of no use any more
  for (int64_t l3 = 0; l3 <= shape_.lmax; ++l3) {
    if (!group.fan[l3]) continue;
    find_rows<T, const T>(tile.nodes, part, l3, slopes, gradient.grad, workspace.to, workspace.from);
    multiply<T>(workspace.to.size(), shape_.channels, group.fan[l3] * block_, workspace.from.data(),
                part.linear_back[l3].matrix(), workspace.to.data(), scale(l3));
  }
  T* grad_weights = room(workspace.grad_weights, tile.rows * columns);
  std::fill(grad_weights, grad_weights + tile.rows * columns, T(0));
  T *d = room(workspace.d, group.products * lanes<T>), *unused = room(workspace.unused, (2 * group.l1 + 1) * block_);
  for_each_vector<T>(tile.edges, [&](int64_t first, int64_t count) {
    group.couple(workspace.y_by_sender.data() + first * shape_.components(), d);
    for (int64_t n = 0; n < count; ++n) {
      const int64_t e = gradient.by_sender[first + n];
      const T* h = sender_row(part, tile.features, tile.sender[e]);
      const T* w = workspace.weights.data() + tile.row[e] * columns;
      const T* slope = slopes + gradient.receiver[e] * rows;
      T* grad_h = gradient.features ? gradient.features + (h - tile.features) : unused;
      group.gradient(h, d + n, w, slope, grad_h, grad_weights + tile.row[e] * columns);
      if (gradient.sh) group.harmonics(h, w, slope, workspace.grad_y.data() + e * shape_.components() * lanes<T>);
    }
  });
}

// Gradients of the hidden rows and of the weights that lead from them to those of the messages.
template <class T>
void EdgeConv<T>::radial_gradient(const EdgeConvTile<T>& tile, const Part& part, const EdgeConvGradient<T>& gradient,
                                  Workspace& workspace) const {
  const int64_t columns = part.group->paths * block_, width = padded<T>(shape_.width);
  const T* slopes = workspace.grad_weights.data();
  if (gradient.hidden) {
    workspace.from.resize(tile.rows), workspace.to.resize(tile.rows);
    for (int64_t i = 0; i < tile.rows; ++i) {
      workspace.from[i] = slopes + i * columns;
      workspace.to[i] = workspace.grad_hidden.data() + i * width;
    }
    multiply<T>(tile.rows, columns, width, workspace.from.data(), part.radial_back[0].matrix(), workspace.to.data(), 1,
                workspace.to.data());
  }
  if (gradient.sums) {
    add_outer_products<T>(width, columns, tile.rows, 1, {workspace.hidden.data(), width, 0}, {slopes, columns, 0},
                          gradient.sums + part.radial_sums);
  }
}

template <class T>
void EdgeConv<T>::backward(const EdgeConvTile<T>& tile, const EdgeConvGradient<T>& gradient,
                           Workspace& workspace) const {
  const int64_t components = shape_.components(), width = padded<T>(shape_.width);
  if (gradient.sums) {
    T* hidden = room(workspace.hidden, tile.rows * width);
    for (int64_t i = 0; i < tile.rows; ++i) {
      const T* row = tile.hidden + tile.strut[i] * shape_.width;
      std::copy(row, row + shape_.width, hidden + i * width);
      std::fill(hidden + i * width + shape_.width, hidden + (i + 1) * width, T(0));
    }
    for (int64_t node = 0; node < tile.nodes; ++node)
      for (int64_t c = 0; c < padded_channels(); ++c)
        gradient.sums[c] += gradient.grad[node * components * padded_channels() + c];
    gather_harmonics(tile, nullptr, workspace.y);
  }
  gather_harmonics(tile, gradient.by_sender, workspace.y_by_sender);
  T* grad_hidden = room(workspace.grad_hidden, tile.rows * width);
  std::fill(grad_hidden, grad_hidden + tile.rows * width, T(0));
  T* grad_y = gradient.sh ? room(workspace.grad_y, tile.edges * components * lanes<T>) : nullptr;
  if (grad_y) std::fill(grad_y, grad_y + tile.edges * components * lanes<T>, T(0));

  for (const Part& part : parts_) {
    radial_weights(tile, part, workspace);
    if (gradient.sums) linear_gradient(tile, part, gradient, workspace);
    edge_gradients(tile, part, gradient, workspace);
    radial_gradient(tile, part, gradient, workspace);
  }

  for (int64_t i = 0; i < tile.rows && gradient.hidden; ++i)
    std::copy(grad_hidden + i * width, grad_hidden + i * width + shape_.width,
              gradient.hidden + tile.strut[i] * shape_.width);
  for (int64_t e = 0; e < tile.edges && grad_y; ++e)
    for (int64_t j = 0; j < components; ++j) {
      const T* lane = grad_y + (e * components + j) * lanes<T>;
      T sum = 0;
      for (int n = 0; n < lanes<T>; ++n) sum += lane[n];
      gradient.sh[tile.edge[e] * components + j] += sum;
    }
}

template <class T>
void EdgeConv<T>::unpack_sums(const T* sums, T* weight, T* linear_weight, T* linear_bias) const {
  const int64_t channels = shape_.channels, width = shape_.width;
  std::copy(sums, sums + channels, linear_bias);
  for (const Part& part : parts_) {
    const int64_t count = std::min(block_, channels - part.first_channel);
    for (int64_t l3 = 0; l3 <= shape_.lmax; ++l3) {
      const int64_t depth = part.group->fan[l3] * block_;
      for (int32_t p = 0; p < part.group->fan[l3]; ++p)
        for (int64_t c = 0; c < count; ++c) {
          const T* column = sums + part.linear_sums[l3] + p * block_ + c;
          const int64_t path = part.path[part.first_path[l3] + p];
          T* out = linear_weight + (path * channels + part.first_channel + c) * channels;
          for (int64_t n = 0; n < channels; ++n) out[n] = scale(l3) * column[n * depth];
        }
    }
    const int64_t columns = part.group->paths * block_;
    for (int32_t p = 0; p < part.group->paths; ++p)
      for (int64_t c = 0; c < count; ++c) {
        const T* column = sums + part.radial_sums + p * block_ + c;
        T* out = weight + (part.path[p] * channels + part.first_channel + c) * width;
        for (int64_t n = 0; n < width; ++n) out[n] = column[n * columns];
      }
  }
}

template class EdgeConv<float>;
template class EdgeConv<double>;

}  // namespace fl
