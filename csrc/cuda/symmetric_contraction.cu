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

namespace fl::calls {

template <class T>
void run(const CudaSymmetricContraction<T>& call) {
  with_lmax(call.lmax, [&](auto l) { contraction_forward<l()>(call); });
}
template <class T>
void run(const CudaSymmetricContractionBackward<T>& call) {
  with_lmax(call.lmax, [&](auto l) { contraction_backward<l()>(call); });
}

template void run(const CudaSymmetricContraction<float>&);
template void run(const CudaSymmetricContraction<double>&);
template void run(const CudaSymmetricContractionBackward<float>&);
template void run(const CudaSymmetricContractionBackward<double>&);

}  // namespace fl::calls
