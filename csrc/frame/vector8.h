// Eight doubles in the machine's own vector registers, and 6x6 blocks of them.
//
// A vector type wider than the machine's registers lives in memory; an array of register-wide parts does not.
#pragma once

#include "frame/arithmetic.h"

namespace fl::frame {

// Six unknowns, or six macro-strains, on lanes 0 to 5; lanes 6 and 7 stay zero.
struct alignas(64) Vector8 {
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
    for (int p = 0; p < parts; ++p) part[p] = multiply_add(x.part[p], broadcast(s), part[p]);
  }
  FL_INLINE void subtract(const Vector8& x, double s) {
    for (int p = 0; p < parts; ++p) part[p] = multiply_subtract(x.part[p], broadcast(s), part[p]);
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
// z + x * s and z - x * s.
FL_INLINE Vector8 multiply_add(const Vector8& x, double s, const Vector8& z) {
  Vector8 sum(z);
  sum.add(x, s);
  return sum;
}
FL_INLINE Vector8 multiply_subtract(const Vector8& x, double s, const Vector8& z) {
  Vector8 difference(z);
  difference.subtract(x, s);
  return difference;
}

}  // namespace fl::frame
