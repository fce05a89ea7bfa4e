// Written by codegen/abi.py; not to be edited.
#include "network/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_network_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices, int64_t layers,
                       int64_t l_in, int64_t lmax, int64_t channels, int64_t hidden_layers, const int64_t* widths,
                       int64_t widths_size, double max_length, double max_radius, double agg_norm, int64_t correlation,
                       int64_t output_degrees, int64_t residual, int64_t norms, double norm_share, double norm_floor,
                       const int64_t* multiplicities, int64_t multiplicities_size, double silu_gain, int64_t fold_rows,
                       int64_t fold_tensors, const int64_t* fold_counts, int64_t fold_counts_size,
                       const int64_t* fold_starts, int64_t fold_starts_size, const int64_t* fold_tensor,
                       int64_t fold_tensor_size, const int64_t* fold_row, int64_t fold_row_size,
                       const double* fold_value, int64_t fold_value_size, const int64_t* edge_index,
                       int64_t edge_index_size, const int64_t* strut, int64_t strut_size, const int64_t* batch,
                       int64_t batch_size, const float* const* parameters, const int64_t* parameters_sizes,
                       int64_t parameters_count, const float* features, int64_t features_size, const float* sh,
                       int64_t sh_size, const float* length, int64_t length_size, const float* radius,
                       int64_t radius_size, float* out, int64_t out_size, float* kept, int64_t kept_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("struts", struts);
    check_size("lattices", lattices);
    check_size("layers", layers);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("hidden_layers", hidden_layers);
    check_size("fold_rows", fold_rows);
    check_size("fold_tensors", fold_tensors);
    if (fold_starts) check_offsets("fold_starts", fold_starts, fold_starts_size, Extent(fold_rows));
    check_buffer("widths", widths, widths_size, Extent(hidden_layers) + 1);
    if (multiplicities) check_buffer("multiplicities", multiplicities, multiplicities_size, Extent(lmax) + 1);
    if (fold_counts) check_buffer("fold_counts", fold_counts, fold_counts_size, Extent(fold_tensors));
    if (fold_tensor) check_buffer("fold_tensor", fold_tensor, fold_tensor_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_row) check_buffer("fold_row", fold_row, fold_row_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_value) check_buffer("fold_value", fold_value, fold_value_size, element(fold_starts, fold_starts_size, fold_rows));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    if (strut) check_buffer("strut", strut, strut_size, Extent(edges));
    if (batch) check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("length", length, length_size, Extent(struts));
    check_buffer("radius", radius, radius_size, Extent(struts));
    check_buffer("out", out, out_size, multiplicities ? Extent(lattices) * readout_size(multiplicities, Extent(lmax), output_degrees) : Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    if (kept) check_buffer("kept", kept, kept_size, 2 * Extent(layers) * Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_list("parameters", parameters, parameters_sizes, parameters_count, Extent(parameters_count));
    fl::calls::run(fl::calls::Network<float>{thread_count(threads), nodes, edges, struts, lattices, layers, l_in, lmax,
        channels, hidden_layers, widths, max_length, max_radius, agg_norm, correlation, output_degrees, residual,
        norms, norm_share, norm_floor, multiplicities, silu_gain, fold_rows, fold_tensors, fold_counts, fold_starts,
        fold_tensor, fold_row, fold_value, edge_index, strut, batch, {parameters, parameters_sizes, parameters_count},
        features, sh, length, radius, out, kept});
  });
}

int32_t fl_network_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices, int64_t layers,
                       int64_t l_in, int64_t lmax, int64_t channels, int64_t hidden_layers, const int64_t* widths,
                       int64_t widths_size, double max_length, double max_radius, double agg_norm, int64_t correlation,
                       int64_t output_degrees, int64_t residual, int64_t norms, double norm_share, double norm_floor,
                       const int64_t* multiplicities, int64_t multiplicities_size, double silu_gain, int64_t fold_rows,
                       int64_t fold_tensors, const int64_t* fold_counts, int64_t fold_counts_size,
                       const int64_t* fold_starts, int64_t fold_starts_size, const int64_t* fold_tensor,
                       int64_t fold_tensor_size, const int64_t* fold_row, int64_t fold_row_size,
                       const double* fold_value, int64_t fold_value_size, const int64_t* edge_index,
                       int64_t edge_index_size, const int64_t* strut, int64_t strut_size, const int64_t* batch,
                       int64_t batch_size, const double* const* parameters, const int64_t* parameters_sizes,
                       int64_t parameters_count, const double* features, int64_t features_size, const double* sh,
                       int64_t sh_size, const double* length, int64_t length_size, const double* radius,
                       int64_t radius_size, double* out, int64_t out_size, double* kept, int64_t kept_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("struts", struts);
    check_size("lattices", lattices);
    check_size("layers", layers);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("hidden_layers", hidden_layers);
    check_size("fold_rows", fold_rows);
    check_size("fold_tensors", fold_tensors);
    if (fold_starts) check_offsets("fold_starts", fold_starts, fold_starts_size, Extent(fold_rows));
    check_buffer("widths", widths, widths_size, Extent(hidden_layers) + 1);
    if (multiplicities) check_buffer("multiplicities", multiplicities, multiplicities_size, Extent(lmax) + 1);
    if (fold_counts) check_buffer("fold_counts", fold_counts, fold_counts_size, Extent(fold_tensors));
    if (fold_tensor) check_buffer("fold_tensor", fold_tensor, fold_tensor_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_row) check_buffer("fold_row", fold_row, fold_row_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_value) check_buffer("fold_value", fold_value, fold_value_size, element(fold_starts, fold_starts_size, fold_rows));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    if (strut) check_buffer("strut", strut, strut_size, Extent(edges));
    if (batch) check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("length", length, length_size, Extent(struts));
    check_buffer("radius", radius, radius_size, Extent(struts));
    check_buffer("out", out, out_size, multiplicities ? Extent(lattices) * readout_size(multiplicities, Extent(lmax), output_degrees) : Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    if (kept) check_buffer("kept", kept, kept_size, 2 * Extent(layers) * Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_list("parameters", parameters, parameters_sizes, parameters_count, Extent(parameters_count));
    fl::calls::run(fl::calls::Network<double>{thread_count(threads), nodes, edges, struts, lattices, layers, l_in,
        lmax, channels, hidden_layers, widths, max_length, max_radius, agg_norm, correlation, output_degrees, residual,
        norms, norm_share, norm_floor, multiplicities, silu_gain, fold_rows, fold_tensors, fold_counts, fold_starts,
        fold_tensor, fold_row, fold_value, edge_index, strut, batch, {parameters, parameters_sizes, parameters_count},
        features, sh, length, radius, out, kept});
  });
}

int32_t fl_network_backward_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices,
                                int64_t layers, int64_t l_in, int64_t lmax, int64_t channels, int64_t hidden_layers,
                                const int64_t* widths, int64_t widths_size, double max_length, double max_radius,
                                double agg_norm, int64_t correlation, int64_t output_degrees, int64_t residual,
                                int64_t norms, double norm_share, double norm_floor, const int64_t* multiplicities,
                                int64_t multiplicities_size, double silu_gain, int64_t fold_rows, int64_t fold_tensors,
                                const int64_t* fold_counts, int64_t fold_counts_size, const int64_t* fold_starts,
                                int64_t fold_starts_size, const int64_t* fold_tensor, int64_t fold_tensor_size,
                                const int64_t* fold_row, int64_t fold_row_size, const double* fold_value,
                                int64_t fold_value_size, const int64_t* edge_index, int64_t edge_index_size,
                                const int64_t* strut, int64_t strut_size, const int64_t* batch, int64_t batch_size,
                                const float* const* parameters, const int64_t* parameters_sizes,
                                int64_t parameters_count, const float* features, int64_t features_size,
                                const float* sh, int64_t sh_size, const float* length, int64_t length_size,
                                const float* radius, int64_t radius_size, const float* kept, int64_t kept_size,
                                const float* grad, int64_t grad_size, float* grad_features, int64_t grad_features_size,
                                float* grad_sh, int64_t grad_sh_size, float* grad_length, int64_t grad_length_size,
                                float* grad_radius, int64_t grad_radius_size, float* const* grad_parameters,
                                const int64_t* grad_parameters_sizes, int64_t grad_parameters_count) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("struts", struts);
    check_size("lattices", lattices);
    check_size("layers", layers);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("hidden_layers", hidden_layers);
    check_size("fold_rows", fold_rows);
    check_size("fold_tensors", fold_tensors);
    if (fold_starts) check_offsets("fold_starts", fold_starts, fold_starts_size, Extent(fold_rows));
    check_buffer("widths", widths, widths_size, Extent(hidden_layers) + 1);
    if (multiplicities) check_buffer("multiplicities", multiplicities, multiplicities_size, Extent(lmax) + 1);
    if (fold_counts) check_buffer("fold_counts", fold_counts, fold_counts_size, Extent(fold_tensors));
    if (fold_tensor) check_buffer("fold_tensor", fold_tensor, fold_tensor_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_row) check_buffer("fold_row", fold_row, fold_row_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_value) check_buffer("fold_value", fold_value, fold_value_size, element(fold_starts, fold_starts_size, fold_rows));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    if (strut) check_buffer("strut", strut, strut_size, Extent(edges));
    if (batch) check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("length", length, length_size, Extent(struts));
    check_buffer("radius", radius, radius_size, Extent(struts));
    check_buffer("kept", kept, kept_size, 2 * Extent(layers) * Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_buffer("grad", grad, grad_size, multiplicities ? Extent(lattices) * readout_size(multiplicities, Extent(lmax), output_degrees) : Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    if (grad_features) check_buffer("grad_features", grad_features, grad_features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    if (grad_sh) check_buffer("grad_sh", grad_sh, grad_sh_size, Extent(edges) * components(Extent(lmax)));
    if (grad_length) check_buffer("grad_length", grad_length, grad_length_size, Extent(struts));
    if (grad_radius) check_buffer("grad_radius", grad_radius, grad_radius_size, Extent(struts));
    check_list("parameters", parameters, parameters_sizes, parameters_count, Extent(parameters_count));
    if (grad_parameters) {
    check_list("grad_parameters", grad_parameters, grad_parameters_sizes, grad_parameters_count, Extent(grad_parameters_count));
    }
    fl::calls::run(fl::calls::NetworkBackward<float>{thread_count(threads), nodes, edges, struts, lattices, layers,
        l_in, lmax, channels, hidden_layers, widths, max_length, max_radius, agg_norm, correlation, output_degrees,
        residual, norms, norm_share, norm_floor, multiplicities, silu_gain, fold_rows, fold_tensors, fold_counts,
        fold_starts, fold_tensor, fold_row, fold_value, edge_index, strut, batch, {parameters, parameters_sizes,
        parameters_count}, features, sh, length, radius, kept, grad, grad_features, grad_sh, grad_length, grad_radius,
        {grad_parameters, grad_parameters_sizes, grad_parameters_count}});
  });
}

int32_t fl_network_backward_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices,
                                int64_t layers, int64_t l_in, int64_t lmax, int64_t channels, int64_t hidden_layers,
                                const int64_t* widths, int64_t widths_size, double max_length, double max_radius,
                                double agg_norm, int64_t correlation, int64_t output_degrees, int64_t residual,
                                int64_t norms, double norm_share, double norm_floor, const int64_t* multiplicities,
                                int64_t multiplicities_size, double silu_gain, int64_t fold_rows, int64_t fold_tensors,
                                const int64_t* fold_counts, int64_t fold_counts_size, const int64_t* fold_starts,
                                int64_t fold_starts_size, const int64_t* fold_tensor, int64_t fold_tensor_size,
                                const int64_t* fold_row, int64_t fold_row_size, const double* fold_value,
                                int64_t fold_value_size, const int64_t* edge_index, int64_t edge_index_size,
                                const int64_t* strut, int64_t strut_size, const int64_t* batch, int64_t batch_size,
                                const double* const* parameters, const int64_t* parameters_sizes,
                                int64_t parameters_count, const double* features, int64_t features_size,
                                const double* sh, int64_t sh_size, const double* length, int64_t length_size,
                                const double* radius, int64_t radius_size, const double* kept, int64_t kept_size,
                                const double* grad, int64_t grad_size, double* grad_features,
                                int64_t grad_features_size, double* grad_sh, int64_t grad_sh_size, double* grad_length,
                                int64_t grad_length_size, double* grad_radius, int64_t grad_radius_size,
                                double* const* grad_parameters, const int64_t* grad_parameters_sizes,
                                int64_t grad_parameters_count) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("struts", struts);
    check_size("lattices", lattices);
    check_size("layers", layers);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("hidden_layers", hidden_layers);
    check_size("fold_rows", fold_rows);
    check_size("fold_tensors", fold_tensors);
    if (fold_starts) check_offsets("fold_starts", fold_starts, fold_starts_size, Extent(fold_rows));
    check_buffer("widths", widths, widths_size, Extent(hidden_layers) + 1);
    if (multiplicities) check_buffer("multiplicities", multiplicities, multiplicities_size, Extent(lmax) + 1);
    if (fold_counts) check_buffer("fold_counts", fold_counts, fold_counts_size, Extent(fold_tensors));
    if (fold_tensor) check_buffer("fold_tensor", fold_tensor, fold_tensor_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_row) check_buffer("fold_row", fold_row, fold_row_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_value) check_buffer("fold_value", fold_value, fold_value_size, element(fold_starts, fold_starts_size, fold_rows));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    if (strut) check_buffer("strut", strut, strut_size, Extent(edges));
    if (batch) check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("length", length, length_size, Extent(struts));
    check_buffer("radius", radius, radius_size, Extent(struts));
    check_buffer("kept", kept, kept_size, 2 * Extent(layers) * Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_buffer("grad", grad, grad_size, multiplicities ? Extent(lattices) * readout_size(multiplicities, Extent(lmax), output_degrees) : Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    if (grad_features) check_buffer("grad_features", grad_features, grad_features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    if (grad_sh) check_buffer("grad_sh", grad_sh, grad_sh_size, Extent(edges) * components(Extent(lmax)));
    if (grad_length) check_buffer("grad_length", grad_length, grad_length_size, Extent(struts));
    if (grad_radius) check_buffer("grad_radius", grad_radius, grad_radius_size, Extent(struts));
    check_list("parameters", parameters, parameters_sizes, parameters_count, Extent(parameters_count));
    if (grad_parameters) {
    check_list("grad_parameters", grad_parameters, grad_parameters_sizes, grad_parameters_count, Extent(grad_parameters_count));
    }
    fl::calls::run(fl::calls::NetworkBackward<double>{thread_count(threads), nodes, edges, struts, lattices, layers,
        l_in, lmax, channels, hidden_layers, widths, max_length, max_radius, agg_norm, correlation, output_degrees,
        residual, norms, norm_share, norm_floor, multiplicities, silu_gain, fold_rows, fold_tensors, fold_counts,
        fold_starts, fold_tensor, fold_row, fold_value, edge_index, strut, batch, {parameters, parameters_sizes,
        parameters_count}, features, sh, length, radius, kept, grad, grad_features, grad_sh, grad_length, grad_radius,
        {grad_parameters, grad_parameters_sizes, grad_parameters_count}});
  });
}

int32_t fl_network_pack_f32(int64_t layers, int64_t l_in, int64_t lmax, int64_t channels, int64_t hidden_layers,
                            const int64_t* widths, int64_t widths_size, double max_length, double max_radius,
                            double agg_norm, int64_t correlation, int64_t output_degrees, int64_t residual,
                            int64_t norms, double norm_share, double norm_floor, const int64_t* multiplicities,
                            int64_t multiplicities_size, double silu_gain, int64_t fold_rows, int64_t fold_tensors,
                            const int64_t* fold_counts, int64_t fold_counts_size, const int64_t* fold_starts,
                            int64_t fold_starts_size, const int64_t* fold_tensor, int64_t fold_tensor_size,
                            const int64_t* fold_row, int64_t fold_row_size, const double* fold_value,
                            int64_t fold_value_size, const float* const* parameters, const int64_t* parameters_sizes,
                            int64_t parameters_count, void** handle) {
  return fl::guarded([&] {
    check_size("layers", layers);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("hidden_layers", hidden_layers);
    check_size("fold_rows", fold_rows);
    check_size("fold_tensors", fold_tensors);
    if (fold_starts) check_offsets("fold_starts", fold_starts, fold_starts_size, Extent(fold_rows));
    check_buffer("widths", widths, widths_size, Extent(hidden_layers) + 1);
    if (multiplicities) check_buffer("multiplicities", multiplicities, multiplicities_size, Extent(lmax) + 1);
    if (fold_counts) check_buffer("fold_counts", fold_counts, fold_counts_size, Extent(fold_tensors));
    if (fold_tensor) check_buffer("fold_tensor", fold_tensor, fold_tensor_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_row) check_buffer("fold_row", fold_row, fold_row_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_value) check_buffer("fold_value", fold_value, fold_value_size, element(fold_starts, fold_starts_size, fold_rows));
    check_list("parameters", parameters, parameters_sizes, parameters_count, Extent(parameters_count));
    check_pointer("handle", handle, 1);
    fl::calls::run(fl::calls::NetworkPack<float>{layers, l_in, lmax, channels, hidden_layers, widths, max_length,
        max_radius, agg_norm, correlation, output_degrees, residual, norms, norm_share, norm_floor, multiplicities,
        silu_gain, fold_rows, fold_tensors, fold_counts, fold_starts, fold_tensor, fold_row, fold_value, {parameters,
        parameters_sizes, parameters_count}, handle});
  });
}

int32_t fl_network_pack_f64(int64_t layers, int64_t l_in, int64_t lmax, int64_t channels, int64_t hidden_layers,
                            const int64_t* widths, int64_t widths_size, double max_length, double max_radius,
                            double agg_norm, int64_t correlation, int64_t output_degrees, int64_t residual,
                            int64_t norms, double norm_share, double norm_floor, const int64_t* multiplicities,
                            int64_t multiplicities_size, double silu_gain, int64_t fold_rows, int64_t fold_tensors,
                            const int64_t* fold_counts, int64_t fold_counts_size, const int64_t* fold_starts,
                            int64_t fold_starts_size, const int64_t* fold_tensor, int64_t fold_tensor_size,
                            const int64_t* fold_row, int64_t fold_row_size, const double* fold_value,
                            int64_t fold_value_size, const double* const* parameters, const int64_t* parameters_sizes,
                            int64_t parameters_count, void** handle) {
  return fl::guarded([&] {
    check_size("layers", layers);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("hidden_layers", hidden_layers);
    check_size("fold_rows", fold_rows);
    check_size("fold_tensors", fold_tensors);
    if (fold_starts) check_offsets("fold_starts", fold_starts, fold_starts_size, Extent(fold_rows));
    check_buffer("widths", widths, widths_size, Extent(hidden_layers) + 1);
    if (multiplicities) check_buffer("multiplicities", multiplicities, multiplicities_size, Extent(lmax) + 1);
    if (fold_counts) check_buffer("fold_counts", fold_counts, fold_counts_size, Extent(fold_tensors));
    if (fold_tensor) check_buffer("fold_tensor", fold_tensor, fold_tensor_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_row) check_buffer("fold_row", fold_row, fold_row_size, element(fold_starts, fold_starts_size, fold_rows));
    if (fold_value) check_buffer("fold_value", fold_value, fold_value_size, element(fold_starts, fold_starts_size, fold_rows));
    check_list("parameters", parameters, parameters_sizes, parameters_count, Extent(parameters_count));
    check_pointer("handle", handle, 1);
    fl::calls::run(fl::calls::NetworkPack<double>{layers, l_in, lmax, channels, hidden_layers, widths, max_length,
        max_radius, agg_norm, correlation, output_degrees, residual, norms, norm_share, norm_floor, multiplicities,
        silu_gain, fold_rows, fold_tensors, fold_counts, fold_starts, fold_tensor, fold_row, fold_value, {parameters,
        parameters_sizes, parameters_count}, handle});
  });
}

int32_t fl_network_packed_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices,
                              int64_t l_in, int64_t lmax, int64_t channels, int64_t width, void* handle,
                              const int64_t* edge_index, int64_t edge_index_size, const int64_t* strut,
                              int64_t strut_size, const int64_t* batch, int64_t batch_size, const float* features,
                              int64_t features_size, const float* sh, int64_t sh_size, const float* length,
                              int64_t length_size, const float* radius, int64_t radius_size, float* out,
                              int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("struts", struts);
    check_size("lattices", lattices);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("width", width);
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    if (strut) check_buffer("strut", strut, strut_size, Extent(edges));
    if (batch) check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("length", length, length_size, Extent(struts));
    check_buffer("radius", radius, radius_size, Extent(struts));
    check_buffer("out", out, out_size, Extent(lattices) * Extent(width));
    check_pointer("handle", handle, 1);
    fl::calls::run(fl::calls::NetworkPacked<float>{thread_count(threads), nodes, edges, struts, lattices, l_in, lmax,
        channels, width, handle, edge_index, strut, batch, features, sh, length, radius, out});
  });
}

int32_t fl_network_packed_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices,
                              int64_t l_in, int64_t lmax, int64_t channels, int64_t width, void* handle,
                              const int64_t* edge_index, int64_t edge_index_size, const int64_t* strut,
                              int64_t strut_size, const int64_t* batch, int64_t batch_size, const double* features,
                              int64_t features_size, const double* sh, int64_t sh_size, const double* length,
                              int64_t length_size, const double* radius, int64_t radius_size, double* out,
                              int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("struts", struts);
    check_size("lattices", lattices);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("width", width);
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    if (strut) check_buffer("strut", strut, strut_size, Extent(edges));
    if (batch) check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("length", length, length_size, Extent(struts));
    check_buffer("radius", radius, radius_size, Extent(struts));
    check_buffer("out", out, out_size, Extent(lattices) * Extent(width));
    check_pointer("handle", handle, 1);
    fl::calls::run(fl::calls::NetworkPacked<double>{thread_count(threads), nodes, edges, struts, lattices, l_in, lmax,
        channels, width, handle, edge_index, strut, batch, features, sh, length, radius, out});
  });
}

int32_t fl_network_holds_f32(void* handle, int64_t buffers, const float* const* parameters,
                             const int64_t* parameters_sizes, int64_t parameters_count, int64_t* same,
                             int64_t same_size) {
  return fl::guarded([&] {
    check_size("buffers", buffers);
    check_buffer("same", same, same_size, 1);
    check_pointer("handle", handle, 1);
    check_list("parameters", parameters, parameters_sizes, parameters_count, Extent(buffers));
    fl::calls::run(fl::calls::NetworkHolds<float>{handle, buffers, {parameters, parameters_sizes, parameters_count},
        same});
  });
}

int32_t fl_network_holds_f64(void* handle, int64_t buffers, const double* const* parameters,
                             const int64_t* parameters_sizes, int64_t parameters_count, int64_t* same,
                             int64_t same_size) {
  return fl::guarded([&] {
    check_size("buffers", buffers);
    check_buffer("same", same, same_size, 1);
    check_pointer("handle", handle, 1);
    check_list("parameters", parameters, parameters_sizes, parameters_count, Extent(buffers));
    fl::calls::run(fl::calls::NetworkHolds<double>{handle, buffers, {parameters, parameters_sizes, parameters_count},
        same});
  });
}

int32_t fl_network_lattices_f32(int64_t threads, int64_t count, const double* cell, int64_t cell_size,
                                const double* positions, int64_t positions_size, const int64_t* struts,
                                int64_t struts_size, const int64_t* shifts, int64_t shifts_size, const double* radii,
                                int64_t radii_size, const int64_t* node_offsets, int64_t node_offsets_size,
                                const int64_t* strut_offsets, int64_t strut_offsets_size, void* handle, int64_t lmax,
                                int64_t channels, const float* embedded, int64_t embedded_size, double radius_factor,
                                int64_t slenderness, int64_t function, double scale, int64_t by_density,
                                double* stiffness, int64_t stiffness_size, int32_t* status, int64_t status_size,
                                int32_t* rank, int64_t rank_size, int64_t* offending, int64_t offending_size,
                                uint8_t* beam_valid, int64_t beam_valid_size, int64_t* answered,
                                int64_t answered_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("cell", cell, cell_size, 9 * Extent(count));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, count));
    check_buffer("embedded", embedded, embedded_size, Extent(channels));
    check_buffer("stiffness", stiffness, stiffness_size, 36 * Extent(count));
    if (status) check_buffer("status", status, status_size, Extent(count));
    if (rank) check_buffer("rank", rank, rank_size, Extent(count));
    if (offending) check_buffer("offending", offending, offending_size, Extent(count));
    if (beam_valid) check_buffer("beam_valid", beam_valid, beam_valid_size, Extent(count));
    check_buffer("answered", answered, answered_size, 1);
    check_pointer("handle", handle, 1);
    check_choice("function", function, 6);
    fl::calls::run(fl::calls::NetworkLattices<float>{thread_count(threads), count, cell, positions, struts, shifts,
        radii, node_offsets, strut_offsets, handle, lmax, channels, embedded, radius_factor, slenderness,
        static_cast<fl::PositiveFunction>(function), scale, by_density, stiffness, status, rank, offending, beam_valid,
        answered});
  });
}

int32_t fl_network_lattices_f64(int64_t threads, int64_t count, const double* cell, int64_t cell_size,
                                const double* positions, int64_t positions_size, const int64_t* struts,
                                int64_t struts_size, const int64_t* shifts, int64_t shifts_size, const double* radii,
                                int64_t radii_size, const int64_t* node_offsets, int64_t node_offsets_size,
                                const int64_t* strut_offsets, int64_t strut_offsets_size, void* handle, int64_t lmax,
                                int64_t channels, const double* embedded, int64_t embedded_size, double radius_factor,
                                int64_t slenderness, int64_t function, double scale, int64_t by_density,
                                double* stiffness, int64_t stiffness_size, int32_t* status, int64_t status_size,
                                int32_t* rank, int64_t rank_size, int64_t* offending, int64_t offending_size,
                                uint8_t* beam_valid, int64_t beam_valid_size, int64_t* answered,
                                int64_t answered_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_offsets("node_offsets", node_offsets, node_offsets_size, Extent(count));
    check_offsets("strut_offsets", strut_offsets, strut_offsets_size, Extent(count));
    check_buffer("cell", cell, cell_size, 9 * Extent(count));
    check_buffer("positions", positions, positions_size, 3 * element(node_offsets, node_offsets_size, count));
    check_buffer("struts", struts, struts_size, 2 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("shifts", shifts, shifts_size, 3 * element(strut_offsets, strut_offsets_size, count));
    check_buffer("radii", radii, radii_size, element(strut_offsets, strut_offsets_size, count));
    check_buffer("embedded", embedded, embedded_size, Extent(channels));
    check_buffer("stiffness", stiffness, stiffness_size, 36 * Extent(count));
    if (status) check_buffer("status", status, status_size, Extent(count));
    if (rank) check_buffer("rank", rank, rank_size, Extent(count));
    if (offending) check_buffer("offending", offending, offending_size, Extent(count));
    if (beam_valid) check_buffer("beam_valid", beam_valid, beam_valid_size, Extent(count));
    check_buffer("answered", answered, answered_size, 1);
    check_pointer("handle", handle, 1);
    check_choice("function", function, 6);
    fl::calls::run(fl::calls::NetworkLattices<double>{thread_count(threads), count, cell, positions, struts, shifts,
        radii, node_offsets, strut_offsets, handle, lmax, channels, embedded, radius_factor, slenderness,
        static_cast<fl::PositiveFunction>(function), scale, by_density, stiffness, status, rank, offending, beam_valid,
        answered});
  });
}

int32_t fl_network_free(void* handle) {
  return fl::guarded([&] {
    check_pointer("handle", handle, 1);
    fl::calls::run(fl::calls::NetworkFree{handle});
  });
}

int32_t fl_rowwise_linear_f32(int64_t threads, int64_t rows, int64_t depth, int64_t columns, const float* in_rows,
                              int64_t in_rows_size, const float* weight, int64_t weight_size, float* out,
                              int64_t out_size) {
  return fl::guarded([&] {
    check_size("rows", rows);
    check_size("depth", depth);
    check_size("columns", columns);
    check_buffer("in_rows", in_rows, in_rows_size, Extent(rows) * Extent(depth));
    check_buffer("weight", weight, weight_size, Extent(depth) * Extent(columns));
    check_buffer("out", out, out_size, Extent(rows) * Extent(columns));
    fl::calls::run(fl::calls::RowwiseLinear<float>{thread_count(threads), rows, depth, columns, in_rows, weight,
        out});
  });
}

int32_t fl_rowwise_linear_f64(int64_t threads, int64_t rows, int64_t depth, int64_t columns, const double* in_rows,
                              int64_t in_rows_size, const double* weight, int64_t weight_size, double* out,
                              int64_t out_size) {
  return fl::guarded([&] {
    check_size("rows", rows);
    check_size("depth", depth);
    check_size("columns", columns);
    check_buffer("in_rows", in_rows, in_rows_size, Extent(rows) * Extent(depth));
    check_buffer("weight", weight, weight_size, Extent(depth) * Extent(columns));
    check_buffer("out", out, out_size, Extent(rows) * Extent(columns));
    fl::calls::run(fl::calls::RowwiseLinear<double>{thread_count(threads), rows, depth, columns, in_rows, weight,
        out});
  });
}

int32_t fl_rowwise_linear_backward_f32(int64_t threads, int64_t rows, int64_t depth, int64_t columns,
                                       const float* in_rows, int64_t in_rows_size, const float* weight,
                                       int64_t weight_size, const float* grad, int64_t grad_size, float* grad_in,
                                       int64_t grad_in_size, float* grad_weight, int64_t grad_weight_size) {
  return fl::guarded([&] {
    check_size("rows", rows);
    check_size("depth", depth);
    check_size("columns", columns);
    check_buffer("in_rows", in_rows, in_rows_size, Extent(rows) * Extent(depth));
    check_buffer("weight", weight, weight_size, Extent(depth) * Extent(columns));
    check_buffer("grad", grad, grad_size, Extent(rows) * Extent(columns));
    if (grad_in) check_buffer("grad_in", grad_in, grad_in_size, Extent(rows) * Extent(depth));
    if (grad_weight) check_buffer("grad_weight", grad_weight, grad_weight_size, Extent(depth) * Extent(columns));
    fl::calls::run(fl::calls::RowwiseLinearBackward<float>{thread_count(threads), rows, depth, columns, in_rows,
        weight, grad, grad_in, grad_weight});
  });
}

int32_t fl_rowwise_linear_backward_f64(int64_t threads, int64_t rows, int64_t depth, int64_t columns,
                                       const double* in_rows, int64_t in_rows_size, const double* weight,
                                       int64_t weight_size, const double* grad, int64_t grad_size, double* grad_in,
                                       int64_t grad_in_size, double* grad_weight, int64_t grad_weight_size) {
  return fl::guarded([&] {
    check_size("rows", rows);
    check_size("depth", depth);
    check_size("columns", columns);
    check_buffer("in_rows", in_rows, in_rows_size, Extent(rows) * Extent(depth));
    check_buffer("weight", weight, weight_size, Extent(depth) * Extent(columns));
    check_buffer("grad", grad, grad_size, Extent(rows) * Extent(columns));
    if (grad_in) check_buffer("grad_in", grad_in, grad_in_size, Extent(rows) * Extent(depth));
    if (grad_weight) check_buffer("grad_weight", grad_weight, grad_weight_size, Extent(depth) * Extent(columns));
    fl::calls::run(fl::calls::RowwiseLinearBackward<double>{thread_count(threads), rows, depth, columns, in_rows,
        weight, grad, grad_in, grad_weight});
  });
}

int32_t fl_surroundings_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices,
                            int64_t steps, int64_t scalars, int64_t lmax, double nu, double kappa,
                            const double* floors, int64_t floors_size, const double* to_irreps, int64_t to_irreps_size,
                            const float* positions, int64_t positions_size, const int64_t* edge_index,
                            int64_t edge_index_size, const float* shifts, int64_t shifts_size, const float* radii,
                            int64_t radii_size, const float* sh, int64_t sh_size, const int64_t* batch,
                            int64_t batch_size, const float* density, int64_t density_size, const int64_t* first_edge,
                            int64_t first_edge_size, float* length, int64_t length_size, float* slenderness,
                            int64_t slenderness_size, float* lattice, int64_t lattice_size, float* node,
                            int64_t node_size, float* tensors, int64_t tensors_size, float* odd, int64_t odd_size,
                            double* root, int64_t root_size, double* guides, int64_t guides_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("struts", struts);
    check_size("lattices", lattices);
    check_size("steps", steps);
    check_size("scalars", scalars);
    check_degree("lmax", lmax);
    check_buffer("floors", floors, floors_size, 5);
    check_buffer("to_irreps", to_irreps, to_irreps_size, 21 * 21);
    check_buffer("positions", positions, positions_size, 3 * Extent(nodes));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("shifts", shifts, shifts_size, 3 * Extent(edges));
    check_buffer("radii", radii, radii_size, Extent(edges));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("density", density, density_size, Extent(lattices));
    check_buffer("first_edge", first_edge, first_edge_size, Extent(struts));
    check_buffer("length", length, length_size, Extent(edges));
    check_buffer("slenderness", slenderness, slenderness_size, Extent(edges));
    check_buffer("lattice", lattice, lattice_size, Extent(scalars) * Extent(lattices));
    check_buffer("node", node, node_size, 3 * Extent(nodes));
    check_buffer("tensors", tensors, tensors_size, 63 * Extent(nodes));
    check_buffer("odd", odd, odd_size, 2 * Extent(nodes) * components(Extent(lmax)));
    check_buffer("root", root, root_size, 36 * Extent(lattices));
    check_buffer("guides", guides, guides_size, 72 * Extent(lattices));
    fl::calls::run(fl::calls::Surroundings<float>{thread_count(threads), nodes, edges, struts, lattices, steps,
        scalars, lmax, nu, kappa, floors, to_irreps, positions, edge_index, shifts, radii, sh, batch, density,
        first_edge, length, slenderness, lattice, node, tensors, odd, root, guides});
  });
}

int32_t fl_surroundings_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t struts, int64_t lattices,
                            int64_t steps, int64_t scalars, int64_t lmax, double nu, double kappa,
                            const double* floors, int64_t floors_size, const double* to_irreps, int64_t to_irreps_size,
                            const double* positions, int64_t positions_size, const int64_t* edge_index,
                            int64_t edge_index_size, const double* shifts, int64_t shifts_size, const double* radii,
                            int64_t radii_size, const double* sh, int64_t sh_size, const int64_t* batch,
                            int64_t batch_size, const double* density, int64_t density_size, const int64_t* first_edge,
                            int64_t first_edge_size, double* length, int64_t length_size, double* slenderness,
                            int64_t slenderness_size, double* lattice, int64_t lattice_size, double* node,
                            int64_t node_size, double* tensors, int64_t tensors_size, double* odd, int64_t odd_size,
                            double* root, int64_t root_size, double* guides, int64_t guides_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("struts", struts);
    check_size("lattices", lattices);
    check_size("steps", steps);
    check_size("scalars", scalars);
    check_degree("lmax", lmax);
    check_buffer("floors", floors, floors_size, 5);
    check_buffer("to_irreps", to_irreps, to_irreps_size, 21 * 21);
    check_buffer("positions", positions, positions_size, 3 * Extent(nodes));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("shifts", shifts, shifts_size, 3 * Extent(edges));
    check_buffer("radii", radii, radii_size, Extent(edges));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("batch", batch, batch_size, Extent(nodes));
    check_buffer("density", density, density_size, Extent(lattices));
    check_buffer("first_edge", first_edge, first_edge_size, Extent(struts));
    check_buffer("length", length, length_size, Extent(edges));
    check_buffer("slenderness", slenderness, slenderness_size, Extent(edges));
    check_buffer("lattice", lattice, lattice_size, Extent(scalars) * Extent(lattices));
    check_buffer("node", node, node_size, 3 * Extent(nodes));
    check_buffer("tensors", tensors, tensors_size, 63 * Extent(nodes));
    check_buffer("odd", odd, odd_size, 2 * Extent(nodes) * components(Extent(lmax)));
    check_buffer("root", root, root_size, 36 * Extent(lattices));
    check_buffer("guides", guides, guides_size, 72 * Extent(lattices));
    fl::calls::run(fl::calls::Surroundings<double>{thread_count(threads), nodes, edges, struts, lattices, steps,
        scalars, lmax, nu, kappa, floors, to_irreps, positions, edge_index, shifts, radii, sh, batch, density,
        first_edge, length, slenderness, lattice, node, tensors, odd, root, guides});
  });
}

int32_t fl_node_inputs_f32(int64_t threads, int64_t nodes, int64_t scalars, int64_t channels, int64_t lmax,
                           int64_t l_odd, const float* node, int64_t node_size, const float* tensors,
                           int64_t tensors_size, const float* odd, int64_t odd_size, const float* bias,
                           int64_t bias_size, const float* scalar_weight, int64_t scalar_weight_size,
                           const float* const* weights, const int64_t* weights_sizes, int64_t weights_count,
                           float* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("scalars", scalars);
    check_size("channels", channels);
    check_degree("lmax", lmax);
    check_degree("l_odd", l_odd);
    check_buffer("node", node, node_size, Extent(nodes) * Extent(scalars));
    check_buffer("tensors", tensors, tensors_size, 63 * Extent(nodes));
    check_buffer("odd", odd, odd_size, 2 * Extent(nodes) * components(Extent(l_odd)));
    check_buffer("bias", bias, bias_size, Extent(channels));
    check_buffer("scalar_weight", scalar_weight, scalar_weight_size, Extent(scalars) * Extent(channels));
    check_buffer("out", out, out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_list("weights", weights, weights_sizes, weights_count, Extent(lmax) + 1);
    for (int64_t n = 0; n < weights_count; ++n)
      check_buffer("weights", weights[n], weights_sizes[n], Extent(node_fan_in[n]) * channels);
    fl::calls::run(fl::calls::NodeInputs<float>{thread_count(threads), nodes, scalars, channels, lmax, l_odd, node,
        tensors, odd, bias, scalar_weight, {weights, weights_sizes, weights_count}, out});
  });
}

int32_t fl_node_inputs_f64(int64_t threads, int64_t nodes, int64_t scalars, int64_t channels, int64_t lmax,
                           int64_t l_odd, const double* node, int64_t node_size, const double* tensors,
                           int64_t tensors_size, const double* odd, int64_t odd_size, const double* bias,
                           int64_t bias_size, const double* scalar_weight, int64_t scalar_weight_size,
                           const double* const* weights, const int64_t* weights_sizes, int64_t weights_count,
                           double* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("scalars", scalars);
    check_size("channels", channels);
    check_degree("lmax", lmax);
    check_degree("l_odd", l_odd);
    check_buffer("node", node, node_size, Extent(nodes) * Extent(scalars));
    check_buffer("tensors", tensors, tensors_size, 63 * Extent(nodes));
    check_buffer("odd", odd, odd_size, 2 * Extent(nodes) * components(Extent(l_odd)));
    check_buffer("bias", bias, bias_size, Extent(channels));
    check_buffer("scalar_weight", scalar_weight, scalar_weight_size, Extent(scalars) * Extent(channels));
    check_buffer("out", out, out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    check_list("weights", weights, weights_sizes, weights_count, Extent(lmax) + 1);
    for (int64_t n = 0; n < weights_count; ++n)
      check_buffer("weights", weights[n], weights_sizes[n], Extent(node_fan_in[n]) * channels);
    fl::calls::run(fl::calls::NodeInputs<double>{thread_count(threads), nodes, scalars, channels, lmax, l_odd, node,
        tensors, odd, bias, scalar_weight, {weights, weights_sizes, weights_count}, out});
  });
}

int32_t fl_node_inputs_backward_f32(int64_t threads, int64_t nodes, int64_t scalars, int64_t channels, int64_t lmax,
                                    int64_t l_odd, const float* node, int64_t node_size, const float* tensors,
                                    int64_t tensors_size, const float* odd, int64_t odd_size, const float* bias,
                                    int64_t bias_size, const float* scalar_weight, int64_t scalar_weight_size,
                                    const float* const* weights, const int64_t* weights_sizes, int64_t weights_count,
                                    const float* grad, int64_t grad_size, float* grad_node, int64_t grad_node_size,
                                    float* grad_tensors, int64_t grad_tensors_size, float* grad_odd,
                                    int64_t grad_odd_size, float* grad_bias, int64_t grad_bias_size,
                                    float* grad_scalar_weight, int64_t grad_scalar_weight_size,
                                    float* const* grad_weights, const int64_t* grad_weights_sizes,
                                    int64_t grad_weights_count) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("scalars", scalars);
    check_size("channels", channels);
    check_degree("lmax", lmax);
    check_degree("l_odd", l_odd);
    check_buffer("node", node, node_size, Extent(nodes) * Extent(scalars));
    check_buffer("tensors", tensors, tensors_size, 63 * Extent(nodes));
    check_buffer("odd", odd, odd_size, 2 * Extent(nodes) * components(Extent(l_odd)));
    check_buffer("bias", bias, bias_size, Extent(channels));
    check_buffer("scalar_weight", scalar_weight, scalar_weight_size, Extent(scalars) * Extent(channels));
    check_buffer("grad", grad, grad_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    if (grad_node) check_buffer("grad_node", grad_node, grad_node_size, Extent(nodes) * Extent(scalars));
    if (grad_tensors) check_buffer("grad_tensors", grad_tensors, grad_tensors_size, 63 * Extent(nodes));
    if (grad_odd) check_buffer("grad_odd", grad_odd, grad_odd_size, 2 * Extent(nodes) * components(Extent(l_odd)));
    if (grad_bias) check_buffer("grad_bias", grad_bias, grad_bias_size, Extent(channels));
    if (grad_scalar_weight) check_buffer("grad_scalar_weight", grad_scalar_weight, grad_scalar_weight_size, Extent(scalars) * Extent(channels));
    check_list("weights", weights, weights_sizes, weights_count, Extent(lmax) + 1);
    for (int64_t n = 0; n < weights_count; ++n)
      check_buffer("weights", weights[n], weights_sizes[n], Extent(node_fan_in[n]) * channels);
    if (grad_weights) {
    check_list("grad_weights", grad_weights, grad_weights_sizes, grad_weights_count, Extent(lmax) + 1);
    for (int64_t n = 0; n < grad_weights_count; ++n)
      check_buffer("grad_weights", grad_weights[n], grad_weights_sizes[n], Extent(node_fan_in[n]) * channels);
    }
    fl::calls::run(fl::calls::NodeInputsBackward<float>{thread_count(threads), nodes, scalars, channels, lmax, l_odd,
        node, tensors, odd, bias, scalar_weight, {weights, weights_sizes, weights_count}, grad, grad_node,
        grad_tensors, grad_odd, grad_bias, grad_scalar_weight, {grad_weights, grad_weights_sizes,
        grad_weights_count}});
  });
}

int32_t fl_node_inputs_backward_f64(int64_t threads, int64_t nodes, int64_t scalars, int64_t channels, int64_t lmax,
                                    int64_t l_odd, const double* node, int64_t node_size, const double* tensors,
                                    int64_t tensors_size, const double* odd, int64_t odd_size, const double* bias,
                                    int64_t bias_size, const double* scalar_weight, int64_t scalar_weight_size,
                                    const double* const* weights, const int64_t* weights_sizes, int64_t weights_count,
                                    const double* grad, int64_t grad_size, double* grad_node, int64_t grad_node_size,
                                    double* grad_tensors, int64_t grad_tensors_size, double* grad_odd,
                                    int64_t grad_odd_size, double* grad_bias, int64_t grad_bias_size,
                                    double* grad_scalar_weight, int64_t grad_scalar_weight_size,
                                    double* const* grad_weights, const int64_t* grad_weights_sizes,
                                    int64_t grad_weights_count) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("scalars", scalars);
    check_size("channels", channels);
    check_degree("lmax", lmax);
    check_degree("l_odd", l_odd);
    check_buffer("node", node, node_size, Extent(nodes) * Extent(scalars));
    check_buffer("tensors", tensors, tensors_size, 63 * Extent(nodes));
    check_buffer("odd", odd, odd_size, 2 * Extent(nodes) * components(Extent(l_odd)));
    check_buffer("bias", bias, bias_size, Extent(channels));
    check_buffer("scalar_weight", scalar_weight, scalar_weight_size, Extent(scalars) * Extent(channels));
    check_buffer("grad", grad, grad_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    if (grad_node) check_buffer("grad_node", grad_node, grad_node_size, Extent(nodes) * Extent(scalars));
    if (grad_tensors) check_buffer("grad_tensors", grad_tensors, grad_tensors_size, 63 * Extent(nodes));
    if (grad_odd) check_buffer("grad_odd", grad_odd, grad_odd_size, 2 * Extent(nodes) * components(Extent(l_odd)));
    if (grad_bias) check_buffer("grad_bias", grad_bias, grad_bias_size, Extent(channels));
    if (grad_scalar_weight) check_buffer("grad_scalar_weight", grad_scalar_weight, grad_scalar_weight_size, Extent(scalars) * Extent(channels));
    check_list("weights", weights, weights_sizes, weights_count, Extent(lmax) + 1);
    for (int64_t n = 0; n < weights_count; ++n)
      check_buffer("weights", weights[n], weights_sizes[n], Extent(node_fan_in[n]) * channels);
    if (grad_weights) {
    check_list("grad_weights", grad_weights, grad_weights_sizes, grad_weights_count, Extent(lmax) + 1);
    for (int64_t n = 0; n < grad_weights_count; ++n)
      check_buffer("grad_weights", grad_weights[n], grad_weights_sizes[n], Extent(node_fan_in[n]) * channels);
    }
    fl::calls::run(fl::calls::NodeInputsBackward<double>{thread_count(threads), nodes, scalars, channels, lmax, l_odd,
        node, tensors, odd, bias, scalar_weight, {weights, weights_sizes, weights_count}, grad, grad_node,
        grad_tensors, grad_odd, grad_bias, grad_scalar_weight, {grad_weights, grad_weights_sizes,
        grad_weights_count}});
  });
}

int32_t fl_bounded_head_f32(int64_t threads, int64_t count, double largest, const float* matrix, int64_t matrix_size,
                            const float* weights, int64_t weights_size, const double* root, int64_t root_size,
                            const double* guides, int64_t guides_size, float* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_buffer("matrix", matrix, matrix_size, 36 * Extent(count));
    check_buffer("weights", weights, weights_size, 2 * Extent(count));
    check_buffer("root", root, root_size, 36 * Extent(count));
    check_buffer("guides", guides, guides_size, 72 * Extent(count));
    check_buffer("out", out, out_size, 36 * Extent(count));
    fl::calls::run(fl::calls::BoundedHead<float>{thread_count(threads), count, largest, matrix, weights, root, guides,
        out});
  });
}

int32_t fl_bounded_head_f64(int64_t threads, int64_t count, double largest, const double* matrix, int64_t matrix_size,
                            const double* weights, int64_t weights_size, const double* root, int64_t root_size,
                            const double* guides, int64_t guides_size, double* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_buffer("matrix", matrix, matrix_size, 36 * Extent(count));
    check_buffer("weights", weights, weights_size, 2 * Extent(count));
    check_buffer("root", root, root_size, 36 * Extent(count));
    check_buffer("guides", guides, guides_size, 72 * Extent(count));
    check_buffer("out", out, out_size, 36 * Extent(count));
    fl::calls::run(fl::calls::BoundedHead<double>{thread_count(threads), count, largest, matrix, weights, root, guides,
        out});
  });
}

int32_t fl_bounded_head_backward_f32(int64_t threads, int64_t count, double largest, const float* matrix,
                                     int64_t matrix_size, const float* weights, int64_t weights_size,
                                     const double* root, int64_t root_size, const double* guides, int64_t guides_size,
                                     const float* grad, int64_t grad_size, float* grad_matrix,
                                     int64_t grad_matrix_size, float* grad_weights, int64_t grad_weights_size,
                                     double* grad_root, int64_t grad_root_size, double* grad_guides,
                                     int64_t grad_guides_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_buffer("matrix", matrix, matrix_size, 36 * Extent(count));
    check_buffer("weights", weights, weights_size, 2 * Extent(count));
    check_buffer("root", root, root_size, 36 * Extent(count));
    check_buffer("guides", guides, guides_size, 72 * Extent(count));
    check_buffer("grad", grad, grad_size, 36 * Extent(count));
    if (grad_matrix) check_buffer("grad_matrix", grad_matrix, grad_matrix_size, 36 * Extent(count));
    if (grad_weights) check_buffer("grad_weights", grad_weights, grad_weights_size, 2 * Extent(count));
    if (grad_root) check_buffer("grad_root", grad_root, grad_root_size, 36 * Extent(count));
    if (grad_guides) check_buffer("grad_guides", grad_guides, grad_guides_size, 72 * Extent(count));
    fl::calls::run(fl::calls::BoundedHeadBackward<float>{thread_count(threads), count, largest, matrix, weights, root,
        guides, grad, grad_matrix, grad_weights, grad_root, grad_guides});
  });
}

int32_t fl_bounded_head_backward_f64(int64_t threads, int64_t count, double largest, const double* matrix,
                                     int64_t matrix_size, const double* weights, int64_t weights_size,
                                     const double* root, int64_t root_size, const double* guides, int64_t guides_size,
                                     const double* grad, int64_t grad_size, double* grad_matrix,
                                     int64_t grad_matrix_size, double* grad_weights, int64_t grad_weights_size,
                                     double* grad_root, int64_t grad_root_size, double* grad_guides,
                                     int64_t grad_guides_size) {
  return fl::guarded([&] {
    check_size("count", count);
    check_buffer("matrix", matrix, matrix_size, 36 * Extent(count));
    check_buffer("weights", weights, weights_size, 2 * Extent(count));
    check_buffer("root", root, root_size, 36 * Extent(count));
    check_buffer("guides", guides, guides_size, 72 * Extent(count));
    check_buffer("grad", grad, grad_size, 36 * Extent(count));
    if (grad_matrix) check_buffer("grad_matrix", grad_matrix, grad_matrix_size, 36 * Extent(count));
    if (grad_weights) check_buffer("grad_weights", grad_weights, grad_weights_size, 2 * Extent(count));
    if (grad_root) check_buffer("grad_root", grad_root, grad_root_size, 36 * Extent(count));
    if (grad_guides) check_buffer("grad_guides", grad_guides, grad_guides_size, 72 * Extent(count));
    fl::calls::run(fl::calls::BoundedHeadBackward<double>{thread_count(threads), count, largest, matrix, weights, root,
        guides, grad, grad_matrix, grad_weights, grad_root, grad_guides});
  });
}
