// A linear map of the channels of each degree, divided by sqrt(channels in): e3nn's o3.Linear without bias.
//
// Rows are padded to whole vectors.
#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

#include "base/linear.h"
#include "base/workspace.h"

namespace fl {

// Where the rows (node, component) of an array are: data + node * node_stride + component * row_stride.
template <class T>
struct Rows {
  T* data = nullptr;
  int64_t node_stride = 0, row_stride = 0;

  T* component(int64_t c) const { return data + c * row_stride; }
};

// [node][component][padded channels]
template <class T>
Rows<T> dense_rows(T* data, int64_t components, int64_t width) {
  return {data, components * width, width};
}

// The map from `in` to `out` channels of one degree, in both directions. Columns are padded to whole vectors.
template <class T>
class ChannelMap {
 public:
  // weight [in][out], rows `stride` apart, which must outlive the map; `backward`: whether backward() will be called.
  ChannelMap(int64_t in, int64_t out, const T* weight, int64_t stride, bool backward)
      : in_(in), out_(out), forward_(Operand<T>::rows(in, out, weight, stride)) {
    if (backward) backward_.push_back(Operand<T>::transposed(out, in, weight, stride));
  }

  int64_t in() const { return in_; }
  int64_t out() const { return out_; }
  T scale() const { return static_cast<T>(1 / std::sqrt(static_cast<double>(in_))); }
  int64_t sums_size() const { return in_ * padded<T>(out_); }

  // out = start + in W for the components of degree l of all nodes; without data, `start` is zero.
  void forward(int64_t nodes, int64_t l, Rows<const T> in, Rows<T> out, Rows<const T> start = {}) const {
    apply(nodes, l, in_, padded<T>(out_), in, forward_, out, start);
  }
  // grad_in = start + grad W^T
  void backward(int64_t nodes, int64_t l, Rows<const T> grad, Rows<T> grad_in, Rows<const T> start = {}) const {
    apply(nodes, l, out_, padded<T>(in_), grad, backward_[0], grad_in, start);
  }
  // sums [in][padded out] += in^T grad, without the scale.
  void add_sums(int64_t nodes, int64_t l, Rows<const T> in, Rows<const T> grad, T* sums) const {
    add_outer_products(in_, padded<T>(out_), nodes, 2 * l + 1, nested(in, l), nested(grad, l), sums);
  }
  // Takes the gradient of the weight, rows `stride` apart, from its sums.
  void unpack_sums(const T* sums, T* weight, int64_t stride) const {
    const T norm = scale();
    for (int64_t k = 0; k < in_; ++k)
      for (int64_t n = 0; n < out_; ++n) weight[k * stride + n] = norm * sums[k * padded<T>(out_) + n];
  }

 private:
  static NestedRows<T> nested(Rows<const T> rows, int64_t l) {
    return {rows.component(l * l), rows.node_stride, rows.row_stride};
  }

  static constexpr int64_t nodes_at_once = 64, max_degree = 4;

  // One product for all components: its rows are looked up, for they are not evenly spaced.
  void apply(int64_t nodes, int64_t l, int64_t depth, int64_t columns, Rows<const T> in, const Operand<T>& weight,
             Rows<T> out, Rows<const T> start) const {
    constexpr int64_t most = nodes_at_once * (2 * max_degree + 1);
    const T *from[most], *begin[most];
    T* to[most];
    for (int64_t first = 0; first < nodes; first += nodes_at_once) {
      int64_t rows = 0;
      for (int64_t node = first; node < std::min(nodes, first + nodes_at_once); ++node)
        for (int64_t c = l * l; c < (l + 1) * (l + 1); ++c, ++rows) {
          from[rows] = in.component(c) + node * in.node_stride;
          to[rows] = out.component(c) + node * out.node_stride;
          begin[rows] = start.data ? start.component(c) + node * start.node_stride : nullptr;
        }
      multiply<T>(rows, depth, columns, from, weight.matrix(), to, scale(), start.data ? begin : nullptr);
    }
  }

  int64_t in_, out_;
  Operand<T> forward_;
  std::vector<Operand<T>> backward_;  // one, or none
};

// One map of `channels` to as many for each degree 0 .. lmax; only the degrees in the bits of `degrees` are mapped.
template <class T>
class DegreeLinear {
 public:
  // weight [lmax + 1][channels][channels]
  DegreeLinear(int64_t lmax, int64_t degrees, int64_t channels, const T* weight, bool backward)
      : channels_(channels), degrees_(degrees) {
    for (int64_t l = 0; l <= lmax; ++l) 
      maps_.emplace_back(channels, channels, weight + l * channels * channels, channels, backward);
  }

  int64_t sums_size() const { return static_cast<int64_t>(maps_.size()) * maps_[0].sums_size(); }

  void forward(int64_t nodes, Rows<const T> in, Rows<T> out, Rows<const T> start = {}) const {
    for_each([&](const ChannelMap<T>& map, int64_t l) { map.forward(nodes, l, in, out, start); });
  }
  void backward(int64_t nodes, Rows<const T> grad, Rows<T> grad_in, Rows<const T> start = {}) const {
    for_each([&](const ChannelMap<T>& map, int64_t l) { map.backward(nodes, l, grad, grad_in, start); });
  }
  void add_sums(int64_t nodes, Rows<const T> in, Rows<const T> grad, T* sums) const {
    for_each([&](const ChannelMap<T>& map, int64_t l) {
      map.add_sums(nodes, l, in, grad, sums + l * map.sums_size());
    });
  }
  void unpack_sums(const T* sums, T* weight) const {
    for (std::size_t l = 0; l < maps_.size(); ++l)
      maps_[l].unpack_sums(sums + l * maps_[l].sums_size(), weight + l * channels_ * channels_, channels_);
  }

 private:
  template <class Work>
  void for_each(const Work& work) const {
    for (int64_t l = 0; l < static_cast<int64_t>(maps_.size()); ++l)
      if (degrees_ >> l & 1) work(maps_[l], l);
  }

  int64_t channels_, degrees_;
  std::vector<ChannelMap<T>> maps_;
};

}  // namespace fl
