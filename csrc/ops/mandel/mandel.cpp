#include "ops/mandel/mandel.h"

#include <algorithm>
#include <stdexcept>

#include "abi.h"
#include "base/pool.h"
#include "base/simd.h"

namespace fl {
namespace {

constexpr int64_t lattices_per_chunk = 256;
constexpr int entries = psd::order * psd::order;

// Up to `lanes` rows of `width` numbers to one vector for each column, and back; lanes beyond `used` are zero.
template <class T, int width>
void gather(const T* rows, int64_t used, Vector<T>* columns) {
  for (int j = 0; j < width; ++j) columns[j] = Vector<T>{};
  for (int64_t n = 0; n < used; ++n)
    for (int j = 0; j < width; ++j) columns[j][n] = rows[n * width + j];
}
template <class T, int width>
void scatter(const Vector<T>* columns, int64_t used, T* rows) {
  for (int64_t n = 0; n < used; ++n)
    for (int j = 0; j < width; ++j) rows[n * width + j] = columns[j][n];
}

// Calls work(first, used) for every tile of up to `lanes` lattices.
template <class T, class Work>
void for_each_tile(int64_t count, const Work& work) {
  for (int64_t first = 0; first < count; first += lanes<T>) work(first, std::min<int64_t>(lanes<T>, count - first));
}

}  // namespace

template <class T>
void mandel(PositiveFunction function, int64_t count, const T* coefficients, T* out) {
  using V = Vector<T>;
  for_each_tile<T>(count, [&](int64_t first, int64_t used) {
    V c[psd::coefficients], full[entries];
    gather<T, psd::coefficients>(coefficients + first * psd::coefficients, used, c);
    const psd::Symmetric<V> result = psd::apply<T, V>(function, psd::matrix_of<T>(c));
    for (int i = 0; i < psd::order; ++i)
      for (int j = 0; j < psd::order; ++j) full[i * psd::order + j] = result.entry[psd::index(i, j)];
    scatter<T, entries>(full, used, out + first * entries);
  });
}

template <class T>
void mandel_backward(PositiveFunction function, int64_t count, const T* coefficients, const T* grad_out,
                     T* grad_coefficients) {
  using V = Vector<T>;
  for_each_tile<T>(count, [&](int64_t first, int64_t used) {
    V c[psd::coefficients], full[entries];
    gather<T, psd::coefficients>(coefficients + first * psd::coefficients, used, c);
    gather<T, entries>(grad_out + first * entries, used, full);
    psd::Dual<V> m{psd::matrix_of<T>(c), {}};
    // The result is symmetric: only the symmetric part of its cotangent counts.
    for (int i = 0; i < psd::order; ++i)
      for (int j = i; j < psd::order; ++j)
        m.slope.entry[psd::index(i, j)] = T(0.5) * (full[i * psd::order + j] + full[j * psd::order + i]);
    psd::gradient_of<T>(psd::apply<T, V>(function, m).slope, c);
    scatter<T, psd::coefficients>(c, used, grad_coefficients + first * psd::coefficients);
  });
}

template void mandel(PositiveFunction, int64_t, const float*, float*);
template void mandel(PositiveFunction, int64_t, const double*, double*);
template void mandel_backward(PositiveFunction, int64_t, const float*, const float*, float*);
template void mandel_backward(PositiveFunction, int64_t, const double*, const double*, double*);

namespace {

PositiveFunction checked(int64_t function) {
  if (function < 0 || function > static_cast<int64_t>(PositiveFunction::trunc_exp_4))
    throw std::invalid_argument("there is no such positive function");
  return static_cast<PositiveFunction>(function);
}

template <class Work>
int32_t in_parallel(int64_t threads, int64_t count, const Work& work) {
  return guarded([&] {
    parallel_for(static_cast<int32_t>(threads), count, lattices_per_chunk,
                 [&](int32_t, int64_t begin, int64_t end) { work(begin, end - begin); });
  });
}

}  // namespace
}  // namespace fl

// Whole arrays: coefficients [count][21], out [count][36]; `function` is the number of a PositiveFunction.
#define FL_MANDEL(T, SUFFIX)                                                                                       \
  FL_EXPORT int32_t fl_mandel_##SUFFIX(int64_t threads, int64_t count, int64_t function, const T* coefficients,    \
                                       T* out) {                                                                   \
    return fl::in_parallel(threads, count, [&](int64_t first, int64_t number) {                                    \
      fl::mandel(fl::checked(function), number, coefficients + 21 * first, out + 36 * first);                      \
    });                                                                                                            \
  }                                                                                                                \
  FL_EXPORT int32_t fl_mandel_backward_##SUFFIX(int64_t threads, int64_t count, int64_t function,                  \
                                                const T* coefficients, const T* grad_out, T* grad_coefficients) {  \
    return fl::in_parallel(threads, count, [&](int64_t first, int64_t number) {                                    \
      fl::mandel_backward(fl::checked(function), number, coefficients + 21 * first, grad_out + 36 * first,         \
                          grad_coefficients + 21 * first);                                                         \
    });                                                                                                            \
  }

FL_MANDEL(float, f32)
FL_MANDEL(double, f64)
