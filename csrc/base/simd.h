// The vector type of the instruction set that a file is compiled for, as a GCC vector extension: arithmetic operators
// work on it, also with a scalar on one side, and a * b + c becomes one fused multiply-add (-ffp-contract=fast).
#pragma once
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "base/isa.h"

namespace fl {

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

// Places of numbers in two vectors, one after the other.
template <class T>
struct Order {
  typedef std::conditional_t<sizeof(T) == 4, int32_t, int64_t> Int;
  typedef Int Places __attribute__((vector_size(vector_bytes)));
  Int place[lanes<T>];
};

// Number n of the result is the one at place n of the order.
template <class T>
FL_INLINE Vector<T> shuffle(Vector<T> first, Vector<T> second, const Order<T>& order) {
#if defined(__clang__)
  Vector<T> out;
  for (int n = 0; n < lanes<T>; ++n)
    out[n] = order.place[n] < lanes<T> ? first[order.place[n]] : second[order.place[n] - lanes<T>];
  return out;
#else
  typename Order<T>::Places places;
  std::memcpy(&places, order.place, sizeof places);
  return __builtin_shuffle(first, second, places);
#endif
}

// Numbers whose place differs from their vector's in the bit `step` change places with those of its partner.
template <class T, int step>
FL_INLINE void exchange(Vector<T>* square) {
  static constexpr Order<T> low = [] {
    Order<T> low{};
    for (int n = 0; n < lanes<T>; ++n) low.place[n] = n & step ? lanes<T> + n - step : n;
    return low;
  }();
  static constexpr Order<T> high = [] {
    Order<T> high{};
    for (int n = 0; n < lanes<T>; ++n) high.place[n] = n & step ? lanes<T> + n : n + step;
    return high;
  }();
#pragma GCC unroll 16
  for (int k = 0; k < lanes<T>; ++k)
    if (!(k & step)) {
      const Vector<T> first = square[k], second = square[k + step];
      square[k] = shuffle<T>(first, second, low);
      square[k + step] = shuffle<T>(first, second, high);
    }
}

// A square of `lanes` vectors is turned: number n of vector k becomes number k of vector n.
template <class T>
FL_INLINE void transpose(Vector<T>* square) {
  if constexpr (lanes<T> > 1) exchange<T, 1>(square);
  if constexpr (lanes<T> > 2) exchange<T, 2>(square);
  if constexpr (lanes<T> > 4) exchange<T, 4>(square);
  if constexpr (lanes<T> > 8) exchange<T, 8>(square);
}

// Number of channels rounded up to whole vectors.
template <class T>
constexpr int64_t padded(int64_t channels) {
  return (channels + lanes<T> - 1) / lanes<T> * lanes<T>;
}

}  // namespace fl
