// Symmetric contraction of node features on a GPU: codegen/symmetric_contraction_gpu.py has the formulas.
//
// A thread does one channel of one node. Its 25 features, its 25 outputs and all between them stay in registers; so the
// coupled components are built, used and dropped degree by degree (l12). Weights come in blocks of 32 channels,
// [blocks][folded][32], the last block padded: their rows are a constant apart, whatever the number of channels. Rows
// of features are not; the loops hide that distance from the compiler, which would keep 25 multiples in registers.
//
// Backward is one kernel for each l12, two where it needs more registers than there are. They loop over nodes and keep
// their parts of the weights' gradient in registers: slot s sums over the nodes s, s + slots, ..., and [slots][blocks]
// [folded][32] sums are left to be added up. Kernels add to grad_features one after another. Nothing is atomic, and
// every number is written by one thread: the same bits each time.
//
// Registers of a thread, bytes of its stack and floating-point instructions at lmax 4, order 3, by nvcc 13.0 for
// sm_80, sm_90 and sm_100; of the instructions, the most:
//                       fp32, all degrees          fp32, even degrees         fp64, all degrees
//   forward             128            2,915       96-128         2,110       252-255   0-72 B
//   backward l12 = 0    168              265       160-168          194       255     96-144 B
//   backward l12 = 1    254-255          915       168              612       255    104-120 B
//   backward l12 = 2 a  255            1,207       168              884       255    336-528 B
//   backward l12 = 2 b  255            1,496       168            1,117       255    192-224 B
//   backward l12 = 3    168            1,165       168              864       255     56-376 B
//   backward l12 = 4 a  168              678       144-157          485       254          0 B
//   backward l12 = 4 b  255            1,629       168            1,168       255    408-776 B
// No fp32 kernel has a stack or spills. fp64 is for verification.
//
// What was tried, fp32: all coupled components at once, more registers; a kernel for each L, more work; the features'
// distance left visible, more registers forward, stack backward; l12 = 2 undivided, stack; l12 = 2 split by l3 and not
// by (l1, l2), as many operations, but no way to divide l12 = 4; 168 registers for all, stack in four kernels.
#pragma once
#include <cstdint>

#include "cuda/device.h"
#include "cuda/generated/calls.h"

namespace fl {

constexpr int contraction_threads = 128;  // of a block
constexpr int weight_lanes = 32;          // channels of a block of weights

// The kernels of one lmax, 0 to 4: cuda/generated/symmetric_contraction_lmax*.cu.
template <int lmax, class T>
void contraction_forward(const calls::CudaSymmetricContraction<T>& call);
template <int lmax, class T>
void contraction_backward(const calls::CudaSymmetricContractionBackward<T>& call);
#define FL_DECLARE(lmax, T)                                                               \
  template <>                                                                             \
  void contraction_forward<lmax>(const calls::CudaSymmetricContraction<T>& call);         \
  template <>                                                                             \
  void contraction_backward<lmax>(const calls::CudaSymmetricContractionBackward<T>& call);
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
