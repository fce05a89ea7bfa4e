// Written by codegen/abi.py; not to be edited.
#include "ops/readout/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_readout_f32(int64_t threads, int64_t nodes, int64_t lattices, int64_t lmax, int64_t degrees,
                       int64_t channels, const int64_t* multiplicities, int64_t multiplicities_size, double silu_gain,
                       const int64_t* batch, int64_t batch_size, const float* gate, int64_t gate_size,
                       const float* weight, int64_t weight_size, const float* bias, int64_t bias_size,
                       const float* features, int64_t features_size, float* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("lattices", lattices);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("multiplicities", multiplicities, multiplicities_size, Extent(lmax) + 1);
    check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("gate", gate, gate_size, (2 * Extent(lmax) + 1) * Extent(channels) * Extent(channels));
    check_buffer("weight", weight, weight_size, multiplicity(multiplicities, Extent(lmax), degrees) * Extent(channels));
    check_buffer("bias", bias, bias_size, element(multiplicities, multiplicities_size, 0));
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_buffer("out", out, out_size, Extent(lattices) * readout_size(multiplicities, Extent(lmax), degrees));
    fl::calls::run(fl::calls::Readout<float>{thread_count(threads), nodes, lattices, lmax, degrees, channels,
        multiplicities, silu_gain, batch, gate, weight, bias, features, out});
  });
}

int32_t fl_readout_f64(int64_t threads, int64_t nodes, int64_t lattices, int64_t lmax, int64_t degrees,
                       int64_t channels, const int64_t* multiplicities, int64_t multiplicities_size, double silu_gain,
                       const int64_t* batch, int64_t batch_size, const double* gate, int64_t gate_size,
                       const double* weight, int64_t weight_size, const double* bias, int64_t bias_size,
                       const double* features, int64_t features_size, double* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("lattices", lattices);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("multiplicities", multiplicities, multiplicities_size, Extent(lmax) + 1);
    check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("gate", gate, gate_size, (2 * Extent(lmax) + 1) * Extent(channels) * Extent(channels));
    check_buffer("weight", weight, weight_size, multiplicity(multiplicities, Extent(lmax), degrees) * Extent(channels));
    check_buffer("bias", bias, bias_size, element(multiplicities, multiplicities_size, 0));
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_buffer("out", out, out_size, Extent(lattices) * readout_size(multiplicities, Extent(lmax), degrees));
    fl::calls::run(fl::calls::Readout<double>{thread_count(threads), nodes, lattices, lmax, degrees, channels,
        multiplicities, silu_gain, batch, gate, weight, bias, features, out});
  });
}

int32_t fl_readout_backward_f32(int64_t threads, int64_t nodes, int64_t lattices, int64_t lmax, int64_t degrees,
                                int64_t channels, const int64_t* multiplicities, int64_t multiplicities_size,
                                double silu_gain, const int64_t* batch, int64_t batch_size, const float* gate,
                                int64_t gate_size, const float* weight, int64_t weight_size, const float* bias,
                                int64_t bias_size, const float* features, int64_t features_size, const float* grad,
                                int64_t grad_size, float* grad_features, int64_t grad_features_size, float* grad_gate,
                                int64_t grad_gate_size, float* grad_weight, int64_t grad_weight_size, float* grad_bias,
                                int64_t grad_bias_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("lattices", lattices);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("multiplicities", multiplicities, multiplicities_size, Extent(lmax) + 1);
    check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("gate", gate, gate_size, (2 * Extent(lmax) + 1) * Extent(channels) * Extent(channels));
    check_buffer("weight", weight, weight_size, multiplicity(multiplicities, Extent(lmax), degrees) * Extent(channels));
    check_buffer("bias", bias, bias_size, element(multiplicities, multiplicities_size, 0));
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_buffer("grad", grad, grad_size, Extent(lattices) * readout_size(multiplicities, Extent(lmax), degrees));
    if (grad_features) check_buffer("grad_features", grad_features, grad_features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    if (grad_gate) check_buffer("grad_gate", grad_gate, grad_gate_size, (2 * Extent(lmax) + 1) * Extent(channels) * Extent(channels));
    if (grad_weight) check_buffer("grad_weight", grad_weight, grad_weight_size, multiplicity(multiplicities, Extent(lmax), degrees) * Extent(channels));
    if (grad_bias) check_buffer("grad_bias", grad_bias, grad_bias_size, element(multiplicities, multiplicities_size, 0));
    fl::calls::run(fl::calls::ReadoutBackward<float>{thread_count(threads), nodes, lattices, lmax, degrees, channels,
        multiplicities, silu_gain, batch, gate, weight, bias, features, grad, grad_features, grad_gate, grad_weight,
        grad_bias});
  });
}

int32_t fl_readout_backward_f64(int64_t threads, int64_t nodes, int64_t lattices, int64_t lmax, int64_t degrees,
                                int64_t channels, const int64_t* multiplicities, int64_t multiplicities_size,
                                double silu_gain, const int64_t* batch, int64_t batch_size, const double* gate,
                                int64_t gate_size, const double* weight, int64_t weight_size, const double* bias,
                                int64_t bias_size, const double* features, int64_t features_size, const double* grad,
                                int64_t grad_size, double* grad_features, int64_t grad_features_size,
                                double* grad_gate, int64_t grad_gate_size, double* grad_weight,
                                int64_t grad_weight_size, double* grad_bias, int64_t grad_bias_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("lattices", lattices);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_buffer("multiplicities", multiplicities, multiplicities_size, Extent(lmax) + 1);
    check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("gate", gate, gate_size, (2 * Extent(lmax) + 1) * Extent(channels) * Extent(channels));
    check_buffer("weight", weight, weight_size, multiplicity(multiplicities, Extent(lmax), degrees) * Extent(channels));
    check_buffer("bias", bias, bias_size, element(multiplicities, multiplicities_size, 0));
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_buffer("grad", grad, grad_size, Extent(lattices) * readout_size(multiplicities, Extent(lmax), degrees));
    if (grad_features) check_buffer("grad_features", grad_features, grad_features_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    if (grad_gate) check_buffer("grad_gate", grad_gate, grad_gate_size, (2 * Extent(lmax) + 1) * Extent(channels) * Extent(channels));
    if (grad_weight) check_buffer("grad_weight", grad_weight, grad_weight_size, multiplicity(multiplicities, Extent(lmax), degrees) * Extent(channels));
    if (grad_bias) check_buffer("grad_bias", grad_bias, grad_bias_size, element(multiplicities, multiplicities_size, 0));
    fl::calls::run(fl::calls::ReadoutBackward<double>{thread_count(threads), nodes, lattices, lmax, degrees, channels,
        multiplicities, silu_gain, batch, gate, weight, bias, features, grad, grad_features, grad_gate, grad_weight,
        grad_bias});
  });
}
