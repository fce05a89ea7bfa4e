#include "ops/symmetric_contraction/symmetric_contraction.h"

#include <algorithm>
#include <stdexcept>

#include "base/pool.h"
#include "ops/symmetric_contraction/generated/calls.h"

namespace fl {
namespace {

constexpr int max_components = 25, max_pairs = 141, max_mixed = 163;
// Nodes of one unit of work, which is one block of channels: its weights stay in the innermost cache from node to node.
constexpr int64_t unit_nodes = 32;
constexpr int64_t max_partial_sums = 128;  // of the weights' gradient

template <class T>
const ContractionPrograms<T>& programs_of(int64_t lmax) {
  switch (lmax) {
    case 0: return contraction_programs<0, T>();
    case 1: return contraction_programs<1, T>();
    case 2: return contraction_programs<2, T>();
    case 3: return contraction_programs<3, T>();
    case 4: return contraction_programs<4, T>();
  }
  throw std::invalid_argument("lmax must be 0 to 4");
}

template <class T>
constexpr int64_t blocks_of(int64_t channels) {
  return padded<T>(channels) / lanes<T>;
}

template <class T>
void forward_all(const SymmetricContraction<T>& op, int32_t threads, int64_t nodes, int64_t channels, const T* features,
                 const T* weights, T* out) {
  const int64_t rows = op.components(), blocks = blocks_of<T>(channels);
  const int64_t groups = (nodes + unit_nodes - 1) / unit_nodes;
  const Array<T> w = pack_blocks(op.weights(), channels, padded<T>(channels), weights);
  parallel_for(threads, groups * blocks, 1, [&](int32_t, int64_t unit, int64_t last_unit) {
    alignas(64) T a[max_components * lanes<T>], o[max_components * lanes<T>];
    for (; unit < last_unit; ++unit) {
      const int64_t c = unit % blocks, begin = unit / blocks * unit_nodes, end = std::min(begin + unit_nodes, nodes);
      for (int64_t n = begin; n < end; ++n) {
        const int64_t offset = n * rows * channels;
        pack_block(rows, channels, c, features + offset, a);
        if (n + 1 < end) prefetch_block(rows, channels, c, features + offset + rows * channels);
        op.forward(1, a, w.data() + c * op.weights() * lanes<T>, o);
        unpack_block(rows, channels, c, o, out + offset);
      }
    }
  });
}

template <class T>
void backward_all(const SymmetricContraction<T>& op, int32_t threads, int64_t nodes, int64_t channels,
                  const T* features, const T* weights, const T* grad_out, T* grad_features, T* grad_weights) {
  const int64_t rows = op.components(), blocks = blocks_of<T>(channels), size = op.weights() * padded<T>(channels);
  const Array<T> w = pack_blocks(op.weights(), channels, padded<T>(channels), weights);
  // Every part of the weights' gradient sums over as many whole units; how many depends on the number of nodes alone.
  const int64_t units = std::max<int64_t>((nodes + unit_nodes - 1) / unit_nodes, 1);
  const int64_t part_nodes = (units + max_partial_sums - 1) / max_partial_sums * unit_nodes;
  const int64_t parts = std::max<int64_t>((nodes + part_nodes - 1) / part_nodes, 1);
  std::vector<Array<T>> dw(parts, Array<T>(size, T(0)));
  parallel_for(threads, parts * blocks, 1, [&](int32_t, int64_t unit, int64_t last_unit) {
    alignas(64) T a[max_components * lanes<T>], g[max_components * lanes<T>], da[max_components * lanes<T>];
    for (; unit < last_unit; ++unit) {
      const int64_t c = unit % blocks, part = unit / blocks;
      const int64_t begin = part * part_nodes, end = std::min(begin + part_nodes, nodes);
      const int64_t weight_offset = c * op.weights() * lanes<T>;
      for (int64_t n = begin; n < end; ++n) {
        const int64_t offset = n * rows * channels, next = offset + rows * channels;
        pack_block(rows, channels, c, features + offset, a);
        pack_block(rows, channels, c, grad_out + offset, g);
        if (n + 1 < end) {
          prefetch_block(rows, channels, c, features + next);
          prefetch_block(rows, channels, c, grad_out + next);
        }
        op.backward(1, a, w.data() + weight_offset, g, da, dw[part].data() + weight_offset);
        unpack_block(rows, channels, c, da, grad_features + offset);
      }
    }
  });
  tree_sum(threads, dw);
  unpack_blocks(op.weights(), channels, dw[0].data(), grad_weights);
}

}  // namespace

template <class T>
SymmetricContraction<T>::SymmetricContraction(int64_t lmax, int64_t correlation, int64_t output_degrees)
    : programs_(&programs_of<T>(lmax)),
      lmax_(static_cast<int>(lmax)),
      correlation_(static_cast<int>(correlation)),
      output_degrees_(static_cast<int>(output_degrees)) {
  if (correlation < 1 || correlation > 3) throw std::invalid_argument("the order must be 1, 2 or 3");
  if (output_degrees < 0 || output_degrees >> (lmax + 1)) throw std::invalid_argument("an output degree exceeds lmax");
  weights_ = programs_->weights[correlation_ - 1];
}

template <class T>
void SymmetricContraction<T>::forward(int64_t nodes, const T* a, const T* w, T* out) const {
  alignas(64) T b[max_pairs * lanes<T>];
  const int64_t stride = components() * lanes<T>;
  for (int64_t n = 0; n < nodes; ++n, a += stride, out += stride) {
    if (correlation_ > 1) programs_->couple_forward(a, b);
    for (int degree = 0; degree <= lmax_; ++degree) {
      if (wanted(degree))
        programs_->forward[correlation_ - 1][degree](a, b, w, out);
      else
        std::fill_n(out + degree * degree * lanes<T>, (2 * degree + 1) * lanes<T>, T(0));
    }
  }
}

template <class T>
void SymmetricContraction<T>::backward(int64_t nodes, const T* a, const T* w, const T* g, T* da, T* dw) const {
  alignas(64) T b[max_pairs * lanes<T>], d[max_mixed * lanes<T>], g_wanted[max_components * lanes<T>];
  const int64_t stride = components() * lanes<T>;
  // The program of all degrees also serves other sets: with zeros for those that were not asked for.
  const bool zeros = !all_degrees() && !even_degrees();
  if (zeros) std::fill_n(d, programs_->mixed * lanes<T>, T(0));
  for (int64_t n = 0; n < nodes; ++n, a += stride, g += stride, da += stride) {
    std::fill_n(da, stride, T(0));
    if (correlation_ > 1) programs_->couple_forward(a, b);
    for (int degree = 0; degree <= lmax_; ++degree)
      if (wanted(degree)) programs_->backward[correlation_ - 1][degree](a, b, g, w, da, d, dw);
    if (correlation_ == 1) continue;
    if (zeros)
      for (int degree = 0; degree <= lmax_; ++degree) {
        const int64_t begin = degree * degree * lanes<T>, size = (2 * degree + 1) * lanes<T>;
        if (wanted(degree))
          std::copy_n(g + begin, size, g_wanted + begin);
        else
          std::fill_n(g_wanted + begin, size, T(0));
      }
    programs_->couple_backward[correlation_ - 2][even_degrees()](a, b, zeros ? g_wanted : g, d, w, da, dw);
  }
}

template <class T>
int64_t SymmetricContraction<T>::forward_operations() const {
  int64_t total = correlation_ > 1 ? programs_->couple_forward_operations : 0;
  for (int degree = 0; degree <= lmax_; ++degree)
    if (wanted(degree)) total += programs_->forward_operations[correlation_ - 1][degree];
  return total;
}

template <class T>
int64_t SymmetricContraction<T>::backward_operations() const {
  int64_t total = 0;
  if (correlation_ > 1)
    total = programs_->couple_forward_operations +
            programs_->couple_backward_operations[correlation_ - 2][even_degrees()];
  for (int degree = 0; degree <= lmax_; ++degree)
    if (wanted(degree)) total += programs_->backward_operations[correlation_ - 1][degree];
  return total;
}

template class SymmetricContraction<float>;
template class SymmetricContraction<double>;

}  // namespace fl

namespace fl::calls {

template <class T>
void run(const SymmetricContraction<T>& call) {
  const fl::SymmetricContraction<T> op(call.lmax, call.correlation, call.output_degrees);
  const T* weights = call.weights.expect("weights", boundary::Extent(op.weights()) * call.channels);
  forward_all(op, call.threads, call.nodes, call.channels, call.features, weights, call.out);
}
template <class T>
void run(const SymmetricContractionBackward<T>& call) {
  const fl::SymmetricContraction<T> op(call.lmax, call.correlation, call.output_degrees);
  const boundary::Extent size = boundary::Extent(op.weights()) * call.channels;
  backward_all(op, call.threads, call.nodes, call.channels, call.features, call.weights.expect("weights", size),
               call.grad_out, call.grad_features, call.grad_weights.expect("grad_weights", size));
}
void run(const SymmetricContractionOperations& call) {
  const fl::SymmetricContraction<float> op(call.lmax, call.correlation, call.output_degrees);
  *call.forward = op.forward_operations();
  *call.backward = op.backward_operations();
}

template void run(const SymmetricContraction<float>&);
template void run(const SymmetricContraction<double>&);
template void run(const SymmetricContractionBackward<float>&);
template void run(const SymmetricContractionBackward<double>&);

}  // namespace fl::calls
