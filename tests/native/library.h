// The library's functions by dtype, Library<float>::network being fl_network_f32, and calls with whole vectors.
#pragma once
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <vector>

#include "abi.h"
#include "ops/symmetric_contraction/symmetric_contraction.h"

using Int = int64_t;

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
    static constexpr auto readout = fl_readout_##S;                                             \
    static constexpr auto readout_backward = fl_readout_backward_##S;                           \
    static constexpr auto check_graph = fl_check_graph_##S;                                     \
  };

FL_LIBRARY(float, f32)
FL_LIBRARY(double, f64)
#undef FL_LIBRARY

// A buffer, or none.
template <class T>
struct Buffer {
  T* data = nullptr;
  Int size = 0;

  Buffer() = default;
  Buffer(T* data, Int size) : data(data), size(size) {}
  template <class U, class A>
  Buffer(std::vector<U, A>& values) : data(values.data()), size(static_cast<Int>(values.size())) {}
  template <class U, class A>
  Buffer(const std::vector<U, A>& values) : data(values.data()), size(static_cast<Int>(values.size())) {}
};

// The vector, if it is wanted.
template <class T>
Buffer<T> given(bool wanted, std::vector<T>& values) {
  return wanted ? Buffer<T>(values) : Buffer<T>();
}
template <class T>
Buffer<const T> given(bool wanted, const std::vector<T>& values) {
  return wanted ? Buffer<const T>(values) : Buffer<const T>();
}

// Buffers number `from` to `to` of some.
template <class T>
struct BufferList {
  std::vector<T*> data;
  std::vector<Int> sizes;
};

template <class T>
BufferList<T> given(bool wanted, const BufferList<T>& list) {
  return wanted ? list : BufferList<T>();
}

// An argument as the exported functions take it.
template <class T, class = std::enable_if_t<!std::is_class_v<T>>>
std::tuple<T> flat(T value) {
  return {value};
}
template <class T>
std::tuple<T*, Int> flat(Buffer<T> buffer) {
  return {buffer.data, buffer.size};
}
template <class T, class A>
auto flat(const std::vector<T, A>& values) {
  return flat(Buffer<const T>(values));
}
template <class T, class A>
auto flat(std::vector<T, A>& values) {
  return flat(Buffer<T>(values));
}
template <class T, std::size_t count>
auto flat(T (&values)[count]) {
  return flat(Buffer<T>(values, static_cast<Int>(count)));
}
inline std::tuple<std::nullptr_t, Int> flat(std::nullptr_t) { return {nullptr, 0}; }
template <class T>
std::tuple<T* const*, const Int*, Int> flat(const BufferList<T>& list) {
  return {list.data.empty() ? nullptr : list.data.data(), list.sizes.data(), static_cast<Int>(list.data.size())};
}

// Calls an exported function: numbers and pointers cross as they are, vectors and buffers with their lengths.
template <class Function, class... Arguments>
int32_t call(Function function, Arguments&&... arguments) {
  return std::apply(function, std::tuple_cat(flat(arguments)...));
}
