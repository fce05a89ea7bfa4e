// The periodic graph of a batch of lattices, and checks of graphs, each in one pass.
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "abi.h"
#include "lattice/edge_graph.h"
#include "base/search.h"

namespace fl {
namespace {

// A batch of lattices. `ends` [struts, 2] count from the lattice's first node.
struct Lattices {
  int64_t count, nodes, struts;
  const int64_t *node_offsets, *strut_offsets;  // [count + 1]
  const double* cell;                           // [count, 3, 3]
  const int64_t *ends, *shifts;                 // [struts, 2], [struts, 3]
  const double* radii;                          // [struts]
};

// Its periodic graph.
struct Graph {
  int64_t *sender, *receiver;        // [edges]
  double *shifts, *radii;            // [edges, 3], [edges]
  int64_t *batch;                    // [nodes]
  int64_t *strut, *reverse, *first;  // [edges], [edges], [struts]
};

// Both directions of every strut (end 0 to end 1, then back), sorted by receiver, stably.
void build(const Lattices& lattices, const Graph& graph) {
  const int64_t last = lattices.count;
  if (lattices.node_offsets[last] != lattices.nodes || lattices.strut_offsets[last] != lattices.struts)
    throw std::out_of_range("the offsets do not end at the number of nodes and struts");
  Index next;  // edge of each of the lattice's nodes
  for (int64_t b = 0; b < lattices.count; ++b) {
    const int64_t node = lattices.node_offsets[b], nodes = lattices.node_offsets[b + 1] - node;
    const int64_t strut = lattices.strut_offsets[b], end = lattices.strut_offsets[b + 1];
    check_index(lattices.ends + 2 * strut, 2 * (end - strut), nodes, "struts", "nodes");
    std::fill_n(graph.batch + node, nodes, b);
    next.assign(nodes + 1, 0);
    next[0] = 2 * strut;
    for (int64_t n = 2 * strut; n < 2 * end; ++n) ++next[lattices.ends[n] + 1];
    for (int64_t n = 0; n < nodes; ++n) next[n + 1] += next[n];
    for (int64_t s = strut; s < end; ++s) graph.first[s] = next[lattices.ends[2 * s + 1]]++;
    for (int64_t s = strut; s < end; ++s) {
      const int64_t one = lattices.ends[2 * s], other = lattices.ends[2 * s + 1];
      const int64_t there = graph.first[s], back = next[one]++;
      graph.sender[there] = graph.receiver[back] = node + one;
      graph.receiver[there] = graph.sender[back] = node + other;
      for (int i = 0; i < 3; ++i) {
        double shift = 0;
        for (int j = 0; j < 3; ++j) shift += double(lattices.shifts[3 * s + j]) * lattices.cell[9 * b + 3 * j + i];
        graph.shifts[3 * there + i] = shift;
        graph.shifts[3 * back + i] = -shift;
      }
      graph.radii[there] = graph.radii[back] = lattices.radii[s];
      graph.strut[there] = graph.strut[back] = s;
      graph.reverse[there] = back;
      graph.reverse[back] = there;
      graph.first[s] = std::min(there, back);
    }
  }
}

// What may be wrong with a graph, in the order in which it is reported.
// fastlattice/_inputs.py says it in words.
enum Fault : int64_t { none, position, shift, radius, attribute, edge, owner, empty, bridge, length };

// The first fault, and the node, edge or lattice where it is.
template <class T>
Fault check(int64_t nodes, int64_t edges, int64_t lattices, const T* positions, const int64_t* edge_index,
            const T* shifts, const T* radii, const T* attributes, const int64_t* batch, int64_t* where) {
  const int64_t *sender = edge_index, *receiver = edge_index + edges;
  const auto search = [&](int64_t count, const auto& bad) { return (*where = first_of(count, bad)) >= 0; };
  const auto not_finite = [&](const T* numbers, int64_t rows, int64_t columns) {
    const bool found = search(rows * columns, [=](int64_t n) { return !std::isfinite(numbers[n]); });
    *where /= columns;
    return found;
  };
  if (not_finite(positions, nodes, 3)) return Fault::position;
  if (not_finite(shifts, edges, 3)) return Fault::shift;
  if (not_finite(radii, edges, 1)) return Fault::radius;
  if (not_finite(attributes, nodes, 1)) return Fault::attribute;
  const auto not_between_nodes = [=](int64_t e) {
    const int64_t from = sender[e], to = receiver[e];
    return outside(from, nodes) || outside(to, nodes);
  };
  if (search(edges, not_between_nodes)) return Fault::edge;
  if (search(nodes, [=](int64_t n) { return outside(batch[n], lattices); })) return Fault::owner;
  std::vector<char> seen(lattices);
  for (int64_t n = 0; n < nodes; ++n) seen[batch[n]] = 1;
  if (search(lattices, [&](int64_t b) { return !seen[b]; })) return Fault::empty;
  if (search(edges, [=](int64_t e) { return batch[sender[e]] != batch[receiver[e]]; })) return Fault::bridge;
  const bool short_edge = search(edges, [=](int64_t e) {
    const T *to = positions + 3 * receiver[e], *from = positions + 3 * sender[e], *shift = shifts + 3 * e;
    return (to[0] - from[0] + shift[0] == 0) & (to[1] - from[1] + shift[1] == 0) & (to[2] - from[2] + shift[2] == 0);
  });
  return short_edge ? Fault::length : Fault::none;
}

}  // namespace
}  // namespace fl

// Edges: shifts [2 struts, 3], edge_index [2, 2 struts], radii, strut and reverse [2 struts]; batch [nodes]: their
// lattices; first_edge [struts]: the first of a strut's two edges.
FL_EXPORT int32_t fl_periodic_graph(int64_t lattices, int64_t nodes, int64_t struts, const double* cell,
                                    const int64_t* ends, const int64_t* strut_shifts, const double* strut_radii,
                                    const int64_t* node_offsets, const int64_t* strut_offsets, double* shifts,
                                    double* radii, int64_t* edge_index, int64_t* batch, int64_t* strut,
                                    int64_t* reverse, int64_t* first_edge) {
  return fl::guarded([&] {
    fl::build({lattices, nodes, struts, node_offsets, strut_offsets, cell, ends, strut_shifts, strut_radii},
              {edge_index, edge_index + 2 * struts, shifts, radii, batch, strut, reverse, first_edge});
  });
}

// fault [2]: the number of the Fault, and where it is.
#define FL_CHECK_GRAPH(T, SUFFIX)                                                                                     \
  FL_EXPORT int32_t fl_check_graph_##SUFFIX(int64_t, int64_t nodes, int64_t edges, int64_t lattices,                  \
                                            const T* positions, const int64_t* edge_index, const T* shifts,           \
                                            const T* radii, const T* attributes, const int64_t* batch,                \
                                            int64_t* fault) {                                                         \
    return fl::guarded([&] {                                                                                          \
      fault[0] = fl::check(nodes, edges, lattices, positions, edge_index, shifts, radii, attributes, batch,           \
                           fault + 1);                                                                                \
    });                                                                                                               \
  }

FL_CHECK_GRAPH(float, f32)
FL_CHECK_GRAPH(double, f64)
