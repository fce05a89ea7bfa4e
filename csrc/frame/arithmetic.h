// Arithmetic whose roundings are written down: what is one operation and what two is said here, and the files of this
// folder are compiled without contraction. So a lattice has the same bits on six lanes of its own and on one of several.
#pragma once
#include <cmath>
#include <cstdint>
#include <limits>

#include "base/isa.h"

#if defined(__AVX2__)
#include <immintrin.h>
#elif defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are passed between inlined functions only
#endif

namespace fl::frame {

// Whether the machine multiplies and adds in one rounding: all numbers of a build then do, or none.
#if defined(__AVX512F__) || (defined(__AVX2__) && defined(__FMA__)) || defined(__aarch64__)
#define FL_FUSED
#endif

using Part = double __attribute__((vector_size(vector_bytes)));

// x * y + z and z - x * y, in one rounding where the machine can.
FL_INLINE double multiply_add(double x, double y, double z) {
#if defined(FL_FUSED)
  return __builtin_fma(x, y, z);
#else
  return x * y + z;
#endif
}
FL_INLINE double multiply_subtract(double x, double y, double z) { return multiply_add(-x, y, z); }

FL_INLINE Part multiply_add(Part x, Part y, Part z) {
#if defined(__AVX512F__)
  return _mm512_fmadd_pd(x, y, z);
#elif defined(FL_FUSED) && defined(__AVX2__)
  return _mm256_fmadd_pd(x, y, z);
#elif defined(__aarch64__)
  return vfmaq_f64(z, x, y);
#else
  return x * y + z;
#endif
}
FL_INLINE Part multiply_subtract(Part x, Part y, Part z) {
#if defined(__AVX512F__)
  return _mm512_fnmadd_pd(x, y, z);
#elif defined(FL_FUSED) && defined(__AVX2__)
  return _mm256_fnmadd_pd(x, y, z);
#elif defined(__aarch64__)
  return vfmsq_f64(z, x, y);
#else
  return z - x * y;
#endif
}

FL_INLINE double square_root(double x) { return std::sqrt(x); }
FL_INLINE Part square_root(Part x) {
#if defined(__AVX512F__)
  return _mm512_maskz_sqrt_pd(0xff, x);  // the plain one warns of its own headers
#elif defined(__AVX2__)
  return _mm256_sqrt_pd(x);
#elif defined(__SSE2__)
  return _mm_sqrt_pd(x);
#elif defined(__aarch64__)
  return vsqrtq_f64(x);
#else
  for (int lane = 0; lane < vector_bytes / 8; ++lane) x[lane] = std::sqrt(x[lane]);
  return x;
#endif
}

constexpr double largest = std::numeric_limits<double>::max();

// The same number on all lanes.
FL_INLINE Part broadcast(double x) { return x - Part{}; }

// Has the compiler load x once: left to itself, it reads memory again at every use.
FL_INLINE void hold(Part& x) {
#if defined(__AVX512F__)
  __asm__("" : "+v"(x));
#elif defined(__SSE2__)
  __asm__("" : "+x"(x));
#elif defined(__aarch64__)
  __asm__("" : "+w"(x));
#endif
}

// A number of each of several lattices, one lattice a lane.
struct Lanes {
  static constexpr int count = vector_bytes / 8;
  Part part;

  Lanes() = default;
  FL_INLINE Lanes(Part p) : part(p) {}
  FL_INLINE Lanes(double x) : part(broadcast(x)) {}
  FL_INLINE double operator[](int lane) const { return part[lane]; }
  FL_INLINE Lanes& operator+=(Lanes x) { return part += x.part, *this; }
  FL_INLINE Lanes& operator-=(Lanes x) { return part -= x.part, *this; }
};

// All bits of a lane are set where it holds.
FL_INLINE auto operator<(Lanes x, Lanes y) { return x.part < y.part; }
FL_INLINE auto operator>(Lanes x, Lanes y) { return x.part > y.part; }
FL_INLINE auto operator<=(Lanes x, Lanes y) { return x.part <= y.part; }
FL_INLINE auto operator>=(Lanes x, Lanes y) { return x.part >= y.part; }
// Of what a comparison says, a bit a lattice.
FL_INLINE uint32_t bits(bool holds) { return holds; }
FL_INLINE uint32_t bits(decltype(Part{} < Part{}) holds) {
  uint32_t all = 0;
  for (int lane = 0; lane < Lanes::count; ++lane) all |= uint32_t{holds[lane] != 0} << lane;
  return all;
}
FL_INLINE Lanes operator-(Lanes x) { return -x.part; }
FL_INLINE Lanes operator+(Lanes x, Lanes y) { return x.part + y.part; }
FL_INLINE Lanes operator-(Lanes x, Lanes y) { return x.part - y.part; }
FL_INLINE Lanes operator*(Lanes x, Lanes y) { return x.part * y.part; }
FL_INLINE Lanes operator/(Lanes x, Lanes y) { return x.part / y.part; }
FL_INLINE Lanes multiply_add(Lanes x, Lanes y, Lanes z) { return multiply_add(x.part, y.part, z.part); }
FL_INLINE Lanes multiply_subtract(Lanes x, Lanes y, Lanes z) { return multiply_subtract(x.part, y.part, z.part); }
FL_INLINE Lanes square_root(Lanes x) { return square_root(x.part); }

}  // namespace fl::frame
