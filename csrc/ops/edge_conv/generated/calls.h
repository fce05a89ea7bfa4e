// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

template <class T>
struct EdgeConv {
  int32_t threads;
  int64_t nodes;
  int64_t edges;
  int64_t rows;
  int64_t l_in;
  int64_t lmax;
  int64_t channels;
  int64_t width;
  double agg_norm;
  const T* features;
  const T* sh;
  const T* hidden;
  const T* weight;
  const int64_t* edge_index;
  const T* linear_weight;
  const T* linear_bias;
  const int64_t* strut;
  T* out;
};
template <class T>
void run(const EdgeConv<T>& call);

template <class T>
struct EdgeConvBackward {
  int32_t threads;
  int64_t nodes;
  int64_t edges;
  int64_t rows;
  int64_t l_in;
  int64_t lmax;
  int64_t channels;
  int64_t width;
  double agg_norm;
  const T* features;
  const T* sh;
  const T* hidden;
  const T* weight;
  const int64_t* edge_index;
  const T* linear_weight;
  const T* linear_bias;
  const int64_t* strut;
  const T* grad;
  T* grad_features;
  T* grad_sh;
  T* grad_hidden;
  T* grad_weight;
  T* grad_linear_weight;
  T* grad_linear_bias;
};
template <class T>
void run(const EdgeConvBackward<T>& call);

}  // namespace fl::calls
