// The library's functions that the test program calls, by dtype: Library<float>::network is fl_network_f32.
#pragma once
#include <cstdint>

#include "abi.h"
#include "lattice/lat.h"
#include "ops/symmetric_contraction/symmetric_contraction.h"

using Int = int64_t;

template <class T>
struct Library;

// Threads, nodes, edges, struts, lattices, layers, l_in, lmax, channels, hidden layers and their widths; max_length,
// max_radius, agg_norm; correlation, outputs, residuals, copies, gain; the fold; edge_index, strut, batch.
#define FL_NETWORK_SIZES                                                                                               \
  Int, Int, Int, Int, Int, Int, Int, Int, Int, Int, const Int *, double, double, double, Int, Int, Int, const Int *,   \
      double, Int, Int, const Int *, const Int *, const Int *, const Int *, const double *, const Int *,             \
      const Int *, const Int *
#define FL_LIBRARY(T, S)                                                                                               \
  FL_EXPORT int32_t fl_edge_sh_##S(Int, Int, Int, Int, const T*, const Int*, const T*, const Int*, T*, T*);            \
  FL_EXPORT int32_t fl_edge_sh_backward_##S(Int, Int, Int, Int, const T*, const Int*, const T*, const T*, const T*,    \
                                            T*, T*);                                                                   \
  FL_EXPORT int32_t fl_radial_mlp_##S(Int, Int, Int, const Int*, double, double, const T*, const T*, const T* const*,  \
                                      const T* const*, T*);                                                            \
  FL_EXPORT int32_t fl_radial_mlp_backward_##S(Int, Int, Int, const Int*, double, double, const T*, const T*,          \
                                               const T* const*, const T* const*, const T*, T*, T*, T* const*,          \
                                               T* const*);                                                             \
  FL_EXPORT int32_t fl_edge_conv_##S(Int, Int, Int, Int, Int, Int, Int, Int, double, const T*, const T*, const T*,     \
                                     const T*, const Int*, const T*, const T*, const Int*, T*);                        \
  FL_EXPORT int32_t fl_edge_conv_backward_##S(Int, Int, Int, Int, Int, Int, Int, Int, double, const T*, const T*,      \
                                              const T*, const T*, const Int*, const T*, const T*, const Int*,          \
                                              const T*, T*, T*, T*, T*, T*, T*);                                       \
  FL_EXPORT int32_t fl_mandel_##S(Int, Int, Int, const T*, T*);                                                        \
  FL_EXPORT int32_t fl_mandel_backward_##S(Int, Int, Int, const T*, const T*, T*);                                     \
  FL_EXPORT int32_t fl_network_##S(FL_NETWORK_SIZES, const T* const*, const T*, const T*, const T*, const T*, T*, T*); \
  FL_EXPORT int32_t fl_network_backward_##S(FL_NETWORK_SIZES, const T* const*, const T*, const T*, const T*, const T*, \
                                            const T*, const T*, T*, T*, T*, T*, T* const*);                            \
  FL_EXPORT int32_t fl_readout_##S(Int, Int, Int, Int, Int, Int, const Int*, double, const Int*, const T*, const T*,   \
                                   const T*, const T*, T*);                                                            \
  FL_EXPORT int32_t fl_readout_backward_##S(Int, Int, Int, Int, Int, Int, const Int*, double, const Int*, const T*,    \
                                            const T*, const T*, const T*, const T*, T*, T*, T*, T*);                   \
  FL_EXPORT int32_t fl_check_graph_##S(Int, Int, Int, Int, const T*, const Int*, const T*, const T*, const T*,         \
                                       const Int*, Int*);                                                              \
  template <>                                                                                                          \
  struct Library<T> {                                                                                                  \
    static constexpr auto edge_sh = fl_edge_sh_##S;                                                                    \
    static constexpr auto edge_sh_backward = fl_edge_sh_backward_##S;                                                  \
    static constexpr auto radial_mlp = fl_radial_mlp_##S;                                                              \
    static constexpr auto radial_mlp_backward = fl_radial_mlp_backward_##S;                                            \
    static constexpr auto edge_conv = fl_edge_conv_##S;                                                                \
    static constexpr auto edge_conv_backward = fl_edge_conv_backward_##S;                                              \
    static constexpr auto symmetric_contraction = fl_symmetric_contraction_##S;                                        \
    static constexpr auto symmetric_contraction_backward = fl_symmetric_contraction_backward_##S;                      \
    static constexpr auto mandel = fl_mandel_##S;                                                                      \
    static constexpr auto mandel_backward = fl_mandel_backward_##S;                                                    \
    static constexpr auto network = fl_network_##S;                                                                    \
    static constexpr auto network_backward = fl_network_backward_##S;                                                  \
    static constexpr auto readout = fl_readout_##S;                                                                    \
    static constexpr auto readout_backward = fl_readout_backward_##S;                                                  \
    static constexpr auto check_graph = fl_check_graph_##S;                                                            \
  };

FL_LIBRARY(float, f32)
FL_LIBRARY(double, f64)
#undef FL_LIBRARY
#undef FL_NETWORK_SIZES

FL_EXPORT int32_t fl_periodic_graph(Int, Int, Int, const double*, const Int*, const Int*, const double*, const Int*,
                                    const Int*, double*, double*, Int*, Int*, Int*, Int*, Int*);
FL_EXPORT int32_t fl_frame_homogenise(Int, const double*, const double*, const Int*, const Int*, const double*,
                                      const Int*, const Int*, double, double, Int, Int, double*, int32_t*, int32_t*,
                                      Int*, uint8_t*, double*);
FL_EXPORT int32_t fl_frame_adjoint(Int, const double*, const double*, const Int*, const Int*, const double*, const Int*,
                                   const Int*, double, double, Int, const int32_t*, const double*, const double*,
                                   const double*, double*, double*, double*);
FL_EXPORT int32_t fl_elasticity_extremes(Int, Int, Int, const double*, double*);
