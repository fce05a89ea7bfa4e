// CUDA, or its stand-in on a CPU: without nvcc, kernels are plain functions that `launch` runs thread after thread. So
// the bodies of the kernels are tested on machines without a GPU, by the compiler and with the sanitisers of the CPU.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>

#if defined(__CUDACC__)

// Hides where an integer comes from: no compiler computes with it beyond the loop that this stands in.
#define FL_OPAQUE(x) asm volatile("" : "+r"(x))
#define FL_UNROLL _Pragma("unroll")

namespace fl {

using Stream = cudaStream_t;

// Throws std::runtime_error where the launch fails.
template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), int64_t blocks, int threads, Stream stream, Arguments... arguments) {
  if (blocks == 0) return;
  if (blocks > INT32_MAX) throw std::runtime_error("more nodes and channels than a grid of blocks holds");
  kernel<<<static_cast<unsigned>(blocks), threads, 0, stream>>>(arguments...);
  if (const cudaError_t error = cudaGetLastError(); error != cudaSuccess)
    throw std::runtime_error(cudaGetErrorString(error));
}

}  // namespace fl

#else

#define __global__
#define __device__
#define __host__
#define __forceinline__ inline
#define __launch_bounds__(...)
#define FL_OPAQUE(x) asm volatile("" : "+r"(x))
#define FL_UNROLL

struct Dimensions {
  unsigned x;
};
inline thread_local Dimensions threadIdx, blockIdx, blockDim, gridDim;

namespace fl {

using Stream = void*;

template <class... Parameters, class... Arguments>
void launch(void (*kernel)(Parameters...), int64_t blocks, int threads, Stream, Arguments... arguments) {
  gridDim.x = static_cast<unsigned>(blocks);
  blockDim.x = static_cast<unsigned>(threads);
  for (blockIdx.x = 0; blockIdx.x < gridDim.x; ++blockIdx.x)
    for (threadIdx.x = 0; threadIdx.x < blockDim.x; ++threadIdx.x) kernel(arguments...);
}

}  // namespace fl

#endif
