// Written by codegen/abi.py; not to be edited.
#include "ops/edge_conv/generated/calls.h"

#include "abi.h"
#include "base/extents.h"

using namespace fl::boundary;

int32_t fl_edge_conv_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t rows, int64_t l_in, int64_t lmax,
                         int64_t channels, int64_t width, double agg_norm, const float* features,
                         int64_t features_size, const float* sh, int64_t sh_size, const float* hidden,
                         int64_t hidden_size, const float* weight, int64_t weight_size, const int64_t* edge_index,
                         int64_t edge_index_size, const float* linear_weight, int64_t linear_weight_size,
                         const float* linear_bias, int64_t linear_bias_size, const int64_t* strut, int64_t strut_size,
                         float* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("rows", rows);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("width", width);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("hidden", hidden, hidden_size, Extent(rows) * Extent(width));
    check_buffer("weight", weight, weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(width));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("linear_weight", linear_weight, linear_weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(channels));
    check_buffer("linear_bias", linear_bias, linear_bias_size, Extent(channels));
    if (strut) check_buffer("strut", strut, strut_size, Extent(edges));
    check_buffer("out", out, out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    fl::calls::run(fl::calls::EdgeConv<float>{thread_count(threads), nodes, edges, rows, l_in, lmax, channels, width,
        agg_norm, features, sh, hidden, weight, edge_index, linear_weight, linear_bias, strut, out});
  });
}

int32_t fl_edge_conv_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t rows, int64_t l_in, int64_t lmax,
                         int64_t channels, int64_t width, double agg_norm, const double* features,
                         int64_t features_size, const double* sh, int64_t sh_size, const double* hidden,
                         int64_t hidden_size, const double* weight, int64_t weight_size, const int64_t* edge_index,
                         int64_t edge_index_size, const double* linear_weight, int64_t linear_weight_size,
                         const double* linear_bias, int64_t linear_bias_size, const int64_t* strut, int64_t strut_size,
                         double* out, int64_t out_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("rows", rows);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("width", width);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("hidden", hidden, hidden_size, Extent(rows) * Extent(width));
    check_buffer("weight", weight, weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(width));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("linear_weight", linear_weight, linear_weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(channels));
    check_buffer("linear_bias", linear_bias, linear_bias_size, Extent(channels));
    if (strut) check_buffer("strut", strut, strut_size, Extent(edges));
    check_buffer("out", out, out_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    fl::calls::run(fl::calls::EdgeConv<double>{thread_count(threads), nodes, edges, rows, l_in, lmax, channels, width,
        agg_norm, features, sh, hidden, weight, edge_index, linear_weight, linear_bias, strut, out});
  });
}

int32_t fl_edge_conv_backward_f32(int64_t threads, int64_t nodes, int64_t edges, int64_t rows, int64_t l_in,
                                  int64_t lmax, int64_t channels, int64_t width, double agg_norm,
                                  const float* features, int64_t features_size, const float* sh, int64_t sh_size,
                                  const float* hidden, int64_t hidden_size, const float* weight, int64_t weight_size,
                                  const int64_t* edge_index, int64_t edge_index_size, const float* linear_weight,
                                  int64_t linear_weight_size, const float* linear_bias, int64_t linear_bias_size,
                                  const int64_t* strut, int64_t strut_size, const float* grad, int64_t grad_size,
                                  float* grad_features, int64_t grad_features_size, float* grad_sh,
                                  int64_t grad_sh_size, float* grad_hidden, int64_t grad_hidden_size,
                                  float* grad_weight, int64_t grad_weight_size, float* grad_linear_weight,
                                  int64_t grad_linear_weight_size, float* grad_linear_bias,
                                  int64_t grad_linear_bias_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("rows", rows);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("width", width);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("hidden", hidden, hidden_size, Extent(rows) * Extent(width));
    check_buffer("weight", weight, weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(width));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("linear_weight", linear_weight, linear_weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(channels));
    check_buffer("linear_bias", linear_bias, linear_bias_size, Extent(channels));
    if (strut) check_buffer("strut", strut, strut_size, Extent(edges));
    check_buffer("grad", grad, grad_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    if (grad_features) check_buffer("grad_features", grad_features, grad_features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    if (grad_sh) check_buffer("grad_sh", grad_sh, grad_sh_size, Extent(edges) * components(Extent(lmax)));
    if (grad_hidden) check_buffer("grad_hidden", grad_hidden, grad_hidden_size, Extent(rows) * Extent(width));
    if (grad_weight) check_buffer("grad_weight", grad_weight, grad_weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(width));
    if (grad_linear_weight) check_buffer("grad_linear_weight", grad_linear_weight, grad_linear_weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(channels));
    if (grad_linear_bias) check_buffer("grad_linear_bias", grad_linear_bias, grad_linear_bias_size, Extent(channels));
    fl::calls::run(fl::calls::EdgeConvBackward<float>{thread_count(threads), nodes, edges, rows, l_in, lmax, channels,
        width, agg_norm, features, sh, hidden, weight, edge_index, linear_weight, linear_bias, strut, grad,
        grad_features, grad_sh, grad_hidden, grad_weight, grad_linear_weight, grad_linear_bias});
  });
}

int32_t fl_edge_conv_backward_f64(int64_t threads, int64_t nodes, int64_t edges, int64_t rows, int64_t l_in,
                                  int64_t lmax, int64_t channels, int64_t width, double agg_norm,
                                  const double* features, int64_t features_size, const double* sh, int64_t sh_size,
                                  const double* hidden, int64_t hidden_size, const double* weight, int64_t weight_size,
                                  const int64_t* edge_index, int64_t edge_index_size, const double* linear_weight,
                                  int64_t linear_weight_size, const double* linear_bias, int64_t linear_bias_size,
                                  const int64_t* strut, int64_t strut_size, const double* grad, int64_t grad_size,
                                  double* grad_features, int64_t grad_features_size, double* grad_sh,
                                  int64_t grad_sh_size, double* grad_hidden, int64_t grad_hidden_size,
                                  double* grad_weight, int64_t grad_weight_size, double* grad_linear_weight,
                                  int64_t grad_linear_weight_size, double* grad_linear_bias,
                                  int64_t grad_linear_bias_size) {
  return fl::guarded([&] {
    check_size("nodes", nodes);
    check_size("edges", edges);
    check_size("rows", rows);
    check_degree("l_in", l_in);
    check_degree("lmax", lmax);
    check_size("channels", channels);
    check_size("width", width);
    check_buffer("features", features, features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    check_buffer("sh", sh, sh_size, Extent(edges) * components(Extent(lmax)));
    check_buffer("hidden", hidden, hidden_size, Extent(rows) * Extent(width));
    check_buffer("weight", weight, weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(width));
    check_buffer("edge_index", edge_index, edge_index_size, 2 * Extent(edges));
    check_buffer("linear_weight", linear_weight, linear_weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(channels));
    check_buffer("linear_bias", linear_bias, linear_bias_size, Extent(channels));
    if (strut) check_buffer("strut", strut, strut_size, Extent(edges));
    check_buffer("grad", grad, grad_size, Extent(nodes) * components(Extent(lmax)) * Extent(channels));
    if (grad_features) check_buffer("grad_features", grad_features, grad_features_size, Extent(nodes) * components(Extent(l_in)) * Extent(channels));
    if (grad_sh) check_buffer("grad_sh", grad_sh, grad_sh_size, Extent(edges) * components(Extent(lmax)));
    if (grad_hidden) check_buffer("grad_hidden", grad_hidden, grad_hidden_size, Extent(rows) * Extent(width));
    if (grad_weight) check_buffer("grad_weight", grad_weight, grad_weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(width));
    if (grad_linear_weight) check_buffer("grad_linear_weight", grad_linear_weight, grad_linear_weight_size, paths(Extent(l_in), Extent(lmax)) * Extent(channels) * Extent(channels));
    if (grad_linear_bias) check_buffer("grad_linear_bias", grad_linear_bias, grad_linear_bias_size, Extent(channels));
    fl::calls::run(fl::calls::EdgeConvBackward<double>{thread_count(threads), nodes, edges, rows, l_in, lmax, channels,
        width, agg_norm, features, sh, hidden, weight, edge_index, linear_weight, linear_bias, strut, grad,
        grad_features, grad_sh, grad_hidden, grad_weight, grad_linear_weight, grad_linear_bias});
  });
}
