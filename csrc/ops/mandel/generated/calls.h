// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

template <class T>
struct Mandel {
  int32_t threads;
  int64_t count;
  fl::PositiveFunction function;
  const T* coefficients;
  T* out;
};
template <class T>
void run(const Mandel<T>& call);

template <class T>
struct MandelBackward {
  int32_t threads;
  int64_t count;
  fl::PositiveFunction function;
  const T* coefficients;
  const T* grad_out;
  T* grad_coefficients;
};
template <class T>
void run(const MandelBackward<T>& call);

}  // namespace fl::calls
