// Eight doubles in the machine's own vector registers, and 6x6 blocks of them.
//
// A vector type wider than the machine's registers lives in memory; an array of register-wide parts does not.
#pragma once

#include "base/isa.h"

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are passed between inlined functions only
#endif

namespace fl::frame {

// Six unknowns, or six macro-strains, on lanes 0 to 5; lanes 6 and 7 stay zero.
struct alignas(64) Vector8 {
  using Part = double __attribute__((vector_size(vector_bytes)));
  static constexpr int parts = 64 / vector_bytes, lanes = 8 / parts;
  Part part[parts];

  FL_INLINE static Vector8 of(double a, double b, double c, double d, double e, double f) {
#if defined(__AVX512F__)
    return {{Part{a, b, c, d, e, f, 0, 0}}};
#elif defined(__AVX2__)
    return {{Part{a, b, c, d}, Part{e, f, 0, 0}}};
#else
    return {{Part{a, b}, Part{c, d}, Part{e, f}, Part{0, 0}}};
#endif
  }
  FL_INLINE static Vector8 unit(int lane) {
    Vector8 v{};
    v.part[lane / lanes][lane % lanes] = 1;
    return v;
  }
  FL_INLINE double operator[](int lane) const { return part[lane / lanes][lane % lanes]; }
  FL_INLINE void set(int lane, double value) { part[lane / lanes][lane % lanes] = value; }

  // this += x * s and this -= x * s, in one rounding where the machine can.
  FL_INLINE void add(const Vector8& x, double s) {
    for (int p = 0; p < parts; ++p) part[p] += x.part[p] * s;
  }
  FL_INLINE void subtract(const Vector8& x, double s) {
    for (int p = 0; p < parts; ++p) part[p] -= x.part[p] * s;
  }
  FL_INLINE Vector8& operator+=(const Vector8& x) {
    for (int p = 0; p < parts; ++p) part[p] += x.part[p];
    return *this;
  }
  FL_INLINE Vector8& operator-=(const Vector8& x) {
    for (int p = 0; p < parts; ++p) part[p] -= x.part[p];
    return *this;
  }
};

FL_INLINE Vector8 operator+(const Vector8& x, const Vector8& y) { return Vector8(x) += y; }
FL_INLINE Vector8 operator-(const Vector8& x, const Vector8& y) { return Vector8(x) -= y; }
FL_INLINE Vector8 operator*(const Vector8& x, const Vector8& y) {
  Vector8 z;
  for (int p = 0; p < Vector8::parts; ++p) z.part[p] = x.part[p] * y.part[p];
  return z;
}
FL_INLINE Vector8 operator*(double s, const Vector8& x) {
  Vector8 z;
  for (int p = 0; p < Vector8::parts; ++p) z.part[p] = s * x.part[p];
  return z;
}

// Column by column.
struct Block {
  Vector8 column[6];
};

// z[r] -= x[r] y^T for strips of `count` blocks. Two strips at a time share the loads of y.
template <int Rows>
FL_INLINE void subtract_product(const Block* const (&x)[Rows], const Block* y, int count, Block* const (&z)[Rows]) {
  // As many columns of z at once as the registers hold.
  constexpr int columns = 6 * Vector8::parts * Rows <= vector_registers - 2 ? 6 : 2;
#pragma GCC unroll 3
  for (int first = 0; first < 6; first += columns) {
    Vector8 sum[Rows][columns];
#pragma GCC unroll 2
    for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 6
      for (int j = 0; j < columns; ++j) sum[r][j] = z[r]->column[first + j];
    for (int k = 0; k < count; ++k)
#pragma GCC unroll 6
      for (int m = 0; m < 6; ++m)
#pragma GCC unroll 6
        for (int j = 0; j < columns; ++j) {
          const double factor = y[k].column[m][first + j];
#pragma GCC unroll 2
          for (int r = 0; r < Rows; ++r) sum[r][j].subtract(x[r][k].column[m], factor);
        }
#pragma GCC unroll 2
    for (int r = 0; r < Rows; ++r)
#pragma GCC unroll 6
      for (int j = 0; j < columns; ++j) z[r]->column[first + j] = sum[r][j];
  }
}

}  // namespace fl::frame
