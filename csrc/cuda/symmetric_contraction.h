// Symmetric contraction of node features on a GPU: codegen/symmetric_contraction_gpu.py has the formulas.
//
// A thread does one channel of one node. Its 25 features, its 25 outputs and what is between them stay in registers, so
// the coupled components are built, used and dropped degree by degree (l12), and no order of loops over nodes and
// channels reads a feature twice. Weights come in blocks of 32 channels, [blocks][folded][32], the last block padded:
// their rows are then a constant apart, whatever the number of channels. Rows of features are not; that distance is
// hidden from the compiler inside the loops, which otherwise keeps 25 multiples of it in registers.
//
// Backward is one kernel for each l12 (two where its weights are too many), which loops over nodes and keeps its part of
// the gradient of the weights in registers. `slots` groups of threads each sum over the nodes slot, slot + slots, ...:
// the result is [slots][blocks][folded][32], to be summed over slots. Kernels add to grad_features one after another.
// Nothing is atomic, and every number is written by one thread: the same bits each time.
//
// Registers of a thread at lmax 4, order 3, fp32 (fp64), nvcc 13.0; no stack, no spilled register in fp32:
//REGISTERS
// What was tried: all coupled components at once, 168-246 registers; a kernel for each L, 1.7 times the operations; one
// backward kernel for all l12 or for l12 = 2 unsplit, 120-168 bytes of stack; rows of features at a distance that the
// compiler sees, stack in two of six backward kernels; 128 registers enforced on the backward, stack in all.
#pragma once
#include <cstdint>

#include "../abi.h"
#include "device.h"

namespace fl {

constexpr int contraction_threads = 128;  // of a block
constexpr int weight_lanes = 32;          // channels of a block of weights

// What one call works on: see the exported functions.
template <class T>
struct ContractionCall {
  Stream stream;
  int64_t nodes, channels, correlation, outputs;
  const T *features, *weights;
  T* out;
  // Backward only.
  int64_t slots;
  const T* grad_out;
  T *grad_features, *sums;
};

// The kernels of one lmax, 0 to 4: csrc/generated/symmetric_contraction_lmax*.cu.
template <int lmax, class T>
void contraction_forward(const ContractionCall<T>& call);
template <int lmax, class T>
void contraction_backward(const ContractionCall<T>& call);
#define FL_DECLARE(lmax, T)                                      \
  template <>                                                    \
  void contraction_forward<lmax>(const ContractionCall<T>& call); \
  template <>                                                    \
  void contraction_backward<lmax>(const ContractionCall<T>& call);
FL_DECLARE(0, float)
FL_DECLARE(1, float)
FL_DECLARE(2, float)
FL_DECLARE(3, float)
FL_DECLARE(4, float)
FL_DECLARE(0, double)
FL_DECLARE(1, double)
FL_DECLARE(2, double)
FL_DECLARE(3, double)
FL_DECLARE(4, double)
#undef FL_DECLARE

}  // namespace fl

// Launch on a stream (a cudaStream_t), for arrays on its device: features, out, grad_out, grad_features
// [nodes][(lmax + 1)^2][channels]; weights [blocks][folded][32], blocks = channels / 32 rounded up; sums
// [slots][blocks][folded][32], of whose last block the lanes beyond the last channel are not written. `outputs` has a bit
// for each degree: all, or all even ones. Degrees that are not asked for come out as zeros.
#define FL_DECLARE(suffix, T)                                                                                        \
  FL_EXPORT int32_t fl_cuda_symmetric_contraction_##suffix(void* stream, int64_t nodes, int64_t lmax,               \
                                                           int64_t channels, int64_t correlation, int64_t outputs,  \
                                                           const T* features, const T* weights, T* out);            \
  FL_EXPORT int32_t fl_cuda_symmetric_contraction_backward_##suffix(                                                \
      void* stream, int64_t slots, int64_t nodes, int64_t lmax, int64_t channels, int64_t correlation,              \
      int64_t outputs, const T* features, const T* weights, const T* grad_out, T* grad_features, T* sums);
FL_DECLARE(f32, float)
FL_DECLARE(f64, double)
#undef FL_DECLARE
