// Dense products with register tiles: C[i][:] = start[i][:] + scale sum_k A[i][k] B[k][:], vectors along the columns of B
// and C.
//
// A number of a result is one chain of fused multiply-adds over k in ascending order, whatever tile it falls into: it
// does not depend on how many rows are worked on together. No library GEMM, whose choice of kernel would.
//
// Rows of A and C are given by pointers, so that they may be gathered. B is a matrix as it is, where its rows are whole
// vectors, or packed in panels: column panel after column panel, each [depth][panel width].
#pragma once
#include <algorithm>
#include <cstdint>

#include "base/simd.h"
#include "base/workspace.h"

namespace fl {

constexpr int panel_vectors = 2;

// B: `stride` numbers from row to row; 0: packed.
template <class T>
struct Matrix {
  const T* data;
  int64_t stride;
};

// C[i][:columns] = start[i][:columns] + scale sum_k A[i][k] B[k][:columns] for i < rows. `columns` is a multiple of
// the lanes; rows start at zero where `start` is null, and accumulate where it is C.
template <class T>
void multiply(int64_t rows, int64_t depth, int64_t columns, const T* const* a, Matrix<T> b, T* const* c, T scale = 1,
              const T* const* start = nullptr);

// Rows in two levels, `inner` rows for each of `outer`: data + o * outer_stride + i * inner_stride.
template <class T>
struct NestedRows {
  const T* data;
  int64_t outer_stride, inner_stride;
};

// C [rows][columns] += sum over all rows of the outer product of a row of A, `rows` long, and a row of B; `columns` is a
// multiple of the lanes. The gradient of a product's weight: sums in registers over all rows, read and written once.
template <class T>
void add_outer_products(int64_t rows, int64_t columns, int64_t outer, int64_t inner, NestedRows<T> a, NestedRows<T> b,
                        T* c);

// Calls work(first column, width) for every panel of `columns` columns, a multiple of the lanes.
template <class T, class Work>
inline void for_each_panel(int64_t columns, const Work& work) {
  for (int64_t column = 0, width; column < columns; column += width) {
    width = columns - column >= panel_vectors * lanes<T> ? panel_vectors * lanes<T> : lanes<T>;
    work(column, width);
  }
}

// Packs B in panels from its rows: B(k, n) = row(k)[n] for n < used. Null rows and further columns are zero.
template <class T, class Row>
inline void pack_rows(int64_t depth, int64_t used, int64_t columns, const Row& row, T* out) {
  for_each_panel<T>(columns, [&](int64_t column, int64_t width) {
    const int64_t size = std::clamp<int64_t>(used - column, 0, width);
    for (int64_t k = 0; k < depth; ++k, out += width) {
      const T* from = row(k);
      for (int64_t n = 0; n < size; ++n) out[n] = from ? from[column + n] : T(0);
      for (int64_t n = size; n < width; ++n) out[n] = T(0);
    }
  });
}

// Packs B in panels from its columns: B(k, n) = column(n)[k] for n < used. Null and further columns are zero.
template <class T, class Column>
inline void pack_columns(int64_t depth, int64_t used, int64_t columns, const Column& column_of, T* out) {
  constexpr int64_t size = lanes<T>;
  for_each_panel<T>(columns, [&](int64_t column, int64_t width) {
    for (int64_t first = 0; first < width; first += size) {
      const T* from[size];
      bool whole = true;
      for (int64_t n = 0; n < size; ++n) {
        from[n] = column + first + n < used ? column_of(column + first + n) : nullptr;
        whole = whole && from[n];
      }
      int64_t k = 0;
      for (; whole && k + size <= depth; k += size) {
        Vector<T> square[size];
        for (int64_t n = 0; n < size; ++n) square[n] = load(from[n] + k);
        transpose<T>(square);
        for (int64_t i = 0; i < size; ++i) store(out + (k + i) * width + first, square[i]);
      }
      for (; k < depth; ++k)
        for (int64_t n = 0; n < size; ++n) out[k * width + first + n] = from[n] ? from[n][k] : T(0);
    }
    out += depth * width;
  });
}

// B of a product, for as long as what it was made from stands: the caller's matrix where that will do, else a copy.
template <class T>
class Operand {
 public:
  // The rows of a matrix [depth][columns], `stride` apart, as they are.
  static Operand rows(int64_t depth, int64_t columns, const T* matrix, int64_t stride) {
    if (columns % lanes<T> == 0) return Operand({}, {matrix, stride});
    return packed_rows(depth, columns, padded<T>(columns), [=](int64_t k) { return matrix + k * stride; });
  }
  // The columns of B are the rows of a matrix [columns][depth], `stride` apart.
  static Operand transposed(int64_t depth, int64_t columns, const T* matrix, int64_t stride) {
    return packed_columns(depth, columns, padded<T>(columns), [=](int64_t n) { return matrix + n * stride; });
  }
  // As pack_rows and pack_columns take them.
  template <class Row>
  static Operand packed_rows(int64_t depth, int64_t used, int64_t columns, const Row& row) {
    Array<T> storage(depth * columns);
    pack_rows(depth, used, columns, row, storage.data());
    return Operand(std::move(storage), {});
  }
  template <class Column>
  static Operand packed_columns(int64_t depth, int64_t used, int64_t columns, const Column& column) {
    Array<T> storage(depth * columns);
    pack_columns(depth, used, columns, column, storage.data());
    return Operand(std::move(storage), {});
  }

  Matrix<T> matrix() const { return storage_.empty() ? given_ : Matrix<T>{storage_.data(), 0}; }

 private:
  Operand(Array<T> storage, Matrix<T> given) : storage_(std::move(storage)), given_(given) {}

  Array<T> storage_;
  Matrix<T> given_;
};

}  // namespace fl
