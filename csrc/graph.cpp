// The periodic graph of a batch of lattices, and checks of graphs, each in one pass.
#include <algorithm>
#include <cmath>

#include "abi.h"
#include "edge_graph.h"

namespace fl {
namespace {

// Both directions of every strut (sender -> receiver, then back), sorted by receiver, stably.
void build(int64_t lattices, int64_t nodes, int64_t struts, const int64_t* node_offsets, const int64_t* strut_offsets,
           const int64_t* ends, int64_t* edge_index, int64_t* strut, int64_t* reverse, int64_t* first_edge, int64_t* owner,
           int64_t* batch, double* sign) {
  Index senders(2 * struts), receivers(2 * struts), starts;
  for (int64_t b = 0; b < lattices; ++b) {
    const int64_t first = node_offsets[b];
    for (int64_t n = first; n < node_offsets[b + 1]; ++n) batch[n] = b;
    for (int64_t s = strut_offsets[b]; s < strut_offsets[b + 1]; ++s) {
      owner[s] = b;
      senders[s] = receivers[struts + s] = first + ends[2 * s];
      receivers[s] = senders[struts + s] = first + ends[2 * s + 1];
    }
  }
  check_index(receivers.data(), 2 * struts, nodes, "struts", "nodes");
  const Index order = sorted_by(receivers, nodes, starts);
  Index place(2 * struts);
  for (int64_t e = 0; e < 2 * struts; ++e) place[order[e]] = e;
  for (int64_t e = 0; e < 2 * struts; ++e) {
    const int64_t n = order[e], s = n % struts;
    edge_index[e] = senders[n];
    edge_index[2 * struts + e] = receivers[n];
    strut[e] = s;
    sign[e] = n < struts ? 1 : -1;
    reverse[e] = place[n < struts ? n + struts : n - struts];
    first_edge[s] = std::min(e, reverse[e]);
  }
}

// What may be wrong with a graph, in the order in which it is reported.
// fastlattice/_inputs.py says it in words.
enum Fault : int64_t { none, position, shift, radius, attribute, edge, owner, empty, bridge, length };

template <class T>
bool finite(const T* numbers, int count) {
  bool all = true;
  for (int i = 0; i < count; ++i) all = all && std::isfinite(numbers[i]);
  return all;
}

// The first fault, and the node, edge or lattice where it is.
template <class T>
Fault check(int64_t nodes, int64_t edges, int64_t lattices, const T* positions, const int64_t* edge_index,
            const T* shifts, const T* radii, const T* attributes, const int64_t* batch, int64_t* where) {
  const int64_t *sender = edge_index, *receiver = edge_index + edges;
  const auto outside = [](int64_t value, int64_t count) { return value < 0 || value >= count; };
  const auto search = [&](int64_t count, const auto& bad) {
    for (*where = 0; *where < count; ++*where)
      if (bad(*where)) return true;
    return false;
  };
  if (search(nodes, [&](int64_t n) { return !finite(positions + 3 * n, 3); })) return Fault::position;
  if (search(edges, [&](int64_t e) { return !finite(shifts + 3 * e, 3); })) return Fault::shift;
  if (search(edges, [&](int64_t e) { return !finite(radii + e, 1); })) return Fault::radius;
  if (search(nodes, [&](int64_t n) { return !finite(attributes + n, 1); })) return Fault::attribute;
  if (search(edges, [&](int64_t e) { return outside(sender[e], nodes) || outside(receiver[e], nodes); }))
    return Fault::edge;
  if (search(nodes, [&](int64_t n) { return outside(batch[n], lattices); })) return Fault::owner;
  std::vector<char> seen(lattices);
  for (int64_t n = 0; n < nodes; ++n) seen[batch[n]] = 1;
  if (search(lattices, [&](int64_t b) { return !seen[b]; })) return Fault::empty;
  if (search(edges, [&](int64_t e) { return batch[sender[e]] != batch[receiver[e]]; })) return Fault::bridge;
  const bool short_edge = search(edges, [&](int64_t e) {
    bool nothing = true;
    for (int i = 0; i < 3; ++i)
      nothing = nothing && positions[3 * receiver[e] + i] - positions[3 * sender[e] + i] + shifts[3 * e + i] == T(0);
    return nothing;
  });
  return short_edge ? Fault::length : Fault::none;
}

}  // namespace
}  // namespace fl

// ends [struts, 2], counted from the lattice's first node. Edges: edge_index [2, 2 struts], strut, reverse and sign
// [2 struts]; first_edge [struts]: the first of a strut's two edges; owner [struts], batch [nodes]: their lattices.
FL_EXPORT int32_t fl_periodic_edges(int64_t lattices, int64_t nodes, int64_t struts, const int64_t* node_offsets,
                                    const int64_t* strut_offsets, const int64_t* ends, int64_t* edge_index,
                                    int64_t* strut, int64_t* reverse, int64_t* first_edge, int64_t* owner,
                                    int64_t* batch, double* sign) {
  return fl::guarded([&] {
    fl::build(lattices, nodes, struts, node_offsets, strut_offsets, ends, edge_index, strut, reverse, first_edge, owner,
              batch, sign);
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
