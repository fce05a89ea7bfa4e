// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

template <class T>
struct SymmetricContraction {
  int32_t threads;
  int64_t nodes;
  int64_t lmax;
  int64_t channels;
  int64_t correlation;
  int64_t output_degrees;
  const T* features;
  Buffer<const T> weights;
  T* out;
};
template <class T>
void run(const SymmetricContraction<T>& call);

template <class T>
struct SymmetricContractionBackward {
  int32_t threads;
  int64_t nodes;
  int64_t lmax;
  int64_t channels;
  int64_t correlation;
  int64_t output_degrees;
  const T* features;
  Buffer<const T> weights;
  const T* grad_out;
  T* grad_features;
  Buffer<T> grad_weights;
};
template <class T>
void run(const SymmetricContractionBackward<T>& call);

struct SymmetricContractionOperations {
  int64_t lmax;
  int64_t correlation;
  int64_t output_degrees;
  int64_t* forward;
  int64_t* backward;
};
void run(const SymmetricContractionOperations& call);

}  // namespace fl::calls
