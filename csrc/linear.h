// Dense products with register tiles: C[i][:] (+)= sum_k A(i, k) B[k][:], vectors along the columns of B and C.
//
// A number of a result is one chain of fused multiply-adds over k in ascending order, whatever tile it falls into: it
// does not depend on how many rows are worked on together. No library GEMM, whose choice of kernel would.
//
// Rows of A and C are given by functions from the row to a pointer, so that rows may be gathered. B is packed in panels:
// column panel after column panel, each [depth][panel width].
#pragma once
#include <algorithm>
#include <cstdint>

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

// Every row of C starts from `start`, or from what it holds where `start` is null.
template <class T, int R, int U, class A, class C>
FL_INLINE void multiply_tile(int64_t first, int64_t depth, const A& a, const T* b, const C& c, int64_t column,
                             const T* start) {
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
    for (int u = 0; u < U; ++u) row[u] = load(b + (k * U + u) * lanes<T>);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const T value = rows[r][k];
      for (int u = 0; u < U; ++u) sum[r][u] = value * row[u] + sum[r][u];
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
    for (int u = 0; u < U; ++u) store(out[r] + u * lanes<T>, sum[r][u]);
}

template <class T, int U, class A, class C>
inline void multiply_panel(int64_t rows, int64_t depth, const A& a, const T* b, const C& c, int64_t column,
                           const T* start) {
  int64_t i = 0;
  for (; i + tile_rows <= rows; i += tile_rows)
    multiply_tile<T, tile_rows, U>(i, depth, a, b, c, column, start);
  for (; i + 4 <= rows; i += 4) multiply_tile<T, 4, U>(i, depth, a, b, c, column, start);
  for (; i < rows; ++i) multiply_tile<T, 1, U>(i, depth, a, b, c, column, start);
}

// C[i][:columns] (+)= sum_k a(i)[k] B[k][:columns] for i < rows. `columns` is a multiple of the lanes; what is
// not accumulated starts at bias[:columns], or at zero where bias is null.
template <class T, class A, class C>
inline void multiply(int64_t rows, int64_t depth, int64_t columns, const A& a, const T* b, const C& c,
                     const T* bias = nullptr, bool accumulate = false) {
  static constexpr T zeros[panel_vectors * lanes<T>] = {};
  for (int64_t column = 0; column < columns;) {
    const bool whole = columns - column >= panel_vectors * lanes<T>;
    const int64_t width = whole ? panel_vectors * lanes<T> : lanes<T>;
    const T* panel = b + column * depth;
    const T* start = accumulate ? nullptr : bias ? bias + column : zeros;
    if (whole)
      multiply_panel<T, panel_vectors>(rows, depth, a, panel, c, column, start);
    else
      multiply_panel<T, 1>(rows, depth, a, panel, c, column, start);
    column += width;
  }
}

// Rows in two levels, `inner` rows for each of `outer`: data + o * outer_stride + i * inner_stride.
template <class T>
struct NestedRows {
  const T* data;
  int64_t outer_stride, inner_stride;
};

template <class T, int R, int U>
FL_INLINE void add_outer_products_tile(int64_t outer, int64_t inner, NestedRows<T> a, NestedRows<T> b, T* c,
                                       int64_t stride) {
  using V = Vector<T>;
  V sum[R][U];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
    for (int u = 0; u < U; ++u) sum[r][u] = load(c + r * stride + u * lanes<T>);
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      const T* from = a.data + o * a.outer_stride + i * a.inner_stride;
      const T* with = b.data + o * b.outer_stride + i * b.inner_stride;
      V row[U];
      for (int u = 0; u < U; ++u) row[u] = load(with + u * lanes<T>);
#pragma GCC unroll 16
      for (int r = 0; r < R; ++r)
        for (int u = 0; u < U; ++u) sum[r][u] = from[r] * row[u] + sum[r][u];
    }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
    for (int u = 0; u < U; ++u) store(c + r * stride + u * lanes<T>, sum[r][u]);
}

template <class T, int U>
inline void add_outer_products_panel(int64_t rows, int64_t outer, int64_t inner, NestedRows<T> a, NestedRows<T> b, T* c,
                                     int64_t stride) {
  int64_t r = 0;
  for (; r + tile_rows <= rows; r += tile_rows, a.data += tile_rows, c += tile_rows * stride)
    add_outer_products_tile<T, tile_rows, U>(outer, inner, a, b, c, stride);
  for (; r + 4 <= rows; r += 4, a.data += 4, c += 4 * stride)
    add_outer_products_tile<T, 4, U>(outer, inner, a, b, c, stride);
  for (; r < rows; ++r, ++a.data, c += stride) add_outer_products_tile<T, 1, U>(outer, inner, a, b, c, stride);
}

// C [rows][columns] += sum over all rows of the outer product of a row of A, `rows` long, and a row of B; `columns` is a
// multiple of the lanes. The gradient of a product's weight: sums in registers over all rows, read and written once.
template <class T>
inline void add_outer_products(int64_t rows, int64_t columns, int64_t outer, int64_t inner, NestedRows<T> a,
                               NestedRows<T> b, T* c) {
  for (int64_t column = 0, width; column < columns; column += width, b.data += width) {
    width = columns - column >= panel_vectors * lanes<T> ? panel_vectors * lanes<T> : lanes<T>;
    if (width > lanes<T>)
      add_outer_products_panel<T, panel_vectors>(rows, outer, inner, a, b, c + column, columns);
    else
      add_outer_products_panel<T, 1>(rows, outer, inner, a, b, c + column, columns);
  }
}

// Calls work(first column, width) for every panel of `columns` columns, a multiple of the lanes.
template <class T, class Work>
inline void for_each_panel(int64_t columns, const Work& work) {
  for (int64_t column = 0, width; column < columns; column += width) {
    width = columns - column >= panel_vectors * lanes<T> ? panel_vectors * lanes<T> : lanes<T>;
    work(column, width);
  }
}

// Packs B in panels from its rows: B(k, n) = scale row(k)[n] for n < used. Null rows and further columns are zero.
template <class T, class Row>
inline void pack_rows(int64_t depth, int64_t used, int64_t columns, const Row& row, T scale, T* out) {
  for_each_panel<T>(columns, [&](int64_t column, int64_t width) {
    const int64_t size = std::clamp<int64_t>(used - column, 0, width);
    for (int64_t k = 0; k < depth; ++k, out += width) {
      const T* from = row(k);
      for (int64_t n = 0; n < size; ++n) out[n] = from ? scale * from[column + n] : T(0);
      for (int64_t n = size; n < width; ++n) out[n] = T(0);
    }
  });
}

// Packs B in panels from its columns: B(k, n) = scale column(n)[k] for n < used. Null and further columns are zero.
template <class T, class Column>
inline void pack_columns(int64_t depth, int64_t used, int64_t columns, const Column& column_of, T scale, T* out) {
  constexpr int group = 4;  // columns that are read together, so that what is written stands together
  for_each_panel<T>(columns, [&](int64_t column, int64_t width) {
    for (int64_t n = 0; n < width; n += group) {
      const T* from[group];
      bool whole = true;
      for (int i = 0; i < group; ++i) {
        from[i] = n + i < width && column + n + i < used ? column_of(column + n + i) : nullptr;
        whole = whole && from[i];
      }
      T* to = out + n;
      if (whole) {
        for (int64_t k = 0; k < depth; ++k, to += width)
          for (int i = 0; i < group; ++i) to[i] = scale * from[i][k];
      } else {
        for (int64_t k = 0; k < depth; ++k, to += width)
          for (int i = 0; i < group && n + i < width; ++i) to[i] = from[i] ? scale * from[i][k] : T(0);
      }
    }
    out += depth * width;
  });
}

}  // namespace fl
