// The instruction set that a file is compiled for.
#pragma once

// The compiler gives up on inlining in large functions, and each call would pass vectors through memory.
#define FL_INLINE __attribute__((always_inline)) inline

namespace fl {

// Bytes of a vector, and how many vectors the registers hold. Where there are 32 byte vectors but no integer operations
// on them (AVX without AVX2), which the library is not built for, 16.
#if defined(__AVX512F__)
constexpr int vector_bytes = 64, vector_registers = 32;
#elif defined(__AVX2__)
constexpr int vector_bytes = 32, vector_registers = 16;
#elif defined(__aarch64__)
constexpr int vector_bytes = 16, vector_registers = 32;
#else
constexpr int vector_bytes = 16, vector_registers = 16;
#endif

}  // namespace fl
