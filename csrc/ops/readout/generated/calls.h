// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

template <class T>
struct Readout {
  int32_t threads;
  int64_t nodes;
  int64_t lattices;
  int64_t lmax;
  int64_t degrees;
  int64_t channels;
  const int64_t* multiplicities;
  double silu_gain;
  const int64_t* batch;
  const T* gate;
  const T* weight;
  const T* bias;
  const T* features;
  T* out;
};
template <class T>
void run(const Readout<T>& call);

template <class T>
struct ReadoutBackward {
  int32_t threads;
  int64_t nodes;
  int64_t lattices;
  int64_t lmax;
  int64_t degrees;
  int64_t channels;
  const int64_t* multiplicities;
  double silu_gain;
  const int64_t* batch;
  const T* gate;
  const T* weight;
  const T* bias;
  const T* features;
  const T* grad;
  T* grad_features;
  T* grad_gate;
  T* grad_weight;
  T* grad_bias;
};
template <class T>
void run(const ReadoutBackward<T>& call);

}  // namespace fl::calls
