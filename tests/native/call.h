// Calls of exported functions with whole vectors.
#pragma once
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <vector>

using Int = int64_t;

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
