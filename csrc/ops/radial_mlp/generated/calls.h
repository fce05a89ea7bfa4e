// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

template <class T>
struct RadialMlp {
  int32_t threads;
  int64_t rows;
  int64_t layers;
  const int64_t* widths;
  double max_length;
  double max_radius;
  const T* length;
  const T* radius;
  BufferList<const T> weights;
  BufferList<const T> biases;
  T* out;
};
template <class T>
void run(const RadialMlp<T>& call);

template <class T>
struct RadialMlpBackward {
  int32_t threads;
  int64_t rows;
  int64_t layers;
  const int64_t* widths;
  double max_length;
  double max_radius;
  const T* length;
  const T* radius;
  BufferList<const T> weights;
  BufferList<const T> biases;
  const T* grad;
  T* grad_length;
  T* grad_radius;
  BufferList<T> grad_weights;
  BufferList<T> grad_biases;
};
template <class T>
void run(const RadialMlpBackward<T>& call);

}  // namespace fl::calls
