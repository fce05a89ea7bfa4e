// What the generated programs of edge_conv mean on the CPU (see codegen/program.py and codegen/edge_conv.py), and the
// table in which they are found. For generated files only: its macros are short.
#pragma once
#include "ops/edge_conv/edge_conv_groups.h"
#include "base/simd.h"

namespace fl::edge_conv {

// U vectors of channels, so that each number of an edge that is loaded serves U operations.
template <class T, int U>
struct Pack {
  Vector<T> v[U];
};

template <class T, int U>
FL_INLINE Pack<T, U> operator*(const Pack<T, U>& x, const Pack<T, U>& y) {
  Pack<T, U> z;
  for (int u = 0; u < U; ++u) z.v[u] = x.v[u] * y.v[u];
  return z;
}
template <class T, int U>
FL_INLINE Pack<T, U> operator*(T x, const Pack<T, U>& y) {
  Pack<T, U> z;
  for (int u = 0; u < U; ++u) z.v[u] = x * y.v[u];
  return z;
}
template <class T, int U>
FL_INLINE Pack<T, U> multiply_add(const Pack<T, U>& x, const Pack<T, U>& y, const Pack<T, U>& z) {
  Pack<T, U> sum;
  for (int u = 0; u < U; ++u) sum.v[u] = z.v[u] + x.v[u] * y.v[u];
  return sum;
}
template <class T, int U>
FL_INLINE Pack<T, U> multiply_add(T x, const Pack<T, U>& y, const Pack<T, U>& z) {
  Pack<T, U> sum;
  for (int u = 0; u < U; ++u) sum.v[u] = z.v[u] + x * y.v[u];
  return sum;
}
template <class T, int U>
FL_INLINE Pack<T, U> operator+(const Pack<T, U>& x, const Pack<T, U>& y) {
  Pack<T, U> z;
  for (int u = 0; u < U; ++u) z.v[u] = x.v[u] + y.v[u];
  return z;
}
template <class T, int U>
FL_INLINE Pack<T, U> operator-(const Pack<T, U>& x, const Pack<T, U>& y) {
  Pack<T, U> z;
  for (int u = 0; u < U; ++u) z.v[u] = x.v[u] - y.v[u];
  return z;
}
template <class T, int U>
FL_INLINE Pack<T, 1> dot(const Pack<T, U>& x, const Pack<T, U>& y) {
  Pack<T, 1> sum = {{x.v[0] * y.v[0]}};
  for (int u = 1; u < U; ++u) sum.v[0] = sum.v[0] + x.v[u] * y.v[u];
  return sum;
}
template <class T, int U>
FL_INLINE Pack<T, U> load_pack(const T* p) {
  Pack<T, U> x;
  for (int u = 0; u < U; ++u) x.v[u] = load(p + u * lanes<T>);
  return x;
}
template <class T, int U>
FL_INLINE void store_pack(T* p, const Pack<T, U>& x) {
  for (int u = 0; u < U; ++u) store(p + u * lanes<T>, x.v[u]);
}

}  // namespace fl::edge_conv

#define FL_RESTRICT __restrict__
#define PIECE static __attribute__((noinline))
#define PROLOGUE             \
  const T* k = constants<T>; \
  BARRIER
#define BARRIER asm volatile("" : "+r"(k) : : "memory")
#define V const auto
#define K(i) (k[i])
#define LOAD(p, i) load_pack<T, U>((p) + (i) * (U * lanes<T>))
#define STORE(p, i, x) store_pack<T, U>((p) + (i) * (U * lanes<T>), x)
#define SINGLE_LOAD(p, i) load_pack<T, 1>((p) + (i) * lanes<T>)
#define SINGLE_STORE(p, i, x) store_pack<T, 1>((p) + (i) * lanes<T>, x)
#define SCALAR(p, i) ((p)[(i) * lanes<T>])
#define ADD(x, y) ((x) + (y))
#define SUB(x, y) ((x) - (y))
#define MUL(x, y) ((x) * (y))
#define FMA(x, y, z) multiply_add(x, y, z)
#define FNMA(x, y, z) multiply_add(-(x), y, z)
#define DOT(x, y) dot(x, y)
