// Dense products with register tiles: C[i][:] (+)= sum_k A(i, k) B[k][:], vectors along the columns of B and C.
//
// A number of a result is one chain of fused multiply-adds over k in ascending order, whatever tile it falls into: it
// does not depend on how many rows are worked on together. No library GEMM, whose choice of kernel would.
//
// Rows of A and C are given by functions from the row to a pointer, so that rows may be gathered, and A may be
// transposed: A(i, k) = a(i)[k * step]. The depth k runs over whole arrays: nothing is packed here but B, which is
// either row by row, or in panels: column panel after column panel, each [depth][panel width].
#pragma once
#include "simd.h"

#ifndef FL_INLINE
#define FL_INLINE __attribute__((always_inline)) inline
#endif

namespace fl {

// A tile has `tile_rows` x `panel_vectors` accumulators; with a row of B and one value of A they fill the registers.
#if defined(__AVX512F__)
constexpr int tile_rows = 12;
#elif defined(__aarch64__)
constexpr int tile_rows = 8;
#else
constexpr int tile_rows = 6;
#endif
constexpr int panel_vectors = 2;

template <class T>
struct Matrix {
  const T* data;
  int64_t stride;  // of rows; 0 where the columns lie in panels
};

// Every row of C starts from `start`, or from what it holds where `start` is null.
template <class T, int R, int U, class A, class C>
FL_INLINE void multiply_tile(int64_t first, int64_t depth, const A& a, int64_t step, const T* b, int64_t stride,
                             const C& c, int64_t column, const T* start) {
  using V = Vector<T>;
  const T* rows[R];
  T* out[R];
  for (int r = 0; r < R; ++r) rows[r] = a(first + r), out[r] = c(first + r) + column;
  V sum[R][U];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
    for (int u = 0; u < U; ++u) sum[r][u] = load((start ? start : out[r]) + u * lanes<T>);
  for (int64_t k = 0; k < depth; ++k) {
    V row[U];
    for (int u = 0; u < U; ++u) row[u] = load(b + k * stride + u * lanes<T>);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const T value = rows[r][k * step];
      for (int u = 0; u < U; ++u) sum[r][u] = value * row[u] + sum[r][u];
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
    for (int u = 0; u < U; ++u) store(out[r] + u * lanes<T>, sum[r][u]);
}

template <class T, int U, class A, class C>
inline void multiply_panel(int64_t rows, int64_t depth, const A& a, int64_t step, const T* b, int64_t stride,
                           const C& c, int64_t column, const T* start) {
  int64_t i = 0;
  for (; i + tile_rows <= rows; i += tile_rows)
    multiply_tile<T, tile_rows, U>(i, depth, a, step, b, stride, c, column, start);
  for (; i + 4 <= rows; i += 4) multiply_tile<T, 4, U>(i, depth, a, step, b, stride, c, column, start);
  for (; i < rows; ++i) multiply_tile<T, 1, U>(i, depth, a, step, b, stride, c, column, start);
}

// C[i][:columns] (+)= sum_k a(i)[k * step] B[k][:columns] for i < rows. `columns` is a multiple of the lanes; what is
// not accumulated starts at bias[:columns], or at zero where bias is null.
template <class T, class A, class C>
inline void multiply(int64_t rows, int64_t depth, int64_t columns, const A& a, int64_t step, Matrix<T> b, const C& c,
                     const T* bias = nullptr, bool accumulate = false) {
  static constexpr T zeros[panel_vectors * lanes<T>] = {};
  for (int64_t column = 0; column < columns;) {
    const bool whole = columns - column >= panel_vectors * lanes<T>;
    const int64_t width = whole ? panel_vectors * lanes<T> : lanes<T>;
    const T* panel = b.data + (b.stride ? column : column * depth);
    const T* start = accumulate ? nullptr : bias ? bias + column : zeros;
    const int64_t stride = b.stride ? b.stride : width;
    if (whole)
      multiply_panel<T, panel_vectors>(rows, depth, a, step, panel, stride, c, column, start);
    else
      multiply_panel<T, 1>(rows, depth, a, step, panel, stride, c, column, start);
    column += width;
  }
}

// Packs B(k, column) = value(k, column) in panels; columns from `columns` on up to whole vectors are zero.
template <class T, class Value>
inline void pack(int64_t depth, int64_t columns, const Value& value, T* out) {
  for (int64_t column = 0, width; column < padded<T>(columns); column += width) {
    width = padded<T>(columns) - column >= panel_vectors * lanes<T> ? panel_vectors * lanes<T> : lanes<T>;
    for (int64_t k = 0; k < depth; ++k)
      for (int64_t n = column; n < column + width; ++n) *out++ = n < columns ? static_cast<T>(value(k, n)) : T(0);
  }
}

}  // namespace fl
