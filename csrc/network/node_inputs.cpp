// The features of nodes before the first layer, from what was read around them: a linear map of a node's scalars, tensors
// and sums of harmonics into each degree.
//
//     out_0 = scalars S + bias + t_0 W_0,   out_l = t_l W_l
//
// t_l is [2 l + 1][fan]: of the even degrees what each form has of that degree, of the odd ones the two sums of harmonics.
// A node at a time, each number one chain in a fixed order; gradients of weights are summed over parts and in a tree.
#include <algorithm>
#include <stdexcept>
#include <vector>

#include "base/extents.h"
#include "base/pool.h"
#include "base/simd.h"
#include "base/workspace.h"
#include "network/generated/calls.h"

namespace fl {
namespace {

constexpr int64_t nodes_per_chunk = 64, nodes_per_part = 256;
constexpr int64_t forms = 3, triangle = 21, degrees = 5, widest = 6;
using boundary::node_fan_in;
constexpr int64_t first_irrep[degrees] = {0, 0, 2, 0, 12};  // of the even degrees, among 2x0e + 2x2e + 1x4e

// Where input n of component m of degree l stands in a node's row of tensors [forms][21], or of odd [component][2].
struct Places {
  int64_t first[degrees][widest] = {};  // of component 0

  constexpr Places() {
    for (int64_t l = 0; l < degrees; ++l)
      for (int64_t n = 0, copies = node_fan_in[l] / forms; n < node_fan_in[l]; ++n)
        first[l][n] = l % 2 ? 2 * l * l + n : n / copies * triangle + first_irrep[l] + n % copies * (2 * l + 1);
  }
  int64_t operator()(int64_t l, int64_t m, int64_t n) const { return first[l][n] + (l % 2 ? 2 * m : m); }
};
constexpr Places place_of;

// Rows of a matrix with whole vectors as columns.
template <class T>
Array<T> padded_matrix(const T* from, int64_t rows, int64_t columns) {
  Array<T> out(rows * padded<T>(columns), T(0));
  for (int64_t n = 0; n < rows; ++n) std::copy_n(from + n * columns, columns, out.data() + n * padded<T>(columns));
  return out;
}

// out = start + sum over n of x[n] row n; without a start, from zero.
template <class T>
void map_rows(int64_t count, const T* x, const T* rows, int64_t width, const T* start, T* out) {
  for (int64_t c = 0; c < width; c += lanes<T>) {
    Vector<T> sum = start ? load(start + c) : Vector<T>{};
    for (int64_t n = 0; n < count; ++n) sum += x[n] * load(rows + n * width + c);
    store(out + c, sum);
  }
}

// Row n += x[n] g.
template <class T>
void add_products(int64_t count, const T* x, const T* g, int64_t width, T* rows) {
  for (int64_t c = 0; c < width; c += lanes<T>) {
    const Vector<T> slope = load(g + c);
    for (int64_t n = 0; n < count; ++n) store(rows + n * width + c, load(rows + n * width + c) + x[n] * slope);
  }
}

// x[n] = row n . g
template <class T>
void dot_rows(int64_t count, const T* rows, const T* g, int64_t width, T* x) {
  for (int64_t n = 0; n < count; ++n) {
    Vector<T> sum{};
    for (int64_t c = 0; c < width; c += lanes<T>) sum += load(rows + n * width + c) * load(g + c);
    x[n] = 0;
    for (int i = 0; i < lanes<T>; ++i) x[n] += sum[i];
  }
}

template <class T, class Call>
class NodeInputs {
 public:
  explicit NodeInputs(const Call& call) : call_(call), width_(padded<T>(call.channels)) {
    if (call.l_odd < call.lmax) throw std::invalid_argument("node_inputs: l_odd must be at least lmax");
    bias_ = padded_matrix(call.bias, 1, call.channels);
    scalars_ = padded_matrix(call.scalar_weight, call.scalars, call.channels);
    for (int64_t l = 0; l <= call.lmax; ++l)
      tensors_.push_back(padded_matrix(call.weights.data[l], node_fan_in[l], call.channels));
  }

  // `spare`: room for a row, where channels are not whole vectors.
  void forward(int64_t node, T* spare) const {
    const bool whole = width_ == call_.channels;
    T x[widest], *out = call_.out + node * components() * call_.channels;
    for (int64_t l = 0; l <= call_.lmax; ++l)
      for (int64_t m = 0; m < 2 * l + 1; ++m, out += call_.channels) {
        T* row = whole ? out : spare;
        if (l == 0) map_rows(call_.scalars, call_.node + node * call_.scalars, scalars_.data(), width_, bias_.data(), row);
        read(node, l, m, x);
        map_rows(node_fan_in[l], x, tensors_[l].data(), width_, l == 0 ? row : nullptr, row);
        if (!whole) std::copy_n(row, call_.channels, out);
      }
  }

  // Sums: of the scalars' weights, of the bias, of the tensors' weights degree by degree.
  int64_t sums_size() const {
    int64_t rows = call_.scalars + 1;
    for (int64_t l = 0; l <= call_.lmax; ++l) rows += node_fan_in[l];
    return rows * width_;
  }

  // `row`: of the gradient, padded with zeros. Gradients of what is read are overwritten, sums added to; either may be null.
  void backward(int64_t node, T* row, T* sums) const {
    const T* grad = call_.grad + node * components() * call_.channels;
    T x[widest], *weights = sums ? sums + (call_.scalars + 1) * width_ : nullptr;
    for (int64_t l = 0; l <= call_.lmax; ++l) {
      for (int64_t m = 0; m < 2 * l + 1; ++m, grad += call_.channels) {
        std::copy_n(grad, call_.channels, row);
        if (l == 0) scalars_backward(node, row, sums);
        if (weights) {
          read(node, l, m, x);
          add_products(node_fan_in[l], x, row, width_, weights);
        }
        if (!call_.grad_node) continue;
        dot_rows(node_fan_in[l], tensors_[l].data(), row, width_, x);
        T* to = l % 2 ? call_.grad_odd + node * odd_size() : call_.grad_tensors + node * forms * triangle;
        for (int64_t n = 0; n < node_fan_in[l]; ++n) to[place_of(l, m, n)] = x[n];
      }
      if (weights) weights += node_fan_in[l] * width_;
    }
  }

  void unpack_sums(const T* sums) const {
    const auto take = [&](T* to, int64_t rows) {
      for (int64_t n = 0; n < rows; ++n, sums += width_) std::copy_n(sums, call_.channels, to + n * call_.channels);
    };
    take(call_.grad_scalar_weight, call_.scalars);
    take(call_.grad_bias, 1);
    for (int64_t l = 0; l <= call_.lmax; ++l) take(call_.grad_weights.data[l], node_fan_in[l]);
  }

  int64_t width() const { return width_; }
  int64_t odd_size() const { return 2 * (call_.l_odd + 1) * (call_.l_odd + 1); }

 private:
  int64_t components() const { return (call_.lmax + 1) * (call_.lmax + 1); }
  void read(int64_t node, int64_t l, int64_t m, T* x) const {
    const T* from = l % 2 ? call_.odd + node * odd_size() : call_.tensors + node * forms * triangle;
    for (int64_t n = 0; n < node_fan_in[l]; ++n) x[n] = from[place_of(l, m, n)];
  }
  void scalars_backward(int64_t node, const T* row, T* sums) const {
    const T one = 1;
    if (sums) {
      add_products(call_.scalars, call_.node + node * call_.scalars, row, width_, sums);
      add_products(1, &one, row, width_, sums + call_.scalars * width_);
    }
    if (call_.grad_node) dot_rows(call_.scalars, scalars_.data(), row, width_, call_.grad_node + node * call_.scalars);
  }

  const Call& call_;
  int64_t width_;
  Array<T> bias_, scalars_;
  std::vector<Array<T>> tensors_;
};

}  // namespace
}  // namespace fl

namespace fl::calls {

template <class T>
void run(const NodeInputs<T>& call) {
  const fl::NodeInputs<T, NodeInputs<T>> inputs(call);
  parallel_for(call.threads, call.nodes, nodes_per_chunk, [&](int32_t, int64_t begin, int64_t end) {
    Array<T> row(inputs.width());
    for (int64_t node = begin; node < end; ++node) inputs.forward(node, row.data());
  });
}

template <class T>
void run(const NodeInputsBackward<T>& call) {
  const fl::NodeInputs<T, NodeInputsBackward<T>> inputs(call);
  boundary::check_together("gradients of what is read", {call.grad_node, call.grad_tensors, call.grad_odd});
  boundary::check_together("gradients of parameters",
                           {call.grad_bias, call.grad_scalar_weight, call.grad_weights.data});
  // Numbers that are not read have no part in the result.
  if (call.grad_tensors) std::fill_n(call.grad_tensors, call.nodes * forms * triangle, T(0));
  if (call.grad_odd) std::fill_n(call.grad_odd, call.nodes * inputs.odd_size(), T(0));
  const Parts parts(call.nodes, nodes_per_part);
  std::vector<Array<T>> sums(parts.number);
  parallel_for(call.threads, parts.number, 1, [&](int32_t, int64_t part, int64_t) {
    Array<T> row(inputs.width(), T(0));
    if (call.grad_bias) sums[part].assign(inputs.sums_size(), T(0));
    T* own = call.grad_bias ? sums[part].data() : nullptr;
    for (int64_t node = parts.begin(part); node < parts.begin(part + 1); ++node) inputs.backward(node, row.data(), own);
  });
  if (!call.grad_bias) return;
  tree_sum(call.threads, sums);
  inputs.unpack_sums(sums[0].data());
}

template void run(const NodeInputs<float>&);
template void run(const NodeInputs<double>&);
template void run(const NodeInputsBackward<float>&);
template void run(const NodeInputsBackward<double>&);

}  // namespace fl::calls
