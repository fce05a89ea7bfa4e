// What the text of generated programs means on the CPU: see codegen/program.py.
//
// Arrays are rows of one vector of channels each. Include this in source files only: its names are short.
#pragma once
#include "base/simd.h"

#define FL_RESTRICT __restrict__

// Each piece stays a function of its own: so its code stays small, and the compiler's registers are its own.
#define PIECE static __attribute__((noinline))
// The table is reached through a pointer that the compiler cannot see through: it would expand each constant into a
// vector in memory otherwise. The pointer is at the table's middle: short displacements then reach most of it.
#define PROLOGUE                                                    \
  typedef fl::Vector<T> V;                                          \
  constexpr int middle = sizeof(constants<T>) / sizeof(T) / 2;      \
  const T* k = constants<T> + middle;                               \
  BARRIER
// Nothing that was loaded, constants among them, is kept in a register beyond this point; it costs no instruction.
#define BARRIER asm volatile("" : "+r"(k) : : "memory")

#if defined(__AVX512F__)
#define HOLD(x) asm("" : "+v"(x))
#elif defined(__x86_64__)
#define HOLD(x) asm("" : "+x"(x))
#elif defined(__aarch64__)
#define HOLD(x) asm("" : "+w"(x))
#else
#define HOLD(x)
#endif

#define K(i) (k[(i) - middle])
#define LOAD(p, i) fl::load<T>((p) + (i) * fl::lanes<T>)
#define STORE(p, i, x) fl::store<T>((p) + (i) * fl::lanes<T>, x)
#define SCALAR(p, i) ((p)[i])
#define ADD(x, y) ((x) + (y))
#define SUB(x, y) ((x) - (y))
#define MUL(x, y) ((x) * (y))
#define FMA(x, y, z) ((z) + (x) * (y))
#define FNMA(x, y, z) ((z) - (x) * (y))
