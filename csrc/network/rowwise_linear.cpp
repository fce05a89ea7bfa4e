// A linear map of many rows by one weight. A number of a row's result is one chain of fused multiply-adds, which no row
// beside it changes; a library's product, which chooses its kernel by the number of rows, does not promise that.
#include <algorithm>
#include <vector>

#include "base/linear.h"
#include "base/pool.h"
#include "base/workspace.h"
#include "network/generated/calls.h"

namespace fl {
namespace {

constexpr int64_t rows_per_chunk = 128, rows_per_part = 512;

// out [rows][columns] = in [rows][depth] B, in chunks; the kernel writes whole vectors, for which there may be no room.
template <class T>
void multiply_rows(int32_t threads, int64_t rows, int64_t depth, int64_t columns, const T* in, Matrix<T> b, T* out) {
  const int64_t width = padded<T>(columns);
  parallel_for(threads, rows, rows_per_chunk, [&](int32_t, int64_t begin, int64_t end) {
    const T* from[rows_per_chunk];
    T* to[rows_per_chunk];
    Array<T> scratch(width == columns ? 0 : (end - begin) * width);
    for (int64_t i = 0; i < end - begin; ++i) {
      from[i] = in + (begin + i) * depth;
      to[i] = width == columns ? out + (begin + i) * columns : scratch.data() + i * width;
    }
    multiply<T>(end - begin, depth, width, from, b, to);
    for (int64_t i = 0; i < end - begin && width > columns; ++i)
      std::copy_n(to[i], columns, out + (begin + i) * columns);
  });
}

// The gradient of the weight: sums over the rows, part by part.
template <class T>
void weight_gradient(const calls::RowwiseLinearBackward<T>& call) {
  const int64_t width = padded<T>(call.columns);
  const Parts parts(call.rows, rows_per_part);
  std::vector<Array<T>> sums(parts.number);
  parallel_for(call.threads, parts.number, 1, [&](int32_t, int64_t part, int64_t) {
    sums[part].assign(call.depth * width, T(0));
    const int64_t begin = parts.begin(part), count = parts.begin(part + 1) - begin;
    const T* grad = call.grad + begin * call.columns;
    Array<T> scratch;
    if (width > call.columns) {
      scratch.assign(count * width, T(0));
      for (int64_t i = 0; i < count; ++i) std::copy_n(grad + i * call.columns, call.columns, &scratch[i * width]);
      grad = scratch.data();
    }
    add_outer_products<T>(call.depth, width, count, 1, {call.in_rows + begin * call.depth, call.depth, 0}, {grad, width, 0},
                          sums[part].data());
  });
  tree_sum(call.threads, sums);
  for (int64_t k = 0; k < call.depth; ++k)
    std::copy_n(sums[0].data() + k * width, call.columns, call.grad_weight + k * call.columns);
}

}  // namespace
}  // namespace fl

namespace fl::calls {

template <class T>
void run(const RowwiseLinear<T>& call) {
  const auto weight = Operand<T>::rows(call.depth, call.columns, call.weight, call.columns);
  multiply_rows(call.threads, call.rows, call.depth, call.columns, call.in_rows, weight.matrix(), call.out);
}

template <class T>
void run(const RowwiseLinearBackward<T>& call) {
  if (call.grad_in) {
    const auto weight = Operand<T>::transposed(call.columns, call.depth, call.weight, call.columns);
    multiply_rows(call.threads, call.rows, call.columns, call.depth, call.grad, weight.matrix(), call.grad_in);
  }
  if (call.grad_weight) weight_gradient(call);
}

template void run(const RowwiseLinear<float>&);
template void run(const RowwiseLinear<double>&);
template void run(const RowwiseLinearBackward<float>&);
template void run(const RowwiseLinearBackward<double>&);

}  // namespace fl::calls
