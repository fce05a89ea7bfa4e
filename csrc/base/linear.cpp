#include "base/linear.h"

#include <array>
#include <utility>

#include "base/straight_line.h"

namespace fl {
namespace {

// A tile has up to `tile_rows` x `panel_vectors` accumulators beside a row of B and one value of A.
// (Of AVX-512's registers twelve rows would fill all, but not leave a register for the pointer to every row.)
constexpr int tile_rows = vector_registers < 32 ? 6 : vector_bytes == 64 ? 10 : 8;

// Calls work(first, size) for tiles of `rows` rows. Their sizes differ by one at most: a small tile waits for its own
// sums.
template <class Work>
FL_INLINE void for_each_tile(int64_t rows, const Work& work) {
  const int64_t tiles = (rows + tile_rows - 1) / tile_rows;
  for (int64_t t = 0, first = 0; t < tiles; ++t) {
    const int64_t size = (rows - first) / (tiles - t);
    work(first, size);
    first += size;
  }
}

// One function for each number of rows: make(integral constant) gives that of rows + 1.
template <class Make, int... rows>
constexpr auto by_rows(const Make& make, std::integer_sequence<int, rows...>) {
  return std::array{make(std::integral_constant<int, rows + 1>())...};
}

template <class T, int R, int U>
void multiply_tile(int64_t depth, const T* const* a, const T* b, int64_t stride, T* const* c, int64_t column, T scale,
                   const T* const* start) {
  using V = Vector<T>;
  const T* rows[R];
  V sum[R][U];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
    rows[r] = a[r];
    for (int u = 0; u < U; ++u) sum[r][u] = V{};
  }
  for (int64_t k = 0; k < depth; ++k, b += stride) {
    V row[U];
    for (int u = 0; u < U; ++u) row[u] = load(b + u * lanes<T>);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const T value = rows[r][k];
      for (int u = 0; u < U; ++u) sum[r][u] = value * row[u] + sum[r][u];
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r) {
    for (int u = 0; u < U; ++u) {
      V product = scale * sum[r][u];
      HOLD(product);  // else the compiler chooses, tile by tile, whether the sum is rounded once or twice
      if (start) product += load(start[r] + column + u * lanes<T>);
      store(c[r] + column + u * lanes<T>, product);
    }
  }
}

template <class T, int U>
void multiply_panel(int64_t rows, int64_t depth, const T* const* a, const T* b, int64_t stride, T* const* c,
                    int64_t column, T scale, const T* const* start) {
  static constexpr auto tiles = by_rows([](auto size) { return &multiply_tile<T, size(), U>; },
                                        std::make_integer_sequence<int, tile_rows>());
  for_each_tile(rows, [&](int64_t first, int64_t size) {
    tiles[size - 1](depth, a + first, b, stride, c + first, column, scale, start ? start + first : nullptr);
  });
}

template <class T, int R, int U>
void add_outer_products_tile(int64_t outer, int64_t inner, NestedRows<T> a, NestedRows<T> b, T* c, int64_t stride) {
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
void add_outer_products_panel(int64_t rows, int64_t outer, int64_t inner, NestedRows<T> a, NestedRows<T> b, T* c,
                              int64_t stride) {
  static constexpr auto tiles = by_rows([](auto size) { return &add_outer_products_tile<T, size(), U>; },
                                        std::make_integer_sequence<int, tile_rows>());
  for_each_tile(rows, [&](int64_t first, int64_t size) {
    // The next tile's sums: since the last call other sums have taken their place in the cache.
    for (int64_t r = first + size; r < std::min(first + size + tile_rows, rows); ++r)
      for (int u = 0; u < U; ++u) __builtin_prefetch(c + r * stride + u * lanes<T>, 1);
    const NestedRows<T> part{a.data + first, a.outer_stride, a.inner_stride};
    tiles[size - 1](outer, inner, part, b, c + first * stride, stride);
  });
}

}  // namespace

template <class T>
void multiply(int64_t rows, int64_t depth, int64_t columns, const T* const* a, Matrix<T> b, T* const* c, T scale,
              const T* const* start) {
  for_each_panel<T>(columns, [&](int64_t column, int64_t width) {
    const T* panel = b.data + (b.stride ? column : column * depth);
    const int64_t stride = b.stride ? b.stride : width;
    if (width > lanes<T>)
      multiply_panel<T, panel_vectors>(rows, depth, a, panel, stride, c, column, scale, start);
    else
      multiply_panel<T, 1>(rows, depth, a, panel, stride, c, column, scale, start);
  });
}

template <class T>
void add_outer_products(int64_t rows, int64_t columns, int64_t outer, int64_t inner, NestedRows<T> a, NestedRows<T> b,
                        T* c) {
  for_each_panel<T>(columns, [&](int64_t column, int64_t width) {
    const NestedRows<T> panel{b.data + column, b.outer_stride, b.inner_stride};
    if (width > lanes<T>)
      add_outer_products_panel<T, panel_vectors>(rows, outer, inner, a, panel, c + column, columns);
    else
      add_outer_products_panel<T, 1>(rows, outer, inner, a, panel, c + column, columns);
  });
}

template void multiply(int64_t, int64_t, int64_t, const float* const*, Matrix<float>, float* const*, float,
                       const float* const*);
template void multiply(int64_t, int64_t, int64_t, const double* const*, Matrix<double>, double* const*, double,
                       const double* const*);
template void add_outer_products(int64_t, int64_t, int64_t, int64_t, NestedRows<float>, NestedRows<float>, float*);
template void add_outer_products(int64_t, int64_t, int64_t, int64_t, NestedRows<double>, NestedRows<double>, double*);

}  // namespace fl
