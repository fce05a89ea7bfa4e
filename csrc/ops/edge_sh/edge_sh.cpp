#include "ops/edge_sh/edge_sh.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "base/pool.h"
#include "base/search.h"
#include "base/simd.h"
#include "ops/edge_sh/generated/calls.h"

namespace fl {
namespace {

constexpr int64_t edges_per_chunk = 8192;  // below, waking a thread costs more than it saves

// What the vectors of the edges follow from.
template <class T>
struct Edges {
  int64_t count, nodes;
  const T* positions;                 // [nodes, 3]
  const int64_t *sender, *receiver;   // [count]
  const T* shifts;                    // [count, 3]
};
template <class T>
Edges(int64_t, int64_t, const T*, const int64_t*, const int64_t*, const T*) -> Edges<T>;

// Up to `lanes` edges: their numbers, lengths and directions.
template <class T>
struct Tile {
  using V = Vector<T>;
  int64_t edge[lanes<T>];
  int size = 0;
  V length, inverse, direction[3];

  // The inverse length is zero where there is no direction.
  void measure(const Edges<T>& edges) {
    T vector[3][lanes<T>] = {};
    for (int n = 0; n < size; ++n) {
      const T* to = edges.positions + 3 * edges.receiver[edge[n]];
      const T* from = edges.positions + 3 * edges.sender[edge[n]];
      for (int i = 0; i < 3; ++i) vector[i][n] = to[i] - from[i] + edges.shifts[3 * edge[n] + i];
    }
    const V x = load(vector[0]), y = load(vector[1]), z = load(vector[2]);
    const V squared = x * x + y * y + z * z;
    for (int n = 0; n < lanes<T>; ++n) length[n] = std::sqrt(squared[n]);
    const V nothing = V{};
    inverse = length > T(1e-12) ? T(1) / length : nothing;
    direction[0] = x * inverse, direction[1] = y * inverse, direction[2] = z * inverse;
  }
};

// Calls work(tile) for all edges of [begin, end) that `wanted` selects.
template <class T, class Wanted, class Work>
void for_each_tile(const Edges<T>& edges, int64_t begin, int64_t end, const Wanted& wanted, const Work& work) {
  Tile<T> tile;
  for (int64_t e = begin; e < end; ++e) {
    if (wanted(e)) tile.edge[tile.size++] = e;
    if (tile.size == lanes<T> || (e + 1 == end && tile.size)) {
      tile.measure(edges);
      work(tile);
      tile.size = 0;
    }
  }
}

template <class T>
void check(const Edges<T>& edges, const int64_t* reverse) {
  for (const int64_t* end : {edges.sender, edges.receiver}) {
    const int64_t e = first_of(edges.count, [&](int64_t e) { return outside(end[e], edges.nodes); });
    if (e >= 0)
      throw std::out_of_range("edge " + std::to_string(e) + " names node " + std::to_string(end[e]) + " of " +
                              std::to_string(edges.nodes));
  }
  if (!reverse) return;
  int64_t e = first_of(edges.count, [&](int64_t e) { return outside(reverse[e], edges.count); });
  if (e < 0) e = first_of(edges.count, [&](int64_t e) { return reverse[reverse[e]] != e; });
  if (e >= 0)
    throw std::out_of_range("the reverse of edge " + std::to_string(e) + " is " + std::to_string(reverse[e]) +
                            ", whose reverse is another edge or none");
}

template <class T, int lmax>
void forward(int32_t threads, const Edges<T>& edges, const int64_t* reverse, T* out, T* length) {
  check(edges, reverse);
  constexpr int components = (lmax + 1) * (lmax + 1);
  T parity[components];
  for (int l = 0; l <= lmax; ++l) std::fill(parity + l * l, parity + (l + 1) * (l + 1), l % 2 ? T(-1) : T(1));
  parallel_for(threads, edges.count, edges_per_chunk, [&](int32_t, int64_t begin, int64_t end) {
    // Of a pair, the edge that comes first is computed, and its partner has the same harmonics but for the parity.
    const auto wanted = [&](int64_t e) { return !reverse || e <= reverse[e]; };
    for_each_tile(edges, begin, end, wanted, [&](const Tile<T>& tile) {
      Vector<T> y[components];
      sh::harmonics<T, lmax>(tile.direction, y);
      for (int n = 0; n < tile.size; ++n) {
        const int64_t e = tile.edge[n];
        T* row = out + e * components;
        for (int j = 0; j < components; ++j) row[j] = y[j][n];
        length[e] = tile.length[n];
        if (!reverse || reverse[e] == e) continue;
        T* partner = out + reverse[e] * components;
        for (int j = 0; j < components; ++j) partner[j] = row[j] * parity[j];
        length[reverse[e]] = tile.length[n];
      }
    });
  });
}

// Gradients of sum(grad_sh * sh) + sum(grad_length * length). That of the shifts is each edge's own; those of the
// positions are summed by one thread in the order of the edges.
template <class T, int lmax>
void backward(int32_t threads, const Edges<T>& edges, const T* grad_sh, const T* grad_length, T* grad_positions,
              T* grad_shifts) {
  check(edges, nullptr);
  constexpr int components = (lmax + 1) * (lmax + 1);
  parallel_for(threads, edges.count, edges_per_chunk, [&](int32_t, int64_t begin, int64_t end) {
    const auto wanted = [](int64_t) { return true; };
    for_each_tile(edges, begin, end, wanted, [&](const Tile<T>& tile) {
      Vector<T> slope[components] = {}, tangent[3], along{};
      for (int n = 0; n < tile.size; ++n) {
        for (int j = 0; j < components; ++j) slope[j][n] = grad_sh[tile.edge[n] * components + j];
        along[n] = grad_length[tile.edge[n]];
      }
      sh::harmonics_gradient<T, lmax>(tile.direction, slope, tangent);
      for (int i = 0; i < 3; ++i) {
        const Vector<T> gradient = along * tile.direction[i] + tile.inverse * tangent[i];
        for (int n = 0; n < tile.size; ++n) grad_shifts[3 * tile.edge[n] + i] = gradient[n];
      }
    });
  });
  std::fill(grad_positions, grad_positions + 3 * edges.nodes, T(0));
  for (int64_t e = 0; e < edges.count; ++e)
    for (int i = 0; i < 3; ++i) {
      grad_positions[3 * edges.receiver[e] + i] += grad_shifts[3 * e + i];
      grad_positions[3 * edges.sender[e] + i] -= grad_shifts[3 * e + i];
    }
}

// Calls work(integral constant) with the degree as a compile-time number.
template <class Work>
void with_degree(int64_t lmax, const Work& work) {
  if (lmax == 1) return work(std::integral_constant<int, 1>());
  if (lmax == 2) return work(std::integral_constant<int, 2>());
  if (lmax == 3) return work(std::integral_constant<int, 3>());
  if (lmax == 4) return work(std::integral_constant<int, 4>());
  throw std::invalid_argument("lmax must be 1 to 4");
}

}  // namespace
}  // namespace fl

namespace fl::calls {

template <class Call>
auto edges_of(const Call& call) {
  return Edges{call.edges, call.nodes, call.positions, call.edge_index, call.edge_index + call.edges, call.shifts};
}

template <class T>
void run(const EdgeSh<T>& call) {
  with_degree(call.lmax, [&](auto degree) {
    forward<T, degree()>(call.threads, edges_of(call), call.reverse, call.sh, call.length);
  });
}
template <class T>
void run(const EdgeShBackward<T>& call) {
  with_degree(call.lmax, [&](auto degree) {
    backward<T, degree()>(call.threads, edges_of(call), call.grad_sh, call.grad_length, call.grad_positions,
                          call.grad_shifts);
  });
}

template void run(const EdgeSh<float>&);
template void run(const EdgeSh<double>&);
template void run(const EdgeShBackward<float>&);
template void run(const EdgeShBackward<double>&);

}  // namespace fl::calls
