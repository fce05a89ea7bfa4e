// What the text of generated programs means on a GPU: see codegen/program.py.
//
// A value is a number, of one thread. Rows of an array are a distance apart that its name gives: ROW_a for the array a.
// Include this in generated files only: its names are short.
#pragma once
#include <cmath>

#include "device.h"

#define FL_RESTRICT __restrict__
#define PIECE static __device__ __forceinline__
#define PROLOGUE using V = T
#define BARRIER
#define HOLD(x)

#define K(i) constants<T>[i]
#define ZERO T(0)
#define LOAD(p, i) p[static_cast<int64_t>(i) * ROW_##p]
#define STORE(p, i, x) p[static_cast<int64_t>(i) * ROW_##p] = x
#define ADD(x, y) ((x) + (y))
#define SUB(x, y) ((x) - (y))
#define MUL(x, y) ((x) * (y))
#define FMA(x, y, z) fl::multiply_add(x, y, z)
#define FNMA(x, y, z) fl::multiply_add(-(x), y, z)

namespace fl {
static __device__ __forceinline__ float multiply_add(float x, float y, float z) { return fmaf(x, y, z); }
static __device__ __forceinline__ double multiply_add(double x, double y, double z) { return fma(x, y, z); }
}  // namespace fl
