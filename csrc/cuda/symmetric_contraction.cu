#include "cuda/symmetric_contraction.h"

#include <type_traits>

namespace fl {
namespace {

// Calls `run` with lmax as a constant.
template <class Run>
void with_lmax(int64_t lmax, Run&& run) {
  switch (lmax) {
    case 0: return run(std::integral_constant<int, 0>());
    case 1: return run(std::integral_constant<int, 1>());
    case 2: return run(std::integral_constant<int, 2>());
    case 3: return run(std::integral_constant<int, 3>());
    case 4: return run(std::integral_constant<int, 4>());
  }
  throw std::invalid_argument("lmax must be 0 to 4");
}

}  // namespace

}  // namespace fl

#define FL_DEFINE(suffix, T)                                                                                         \
  int32_t fl_cuda_symmetric_contraction_##suffix(void* stream, int64_t nodes, int64_t lmax, int64_t channels,        \
                                                 int64_t correlation, int64_t outputs, const T* features,            \
                                                 const T* weights, T* out) {                                         \
    return fl::guarded([&] {                                                                                         \
      const fl::ContractionCall<T> call = {static_cast<fl::Stream>(stream), nodes, channels, correlation, outputs,   \
                                           features, weights, out, 0, nullptr, nullptr, nullptr};                    \
      fl::with_lmax(lmax, [&](auto l) { fl::contraction_forward<l()>(call); });                                      \
    });                                                                                                              \
  }                                                                                                                  \
  int32_t fl_cuda_symmetric_contraction_backward_##suffix(                                                           \
      void* stream, int64_t slots, int64_t nodes, int64_t lmax, int64_t channels, int64_t correlation,               \
      int64_t outputs, const T* features, const T* weights, const T* grad_out, T* grad_features, T* sums) {          \
    return fl::guarded([&] {                                                                                         \
      const fl::ContractionCall<T> call = {static_cast<fl::Stream>(stream), nodes, channels, correlation, outputs,   \
                                           features, weights, nullptr, slots, grad_out, grad_features, sums};        \
      fl::with_lmax(lmax, [&](auto l) { fl::contraction_backward<l()>(call); });                                     \
    });                                                                                                              \
  }
FL_DEFINE(f32, float)
FL_DEFINE(f64, double)
