// Written by codegen/abi.py; not to be edited.
//
// The CUDA library's public header, in the manner of csrc/abi.h. Buffers are on the device of `stream`, a cudaStream_t,
// on which the functions launch; they return before the device is done.
#pragma once
#include "abi.h"

// features, out [nodes, (lmax + 1)^2, channels]; weights [blocks, folded, 32], blocks = channels / 32 rounded up.
// output_degrees: a bit for each degree, all or all even ones; the others come out as zeros.
// Sizes: features [nodes * components(lmax) * channels]; weights [as the call says]; out [nodes * components(lmax) *
// channels].
FL_EXPORT int32_t fl_cuda_symmetric_contraction_f32(void* stream, int64_t nodes, int64_t lmax, int64_t channels,
                                                    int64_t correlation, int64_t output_degrees, const float* features,
                                                    int64_t features_size, const float* weights, int64_t weights_size,
                                                    float* out, int64_t out_size);
FL_EXPORT int32_t fl_cuda_symmetric_contraction_f64(void* stream, int64_t nodes, int64_t lmax, int64_t channels,
                                                    int64_t correlation, int64_t output_degrees,
                                                    const double* features, int64_t features_size,
                                                    const double* weights, int64_t weights_size, double* out,
                                                    int64_t out_size);

// Gradients of sum(grad_out * out). sums [slots, blocks, folded, 32]: of the weights, to be summed over slots; the
// lanes beyond the last channel are not written.
// Sizes: features [nodes * components(lmax) * channels]; weights [as the call says]; grad_out [nodes * components(lmax)
// * channels]; grad_features [nodes * components(lmax) * channels]; sums [as the call says].
FL_EXPORT int32_t fl_cuda_symmetric_contraction_backward_f32(void* stream, int64_t slots, int64_t nodes, int64_t lmax,
                                                             int64_t channels, int64_t correlation,
                                                             int64_t output_degrees, const float* features,
                                                             int64_t features_size, const float* weights,
                                                             int64_t weights_size, const float* grad_out,
                                                             int64_t grad_out_size, float* grad_features,
                                                             int64_t grad_features_size, float* sums,
                                                             int64_t sums_size);
FL_EXPORT int32_t fl_cuda_symmetric_contraction_backward_f64(void* stream, int64_t slots, int64_t nodes, int64_t lmax,
                                                             int64_t channels, int64_t correlation,
                                                             int64_t output_degrees, const double* features,
                                                             int64_t features_size, const double* weights,
                                                             int64_t weights_size, const double* grad_out,
                                                             int64_t grad_out_size, double* grad_features,
                                                             int64_t grad_features_size, double* sums,
                                                             int64_t sums_size);
