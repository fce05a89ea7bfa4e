// Written by codegen/abi.py; not to be edited.
#include "cuda/generated/calls.h"

#include "cuda/abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_cuda_symmetric_contraction_f32(void* stream, int64_t nodes, int64_t lmax, int64_t channels,
                                          int64_t correlation, int64_t output_degrees, const float* features,
                                          int64_t features_size, const float* weights, int64_t weights_size,
                                          float* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("weights", weights, weights_size);
    check_buffer("out", out, out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    fl::calls::run(fl::calls::CudaSymmetricContraction<float>{stream, nodes, lmax, channels, correlation,
        output_degrees, features, {weights, weights_size}, out});
  });
}

int32_t fl_cuda_symmetric_contraction_f64(void* stream, int64_t nodes, int64_t lmax, int64_t channels,
                                          int64_t correlation, int64_t output_degrees, const double* features,
                                          int64_t features_size, const double* weights, int64_t weights_size,
                                          double* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("weights", weights, weights_size);
    check_buffer("out", out, out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    fl::calls::run(fl::calls::CudaSymmetricContraction<double>{stream, nodes, lmax, channels, correlation,
        output_degrees, features, {weights, weights_size}, out});
  });
}

int32_t fl_cuda_symmetric_contraction_backward_f32(void* stream, int64_t slots, int64_t nodes, int64_t lmax,
                                                   int64_t channels, int64_t correlation, int64_t output_degrees,
                                                   const float* features, int64_t features_size, const float* weights,
                                                   int64_t weights_size, const float* grad_out, int64_t grad_out_size,
                                                   float* grad_features, int64_t grad_features_size, float* sums,
                                                   int64_t sums_size) {
  return fl::guarded([&] {
    check_size("slots", slots);
    check_size("nodes", nodes);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("weights", weights, weights_size);
    check_buffer("grad_out", grad_out, grad_out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_buffer("grad_features", grad_features, grad_features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("sums", sums, sums_size);
    fl::calls::run(fl::calls::CudaSymmetricContractionBackward<float>{stream, slots, nodes, lmax, channels,
        correlation, output_degrees, features, {weights, weights_size}, grad_out, grad_features, {sums, sums_size}});
  });
}

int32_t fl_cuda_symmetric_contraction_backward_f64(void* stream, int64_t slots, int64_t nodes, int64_t lmax,
                                                   int64_t channels, int64_t correlation, int64_t output_degrees,
                                                   const double* features, int64_t features_size,
                                                   const double* weights, int64_t weights_size, const double* grad_out,
                                                   int64_t grad_out_size, double* grad_features,
                                                   int64_t grad_features_size, double* sums, int64_t sums_size) {
  return fl::guarded([&] {
    check_size("slots", slots);
    check_size("nodes", nodes);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("weights", weights, weights_size);
    check_buffer("grad_out", grad_out, grad_out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_buffer("grad_features", grad_features, grad_features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("sums", sums, sums_size);
    fl::calls::run(fl::calls::CudaSymmetricContractionBackward<double>{stream, slots, nodes, lmax, channels,
        correlation, output_degrees, features, {weights, weights_size}, grad_out, grad_features, {sums, sums_size}});
  });
}
