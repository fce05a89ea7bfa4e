// The periodic graph of a batch of lattices, and checks of graphs, each in one pass.
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "base/search.h"
#include "lattice/edge_graph.h"
#include "lattice/generated/calls.h"

namespace fl {
namespace {

// Both directions of every strut (end 0 to end 1, then back), sorted by receiver, stably.
void build(const calls::PeriodicGraph& call) {
  const int64_t last = call.lattices;
  if (call.node_offsets[last] != call.nodes || call.strut_offsets[last] != call.struts)
    throw std::out_of_range("the offsets do not end at the number of nodes and struts");
  int64_t *sender = call.edge_index, *receiver = call.edge_index + 2 * call.struts;
  Index next;  // edge of each of the lattice's nodes
  for (int64_t b = 0; b < call.lattices; ++b) {
    const int64_t node = call.node_offsets[b], nodes = call.node_offsets[b + 1] - node;
    const int64_t strut = call.strut_offsets[b], end = call.strut_offsets[b + 1];
    check_index(call.ends + 2 * strut, 2 * (end - strut), nodes, "struts", "nodes");
    std::fill_n(call.batch + node, nodes, b);
    next.assign(nodes + 1, 0);
    next[0] = 2 * strut;
    for (int64_t n = 2 * strut; n < 2 * end; ++n) ++next[call.ends[n] + 1];
    for (int64_t n = 0; n < nodes; ++n) next[n + 1] += next[n];
    for (int64_t s = strut; s < end; ++s) call.first_edge[s] = next[call.ends[2 * s + 1]]++;
    for (int64_t s = strut; s < end; ++s) {
      const int64_t one = call.ends[2 * s], other = call.ends[2 * s + 1];
      const int64_t there = call.first_edge[s], back = next[one]++;
      sender[there] = receiver[back] = node + one;
      receiver[there] = sender[back] = node + other;
      for (int i = 0; i < 3; ++i) {
        double shift = 0;
        for (int j = 0; j < 3; ++j) shift += double(call.strut_shifts[3 * s + j]) * call.cell[9 * b + 3 * j + i];
        call.shifts[3 * there + i] = shift;
        call.shifts[3 * back + i] = -shift;
      }
      call.radii[there] = call.radii[back] = call.strut_radii[s];
      call.strut[there] = call.strut[back] = s;
      call.reverse[there] = back;
      call.reverse[back] = there;
      call.first_edge[s] = std::min(there, back);
    }
  }
}

// The first fault, in the order of fl::Fault, and the node, edge or lattice where it is.
template <class T>
Fault check(const calls::CheckGraph<T>& call, int64_t* where) {
  const int64_t nodes = call.nodes, edges = call.edges, lattices = call.lattices, *batch = call.batch;
  const int64_t *sender = call.edge_index, *receiver = call.edge_index + edges;
  const auto search = [&](int64_t count, const auto& bad) { return (*where = first_of(count, bad)) >= 0; };
  const auto not_finite = [&](const T* numbers, int64_t rows, int64_t columns) {
    const bool found = search(rows * columns, [=](int64_t n) { return !std::isfinite(numbers[n]); });
    *where /= columns;
    return found;
  };
  if (not_finite(call.positions, nodes, 3)) return Fault::position;
  if (not_finite(call.shifts, edges, 3)) return Fault::shift;
  if (not_finite(call.radii, edges, 1)) return Fault::radius;
  if (not_finite(call.attributes, nodes, 1)) return Fault::attribute;
  const auto not_between_nodes = [=](int64_t e) {
    const int64_t from = sender[e], to = receiver[e];
    return outside(from, nodes) || outside(to, nodes);
  };
  if (search(edges, not_between_nodes)) return Fault::edge;
  if (search(nodes, [=](int64_t n) { return outside(batch[n], lattices); })) return Fault::owner;
  // Of more lattices than there are nodes, one of the first nodes + 1 is empty.
  std::vector<char> seen(std::min(lattices, nodes + 1));
  const int64_t looked_at = static_cast<int64_t>(seen.size());
  for (int64_t n = 0; n < nodes; ++n)
    if (batch[n] < looked_at) seen[batch[n]] = 1;
  if (search(looked_at, [&](int64_t b) { return !seen[b]; })) return Fault::empty;
  if (search(edges, [=](int64_t e) { return batch[sender[e]] != batch[receiver[e]]; })) return Fault::bridge;
  const bool short_edge = search(edges, [=](int64_t e) {
    const T *to = call.positions + 3 * receiver[e], *from = call.positions + 3 * sender[e], *shift = call.shifts + 3 * e;
    return (to[0] - from[0] + shift[0] == 0) & (to[1] - from[1] + shift[1] == 0) & (to[2] - from[2] + shift[2] == 0);
  });
  return short_edge ? Fault::length : Fault::none;
}

}  // namespace
}  // namespace fl

namespace fl::calls {

void run(const PeriodicGraph& call) { build(call); }

void run(const ForeignStrut& call) {
  *call.strut = -1;
  for (int64_t b = 0; b < call.count; ++b) {
    const auto nodes = static_cast<uint64_t>(call.node_offsets[b + 1] - call.node_offsets[b]);
    const int64_t begin = 2 * call.strut_offsets[b], end = 2 * call.strut_offsets[b + 1];
    uint64_t signs = 0;  // set where a node, or how far it is from the last one, is negative
    for (int64_t k = begin; k < end; ++k) {
      const auto node = static_cast<uint64_t>(call.struts[k]);
      signs |= node | (nodes - 1 - node);
    }
    if (!(signs >> 63)) continue;
    const auto foreign = [&](int64_t node) { return static_cast<uint64_t>(node) >= nodes; };
    *call.strut = (std::find_if(call.struts + begin, call.struts + end, foreign) - call.struts) / 2;
    return;
  }
}

template <class T>
void run(const CheckGraph<T>& call) {
  call.fault[0] = static_cast<int64_t>(check(call, call.fault + 1));
}
template void run(const CheckGraph<float>&);
template void run(const CheckGraph<double>&);

}  // namespace fl::calls
