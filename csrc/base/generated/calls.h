// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

template <class T>
struct Repeat {
  int32_t threads;
  int64_t count;
  int64_t size;
  const T* row;
  T* out;
};
template <class T>
void run(const Repeat<T>& call);

struct FmaPeak {
  double* f32;
  double* f64;
};
void run(const FmaPeak& call);

}  // namespace fl::calls
