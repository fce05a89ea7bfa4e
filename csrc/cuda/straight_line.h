// What the text of generated programs means on a GPU: see codegen/program.py.
//
// A value is a number, of one thread; nvcc contracts multiplications and additions. Rows of an array are a distance
// apart that its name gives: ROW_a for the array a. Include this in generated files only: its
// names are short.
#pragma once
#include "cuda/device.h"

#define FL_RESTRICT __restrict__
#define PIECE static __device__ __forceinline__
#define PROLOGUE using V = T
#define BARRIER
#define HOLD(x)

#define K constants<T>
#define ZERO T(0)
#define LOAD(p, i) p[static_cast<int64_t>(i) * ROW_##p]
#define STORE(p, i, x) p[static_cast<int64_t>(i) * ROW_##p] = x
