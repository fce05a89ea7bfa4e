// Written by codegen/abi.py; not to be edited.
#include "ops/radial_mlp/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_radial_mlp_f32(int64_t threads, int64_t rows, int64_t layers, const int64_t* widths, int64_t widths_size,
                          double max_length, double max_radius, const float* length, int64_t length_size,
                          const float* radius, int64_t radius_size, const float* const* weights,
                          const int64_t* weights_sizes, int64_t weights_count, const float* const* biases,
                          const int64_t* biases_sizes, int64_t biases_count, float* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("rows", rows);
    check_size("layers", layers);
    check_buffer("widths", widths, widths_size, Extent(layers) + 1);
    check_buffer("length", length, length_size, Extent(rows));
    check_buffer("radius", radius, radius_size, Extent(rows));
    check_buffer("out", out, out_size, Extent(rows) * element(widths, widths_size, layers));
    check_list("weights", weights, weights_sizes, weights_count, Extent(layers));
    for (int64_t n = 0; n < weights_count; ++n)
      check_buffer("weights", weights[n], weights_sizes[n], Extent(widths[n]) * widths[n + 1]);
    check_list("biases", biases, biases_sizes, biases_count, Extent(layers));
    for (int64_t n = 0; n < biases_count; ++n)
      check_buffer("biases", biases[n], biases_sizes[n], widths[n + 1]);
    fl::calls::run(fl::calls::RadialMlp<float>{thread_count(threads), rows, layers, widths, max_length, max_radius,
        length, radius, {weights, weights_sizes, weights_count}, {biases, biases_sizes, biases_count}, out});
  });
}

int32_t fl_radial_mlp_f64(int64_t threads, int64_t rows, int64_t layers, const int64_t* widths, int64_t widths_size,
                          double max_length, double max_radius, const double* length, int64_t length_size,
                          const double* radius, int64_t radius_size, const double* const* weights,
                          const int64_t* weights_sizes, int64_t weights_count, const double* const* biases,
                          const int64_t* biases_sizes, int64_t biases_count, double* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("rows", rows);
    check_size("layers", layers);
    check_buffer("widths", widths, widths_size, Extent(layers) + 1);
    check_buffer("length", length, length_size, Extent(rows));
    check_buffer("radius", radius, radius_size, Extent(rows));
    check_buffer("out", out, out_size, Extent(rows) * element(widths, widths_size, layers));
    check_list("weights", weights, weights_sizes, weights_count, Extent(layers));
    for (int64_t n = 0; n < weights_count; ++n)
      check_buffer("weights", weights[n], weights_sizes[n], Extent(widths[n]) * widths[n + 1]);
    check_list("biases", biases, biases_sizes, biases_count, Extent(layers));
    for (int64_t n = 0; n < biases_count; ++n)
      check_buffer("biases", biases[n], biases_sizes[n], widths[n + 1]);
    fl::calls::run(fl::calls::RadialMlp<double>{thread_count(threads), rows, layers, widths, max_length, max_radius,
        length, radius, {weights, weights_sizes, weights_count}, {biases, biases_sizes, biases_count}, out});
  });
}

int32_t fl_radial_mlp_backward_f32(int64_t threads, int64_t rows, int64_t layers, const int64_t* widths,
                                   int64_t widths_size, double max_length, double max_radius, const float* length,
                                   int64_t length_size, const float* radius, int64_t radius_size,
                                   const float* const* weights, const int64_t* weights_sizes, int64_t weights_count,
                                   const float* const* biases, const int64_t* biases_sizes, int64_t biases_count,
                                   const float* grad, int64_t grad_size, float* grad_length, int64_t grad_length_size,
                                   float* grad_radius, int64_t grad_radius_size, float* const* grad_weights,
                                   const int64_t* grad_weights_sizes, int64_t grad_weights_count,
                                   float* const* grad_biases, const int64_t* grad_biases_sizes,
                                   int64_t grad_biases_count) {
  return fl::guarded([&] {
    check_size("rows", rows);
    check_size("layers", layers);
    check_buffer("widths", widths, widths_size, Extent(layers) + 1);
    check_buffer("length", length, length_size, Extent(rows));
    check_buffer("radius", radius, radius_size, Extent(rows));
    check_buffer("grad", grad, grad_size, Extent(rows) * element(widths, widths_size, layers));
    if (grad_length) check_buffer("grad_length", grad_length, grad_length_size, Extent(rows));
    if (grad_radius) check_buffer("grad_radius", grad_radius, grad_radius_size, Extent(rows));
    check_list("weights", weights, weights_sizes, weights_count, Extent(layers));
    for (int64_t n = 0; n < weights_count; ++n)
      check_buffer("weights", weights[n], weights_sizes[n], Extent(widths[n]) * widths[n + 1]);
    check_list("biases", biases, biases_sizes, biases_count, Extent(layers));
    for (int64_t n = 0; n < biases_count; ++n)
      check_buffer("biases", biases[n], biases_sizes[n], widths[n + 1]);
    if (grad_weights) {
    check_list("grad_weights", grad_weights, grad_weights_sizes, grad_weights_count, Extent(layers));
    for (int64_t n = 0; n < grad_weights_count; ++n)
      check_buffer("grad_weights", grad_weights[n], grad_weights_sizes[n], Extent(widths[n]) * widths[n + 1]);
    }
    if (grad_biases) {
    check_list("grad_biases", grad_biases, grad_biases_sizes, grad_biases_count, Extent(layers));
    for (int64_t n = 0; n < grad_biases_count; ++n)
      check_buffer("grad_biases", grad_biases[n], grad_biases_sizes[n], widths[n + 1]);
    }
    fl::calls::run(fl::calls::RadialMlpBackward<float>{thread_count(threads), rows, layers, widths, max_length,
        max_radius, length, radius, {weights, weights_sizes, weights_count}, {biases, biases_sizes, biases_count},
        grad, grad_length, grad_radius, {grad_weights, grad_weights_sizes, grad_weights_count}, {grad_biases,
        grad_biases_sizes, grad_biases_count}});
  });
}

int32_t fl_radial_mlp_backward_f64(int64_t threads, int64_t rows, int64_t layers, const int64_t* widths,
                                   int64_t widths_size, double max_length, double max_radius, const double* length,
                                   int64_t length_size, const double* radius, int64_t radius_size,
                                   const double* const* weights, const int64_t* weights_sizes, int64_t weights_count,
                                   const double* const* biases, const int64_t* biases_sizes, int64_t biases_count,
                                   const double* grad, int64_t grad_size, double* grad_length,
                                   int64_t grad_length_size, double* grad_radius, int64_t grad_radius_size,
                                   double* const* grad_weights, const int64_t* grad_weights_sizes,
                                   int64_t grad_weights_count, double* const* grad_biases,
                                   const int64_t* grad_biases_sizes, int64_t grad_biases_count) {
  return fl::guarded([&] {
    check_size("rows", rows);
    check_size("layers", layers);
    check_buffer("widths", widths, widths_size, Extent(layers) + 1);
    check_buffer("length", length, length_size, Extent(rows));
    check_buffer("radius", radius, radius_size, Extent(rows));
    check_buffer("grad", grad, grad_size, Extent(rows) * element(widths, widths_size, layers));
    if (grad_length) check_buffer("grad_length", grad_length, grad_length_size, Extent(rows));
    if (grad_radius) check_buffer("grad_radius", grad_radius, grad_radius_size, Extent(rows));
    check_list("weights", weights, weights_sizes, weights_count, Extent(layers));
    for (int64_t n = 0; n < weights_count; ++n)
      check_buffer("weights", weights[n], weights_sizes[n], Extent(widths[n]) * widths[n + 1]);
    check_list("biases", biases, biases_sizes, biases_count, Extent(layers));
    for (int64_t n = 0; n < biases_count; ++n)
      check_buffer("biases", biases[n], biases_sizes[n], widths[n + 1]);
    if (grad_weights) {
    check_list("grad_weights", grad_weights, grad_weights_sizes, grad_weights_count, Extent(layers));
    for (int64_t n = 0; n < grad_weights_count; ++n)
      check_buffer("grad_weights", grad_weights[n], grad_weights_sizes[n], Extent(widths[n]) * widths[n + 1]);
    }
    if (grad_biases) {
    check_list("grad_biases", grad_biases, grad_biases_sizes, grad_biases_count, Extent(layers));
    for (int64_t n = 0; n < grad_biases_count; ++n)
      check_buffer("grad_biases", grad_biases[n], grad_biases_sizes[n], widths[n + 1]);
    }
    fl::calls::run(fl::calls::RadialMlpBackward<double>{thread_count(threads), rows, layers, widths, max_length,
        max_radius, length, radius, {weights, weights_sizes, weights_count}, {biases, biases_sizes, biases_count},
        grad, grad_length, grad_radius, {grad_weights, grad_weights_sizes, grad_weights_count}, {grad_biases,
        grad_biases_sizes, grad_biases_count}});
  });
}
