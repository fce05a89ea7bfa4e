// The table of the generated kernels of edge_conv; codegen/edge_conv.py says what they compute.
#pragma once
#include <cstdint>

#include "base/isa.h"

namespace fl::edge_conv {

constexpr int max_degree = 4;

// Vectors of channels that are worked on together: each number of an edge that is loaded serves all of them. Two need
// 32 registers.
constexpr int widest_pack = vector_registers >= 32 ? 2 : 1;

// Kernels of the paths that start at one degree l1 of the senders. A row is a pack of vectors of channels.
template <class T>
struct Group {
  int32_t l1, paths, rows, products;
  int32_t fan[max_degree + 1];  // paths into each l3

  void (*couple)(const T* y, T* d);
  void (*convolve)(const T* h, const T* d, const T* w, T* m);
  void (*gradient)(const T* h, const T* d, const T* w, const T* n, T* dh, T* dw);
  void (*harmonics)(const T* h, const T* w, const T* n, T* dy);
};

// One group for each l1 from 0 to lmax, for packs of one vector or of widest_pack.
template <class T>
const Group<T>* groups_lmax0(int vectors);
template <class T>
const Group<T>* groups_lmax1(int vectors);
template <class T>
const Group<T>* groups_lmax2(int vectors);
template <class T>
const Group<T>* groups_lmax3(int vectors);
template <class T>
const Group<T>* groups_lmax4(int vectors);

}  // namespace fl::edge_conv
