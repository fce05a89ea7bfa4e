// The kernels around the generated programs of one lmax, which come as a class:
//   lmax; folded(order)   number of weights
//   Forward               run<T, CORRELATION, OUTPUTS>: one node and channel
//   Backward              a List of such programs, each with `weights`, how many it sums gradients of, row(i), which
//                         weight the ith is, `first`, true for the one that sets grad_features and does not add, and
//                         `crowded`, true for those that spill with 168 registers if odd degrees are computed too
#pragma once
#include <type_traits>

#include "cuda/symmetric_contraction.h"

namespace fl {

template <class... Programs>
struct List {};

template <class Programs>
constexpr int components = (Programs::lmax + 1) * (Programs::lmax + 1);

// Which node (or slot) and channel a thread does first.
struct Place {
  int64_t node, channel;
};
static __device__ __forceinline__ Place place(int channels) {
  const int64_t thread = static_cast<int64_t>(blockIdx.x) * contraction_threads + threadIdx.x;
  return {thread / channels, thread % channels};
}

// Where the weights of a channel begin, or their sums in a slot.
static __device__ __forceinline__ int64_t weight_offset(int64_t channel, int folded) {
  return channel / weight_lanes * folded * weight_lanes + channel % weight_lanes;
}

template <class Programs, class T, int CORRELATION, int OUTPUTS>
__global__ void __launch_bounds__(contraction_threads)
    forward_kernel(int64_t nodes, int channels, const T* __restrict__ features, const T* __restrict__ weights,
                   T* __restrict__ out) {
  const Place at = place(channels);
  if (at.node >= nodes) return;
  const int64_t offset = at.node * components<Programs> * channels + at.channel;
  weights += weight_offset(at.channel, Programs::folded(CORRELATION));
  Programs::Forward::template run<T, CORRELATION, OUTPUTS>(features + offset, weights, out + offset, channels);
}

// Blocks of threads that share a multiprocessor's registers: three leave 168 to a thread. Left to itself, the compiler
// spills a little here and there to get at fewer, or takes 255 where 168 do.
template <class Program, class T, int OUTPUTS>
constexpr int resident = sizeof(T) == 8 || (Program::crowded && OUTPUTS & 2) ? 2 : 3;

template <class Programs, class Program, class T, int CORRELATION, int OUTPUTS>
__global__ void __launch_bounds__(contraction_threads, resident<Program, T, OUTPUTS>)
    backward_kernel(int64_t slots, int64_t nodes, int channels, const T* __restrict__ features,
                    const T* __restrict__ weights, const T* __restrict__ grad_out, T* __restrict__ grad_features,
                    T* __restrict__ sums) {
  const Place at = place(channels);
  if (at.node >= slots) return;
  constexpr int folded = Programs::folded(CORRELATION);
  weights += weight_offset(at.channel, folded);
  T sum[Program::weights] = {};
  for (int64_t node = at.node; node < nodes; node += slots) {
    int row = channels;
    FL_OPAQUE(row);
    const int64_t offset = node * components<Programs> * row + at.channel;
    Program::template run<T, CORRELATION, OUTPUTS>(features + offset, grad_out + offset, weights,
                                                   grad_features + offset, row, sum);
  }
  const int64_t blocks = (channels + weight_lanes - 1) / weight_lanes;
  sums += at.node * blocks * folded * weight_lanes + weight_offset(at.channel, folded);
FL_UNROLL
  for (int i = 0; i < Program::weights; ++i)
    if (Program::row(i) < folded) sums[Program::row(i) * weight_lanes] = sum[i];
}

// Calls `run` with the order and the degrees as constants.
template <class Programs, class Run>
void with_constants(int64_t correlation, int64_t output_degrees, Run&& run) {
  constexpr int all_degrees = (2 << Programs::lmax) - 1, even_degrees = all_degrees & 0x55;
  const auto with_order = [&](auto order) {
    if (output_degrees == all_degrees)
      run(order, std::integral_constant<int, all_degrees>());
    else if (output_degrees == even_degrees)
      run(order, std::integral_constant<int, even_degrees>());
    else
      throw std::invalid_argument("the kernels have all degrees, or all even ones");
  };
  switch (correlation) {
    case 1: return with_order(std::integral_constant<int, 1>());
    case 2: return with_order(std::integral_constant<int, 2>());
    case 3: return with_order(std::integral_constant<int, 3>());
  }
  throw std::invalid_argument("the order must be 1, 2 or 3");
}

constexpr int64_t blocks_for(int64_t threads) { return (threads + contraction_threads - 1) / contraction_threads; }

// Numbers in the weights' blocks, or in one slot of the sums.
template <class Programs>
boundary::Extent weights_in_blocks(int64_t channels, int order) {
  return boundary::Extent((channels + weight_lanes - 1) / weight_lanes) * Programs::folded(order) * weight_lanes;
}

template <class Programs, class T>
void run_forward(const calls::CudaSymmetricContraction<T>& call) {
  with_constants<Programs>(call.correlation, call.output_degrees, [&](auto order, auto degrees) {
    const T* weights = call.weights.expect("weights", weights_in_blocks<Programs>(call.channels, order()));
    launch(forward_kernel<Programs, T, order(), degrees()>, blocks_for(call.nodes * call.channels),
           contraction_threads, static_cast<Stream>(call.stream), call.nodes, static_cast<int>(call.channels),
           call.features, weights, call.out);
  });
}

template <class Programs, class Program, int order, int degrees, class T>
void run_backward_program(const calls::CudaSymmetricContractionBackward<T>& call) {
  if constexpr (order > 1 || Program::first)  // all linear terms are in the first
    launch(backward_kernel<Programs, Program, T, order, degrees>, blocks_for(call.slots * call.channels),
           contraction_threads, static_cast<Stream>(call.stream), call.slots, call.nodes,
           static_cast<int>(call.channels), call.features, call.weights.data, call.grad_out, call.grad_features,
           call.sums.data);
}

template <class Programs, int order, int degrees, class T, class... Backward>
void run_backward_list(const calls::CudaSymmetricContractionBackward<T>& call, List<Backward...>) {
  (run_backward_program<Programs, Backward, order, degrees>(call), ...);
}

template <class Programs, class T>
void run_backward(const calls::CudaSymmetricContractionBackward<T>& call) {
  with_constants<Programs>(call.correlation, call.output_degrees, [&](auto order, auto degrees) {
    const boundary::Extent weights = weights_in_blocks<Programs>(call.channels, order());
    call.weights.expect("weights", weights);
    call.sums.expect("sums", weights * call.slots);
    run_backward_list<Programs, order(), degrees()>(call, typename Programs::Backward());
  });
}

}  // namespace fl

// Defines what symmetric_contraction.h declares, unless the compiler is told to define something else.
#ifndef FL_DEFINE_CONTRACTION
#define FL_DEFINE_CONTRACTION(Programs, T)                                                        \
  template <>                                                                                     \
  void contraction_forward<Programs::lmax>(const calls::CudaSymmetricContraction<T>& call) {      \
    run_forward<Programs>(call);                                                                  \
  }                                                                                               \
  template <>                                                                                     \
  void contraction_backward<Programs::lmax>(const calls::CudaSymmetricContractionBackward<T>& call) { \
    run_backward<Programs>(call);                                                                 \
  }
#endif
