// Symmetric contraction of node features (codegen/symmetric_contraction.py has the formulas), forward and backward.
//
// The generated programs work on one node and one vector of channels. So arrays inside the engine are in blocks:
// [blocks][node][component][lanes<T>], block c holding channels c lanes<T> to (c + 1) lanes<T> - 1, the last one padded
// with zeros; weights likewise [blocks][weight][lanes<T>]. A block's rows are then contiguous, whatever the number of
// channels: one displacement in the machine code for each component. Nothing depends on a node's neighbours in the
// array. Alignment to 64 bytes is faster, not required.
//
// What was tried, on one core with AVX-512, fp32, as a fraction of the peak of fused multiply-adds measured beside it:
//   - this form, in aligned blocks: forward 91% (2,890 operations for a node and channel at lmax 4, nu 3), backward 84%
//     (6,354); over whole arrays, which are copied to blocks node by node, forward 83-87%, backward 78-83%;
//   - whole arrays in tiles of 8 nodes, block after block: 69%; the weights of two blocks push each other out;
//   - backward that adds to d/db in memory for every path instead of leaving d/dt for one last function: 58%;
//   - operands that the compiler may load anew for every use instead of HOLD: forward 89%, backward 80%;
//   - functions that loop over 2, 4, 8 nodes: no gain, then 74% and 66% forward: b no longer fits the innermost cache;
//   - a folded sparse polynomial of the features has 3.6 times the operations; tables interpreted at run time and a
//     dense matrix product lost by more.
#pragma once
#include <algorithm>
#include <cstdint>

#include "base/simd.h"
#include "base/workspace.h"
#include "ops/symmetric_contraction/symmetric_contraction_programs.h"

namespace fl {

// The contraction of one lmax, largest order and set of output degrees; cheap to make.
template <class T>
class SymmetricContraction {
 public:
  // `output_degrees` has bit L set for every degree L to compute. Throws std::invalid_argument for what does not exist.
  SymmetricContraction(int64_t lmax, int64_t correlation, int64_t output_degrees);

  int components() const { return (lmax_ + 1) * (lmax_ + 1); }
  int weights() const { return weights_; }

  // One block of `nodes` nodes: out = contraction of `a` [nodes][components][lanes], weights `w` [weights][lanes].
  // Degrees that were not asked for come out as zeros.
  void forward(int64_t nodes, const T* a, const T* w, T* out) const;

  // Its backward: from g = d/dout to da, which is overwritten, and dw, which is added to, node after node.
  void backward(int64_t nodes, const T* a, const T* w, const T* g, T* da, T* dw) const;

  // Multiply-adds (and lone multiplications and additions) for a node and channel.
  int64_t forward_operations() const;
  int64_t backward_operations() const;

 private:
  bool wanted(int degree) const { return output_degrees_ >> degree & 1; }
  bool all_degrees() const { return output_degrees_ == (2 << lmax_) - 1; }
  bool even_degrees() const { return output_degrees_ == (0x55 & ((2 << lmax_) - 1)); }

  const ContractionPrograms<T>* programs_;
  int lmax_, correlation_, output_degrees_, weights_;
};

extern template class SymmetricContraction<float>;
extern template class SymmetricContraction<double>;

// Copies channels of block `block` between `rows` [count][channels] and `blocked` [count][lanes<T>]; lanes beyond the
// last channel are zero in `blocked`.
template <class T>
inline void pack_block(int64_t count, int64_t channels, int64_t block, const T* rows, T* blocked) {
  const int64_t used = std::min<int64_t>(channels - block * lanes<T>, lanes<T>);
  rows += block * lanes<T>;
  if (used == lanes<T>) {
    for (int64_t i = 0; i < count; ++i) store<T>(blocked + i * lanes<T>, load<T>(rows + i * channels));
    return;
  }
  for (int64_t i = 0; i < count; ++i)
    for (int64_t c = 0; c < lanes<T>; ++c) blocked[i * lanes<T> + c] = c < used ? rows[i * channels + c] : T(0);
}
template <class T>
inline void unpack_block(int64_t count, int64_t channels, int64_t block, const T* blocked, T* rows) {
  const int64_t used = std::min<int64_t>(channels - block * lanes<T>, lanes<T>);
  rows += block * lanes<T>;
  if (used == lanes<T>) {
    for (int64_t i = 0; i < count; ++i) store<T>(rows + i * channels, load<T>(blocked + i * lanes<T>));
    return;
  }
  for (int64_t i = 0; i < count; ++i) std::copy_n(blocked + i * lanes<T>, used, rows + i * channels);
}

// What pack_block reads, or unpack_block writes, for the next node while this one is computed.
template <bool written = false, class T>
inline void prefetch_block(int64_t count, int64_t channels, int64_t block, const T* rows) {
  for (int64_t i = 0; i < count; ++i) __builtin_prefetch(rows + i * channels + block * lanes<T>, written);
}

// All blocks of [count][channels], one after another, the channels padded to `width`; and back.
template <class T>
inline Array<T> pack_blocks(int64_t count, int64_t channels, int64_t width, const T* rows) {
  Array<T> blocks(count * width, T(0));
  for (int64_t b = 0; b * lanes<T> < channels; ++b)
    pack_block(count, channels, b, rows, blocks.data() + b * count * lanes<T>);
  return blocks;
}
template <class T>
inline void unpack_blocks(int64_t count, int64_t channels, const T* blocks, T* rows) {
  for (int64_t b = 0; b * lanes<T> < channels; ++b)
    unpack_block(count, channels, b, blocks + b * count * lanes<T>, rows);
}

}  // namespace fl
