// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

template <class T>
struct CudaSymmetricContraction {
  void* stream;
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
void run(const CudaSymmetricContraction<T>& call);

template <class T>
struct CudaSymmetricContractionBackward {
  void* stream;
  int64_t slots;
  int64_t nodes;
  int64_t lmax;
  int64_t channels;
  int64_t correlation;
  int64_t output_degrees;
  const T* features;
  Buffer<const T> weights;
  const T* grad_out;
  T* grad_features;
  Buffer<T> sums;
};
template <class T>
void run(const CudaSymmetricContractionBackward<T>& call);

}  // namespace fl::calls
