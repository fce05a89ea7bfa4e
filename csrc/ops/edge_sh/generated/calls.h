// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

template <class T>
struct EdgeSh {
  int32_t threads;
  int64_t nodes;
  int64_t edges;
  int64_t lmax;
  const T* positions;
  const int64_t* edge_index;
  const T* shifts;
  const int64_t* reverse;
  T* sh;
  T* length;
};
template <class T>
void run(const EdgeSh<T>& call);

template <class T>
struct EdgeShBackward {
  int32_t threads;
  int64_t nodes;
  int64_t edges;
  int64_t lmax;
  const T* positions;
  const int64_t* edge_index;
  const T* shifts;
  const T* grad_sh;
  const T* grad_length;
  T* grad_positions;
  T* grad_shifts;
};
template <class T>
void run(const EdgeShBackward<T>& call);

}  // namespace fl::calls
