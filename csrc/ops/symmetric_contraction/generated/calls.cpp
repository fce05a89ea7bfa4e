// Written by codegen/abi.py; not to be edited.
#include "ops/symmetric_contraction/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_symmetric_contraction_f32(int64_t threads, int64_t nodes, int64_t lmax, int64_t channels,
                                     int64_t correlation, int64_t output_degrees, const float* features,
                                     int64_t features_size, const float* weights, int64_t weights_size, float* out,
                                     int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("weights", weights, weights_size);
    check_buffer("out", out, out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    fl::calls::run(fl::calls::SymmetricContraction<float>{thread_count(threads), nodes, lmax, channels, correlation,
        output_degrees, features, {weights, weights_size}, out});
  });
}

int32_t fl_symmetric_contraction_f64(int64_t threads, int64_t nodes, int64_t lmax, int64_t channels,
                                     int64_t correlation, int64_t output_degrees, const double* features,
                                     int64_t features_size, const double* weights, int64_t weights_size, double* out,
                                     int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("weights", weights, weights_size);
    check_buffer("out", out, out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    fl::calls::run(fl::calls::SymmetricContraction<double>{thread_count(threads), nodes, lmax, channels, correlation,
        output_degrees, features, {weights, weights_size}, out});
  });
}

int32_t fl_symmetric_contraction_backward_f32(int64_t threads, int64_t nodes, int64_t lmax, int64_t channels,
                                              int64_t correlation, int64_t output_degrees, const float* features,
                                              int64_t features_size, const float* weights, int64_t weights_size,
                                              const float* grad_out, int64_t grad_out_size, float* grad_features,
                                              int64_t grad_features_size, float* grad_weights,
                                              int64_t grad_weights_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("weights", weights, weights_size);
    check_buffer("grad_out", grad_out, grad_out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_buffer("grad_features", grad_features, grad_features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("grad_weights", grad_weights, grad_weights_size);
    fl::calls::run(fl::calls::SymmetricContractionBackward<float>{thread_count(threads), nodes, lmax, channels,
        correlation, output_degrees, features, {weights, weights_size}, grad_out, grad_features, {grad_weights,
        grad_weights_size}});
  });
}

int32_t fl_symmetric_contraction_backward_f64(int64_t threads, int64_t nodes, int64_t lmax, int64_t channels,
                                              int64_t correlation, int64_t output_degrees, const double* features,
                                              int64_t features_size, const double* weights, int64_t weights_size,
                                              const double* grad_out, int64_t grad_out_size, double* grad_features,
                                              int64_t grad_features_size, double* grad_weights,
                                              int64_t grad_weights_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("weights", weights, weights_size);
    check_buffer("grad_out", grad_out, grad_out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_buffer("grad_features", grad_features, grad_features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_pointer("grad_weights", grad_weights, grad_weights_size);
    fl::calls::run(fl::calls::SymmetricContractionBackward<double>{thread_count(threads), nodes, lmax, channels,
        correlation, output_degrees, features, {weights, weights_size}, grad_out, grad_features, {grad_weights,
        grad_weights_size}});
  });
}

int32_t fl_symmetric_contraction_operations(int64_t lmax, int64_t correlation, int64_t output_degrees,
                                            int64_t* forward, int64_t forward_size, int64_t* backward,
                                            int64_t backward_size) {
  return fl::guarded([&] {
    check_degree("lmax", lmax);
    check_buffer("forward", forward, forward_size, 1);
    check_buffer("backward", backward, backward_size, 1);
    fl::calls::run(fl::calls::SymmetricContractionOperations{lmax, correlation, output_degrees, forward, backward});
  });
}
