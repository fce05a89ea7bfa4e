// The vector type of the instruction set that a file is compiled for, as a GCC vector extension: arithmetic operators
// work on it, also with a scalar on one side, and a * b + c becomes one fused multiply-add (-ffp-contract=fast).
#pragma once
#include <cstdint>
#include <cstring>

#ifndef FL_INLINE
#define FL_INLINE __attribute__((always_inline)) inline
#endif

namespace fl {

#if defined(__AVX512F__)
constexpr int vector_bytes = 64;
#elif defined(__AVX2__)
constexpr int vector_bytes = 32;
#else
constexpr int vector_bytes = 16;
#endif

// `lanes<T>` values of T, float or double.
template <class T>
struct VectorOf {
  typedef T type __attribute__((vector_size(vector_bytes)));
};
template <class T>
using Vector = typename VectorOf<T>::type;
template <class T>
constexpr int lanes = vector_bytes / static_cast<int>(sizeof(T));

// Unaligned load and store.
template <class T>
inline Vector<T> load(const T* p) {
  Vector<T> v;
  std::memcpy(&v, p, sizeof v);
  return v;
}
template <class T>
inline void store(T* p, Vector<T> v) {
  std::memcpy(p, &v, sizeof v);
}

// Number of channels rounded up to whole vectors.
template <class T>
constexpr int64_t padded(int64_t channels) {
  return (channels + lanes<T> - 1) / lanes<T> * lanes<T>;
}

}  // namespace fl
