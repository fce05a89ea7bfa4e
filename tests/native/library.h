// The library's functions that the test program calls, by dtype: Library<float>::layer is fl_layer_f32.
#pragma once
#include <cstdint>

#include "abi.h"
#include "lat.h"
#include "symmetric_contraction.h"

using Int = int64_t;

template <class T>
struct Library;

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
  FL_EXPORT int32_t fl_layer_##S(Int, Int, Int, Int, Int, Int, Int, double, Int, const Int*, double, double, Int, Int, \
                                 Int, const Int*, const Int*, const T* const*, const T*, const T*, const T*, const T*, \
                                 T*, T*);                                                                              \
  FL_EXPORT int32_t fl_layer_backward_##S(Int, Int, Int, Int, Int, Int, Int, double, Int, const Int*, double, double,  \
                                          Int, Int, Int, const Int*, const Int*, const T* const*, const T*, const T*,  \
                                          const T*, const T*, const T*, const T*, T*, T*, T*, T*, T* const*);          \
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
    static constexpr auto layer = fl_layer_##S;                                                                        \
    static constexpr auto layer_backward = fl_layer_backward_##S;                                                      \
    static constexpr auto readout = fl_readout_##S;                                                                    \
    static constexpr auto readout_backward = fl_readout_backward_##S;                                                  \
    static constexpr auto check_graph = fl_check_graph_##S;                                                            \
  };

FL_LIBRARY(float, f32)
FL_LIBRARY(double, f64)
#undef FL_LIBRARY

FL_EXPORT int32_t fl_periodic_graph(Int, Int, Int, const double*, const Int*, const Int*, const double*, const Int*,
                                    const Int*, double*, double*, Int*, Int*, Int*, Int*, Int*);
FL_EXPORT int32_t fl_frame_homogenise(Int, const double*, const double*, const Int*, const Int*, const double*,
                                      const Int*, const Int*, double, double, Int, Int, double*, int32_t*, int32_t*,
                                      Int*, uint8_t*, double*);
FL_EXPORT int32_t fl_frame_adjoint(Int, const double*, const double*, const Int*, const Int*, const double*, const Int*,
                                   const Int*, double, double, Int, const int32_t*, const double*, const double*,
                                   const double*, double*, double*, double*);
