// The library's functions by dtype, Library<float>::network being fl_network_f32.
#pragma once
#include "abi.h"
#include "call.h"
#include "ops/symmetric_contraction/symmetric_contraction.h"

template <class T>
struct Library;

#define FL_LIBRARY(T, S)                                                                        \
  template <>                                                                                   \
  struct Library<T> {                                                                           \
    static constexpr auto edge_sh = fl_edge_sh_##S;                                             \
    static constexpr auto edge_sh_backward = fl_edge_sh_backward_##S;                           \
    static constexpr auto radial_mlp = fl_radial_mlp_##S;                                       \
    static constexpr auto radial_mlp_backward = fl_radial_mlp_backward_##S;                     \
    static constexpr auto edge_conv = fl_edge_conv_##S;                                         \
    static constexpr auto edge_conv_backward = fl_edge_conv_backward_##S;                       \
    static constexpr auto symmetric_contraction = fl_symmetric_contraction_##S;                 \
    static constexpr auto symmetric_contraction_backward = fl_symmetric_contraction_backward_##S; \
    static constexpr auto mandel = fl_mandel_##S;                                               \
    static constexpr auto mandel_backward = fl_mandel_backward_##S;                             \
    static constexpr auto network = fl_network_##S;                                             \
    static constexpr auto network_backward = fl_network_backward_##S;                           \
    static constexpr auto network_pack = fl_network_pack_##S;                                   \
    static constexpr auto network_holds = fl_network_holds_##S;                                 \
    static constexpr auto network_lattices = fl_network_lattices_##S;                           \
    static constexpr auto readout = fl_readout_##S;                                             \
    static constexpr auto readout_backward = fl_readout_backward_##S;                           \
    static constexpr auto check_graph = fl_check_graph_##S;                                     \
    static constexpr auto surroundings = fl_surroundings_##S;                                   \
    static constexpr auto node_inputs = fl_node_inputs_##S;                                     \
    static constexpr auto node_inputs_backward = fl_node_inputs_backward_##S;                   \
    static constexpr auto bounded_head = fl_bounded_head_##S;                                   \
    static constexpr auto bounded_head_backward = fl_bounded_head_backward_##S;                 \
    static constexpr auto rowwise_linear = fl_rowwise_linear_##S;                               \
    static constexpr auto rowwise_linear_backward = fl_rowwise_linear_backward_##S;             \
  };

FL_LIBRARY(float, f32)
FL_LIBRARY(double, f64)
#undef FL_LIBRARY
