#include "ops/mandel/mandel.h"

#include <algorithm>

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

template <class Work>
void in_parallel(int32_t threads, int64_t count, const Work& work) {
  parallel_for(threads, count, lattices_per_chunk,
               [&](int32_t, int64_t begin, int64_t end) { work(begin, end - begin); });
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

}  // namespace fl

namespace fl::calls {

template <class T>
void run(const Mandel<T>& call) {
  in_parallel(call.threads, call.count, [&](int64_t first, int64_t number) {
    mandel(call.function, number, call.coefficients + 21 * first, call.out + 36 * first);
  });
}
template <class T>
void run(const MandelBackward<T>& call) {
  in_parallel(call.threads, call.count, [&](int64_t first, int64_t number) {
    mandel_backward(call.function, number, call.coefficients + 21 * first, call.grad_out + 36 * first,
                    call.grad_coefficients + 21 * first);
  });
}

template void run(const Mandel<float>&);
template void run(const Mandel<double>&);
template void run(const MandelBackward<float>&);
template void run(const MandelBackward<double>&);

}  // namespace fl::calls
