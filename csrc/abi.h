// Written by codegen/abi.py; not to be edited.
//
// The native library's public header. It knows pointers and sizes only, and no type of its own. Functions return 0 on
// success and -1 on failure, after which fl_last_error() says why (per thread). A buffer is contiguous, in C order, and
// comes with its number of elements: any other than the one that the function's sizes ask for is refused. Which may be
// null is said. Integers by value are int64_t. `threads` is taken as at least 1 and at most four for each of the
// machine's cores. No exception leaves the library.
#pragma once
#include <stdint.h>

#ifndef FL_EXPORT
#ifdef __cplusplus
#define FL_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define FL_EXPORT
#endif
#endif

// Reason of the calling thread's last failure; valid until its next call into the library.
FL_EXPORT const char* fl_last_error();

// Bit mask of the x86-64 instruction sets that this machine and its operating system support:
// 1 = AVX2 and FMA, 2 = AVX-512 (F, DQ, BW, VL). 0 elsewhere.
FL_EXPORT int32_t fl_instruction_sets();

// Differs between libraries whose functions take other arguments.
FL_EXPORT int64_t fl_abi_version();

// Harmonics [edges, (lmax + 1)^2] and lengths of the edges; reverse: the opposite of each edge, if any.
// Sizes: positions [3 * nodes]; edge_index [2 * edges]; shifts [3 * edges]; reverse [edges] or null; sh [edges *
// components(lmax)]; length [edges].
FL_EXPORT int32_t fl_edge_sh_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t lmax, const float* positions,
                                 int64_t positions_size, const int64_t* edge_index, int64_t edge_index_size,
                                 const float* shifts, int64_t shifts_size, const int64_t* reverse,
                                 int64_t reverse_size, float* sh, int64_t sh_size, float* length,
                                 int64_t length_size);
FL_EXPORT int32_t fl_edge_sh_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t lmax, const double* positions,
                                 int64_t positions_size, const int64_t* edge_index, int64_t edge_index_size,
                                 const double* shifts, int64_t shifts_size, const int64_t* reverse,
                                 int64_t reverse_size, double* sh, int64_t sh_size, double* length,
                                 int64_t length_size);

// Gradients of sum(grad_sh * sh) + sum(grad_length * length).
// Sizes: positions [3 * nodes]; edge_index [2 * edges]; shifts [3 * edges]; grad_sh [edges * components(lmax)];
// grad_length [edges]; grad_positions [3 * nodes]; grad_shifts [3 * edges].
FL_EXPORT int32_t fl_edge_sh_backward_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t lmax,
                                          const float* positions, int64_t positions_size, const int64_t* edge_index,
                                          int64_t edge_index_size, const float* shifts, int64_t shifts_size,
                                          const float* grad_sh, int64_t grad_sh_size, const float* grad_length,
                                          int64_t grad_length_size, float* grad_positions, int64_t grad_positions_size,
                                          float* grad_shifts, int64_t grad_shifts_size);
FL_EXPORT int32_t fl_edge_sh_backward_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t lmax,
                                          const double* positions, int64_t positions_size, const int64_t* edge_index,
                                          int64_t edge_index_size, const double* shifts, int64_t shifts_size,
                                          const double* grad_sh, int64_t grad_sh_size, const double* grad_length,
                                          int64_t grad_length_size, double* grad_positions,
                                          int64_t grad_positions_size, double* grad_shifts, int64_t grad_shifts_size);

// The radial network's hidden rows [rows, widths[layers]]; widths: 2 * Gaussians, then of each layer.
// Sizes: widths [layers + 1]; length [rows]; radius [rows]; weights (layers) [widths[n] * widths[n + 1]]; biases
// (layers) [widths[n + 1]]; out [rows * widths[layers]].
FL_EXPORT int32_t fl_radial_mlp_f32(int64_t threads, int64_t rows, int64_t layers, const int64_t* widths,
                                    int64_t widths_size, double max_length, double max_radius, const float* length,
                                    int64_t length_size, const float* radius, int64_t radius_size,
                                    const float* const* weights, const int64_t* weights_sizes, int64_t weights_count,
                                    const float* const* biases, const int64_t* biases_sizes, int64_t biases_count,
                                    float* out, int64_t out_size);
FL_EXPORT int32_t fl_radial_mlp_f64(int64_t threads, int64_t rows, int64_t layers, const int64_t* widths,
                                    int64_t widths_size, double max_length, double max_radius, const double* length,
                                    int64_t length_size, const double* radius, int64_t radius_size,
                                    const double* const* weights, const int64_t* weights_sizes, int64_t weights_count,
                                    const double* const* biases, const int64_t* biases_sizes, int64_t biases_count,
                                    double* out, int64_t out_size);

// Gradients of sum(grad * out); null ones are not computed: those of weights and biases together.
// Sizes: widths [layers + 1]; length [rows]; radius [rows]; weights (layers) [widths[n] * widths[n + 1]]; biases
// (layers) [widths[n + 1]]; grad [rows * widths[layers]]; grad_length [rows] or null; grad_radius [rows] or null;
// grad_weights (layers) [widths[n] * widths[n + 1]] or null; grad_biases (layers) [widths[n + 1]] or null.
FL_EXPORT int32_t fl_radial_mlp_backward_f32(int64_t threads, int64_t rows, int64_t layers, const int64_t* widths,
                                             int64_t widths_size, double max_length, double max_radius,
                                             const float* length, int64_t length_size, const float* radius,
                                             int64_t radius_size, const float* const* weights,
                                             const int64_t* weights_sizes, int64_t weights_count,
                                             const float* const* biases, const int64_t* biases_sizes,
                                             int64_t biases_count, const float* grad, int64_t grad_size,
                                             float* grad_length, int64_t grad_length_size, float* grad_radius,
                                             int64_t grad_radius_size, float* const* grad_weights,
                                             const int64_t* grad_weights_sizes, int64_t grad_weights_count,
                                             float* const* grad_biases, const int64_t* grad_biases_sizes,
                                             int64_t grad_biases_count);
FL_EXPORT int32_t fl_radial_mlp_backward_f64(int64_t threads, int64_t rows, int64_t layers, const int64_t* widths,
                                             int64_t widths_size, double max_length, double max_radius,
                                             const double* length, int64_t length_size, const double* radius,
                                             int64_t radius_size, const double* const* weights,
                                             const int64_t* weights_sizes, int64_t weights_count,
                                             const double* const* biases, const int64_t* biases_sizes,
                                             int64_t biases_count, const double* grad, int64_t grad_size,
                                             double* grad_length, int64_t grad_length_size, double* grad_radius,
                                             int64_t grad_radius_size, double* const* grad_weights,
                                             const int64_t* grad_weights_sizes, int64_t grad_weights_count,
                                             double* const* grad_biases, const int64_t* grad_biases_sizes,
                                             int64_t grad_biases_count);

// Messages of the edges, summed over each node's and mapped: out [nodes, (lmax + 1)^2, channels]. strut: the row of
// hidden of each edge, its own where null.
// Sizes: features [nodes * components(l_in) * channels]; sh [edges * components(lmax)]; hidden [rows * width]; weight
// [paths(l_in, lmax) * channels * width]; edge_index [2 * edges]; linear_weight [paths(l_in, lmax) * channels *
// channels]; linear_bias [channels]; strut [edges] or null; out [nodes * components(lmax) * channels].
FL_EXPORT int32_t fl_edge_conv_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t rows, int64_t l_in,
                                   int64_t lmax, int64_t channels, int64_t width, double agg_norm,
                                   const float* features, int64_t features_size, const float* sh, int64_t sh_size,
                                   const float* hidden, int64_t hidden_size, const float* weight, int64_t weight_size,
                                   const int64_t* edge_index, int64_t edge_index_size, const float* linear_weight,
                                   int64_t linear_weight_size, const float* linear_bias, int64_t linear_bias_size,
                                   const int64_t* strut, int64_t strut_size, float* out, int64_t out_size);
FL_EXPORT int32_t fl_edge_conv_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t rows, int64_t l_in,
                                   int64_t lmax, int64_t channels, int64_t width, double agg_norm,
                                   const double* features, int64_t features_size, const double* sh, int64_t sh_size,
                                   const double* hidden, int64_t hidden_size, const double* weight,
                                   int64_t weight_size, const int64_t* edge_index, int64_t edge_index_size,
                                   const double* linear_weight, int64_t linear_weight_size, const double* linear_bias,
                                   int64_t linear_bias_size, const int64_t* strut, int64_t strut_size, double* out,
                                   int64_t out_size);

// Gradients of sum(grad * out); null ones are not computed: those of the three parameters together.
// Sizes: features [nodes * components(l_in) * channels]; sh [edges * components(lmax)]; hidden [rows * width]; weight
// [paths(l_in, lmax) * channels * width]; edge_index [2 * edges]; linear_weight [paths(l_in, lmax) * channels *
// channels]; linear_bias [channels]; strut [edges] or null; grad [nodes * components(lmax) * channels]; grad_features
// [nodes * components(l_in) * channels] or null; grad_sh [edges * components(lmax)] or null; grad_hidden [rows * width]
// or null; grad_weight [paths(l_in, lmax) * channels * width] or null; grad_linear_weight [paths(l_in, lmax) * channels
// * channels] or null; grad_linear_bias [channels] or null.
FL_EXPORT int32_t fl_edge_conv_backward_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t rows, int64_t l_in,
                                            int64_t lmax, int64_t channels, int64_t width, double agg_norm,
                                            const float* features, int64_t features_size, const float* sh,
                                            int64_t sh_size, const float* hidden, int64_t hidden_size,
                                            const float* weight, int64_t weight_size, const int64_t* edge_index,
                                            int64_t edge_index_size, const float* linear_weight,
                                            int64_t linear_weight_size, const float* linear_bias,
                                            int64_t linear_bias_size, const int64_t* strut, int64_t strut_size,
                                            const float* grad, int64_t grad_size, float* grad_features,
                                            int64_t grad_features_size, float* grad_sh, int64_t grad_sh_size,
                                            float* grad_hidden, int64_t grad_hidden_size, float* grad_weight,
                                            int64_t grad_weight_size, float* grad_linear_weight,
                                            int64_t grad_linear_weight_size, float* grad_linear_bias,
                                            int64_t grad_linear_bias_size);
FL_EXPORT int32_t fl_edge_conv_backward_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t rows, int64_t l_in,
                                            int64_t lmax, int64_t channels, int64_t width, double agg_norm,
                                            const double* features, int64_t features_size, const double* sh,
                                            int64_t sh_size, const double* hidden, int64_t hidden_size,
                                            const double* weight, int64_t weight_size, const int64_t* edge_index,
                                            int64_t edge_index_size, const double* linear_weight,
                                            int64_t linear_weight_size, const double* linear_bias,
                                            int64_t linear_bias_size, const int64_t* strut, int64_t strut_size,
                                            const double* grad, int64_t grad_size, double* grad_features,
                                            int64_t grad_features_size, double* grad_sh, int64_t grad_sh_size,
                                            double* grad_hidden, int64_t grad_hidden_size, double* grad_weight,
                                            int64_t grad_weight_size, double* grad_linear_weight,
                                            int64_t grad_linear_weight_size, double* grad_linear_bias,
                                            int64_t grad_linear_bias_size);

// features, out [nodes, (lmax + 1)^2, channels], weights [folded, channels]; output_degrees: a bit for each.
// Sizes: features [nodes * components(lmax) * channels]; weights [as the call says]; out [nodes * components(lmax) *
// channels].
FL_EXPORT int32_t fl_symmetric_contraction_f32(int64_t threads, int64_t nodes, int64_t lmax, int64_t channels,
                                               int64_t correlation, int64_t output_degrees, const float* features,
                                               int64_t features_size, const float* weights, int64_t weights_size,
                                               float* out, int64_t out_size);
FL_EXPORT int32_t fl_symmetric_contraction_f64(int64_t threads, int64_t nodes, int64_t lmax, int64_t channels,
                                               int64_t correlation, int64_t output_degrees, const double* features,
                                               int64_t features_size, const double* weights, int64_t weights_size,
                                               double* out, int64_t out_size);

// Gradients of sum(grad_out * out); those of the weights are sums over fixed tiles of nodes in a fixed tree.
// Sizes: features [nodes * components(lmax) * channels]; weights [as the call says]; grad_out [nodes * components(lmax)
// * channels]; grad_features [nodes * components(lmax) * channels]; grad_weights [as the call says].
FL_EXPORT int32_t fl_symmetric_contraction_backward_f32(int64_t threads, int64_t nodes, int64_t lmax, int64_t channels,
                                                        int64_t correlation, int64_t output_degrees,
                                                        const float* features, int64_t features_size,
                                                        const float* weights, int64_t weights_size,
                                                        const float* grad_out, int64_t grad_out_size,
                                                        float* grad_features, int64_t grad_features_size,
                                                        float* grad_weights, int64_t grad_weights_size);
FL_EXPORT int32_t fl_symmetric_contraction_backward_f64(int64_t threads, int64_t nodes, int64_t lmax, int64_t channels,
                                                        int64_t correlation, int64_t output_degrees,
                                                        const double* features, int64_t features_size,
                                                        const double* weights, int64_t weights_size,
                                                        const double* grad_out, int64_t grad_out_size,
                                                        double* grad_features, int64_t grad_features_size,
                                                        double* grad_weights, int64_t grad_weights_size);

// Multiply-adds (and lone multiplications and additions) for a node and channel.
// Sizes: forward [1]; backward [1].
FL_EXPORT int32_t fl_symmetric_contraction_operations(int64_t lmax, int64_t correlation, int64_t output_degrees,
                                                      int64_t* forward, int64_t forward_size, int64_t* backward,
                                                      int64_t backward_size);

// Stiffnesses [count, 6, 6] from coefficients [count, 21].
// Sizes: coefficients [21 * count]; out [36 * count].
FL_EXPORT int32_t fl_mandel_f32(int64_t threads, int64_t count, int64_t function, const float* coefficients,
                                int64_t coefficients_size, float* out, int64_t out_size);
FL_EXPORT int32_t fl_mandel_f64(int64_t threads, int64_t count, int64_t function, const double* coefficients,
                                int64_t coefficients_size, double* out, int64_t out_size);

// Gradients of sum(grad_out * out).
// Sizes: coefficients [21 * count]; grad_out [36 * count]; grad_coefficients [21 * count].
FL_EXPORT int32_t fl_mandel_backward_f32(int64_t threads, int64_t count, int64_t function, const float* coefficients,
                                         int64_t coefficients_size, const float* grad_out, int64_t grad_out_size,
                                         float* grad_coefficients, int64_t grad_coefficients_size);
FL_EXPORT int32_t fl_mandel_backward_f64(int64_t threads, int64_t count, int64_t function, const double* coefficients,
                                         int64_t coefficients_size, const double* grad_out, int64_t grad_out_size,
                                         double* grad_coefficients, int64_t grad_coefficients_size);

// The readout of every lattice, [lattices, size]: degree after degree, multiplicities[l] times 2 l + 1. batch: the
// lattice of each node; degrees: a bit for each that is read.
// Sizes: multiplicities [lmax + 1]; batch [nodes]; gate [(2 * lmax + 1) * channels * channels]; weight
// [multiplicity(multiplicities, lmax, degrees) * channels]; bias [multiplicities[0]]; features [nodes *
// components(lmax) * channels]; out [lattices * readout_size(multiplicities, lmax, degrees)].
FL_EXPORT int32_t fl_readout_f32(int64_t threads, int64_t nodes, int64_t lattices, int64_t lmax, int64_t degrees,
                                 int64_t channels, const int64_t* multiplicities, int64_t multiplicities_size,
                                 double silu_gain, const int64_t* batch, int64_t batch_size, const float* gate,
                                 int64_t gate_size, const float* weight, int64_t weight_size, const float* bias,
                                 int64_t bias_size, const float* features, int64_t features_size, float* out,
                                 int64_t out_size);
FL_EXPORT int32_t fl_readout_f64(int64_t threads, int64_t nodes, int64_t lattices, int64_t lmax, int64_t degrees,
                                 int64_t channels, const int64_t* multiplicities, int64_t multiplicities_size,
                                 double silu_gain, const int64_t* batch, int64_t batch_size, const double* gate,
                                 int64_t gate_size, const double* weight, int64_t weight_size, const double* bias,
                                 int64_t bias_size, const double* features, int64_t features_size, double* out,
                                 int64_t out_size);

// Gradients of sum(grad * out); null ones are not computed: those of the three parameters together.
// Sizes: multiplicities [lmax + 1]; batch [nodes]; gate [(2 * lmax + 1) * channels * channels]; weight
// [multiplicity(multiplicities, lmax, degrees) * channels]; bias [multiplicities[0]]; features [nodes *
// components(lmax) * channels]; grad [lattices * readout_size(multiplicities, lmax, degrees)]; grad_features [nodes *
// components(lmax) * channels] or null; grad_gate [(2 * lmax + 1) * channels * channels] or null; grad_weight
// [multiplicity(multiplicities, lmax, degrees) * channels] or null; grad_bias [multiplicities[0]] or null.
FL_EXPORT int32_t fl_readout_backward_f32(int64_t threads, int64_t nodes, int64_t lattices, int64_t lmax,
                                          int64_t degrees, int64_t channels, const int64_t* multiplicities,
                                          int64_t multiplicities_size, double silu_gain, const int64_t* batch,
                                          int64_t batch_size, const float* gate, int64_t gate_size,
                                          const float* weight, int64_t weight_size, const float* bias,
                                          int64_t bias_size, const float* features, int64_t features_size,
                                          const float* grad, int64_t grad_size, float* grad_features,
                                          int64_t grad_features_size, float* grad_gate, int64_t grad_gate_size,
                                          float* grad_weight, int64_t grad_weight_size, float* grad_bias,
                                          int64_t grad_bias_size);
FL_EXPORT int32_t fl_readout_backward_f64(int64_t threads, int64_t nodes, int64_t lattices, int64_t lmax,
                                          int64_t degrees, int64_t channels, const int64_t* multiplicities,
                                          int64_t multiplicities_size, double silu_gain, const int64_t* batch,
                                          int64_t batch_size, const double* gate, int64_t gate_size,
                                          const double* weight, int64_t weight_size, const double* bias,
                                          int64_t bias_size, const double* features, int64_t features_size,
                                          const double* grad, int64_t grad_size, double* grad_features,
                                          int64_t grad_features_size, double* grad_gate, int64_t grad_gate_size,
                                          double* grad_weight, int64_t grad_weight_size, double* grad_bias,
                                          int64_t grad_bias_size);

// Layers and, with multiplicities, the readout. output_degrees: of the last layer; residual: layers that add their
// features; norms: layers that read h_l s_l / sqrt(mean h_l^2 + norm_share * mean h^2 + norm_floor) of features h, by
// node and degree l, with their scales s [l_in + 1, channels] behind their hidden biases; one bit each. fold_...: the
// map from the weights of the contraction in fold_tensors tensors to those of its basis; without rows there is one
// tensor, of the basis. parameters, layer by layer: up, radial, linear, bias, product, tensors of the contraction,
// hidden weights, hidden biases; last gate, weight and bias of the readout. strut: the row of length and radius of each
// edge, its own where null. kept: what gradients need.
// Sizes: widths [hidden_layers + 1]; multiplicities [lmax + 1] or null; fold_counts [fold_tensors] or null; fold_starts
// [fold_rows + 1] or null; fold_tensor [fold_starts[fold_rows]] or null; fold_row [fold_starts[fold_rows]] or null;
// fold_value [fold_starts[fold_rows]] or null; edge_index [2 * edges]; strut [edges] or null; batch [nodes] or null;
// parameters (several) [as the call says]; features [nodes * components(l_in) * channels]; sh [edges *
// components(lmax)]; length [struts]; radius [struts]; out [multiplicities ? lattices * readout_size(multiplicities,
// lmax, output_degrees) : nodes * components(lmax) * channels]; kept [2 * layers * nodes * components(lmax) * channels]
// or null.
FL_EXPORT int32_t fl_network_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices,
                                 int64_t layers, int64_t l_in, int64_t lmax, int64_t channels, int64_t hidden_layers,
                                 const int64_t* widths, int64_t widths_size, double max_length, double max_radius,
                                 double agg_norm, int64_t correlation, int64_t output_degrees, int64_t residual,
                                 int64_t norms, double norm_share, double norm_floor, const int64_t* multiplicities,
                                 int64_t multiplicities_size, double silu_gain, int64_t fold_rows,
                                 int64_t fold_tensors, const int64_t* fold_counts, int64_t fold_counts_size,
                                 const int64_t* fold_starts, int64_t fold_starts_size, const int64_t* fold_tensor,
                                 int64_t fold_tensor_size, const int64_t* fold_row, int64_t fold_row_size,
                                 const double* fold_value, int64_t fold_value_size, const int64_t* edge_index,
                                 int64_t edge_index_size, const int64_t* strut, int64_t strut_size,
                                 const int64_t* batch, int64_t batch_size, const float* const* parameters,
                                 const int64_t* parameters_sizes, int64_t parameters_count, const float* features,
                                 int64_t features_size, const float* sh, int64_t sh_size, const float* length,
                                 int64_t length_size, const float* radius, int64_t radius_size, float* out,
                                 int64_t out_size, float* kept, int64_t kept_size);
FL_EXPORT int32_t fl_network_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices,
                                 int64_t layers, int64_t l_in, int64_t lmax, int64_t channels, int64_t hidden_layers,
                                 const int64_t* widths, int64_t widths_size, double max_length, double max_radius,
                                 double agg_norm, int64_t correlation, int64_t output_degrees, int64_t residual,
                                 int64_t norms, double norm_share, double norm_floor, const int64_t* multiplicities,
                                 int64_t multiplicities_size, double silu_gain, int64_t fold_rows,
                                 int64_t fold_tensors, const int64_t* fold_counts, int64_t fold_counts_size,
                                 const int64_t* fold_starts, int64_t fold_starts_size, const int64_t* fold_tensor,
                                 int64_t fold_tensor_size, const int64_t* fold_row, int64_t fold_row_size,
                                 const double* fold_value, int64_t fold_value_size, const int64_t* edge_index,
                                 int64_t edge_index_size, const int64_t* strut, int64_t strut_size,
                                 const int64_t* batch, int64_t batch_size, const double* const* parameters,
                                 const int64_t* parameters_sizes, int64_t parameters_count, const double* features,
                                 int64_t features_size, const double* sh, int64_t sh_size, const double* length,
                                 int64_t length_size, const double* radius, int64_t radius_size, double* out,
                                 int64_t out_size, double* kept, int64_t kept_size);

// Gradients of sum(grad * out); null ones are not computed: those of length and radius together.
// Sizes: widths [hidden_layers + 1]; multiplicities [lmax + 1] or null; fold_counts [fold_tensors] or null; fold_starts
// [fold_rows + 1] or null; fold_tensor [fold_starts[fold_rows]] or null; fold_row [fold_starts[fold_rows]] or null;
// fold_value [fold_starts[fold_rows]] or null; edge_index [2 * edges]; strut [edges] or null; batch [nodes] or null;
// parameters (several) [as the call says]; features [nodes * components(l_in) * channels]; sh [edges *
// components(lmax)]; length [struts]; radius [struts]; kept [2 * layers * nodes * components(lmax) * channels]; grad
// [multiplicities ? lattices * readout_size(multiplicities, lmax, output_degrees) : nodes * components(lmax) *
// channels]; grad_features [nodes * components(l_in) * channels] or null; grad_sh [edges * components(lmax)] or null;
// grad_length [struts] or null; grad_radius [struts] or null; grad_parameters (several) [as the call says] or null.
FL_EXPORT int32_t fl_network_backward_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t struts,
                                          int64_t lattices, int64_t layers, int64_t l_in, int64_t lmax,
                                          int64_t channels, int64_t hidden_layers, const int64_t* widths,
                                          int64_t widths_size, double max_length, double max_radius, double agg_norm,
                                          int64_t correlation, int64_t output_degrees, int64_t residual, int64_t norms,
                                          double norm_share, double norm_floor, const int64_t* multiplicities,
                                          int64_t multiplicities_size, double silu_gain, int64_t fold_rows,
                                          int64_t fold_tensors, const int64_t* fold_counts, int64_t fold_counts_size,
                                          const int64_t* fold_starts, int64_t fold_starts_size,
                                          const int64_t* fold_tensor, int64_t fold_tensor_size,
                                          const int64_t* fold_row, int64_t fold_row_size, const double* fold_value,
                                          int64_t fold_value_size, const int64_t* edge_index, int64_t edge_index_size,
                                          const int64_t* strut, int64_t strut_size, const int64_t* batch,
                                          int64_t batch_size, const float* const* parameters,
                                          const int64_t* parameters_sizes, int64_t parameters_count,
                                          const float* features, int64_t features_size, const float* sh,
                                          int64_t sh_size, const float* length, int64_t length_size,
                                          const float* radius, int64_t radius_size, const float* kept,
                                          int64_t kept_size, const float* grad, int64_t grad_size,
                                          float* grad_features, int64_t grad_features_size, float* grad_sh,
                                          int64_t grad_sh_size, float* grad_length, int64_t grad_length_size,
                                          float* grad_radius, int64_t grad_radius_size, float* const* grad_parameters,
                                          const int64_t* grad_parameters_sizes, int64_t grad_parameters_count);
FL_EXPORT int32_t fl_network_backward_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t struts,
                                          int64_t lattices, int64_t layers, int64_t l_in, int64_t lmax,
                                          int64_t channels, int64_t hidden_layers, const int64_t* widths,
                                          int64_t widths_size, double max_length, double max_radius, double agg_norm,
                                          int64_t correlation, int64_t output_degrees, int64_t residual, int64_t norms,
                                          double norm_share, double norm_floor, const int64_t* multiplicities,
                                          int64_t multiplicities_size, double silu_gain, int64_t fold_rows,
                                          int64_t fold_tensors, const int64_t* fold_counts, int64_t fold_counts_size,
                                          const int64_t* fold_starts, int64_t fold_starts_size,
                                          const int64_t* fold_tensor, int64_t fold_tensor_size,
                                          const int64_t* fold_row, int64_t fold_row_size, const double* fold_value,
                                          int64_t fold_value_size, const int64_t* edge_index, int64_t edge_index_size,
                                          const int64_t* strut, int64_t strut_size, const int64_t* batch,
                                          int64_t batch_size, const double* const* parameters,
                                          const int64_t* parameters_sizes, int64_t parameters_count,
                                          const double* features, int64_t features_size, const double* sh,
                                          int64_t sh_size, const double* length, int64_t length_size,
                                          const double* radius, int64_t radius_size, const double* kept,
                                          int64_t kept_size, const double* grad, int64_t grad_size,
                                          double* grad_features, int64_t grad_features_size, double* grad_sh,
                                          int64_t grad_sh_size, double* grad_length, int64_t grad_length_size,
                                          double* grad_radius, int64_t grad_radius_size,
                                          double* const* grad_parameters, const int64_t* grad_parameters_sizes,
                                          int64_t grad_parameters_count);

// A network whose parameters are packed once, for fl_network_packed; to be freed with fl_network_free. The parameters
// must outlive it. Arguments as of fl_network, with multiplicities.
// Sizes: widths [hidden_layers + 1]; multiplicities [lmax + 1] or null; fold_counts [fold_tensors] or null; fold_starts
// [fold_rows + 1] or null; fold_tensor [fold_starts[fold_rows]] or null; fold_row [fold_starts[fold_rows]] or null;
// fold_value [fold_starts[fold_rows]] or null; parameters (several) [as the call says].
FL_EXPORT int32_t fl_network_pack_f32(int64_t layers, int64_t l_in, int64_t lmax, int64_t channels,
                                      int64_t hidden_layers, const int64_t* widths, int64_t widths_size,
                                      double max_length, double max_radius, double agg_norm, int64_t correlation,
                                      int64_t output_degrees, int64_t residual, int64_t norms, double norm_share,
                                      double norm_floor, const int64_t* multiplicities, int64_t multiplicities_size,
                                      double silu_gain, int64_t fold_rows, int64_t fold_tensors,
                                      const int64_t* fold_counts, int64_t fold_counts_size, const int64_t* fold_starts,
                                      int64_t fold_starts_size, const int64_t* fold_tensor, int64_t fold_tensor_size,
                                      const int64_t* fold_row, int64_t fold_row_size, const double* fold_value,
                                      int64_t fold_value_size, const float* const* parameters,
                                      const int64_t* parameters_sizes, int64_t parameters_count, void** handle);
FL_EXPORT int32_t fl_network_pack_f64(int64_t layers, int64_t l_in, int64_t lmax, int64_t channels,
                                      int64_t hidden_layers, const int64_t* widths, int64_t widths_size,
                                      double max_length, double max_radius, double agg_norm, int64_t correlation,
                                      int64_t output_degrees, int64_t residual, int64_t norms, double norm_share,
                                      double norm_floor, const int64_t* multiplicities, int64_t multiplicities_size,
                                      double silu_gain, int64_t fold_rows, int64_t fold_tensors,
                                      const int64_t* fold_counts, int64_t fold_counts_size, const int64_t* fold_starts,
                                      int64_t fold_starts_size, const int64_t* fold_tensor, int64_t fold_tensor_size,
                                      const int64_t* fold_row, int64_t fold_row_size, const double* fold_value,
                                      int64_t fold_value_size, const double* const* parameters,
                                      const int64_t* parameters_sizes, int64_t parameters_count, void** handle);

// What fl_network gives for the network of a handle, of as many channels and these degrees, and its readout.
// Sizes: edge_index [2 * edges]; strut [edges] or null; batch [nodes] or null; features [nodes * components(l_in) *
// channels]; sh [edges * components(lmax)]; length [struts]; radius [struts]; out [lattices * width].
FL_EXPORT int32_t fl_network_packed_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t struts,
                                        int64_t lattices, int64_t l_in, int64_t lmax, int64_t channels, int64_t width,
                                        void* handle, const int64_t* edge_index, int64_t edge_index_size,
                                        const int64_t* strut, int64_t strut_size, const int64_t* batch,
                                        int64_t batch_size, const float* features, int64_t features_size,
                                        const float* sh, int64_t sh_size, const float* length, int64_t length_size,
                                        const float* radius, int64_t radius_size, float* out, int64_t out_size);
FL_EXPORT int32_t fl_network_packed_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t struts,
                                        int64_t lattices, int64_t l_in, int64_t lmax, int64_t channels, int64_t width,
                                        void* handle, const int64_t* edge_index, int64_t edge_index_size,
                                        const int64_t* strut, int64_t strut_size, const int64_t* batch,
                                        int64_t batch_size, const double* features, int64_t features_size,
                                        const double* sh, int64_t sh_size, const double* length, int64_t length_size,
                                        const double* radius, int64_t radius_size, double* out, int64_t out_size);

// same: 1 where the packed network was made of these parameters, bit for bit, else 0.
// Sizes: parameters (buffers) [as the call says]; same [1].
FL_EXPORT int32_t fl_network_holds_f32(void* handle, int64_t buffers, const float* const* parameters,
                                       const int64_t* parameters_sizes, int64_t parameters_count, int64_t* same,
                                       int64_t same_size);
FL_EXPORT int32_t fl_network_holds_f64(void* handle, int64_t buffers, const double* const* parameters,
                                       const int64_t* parameters_sizes, int64_t parameters_count, int64_t* same,
                                       int64_t same_size);

// stiffness [count, 6, 6] of lattices by the packed network of a handle, from degree 0 to 21 coefficients: their graph,
// harmonics, the network, fl_mandel; in T times scale, and where by_density is non-zero times their relative density.
// embedded: the features of every node; radius_factor: what radii are multiplied by; slenderness: non-zero to read
// radius / length. status, rank, offending, beam_valid: as of fl_frame_check, all given or none. answered: 1; or 0
// where a given status is not ok, the graph in T has a fault as of fl_check_graph, or an entry of the stiffness is not
// finite, which then is not to be read.
// Sizes: cell [9 * count]; positions [3 * node_offsets[count]]; struts [2 * strut_offsets[count]]; shifts [3 *
// strut_offsets[count]]; radii [strut_offsets[count]]; node_offsets [count + 1]; strut_offsets [count + 1]; embedded
// [channels]; stiffness [36 * count]; status [count] or null; rank [count] or null; offending [count] or null;
// beam_valid [count] or null; answered [1].
FL_EXPORT int32_t fl_network_lattices_f32(int64_t threads, int64_t count, const double* cell, int64_t cell_size,
                                          const double* positions, int64_t positions_size, const int64_t* struts,
                                          int64_t struts_size, const int64_t* shifts, int64_t shifts_size,
                                          const double* radii, int64_t radii_size, const int64_t* node_offsets,
                                          int64_t node_offsets_size, const int64_t* strut_offsets,
                                          int64_t strut_offsets_size, void* handle, int64_t lmax, int64_t channels,
                                          const float* embedded, int64_t embedded_size, double radius_factor,
                                          int64_t slenderness, int64_t function, double scale, int64_t by_density,
                                          double* stiffness, int64_t stiffness_size, int32_t* status,
                                          int64_t status_size, int32_t* rank, int64_t rank_size, int64_t* offending,
                                          int64_t offending_size, uint8_t* beam_valid, int64_t beam_valid_size,
                                          int64_t* answered, int64_t answered_size);
FL_EXPORT int32_t fl_network_lattices_f64(int64_t threads, int64_t count, const double* cell, int64_t cell_size,
                                          const double* positions, int64_t positions_size, const int64_t* struts,
                                          int64_t struts_size, const int64_t* shifts, int64_t shifts_size,
                                          const double* radii, int64_t radii_size, const int64_t* node_offsets,
                                          int64_t node_offsets_size, const int64_t* strut_offsets,
                                          int64_t strut_offsets_size, void* handle, int64_t lmax, int64_t channels,
                                          const double* embedded, int64_t embedded_size, double radius_factor,
                                          int64_t slenderness, int64_t function, double scale, int64_t by_density,
                                          double* stiffness, int64_t stiffness_size, int32_t* status,
                                          int64_t status_size, int32_t* rank, int64_t rank_size, int64_t* offending,
                                          int64_t offending_size, uint8_t* beam_valid, int64_t beam_valid_size,
                                          int64_t* answered, int64_t answered_size);

// Frees what fl_network_pack made.
FL_EXPORT int32_t fl_network_free(void* handle);

// out [rows, columns] = in [rows, depth] weight [depth, columns], a row's result the same whatever the others.
// Sizes: in_rows [rows * depth]; weight [depth * columns]; out [rows * columns].
FL_EXPORT int32_t fl_rowwise_linear_f32(int64_t threads, int64_t rows, int64_t depth, int64_t columns,
                                        const float* in_rows, int64_t in_rows_size, const float* weight,
                                        int64_t weight_size, float* out, int64_t out_size);
FL_EXPORT int32_t fl_rowwise_linear_f64(int64_t threads, int64_t rows, int64_t depth, int64_t columns,
                                        const double* in_rows, int64_t in_rows_size, const double* weight,
                                        int64_t weight_size, double* out, int64_t out_size);

// Gradients of sum(grad * out); null ones are not computed.
// Sizes: in_rows [rows * depth]; weight [depth * columns]; grad [rows * columns]; grad_in [rows * depth] or null;
// grad_weight [depth * columns] or null.
FL_EXPORT int32_t fl_rowwise_linear_backward_f32(int64_t threads, int64_t rows, int64_t depth, int64_t columns,
                                                 const float* in_rows, int64_t in_rows_size, const float* weight,
                                                 int64_t weight_size, const float* grad, int64_t grad_size,
                                                 float* grad_in, int64_t grad_in_size, float* grad_weight,
                                                 int64_t grad_weight_size);
FL_EXPORT int32_t fl_rowwise_linear_backward_f64(int64_t threads, int64_t rows, int64_t depth, int64_t columns,
                                                 const double* in_rows, int64_t in_rows_size, const double* weight,
                                                 int64_t weight_size, const double* grad, int64_t grad_size,
                                                 double* grad_in, int64_t grad_in_size, double* grad_weight,
                                                 int64_t grad_weight_size);

// What an extended network reads of lattices, as fastlattice/models/mace/surroundings.py says. to_irreps [21, 21]: from
// the upper triangle of a symmetric matrix. floors: of a bound's eigenvalues, of the mean release, of the affine
// bound's shape, of a step's gain; and what part of a step's energy is none of a new field. first_edge: one of each
// strut. scalars: of a lattice, 10, or 17 with steps. length, slenderness: of every edge.
// Sizes: floors [5]; to_irreps [21 * 21]; positions [3 * nodes]; edge_index [2 * edges]; shifts [3 * edges]; radii
// [edges]; sh [edges * components(lmax)]; batch [nodes]; density [lattices]; first_edge [struts]; length [edges];
// slenderness [edges]; lattice [scalars * lattices]; node [3 * nodes]; tensors [63 * nodes]; odd [2 * nodes *
// components(lmax)]; root [36 * lattices]; guides [72 * lattices].
FL_EXPORT int32_t fl_surroundings_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices,
                                      int64_t steps, int64_t scalars, int64_t lmax, double nu, double kappa,
                                      const double* floors, int64_t floors_size, const double* to_irreps,
                                      int64_t to_irreps_size, const float* positions, int64_t positions_size,
                                      const int64_t* edge_index, int64_t edge_index_size, const float* shifts,
                                      int64_t shifts_size, const float* radii, int64_t radii_size, const float* sh,
                                      int64_t sh_size, const int64_t* batch, int64_t batch_size, const float* density,
                                      int64_t density_size, const int64_t* first_edge, int64_t first_edge_size,
                                      float* length, int64_t length_size, float* slenderness, int64_t slenderness_size,
                                      float* lattice, int64_t lattice_size, float* node, int64_t node_size,
                                      float* tensors, int64_t tensors_size, float* odd, int64_t odd_size, double* root,
                                      int64_t root_size, double* guides, int64_t guides_size);
FL_EXPORT int32_t fl_surroundings_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices,
                                      int64_t steps, int64_t scalars, int64_t lmax, double nu, double kappa,
                                      const double* floors, int64_t floors_size, const double* to_irreps,
                                      int64_t to_irreps_size, const double* positions, int64_t positions_size,
                                      const int64_t* edge_index, int64_t edge_index_size, const double* shifts,
                                      int64_t shifts_size, const double* radii, int64_t radii_size, const double* sh,
                                      int64_t sh_size, const int64_t* batch, int64_t batch_size, const double* density,
                                      int64_t density_size, const int64_t* first_edge, int64_t first_edge_size,
                                      double* length, int64_t length_size, double* slenderness,
                                      int64_t slenderness_size, double* lattice, int64_t lattice_size, double* node,
                                      int64_t node_size, double* tensors, int64_t tensors_size, double* odd,
                                      int64_t odd_size, double* root, int64_t root_size, double* guides,
                                      int64_t guides_size);

// Features [nodes, (lmax + 1)^2, channels] before the first layer: node S + bias in degree 0, and in every degree l a
// map by weights[l] of tensors [nodes, 3, 21], 2x0e + 2x2e + 1x4e (even l), or of odd [nodes, (l_odd + 1)^2, 2], l_odd
// at least lmax.
// Sizes: node [nodes * scalars]; tensors [63 * nodes]; odd [2 * nodes * components(l_odd)]; bias [channels];
// scalar_weight [scalars * channels]; weights (lmax + 1) [Extent(node_fan_in[n]) * channels]; out [nodes *
// components(lmax) * channels].
FL_EXPORT int32_t fl_node_inputs_f32(int64_t threads, int64_t nodes, int64_t scalars, int64_t channels, int64_t lmax,
                                     int64_t l_odd, const float* node, int64_t node_size, const float* tensors,
                                     int64_t tensors_size, const float* odd, int64_t odd_size, const float* bias,
                                     int64_t bias_size, const float* scalar_weight, int64_t scalar_weight_size,
                                     const float* const* weights, const int64_t* weights_sizes, int64_t weights_count,
                                     float* out, int64_t out_size);
FL_EXPORT int32_t fl_node_inputs_f64(int64_t threads, int64_t nodes, int64_t scalars, int64_t channels, int64_t lmax,
                                     int64_t l_odd, const double* node, int64_t node_size, const double* tensors,
                                     int64_t tensors_size, const double* odd, int64_t odd_size, const double* bias,
                                     int64_t bias_size, const double* scalar_weight, int64_t scalar_weight_size,
                                     const double* const* weights, const int64_t* weights_sizes, int64_t weights_count,
                                     double* out, int64_t out_size);

// Gradients of sum(grad * out); null ones are not computed: those of what is read together, and those of the
// parameters.
// Sizes: node [nodes * scalars]; tensors [63 * nodes]; odd [2 * nodes * components(l_odd)]; bias [channels];
// scalar_weight [scalars * channels]; weights (lmax + 1) [Extent(node_fan_in[n]) * channels]; grad [nodes *
// components(lmax) * channels]; grad_node [nodes * scalars] or null; grad_tensors [63 * nodes] or null; grad_odd [2 *
// nodes * components(l_odd)] or null; grad_bias [channels] or null; grad_scalar_weight [scalars * channels] or null;
// grad_weights (lmax + 1) [Extent(node_fan_in[n]) * channels] or null.
FL_EXPORT int32_t fl_node_inputs_backward_f32(int64_t threads, int64_t nodes, int64_t scalars, int64_t channels,
                                              int64_t lmax, int64_t l_odd, const float* node, int64_t node_size,
                                              const float* tensors, int64_t tensors_size, const float* odd,
                                              int64_t odd_size, const float* bias, int64_t bias_size,
                                              const float* scalar_weight, int64_t scalar_weight_size,
                                              const float* const* weights, const int64_t* weights_sizes,
                                              int64_t weights_count, const float* grad, int64_t grad_size,
                                              float* grad_node, int64_t grad_node_size, float* grad_tensors,
                                              int64_t grad_tensors_size, float* grad_odd, int64_t grad_odd_size,
                                              float* grad_bias, int64_t grad_bias_size, float* grad_scalar_weight,
                                              int64_t grad_scalar_weight_size, float* const* grad_weights,
                                              const int64_t* grad_weights_sizes, int64_t grad_weights_count);
FL_EXPORT int32_t fl_node_inputs_backward_f64(int64_t threads, int64_t nodes, int64_t scalars, int64_t channels,
                                              int64_t lmax, int64_t l_odd, const double* node, int64_t node_size,
                                              const double* tensors, int64_t tensors_size, const double* odd,
                                              int64_t odd_size, const double* bias, int64_t bias_size,
                                              const double* scalar_weight, int64_t scalar_weight_size,
                                              const double* const* weights, const int64_t* weights_sizes,
                                              int64_t weights_count, const double* grad, int64_t grad_size,
                                              double* grad_node, int64_t grad_node_size, double* grad_tensors,
                                              int64_t grad_tensors_size, double* grad_odd, int64_t grad_odd_size,
                                              double* grad_bias, int64_t grad_bias_size, double* grad_scalar_weight,
                                              int64_t grad_scalar_weight_size, double* const* grad_weights,
                                              const int64_t* grad_weights_sizes, int64_t grad_weights_count);

// Stiffnesses F (1 + e^X)^-1 F [count, 6, 6] of roots F: X is the matrix [count, 6, 6] plus the guides [count, 2, 6,
// 6], weighed; its eigenvalues beyond `largest` count as that.
// Sizes: matrix [36 * count]; weights [2 * count]; root [36 * count]; guides [72 * count]; out [36 * count].
FL_EXPORT int32_t fl_bounded_head_f32(int64_t threads, int64_t count, double largest, const float* matrix,
                                      int64_t matrix_size, const float* weights, int64_t weights_size,
                                      const double* root, int64_t root_size, const double* guides, int64_t guides_size,
                                      float* out, int64_t out_size);
FL_EXPORT int32_t fl_bounded_head_f64(int64_t threads, int64_t count, double largest, const double* matrix,
                                      int64_t matrix_size, const double* weights, int64_t weights_size,
                                      const double* root, int64_t root_size, const double* guides, int64_t guides_size,
                                      double* out, int64_t out_size);

// Gradients of sum(grad * out); null ones are not computed.
// Sizes: matrix [36 * count]; weights [2 * count]; root [36 * count]; guides [72 * count]; grad [36 * count];
// grad_matrix [36 * count] or null; grad_weights [2 * count] or null; grad_root [36 * count] or null; grad_guides [72 *
// count] or null.
FL_EXPORT int32_t fl_bounded_head_backward_f32(int64_t threads, int64_t count, double largest, const float* matrix,
                                               int64_t matrix_size, const float* weights, int64_t weights_size,
                                               const double* root, int64_t root_size, const double* guides,
                                               int64_t guides_size, const float* grad, int64_t grad_size,
                                               float* grad_matrix, int64_t grad_matrix_size, float* grad_weights,
                                               int64_t grad_weights_size, double* grad_root, int64_t grad_root_size,
                                               double* grad_guides, int64_t grad_guides_size);
FL_EXPORT int32_t fl_bounded_head_backward_f64(int64_t threads, int64_t count, double largest, const double* matrix,
                                               int64_t matrix_size, const double* weights, int64_t weights_size,
                                               const double* root, int64_t root_size, const double* guides,
                                               int64_t guides_size, const double* grad, int64_t grad_size,
                                               double* grad_matrix, int64_t grad_matrix_size, double* grad_weights,
                                               int64_t grad_weights_size, double* grad_root, int64_t grad_root_size,
                                               double* grad_guides, int64_t grad_guides_size);

// The edges of lattices, both directions of every strut, sorted by receiver: shifts, radii, edge_index, strut and
// reverse of each; batch: the lattice of each node; first_edge: the first of a strut's two.
// Sizes: cell [9 * lattices]; ends [2 * struts]; strut_shifts [3 * struts]; strut_radii [struts]; node_offsets
// [lattices + 1]; strut_offsets [lattices + 1]; shifts [6 * struts]; radii [2 * struts]; edge_index [4 * struts]; batch
// [nodes]; strut [2 * struts]; reverse [2 * struts]; first_edge [struts].
FL_EXPORT int32_t fl_periodic_graph(int64_t lattices, int64_t nodes, int64_t struts, const double* cell,
                                    int64_t cell_size, const int64_t* ends, int64_t ends_size,
                                    const int64_t* strut_shifts, int64_t strut_shifts_size, const double* strut_radii,
                                    int64_t strut_radii_size, const int64_t* node_offsets, int64_t node_offsets_size,
                                    const int64_t* strut_offsets, int64_t strut_offsets_size, double* shifts,
                                    int64_t shifts_size, double* radii, int64_t radii_size, int64_t* edge_index,
                                    int64_t edge_index_size, int64_t* batch, int64_t batch_size, int64_t* strut,
                                    int64_t strut_size, int64_t* reverse, int64_t reverse_size, int64_t* first_edge,
                                    int64_t first_edge_size);

// fault: the first Fault of a graph, and the node, edge or lattice that has it.
// Sizes: positions [3 * nodes]; edge_index [2 * edges]; shifts [3 * edges]; radii [edges]; attributes [nodes]; batch
// [nodes]; fault [2].
FL_EXPORT int32_t fl_check_graph_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t lattices,
                                     const float* positions, int64_t positions_size, const int64_t* edge_index,
                                     int64_t edge_index_size, const float* shifts, int64_t shifts_size,
                                     const float* radii, int64_t radii_size, const float* attributes,
                                     int64_t attributes_size, const int64_t* batch, int64_t batch_size, int64_t* fault,
                                     int64_t fault_size);
FL_EXPORT int32_t fl_check_graph_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t lattices,
                                     const double* positions, int64_t positions_size, const int64_t* edge_index,
                                     int64_t edge_index_size, const double* shifts, int64_t shifts_size,
                                     const double* radii, int64_t radii_size, const double* attributes,
                                     int64_t attributes_size, const int64_t* batch, int64_t batch_size, int64_t* fault,
                                     int64_t fault_size);

// The periodic cell of a wireframe: nodes in parts of the lattice vectors, and struts between them. Nodes are one that
// are within `margin`, in parts of the lattice vectors, and `reach`, in space, of each other, modulo the lattice;
// pieces of straight struts are joined; of equal struts one stays, with the cross-section of all where shares is not
// zero. place_of: the first node in the place of each; places: where that is, in the cell; on_face: 1 where that is in
// a face of the cell, else 0. folded_ends name first nodes. longest_point: of the struts within one place. report:
// struts that are left and written; nodes welded to others of their cell, and to images; struts within one place, and
// equal to others; strut places with several radii, and the ends of one; nodes inside straight struts; then three
// nodes, each -1 or the reason why all else is unwritten: one that is not finite or too far from the cell, one of too
// many that are close and not one, one in a chain of close places.
// Sizes: fractional [3 * nodes]; cell [9]; margin [3]; ends [2 * struts]; radii [struts]; places [3 * nodes]; place_of
// [nodes]; on_face [nodes]; folded_ends [2 * struts]; folded_shifts [3 * struts]; folded_radii [struts]; longest_point
// [1]; report [12].
FL_EXPORT int32_t fl_fold_wireframe(int64_t nodes, int64_t struts, const double* fractional, int64_t fractional_size,
                                    const double* cell, int64_t cell_size, const double* margin, int64_t margin_size,
                                    const int64_t* ends, int64_t ends_size, const double* radii, int64_t radii_size,
                                    double reach, int64_t shares, double* places, int64_t places_size,
                                    int64_t* place_of, int64_t place_of_size, int64_t* on_face, int64_t on_face_size,
                                    int64_t* folded_ends, int64_t folded_ends_size, int64_t* folded_shifts,
                                    int64_t folded_shifts_size, double* folded_radii, int64_t folded_radii_size,
                                    double* longest_point, int64_t longest_point_size, int64_t* report,
                                    int64_t report_size);

// Parses text that begins at line first_line of its file and either at the start of an entry or before the first one.
// Entries with errors leave no rows. default_density: of entries that name none; stop_at_error: non-zero to stop at the
// first faulty entry. handle, to be freed with fl_lat_free: what was found; sizes: rows, nodes, struts, bytes of names,
// bytes of base names, errors; the first three summed over rows.
// Sizes: text [as the call says]; sizes [6].
FL_EXPORT int32_t fl_lat_parse(const char* text, int64_t text_size, int64_t first_line, double default_density,
                               int64_t stop_at_error, void** handle, int64_t* sizes, int64_t sizes_size);

// Copies the columns out, of the sizes that fl_lat_parse reported, in the layout of fastlattice.LatticeBatch.
// imperfection_level and stiffness (Mandel: 11, 22, 33, 23, 13, 12) are NaN where not given; label_holders: -1, or for
// a row without label whose density rounds to that of a label, the row that has it; notation_unsaid: 1 where a label is
// a compliance of which the file does not say whether it is in Voigt or Mandel notation, else 0.
// Sizes: cell [as the call says]; positions [as the call says]; struts [as the call says]; shifts [as the call says];
// radii [as the call says]; node_offsets [as the call says]; strut_offsets [as the call says]; names [as the call
// says]; name_offsets [as the call says]; base_names [as the call says]; base_name_offsets [as the call says];
// imperfection_level [as the call says]; density [as the call says]; stiffness [as the call says]; label_holders [as
// the call says]; notation_unsaid [as the call says].
FL_EXPORT int32_t fl_lat_columns(void* handle, double* cell, int64_t cell_size, double* positions,
                                 int64_t positions_size, int64_t* struts, int64_t struts_size, int64_t* shifts,
                                 int64_t shifts_size, double* radii, int64_t radii_size, int64_t* node_offsets,
                                 int64_t node_offsets_size, int64_t* strut_offsets, int64_t strut_offsets_size,
                                 char* names, int64_t names_size, int64_t* name_offsets, int64_t name_offsets_size,
                                 char* base_names, int64_t base_names_size, int64_t* base_name_offsets,
                                 int64_t base_name_offsets_size, double* imperfection_level,
                                 int64_t imperfection_level_size, double* density, int64_t density_size,
                                 double* stiffness, int64_t stiffness_size, int64_t* label_holders,
                                 int64_t label_holders_size, int64_t* notation_unsaid, int64_t notation_unsaid_size);

// Error number index: its line, the name of its entry and the reason, as texts that live as long as the handle.
FL_EXPORT int32_t fl_lat_error(void* handle, int64_t index, int64_t* line, const char** entry, const char** reason);

// Frees what fl_lat_parse made.
FL_EXPORT int32_t fl_lat_free(void* handle);

// strut: the first one that joins what is no node of its lattice, or -1.
// Sizes: struts [2 * strut_offsets[count]]; node_offsets [count + 1]; strut_offsets [count + 1]; strut [1].
FL_EXPORT int32_t fl_foreign_strut(int64_t count, const int64_t* struts, int64_t struts_size,
                                   const int64_t* node_offsets, int64_t node_offsets_size,
                                   const int64_t* strut_offsets, int64_t strut_offsets_size, int64_t* strut,
                                   int64_t strut_size);

// Formats rows [begin, end) as entries. Consecutive rows of one name and geometry and of different densities become one
// entry, which may take in rows after end: next is the first row not written. compliance: Mandel, in the frame of the
// cell parameters (a along x, b in the xy plane), NaN for rows without. names must not hold line breaks. digits: 0 for
// shortest exact numbers and the sections that make the round trip lossless, else significant digits. text, size bytes
// of it, lives until fl_lat_text_free(handle).
// Sizes: cell [9 * rows]; positions [3 * node_offsets[rows]]; struts [2 * strut_offsets[rows]]; shifts [3 *
// strut_offsets[rows]]; radii [strut_offsets[rows]]; node_offsets [rows + 1]; strut_offsets [rows + 1]; names
// [name_offsets[rows]]; name_offsets [rows + 1]; base_names [base_name_offsets[rows]] or null; base_name_offsets [rows
// + 1] or null; imperfection_level [rows] or null; density [rows]; stiffness [36 * rows] or null; compliance [36 *
// rows] or null.
FL_EXPORT int32_t fl_lat_format(int64_t rows, const double* cell, int64_t cell_size, const double* positions,
                                int64_t positions_size, const int64_t* struts, int64_t struts_size,
                                const int64_t* shifts, int64_t shifts_size, const double* radii, int64_t radii_size,
                                const int64_t* node_offsets, int64_t node_offsets_size, const int64_t* strut_offsets,
                                int64_t strut_offsets_size, const char* names, int64_t names_size,
                                const int64_t* name_offsets, int64_t name_offsets_size, const char* base_names,
                                int64_t base_names_size, const int64_t* base_name_offsets,
                                int64_t base_name_offsets_size, const double* imperfection_level,
                                int64_t imperfection_level_size, const double* density, int64_t density_size,
                                const double* stiffness, int64_t stiffness_size, const double* compliance,
                                int64_t compliance_size, int64_t digits, int64_t begin, int64_t end, int64_t* next,
                                void** handle, const char** text, int64_t* size);

// Frees what fl_lat_format made.
FL_EXPORT int32_t fl_lat_text_free(void* handle);

// Homogenises lattices. stiffness [count, 6, 6] (Mandel, E_s = 1; NaN where status is not ok), status, rank, offending
// (strut or node, -1), beam_valid; overlap as of fl_frame_joints; density as of fl_frame_density; displacements [nodes,
// 6, 8]: unknown, macro-strain and padding; zero where status is not ok.
// Sizes: cell [9 * count]; positions [3 * node_offsets[count]]; struts [2 * strut_offsets[count]]; shifts [3 *
// strut_offsets[count]]; radii [strut_offsets[count]]; node_offsets [count + 1]; strut_offsets [count + 1]; stiffness
// [36 * count]; status [count]; rank [count]; offending [count]; beam_valid [count]; overlap [count] or null; density
// [count] or null; displacements [48 * node_offsets[count]] or null.
FL_EXPORT int32_t fl_frame_homogenise(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                                      int64_t positions_size, const int64_t* struts, int64_t struts_size,
                                      const int64_t* shifts, int64_t shifts_size, const double* radii,
                                      int64_t radii_size, const int64_t* node_offsets, int64_t node_offsets_size,
                                      const int64_t* strut_offsets, int64_t strut_offsets_size, double nu,
                                      double kappa, int64_t discretisation, int64_t threads, double* stiffness,
                                      int64_t stiffness_size, int32_t* status, int64_t status_size, int32_t* rank,
                                      int64_t rank_size, int64_t* offending, int64_t offending_size,
                                      uint8_t* beam_valid, int64_t beam_valid_size, double* overlap,
                                      int64_t overlap_size, double* density, int64_t density_size,
                                      double* displacements, int64_t displacements_size);

// Only the checks before the solver: status, rank, offending, beam_valid as of fl_frame_homogenise, but for
// singular_pivot.
// Sizes: cell [9 * count]; positions [3 * node_offsets[count]]; struts [2 * strut_offsets[count]]; shifts [3 *
// strut_offsets[count]]; radii [strut_offsets[count]]; node_offsets [count + 1]; strut_offsets [count + 1]; status
// [count]; rank [count]; offending [count]; beam_valid [count].
FL_EXPORT int32_t fl_frame_check(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                                 int64_t positions_size, const int64_t* struts, int64_t struts_size,
                                 const int64_t* shifts, int64_t shifts_size, const double* radii, int64_t radii_size,
                                 const int64_t* node_offsets, int64_t node_offsets_size, const int64_t* strut_offsets,
                                 int64_t strut_offsets_size, int64_t threads, int32_t* status, int64_t status_size,
                                 int32_t* rank, int64_t rank_size, int64_t* offending, int64_t offending_size,
                                 uint8_t* beam_valid, int64_t beam_valid_size);

// density: sum of pi r^2 L over the struts of each lattice by the volume of its cell; NaN where a strut has no such
// node. The same bits on every instruction set.
// Sizes: cell [9 * count]; positions [3 * node_offsets[count]]; struts [2 * strut_offsets[count]]; shifts [3 *
// strut_offsets[count]]; radii [strut_offsets[count]]; node_offsets [count + 1]; strut_offsets [count + 1]; density
// [count].
FL_EXPORT int32_t fl_frame_density(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                                   int64_t positions_size, const int64_t* struts, int64_t struts_size,
                                   const int64_t* shifts, int64_t shifts_size, const double* radii, int64_t radii_size,
                                   const int64_t* node_offsets, int64_t node_offsets_size,
                                   const int64_t* strut_offsets, int64_t strut_offsets_size, int64_t threads,
                                   double* density, int64_t density_size);

// Effective conductivity of lattices over that of their solid, conductivity [count, 3, 3] (NaN where status is not ok);
// status, rank, offending, beam_valid as of fl_frame_homogenise; temperatures [nodes, 3]: fluctuations under unit
// gradients, zero where status is not ok.
// Sizes: cell [9 * count]; positions [3 * node_offsets[count]]; struts [2 * strut_offsets[count]]; shifts [3 *
// strut_offsets[count]]; radii [strut_offsets[count]]; node_offsets [count + 1]; strut_offsets [count + 1];
// conductivity [9 * count]; status [count]; rank [count]; offending [count]; beam_valid [count]; temperatures [3 *
// node_offsets[count]] or null.
FL_EXPORT int32_t fl_frame_conductivity(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                                        int64_t positions_size, const int64_t* struts, int64_t struts_size,
                                        const int64_t* shifts, int64_t shifts_size, const double* radii,
                                        int64_t radii_size, const int64_t* node_offsets, int64_t node_offsets_size,
                                        const int64_t* strut_offsets, int64_t strut_offsets_size, int64_t threads,
                                        double* conductivity, int64_t conductivity_size, int32_t* status,
                                        int64_t status_size, int32_t* rank, int64_t rank_size, int64_t* offending,
                                        int64_t offending_size, uint8_t* beam_valid, int64_t beam_valid_size,
                                        double* temperatures, int64_t temperatures_size);

// How far struts reach into one another at the nodes. overlap: the largest part of a strut's length, both ends
// together, that lies inside others, at most 1; NaN where an index is out of range. reached [struts, 2]: how far others
// reach along each strut from its two ends; not written where overlap is NaN.
// Sizes: cell [9 * count]; positions [3 * node_offsets[count]]; struts [2 * strut_offsets[count]]; shifts [3 *
// strut_offsets[count]]; radii [strut_offsets[count]]; node_offsets [count + 1]; strut_offsets [count + 1]; overlap
// [count]; reached [2 * strut_offsets[count]] or null.
FL_EXPORT int32_t fl_frame_joints(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                                  int64_t positions_size, const int64_t* struts, int64_t struts_size,
                                  const int64_t* shifts, int64_t shifts_size, const double* radii, int64_t radii_size,
                                  const int64_t* node_offsets, int64_t node_offsets_size, const int64_t* strut_offsets,
                                  int64_t strut_offsets_size, int64_t threads, double* overlap, int64_t overlap_size,
                                  double* reached, int64_t reached_size);

// Bases and offsets of samples first .. first + count - 1 of a stream (fastlattice.data.Stream). cumulative: running
// sum of the bases' weights, the last 1; low, high, choices: what each of the quantities of Quantity is drawn from, one
// of its choices or, where it has none, a range.
// Sizes: cumulative [bases]; base_node_offsets [bases + 1]; base_strut_offsets [bases + 1]; low [quantities]; high
// [quantities]; choices [choice_offsets[quantities]]; choice_offsets [quantities + 1]; base [count]; node_offsets
// [count + 1]; strut_offsets [count + 1].
FL_EXPORT int32_t fl_stream_sizes(int64_t threads, int64_t seed, int64_t first, int64_t count, int64_t bases,
                                  int64_t quantities, const double* cumulative, int64_t cumulative_size,
                                  const int64_t* base_node_offsets, int64_t base_node_offsets_size,
                                  const int64_t* base_strut_offsets, int64_t base_strut_offsets_size,
                                  const double* low, int64_t low_size, const double* high, int64_t high_size,
                                  const double* choices, int64_t choices_size, const int64_t* choice_offsets,
                                  int64_t choice_offsets_size, double removal_share, int64_t* base, int64_t base_size,
                                  int64_t* node_offsets, int64_t node_offsets_size, int64_t* strut_offsets,
                                  int64_t strut_offsets_size);

// The samples themselves; offsets as fl_stream_sizes gave them. The longest vector of each base's cell is 1.
// Sizes: cumulative [bases]; base_node_offsets [bases + 1]; base_strut_offsets [bases + 1]; low [quantities]; high
// [quantities]; choices [choice_offsets[quantities]]; choice_offsets [quantities + 1]; base_cell [9 * bases];
// base_positions [3 * base_node_offsets[bases]]; base_struts [2 * base_strut_offsets[bases]]; base_shifts [3 *
// base_strut_offsets[bases]]; node_offsets [count + 1]; strut_offsets [count + 1]; cell [9 * count]; positions [3 *
// node_offsets[count]]; struts [2 * strut_offsets[count]]; shifts [3 * strut_offsets[count]]; radii
// [strut_offsets[count]]; level [count]; density [count]; beam_valid [count].
FL_EXPORT int32_t fl_stream_fill(int64_t threads, int64_t seed, int64_t first, int64_t count, int64_t bases,
                                 int64_t quantities, const double* cumulative, int64_t cumulative_size,
                                 const int64_t* base_node_offsets, int64_t base_node_offsets_size,
                                 const int64_t* base_strut_offsets, int64_t base_strut_offsets_size, const double* low,
                                 int64_t low_size, const double* high, int64_t high_size, const double* choices,
                                 int64_t choices_size, const int64_t* choice_offsets, int64_t choice_offsets_size,
                                 double removal_share, const double* base_cell, int64_t base_cell_size,
                                 const double* base_positions, int64_t base_positions_size, const int64_t* base_struts,
                                 int64_t base_struts_size, const int64_t* base_shifts, int64_t base_shifts_size,
                                 double strain_share, double strain, double zero_share, double uniform,
                                 double two_valued, double log_normal, double max_slenderness, int64_t displacement,
                                 int64_t rotation, const int64_t* node_offsets, int64_t node_offsets_size,
                                 const int64_t* strut_offsets, int64_t strut_offsets_size, double* cell,
                                 int64_t cell_size, double* positions, int64_t positions_size, int64_t* struts,
                                 int64_t struts_size, int64_t* shifts, int64_t shifts_size, double* radii,
                                 int64_t radii_size, double* level, int64_t level_size, double* density,
                                 int64_t density_size, uint8_t* beam_valid, int64_t beam_valid_size);

// Columns [21 + 13, count] of stiffnesses [count, 6, 6] (Mandel): their entries on and above the diagonal, row by row;
// Young's moduli along the axes, shear moduli of yz, xz, xy, Poisson's ratios nu_xy, nu_xz, nu_yx, nu_yz, nu_zx, nu_zy,
// universal anisotropy. The last 13 are NaN where a stiffness is not positive definite.
// Sizes: stiffness [36 * count]; columns [34 * count].
FL_EXPORT int32_t fl_elasticity_moduli(int64_t count, const double* stiffness, int64_t stiffness_size, double* columns,
                                       int64_t columns_size);

// Frames [count, 2, 3, 3] of the smallest and the largest of a modulus (0 Young's, 1 shear, 2 Poisson's ratio) of
// stiffnesses by their Cholesky factors [count, 6, 6].
// Sizes: factor [36 * count]; frames [18 * count].
FL_EXPORT int32_t fl_elasticity_extremes(int64_t threads, int64_t count, int64_t modulus, const double* factor,
                                         int64_t factor_size, double* frames, int64_t frames_size);

// Gradients of sum(stiffness * cotangent) from what fl_frame_homogenise (exact discretisation) gave; zero where status
// is not ok.
// Sizes: cell [9 * count]; positions [3 * node_offsets[count]]; struts [2 * strut_offsets[count]]; shifts [3 *
// strut_offsets[count]]; radii [strut_offsets[count]]; node_offsets [count + 1]; strut_offsets [count + 1]; status
// [count]; stiffness [36 * count]; displacements [48 * node_offsets[count]]; cotangent [36 * count]; grad_cell [9 *
// count]; grad_positions [3 * node_offsets[count]]; grad_radii [strut_offsets[count]].
FL_EXPORT int32_t fl_frame_adjoint(int64_t count, const double* cell, int64_t cell_size, const double* positions,
                                   int64_t positions_size, const int64_t* struts, int64_t struts_size,
                                   const int64_t* shifts, int64_t shifts_size, const double* radii, int64_t radii_size,
                                   const int64_t* node_offsets, int64_t node_offsets_size,
                                   const int64_t* strut_offsets, int64_t strut_offsets_size, double nu, double kappa,
                                   int64_t threads, const int32_t* status, int64_t status_size,
                                   const double* stiffness, int64_t stiffness_size, const double* displacements,
                                   int64_t displacements_size, const double* cotangent, int64_t cotangent_size,
                                   double* grad_cell, int64_t grad_cell_size, double* grad_positions,
                                   int64_t grad_positions_size, double* grad_radii, int64_t grad_radii_size);

// Upper bounds C_0 ... C_order of stiffnesses by truncated relaxation: stiffness [count, order + 1, 6, 6] (Mandel, E_s
// = 1; NaN where status is not ok), status, rank, offending, beam_valid as of fl_frame_homogenise.
// Sizes: cell [9 * count]; positions [3 * node_offsets[count]]; struts [2 * strut_offsets[count]]; shifts [3 *
// strut_offsets[count]]; radii [strut_offsets[count]]; node_offsets [count + 1]; strut_offsets [count + 1]; stiffness
// [36 * (order + 1) * count]; status [count]; rank [count]; offending [count]; beam_valid [count].
FL_EXPORT int32_t fl_frame_bounds(int64_t count, int64_t order, const double* cell, int64_t cell_size,
                                  const double* positions, int64_t positions_size, const int64_t* struts,
                                  int64_t struts_size, const int64_t* shifts, int64_t shifts_size, const double* radii,
                                  int64_t radii_size, const int64_t* node_offsets, int64_t node_offsets_size,
                                  const int64_t* strut_offsets, int64_t strut_offsets_size, double nu, double kappa,
                                  int64_t threads, double* stiffness, int64_t stiffness_size, int32_t* status,
                                  int64_t status_size, int32_t* rank, int64_t rank_size, int64_t* offending,
                                  int64_t offending_size, uint8_t* beam_valid, int64_t beam_valid_size);

// Gradients of sum(stiffness * cotangent) from what fl_frame_bounds gave; zero where status is not ok.
// Sizes: cell [9 * count]; positions [3 * node_offsets[count]]; struts [2 * strut_offsets[count]]; shifts [3 *
// strut_offsets[count]]; radii [strut_offsets[count]]; node_offsets [count + 1]; strut_offsets [count + 1]; status
// [count]; stiffness [36 * (order + 1) * count]; cotangent [36 * (order + 1) * count]; grad_cell [9 * count];
// grad_positions [3 * node_offsets[count]]; grad_radii [strut_offsets[count]].
FL_EXPORT int32_t fl_frame_bounds_adjoint(int64_t count, int64_t order, const double* cell, int64_t cell_size,
                                          const double* positions, int64_t positions_size, const int64_t* struts,
                                          int64_t struts_size, const int64_t* shifts, int64_t shifts_size,
                                          const double* radii, int64_t radii_size, const int64_t* node_offsets,
                                          int64_t node_offsets_size, const int64_t* strut_offsets,
                                          int64_t strut_offsets_size, double nu, double kappa, int64_t threads,
                                          const int32_t* status, int64_t status_size, const double* stiffness,
                                          int64_t stiffness_size, const double* cotangent, int64_t cotangent_size,
                                          double* grad_cell, int64_t grad_cell_size, double* grad_positions,
                                          int64_t grad_positions_size, double* grad_radii, int64_t grad_radii_size);

// Of each node, [nodes, 6, 6]: its share of the energy of the affine bound, and the energy that it alone would release.
// The edges, each strut in both directions, stand for the ends at their receivers.
// Sizes: receivers [edges]; vectors [3 * edges]; radii [edges]; energy [36 * nodes]; release [36 * nodes].
FL_EXPORT int32_t fl_frame_node_mechanics(int64_t nodes, int64_t edges, const int64_t* receivers,
                                          int64_t receivers_size, const double* vectors, int64_t vectors_size,
                                          const double* radii, int64_t radii_size, double nu, double kappa,
                                          double* energy, int64_t energy_size, double* release, int64_t release_size);

// Gradients of sum(grad_energy * energy) + sum(grad_release * release).
// Sizes: receivers [edges]; vectors [3 * edges]; radii [edges]; grad_energy [36 * nodes]; grad_release [36 * nodes];
// grad_vectors [3 * edges]; grad_radii [edges].
FL_EXPORT int32_t fl_frame_node_mechanics_backward(int64_t nodes, int64_t edges, const int64_t* receivers,
                                                   int64_t receivers_size, const double* vectors, int64_t vectors_size,
                                                   const double* radii, int64_t radii_size, double nu, double kappa,
                                                   const double* grad_energy, int64_t grad_energy_size,
                                                   const double* grad_release, int64_t grad_release_size,
                                                   double* grad_vectors, int64_t grad_vectors_size, double* grad_radii,
                                                   int64_t grad_radii_size);

// Of each lattice, [lattices, order + 1, 6, 6]: the energies V C_0 ... V C_order of truncated relaxations; NaN where
// the stiffness of a node is singular. Of each node, [nodes, 6, 6]: its share of the last energy, and what it alone
// would release beyond it. ends [2, struts]: nodes at which struts start, then end; batch: the lattice of each node.
// dependent: what part of the energy of a step's fields is none of a new field.
// Sizes: batch [nodes]; ends [2 * struts]; vectors [3 * struts]; radii [struts]; energies [36 * lattices * (order +
// 1)]; share [36 * nodes]; release [36 * nodes].
FL_EXPORT int32_t fl_relaxed_energies(int64_t threads, int64_t nodes, int64_t struts, int64_t lattices, int64_t order,
                                      const int64_t* batch, int64_t batch_size, const int64_t* ends, int64_t ends_size,
                                      const double* vectors, int64_t vectors_size, const double* radii,
                                      int64_t radii_size, double nu, double kappa, double dependent, double* energies,
                                      int64_t energies_size, double* share, int64_t share_size, double* release,
                                      int64_t release_size);

// Gradients of sum(grad_energies * energies + grad_share * share + grad_release * release).
// Sizes: batch [nodes]; ends [2 * struts]; vectors [3 * struts]; radii [struts]; grad_energies [36 * lattices * (order
// + 1)]; grad_share [36 * nodes]; grad_release [36 * nodes]; grad_vectors [3 * struts]; grad_radii [struts].
FL_EXPORT int32_t fl_relaxed_energies_backward(int64_t threads, int64_t nodes, int64_t struts, int64_t lattices,
                                               int64_t order, const int64_t* batch, int64_t batch_size,
                                               const int64_t* ends, int64_t ends_size, const double* vectors,
                                               int64_t vectors_size, const double* radii, int64_t radii_size,
                                               double nu, double kappa, double dependent, const double* grad_energies,
                                               int64_t grad_energies_size, const double* grad_share,
                                               int64_t grad_share_size, const double* grad_release,
                                               int64_t grad_release_size, double* grad_vectors,
                                               int64_t grad_vectors_size, double* grad_radii,
                                               int64_t grad_radii_size);

// out [count, size]: every row a copy of row.
// Sizes: row [size]; out [count * size].
FL_EXPORT int32_t fl_repeat_f32(int64_t threads, int64_t count, int64_t size, const float* row, int64_t row_size,
                                float* out, int64_t out_size);
FL_EXPORT int32_t fl_repeat_f64(int64_t threads, int64_t count, int64_t size, const double* row, int64_t row_size,
                                double* out, int64_t out_size);

// Multiply-adds a second of one thread in float and in double, from one burst each.
// Sizes: f32 [1]; f64 [1].
FL_EXPORT int32_t fl_fma_peak(double* f32, int64_t f32_size, double* f64, int64_t f64_size);
