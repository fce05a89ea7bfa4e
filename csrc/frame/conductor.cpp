// Conduction through up to 64 nodes: a full matrix of conductances.
#include "frame/conductor.h"

#include <algorithm>

#include "base/simd.h"

namespace fl::frame {
namespace {

// Numbers of a row: of one lattice it is whole vectors.
int64_t stride_of(double, int64_t num_nodes) { return padded<double>(num_nodes + 3); }
int64_t stride_of(Lanes, int64_t num_nodes) { return num_nodes + 3; }

// What the star of an eliminated node adds to the row of one of its neighbours: weight times its own row. Of one lattice
// that is done to the whole row at once: what stands there of nodes that are no neighbours is never read again.
FL_INLINE void add_row(double* to, const double* own, double weight, const NodeSet<1>&, int64_t stride) {
  const Part broad = broadcast(weight);
  for (int64_t k = 0; k < stride; k += lanes<double>)
    store<double>(to + k, multiply_add(broad, load<double>(own + k), load<double>(to + k)));
}
FL_INLINE void add_row(Lanes* to, const Lanes* own, Lanes weight, const NodeSet<1>& star, int64_t stride) {
  star.for_each([&](int32_t b) { to[b] = multiply_add(weight, own[b], to[b]); });
  for (int64_t k = stride - 3; k < stride; ++k) to[k] = multiply_add(weight, own[k], to[k]);
}

}  // namespace

template <class Number>
void SmallConductor<Number>::assemble(const std::vector<StrutOf<Number>>& struts, NodeSet<1>* graph) {
  stride_ = stride_of(Number(0.0), num_nodes_);
  rows_.assign(stride_ * num_nodes_, Number(0.0));
  Energy<Number> energy;
  for (const StrutOf<Number>& strut : struts) {
    const Number g = conductance_of(strut), *v = strut.vector;
    energy.add(g, v);
    if (strut.i == strut.j) continue;  // as much flows in as out
    Number *i = row(strut.i), *j = row(strut.j);
    graph[strut.i].insert(strut.j);
    graph[strut.j].insert(strut.i);
    i[strut.j] += g;
    j[strut.i] += g;
    for (int m = 0; m < 3; ++m) {
      i[num_nodes_ + m] = multiply_add(g, v[m], i[num_nodes_ + m]);
      j[num_nodes_ + m] = multiply_subtract(g, v[m], j[num_nodes_ + m]);
    }
  }
  energy_ = energy;
}

// Nodes with few neighbours that do not touch each other, round after round. The last few are eliminated as if all were
// joined: most of them are by then.
template <class Number>
void SmallConductor<Number>::eliminate(NodeSet<1>* graph) {
  constexpr int32_t last = 10;
  Energy<Number> energy = energy_;
  NodeSet<1> left;
  for (int32_t i = 0; i < num_nodes_; ++i) left.insert(i);
  int32_t k = 0;
  while (num_nodes_ - k > last) {
    int32_t least = most_nodes;
    left.for_each([&](int32_t i) { least = std::min(least, graph[i].size()); });
    NodeSet<1> next;
    left.for_each([&](int32_t i) { next.words[0] |= uint64_t{graph[i].size() == least} << i; });
    while (next.words[0]) {
      const int32_t node = __builtin_ctzll(next.words[0]);
      const NodeSet<1> star = graph[node];
      next.subtract(star);
      next.erase(node);
      left.erase(node);
      eliminate_node(k++, node, star, energy);
      star.for_each([&](int32_t a) {
        graph[a].unite(star);
        graph[a].erase(a);
        graph[a].erase(node);
      });
    }
  }
  while (k < num_nodes_) {
    const int32_t node = __builtin_ctzll(left.words[0]);
    left.erase(node);
    eliminate_node(k++, node, left, energy);
  }
  energy_ = energy;
}

// The k-th node becomes the mesh of its star.
template <class Number>
FL_INLINE void SmallConductor<Number>::eliminate_node(int32_t k, int32_t node, NodeSet<1> star, Energy<Number>& energy) {
  const Number* own = row(node);
  Number sum = 0.0;
  star.for_each([&](int32_t a) { sum += own[a]; });
  const Number inverse = inverse_of(sum);
  eliminated_[k] = {node, star, inverse};
  energy.take(own + num_nodes_, inverse);
  star.for_each([&](int32_t a) { add_row(row(a), own, own[a] * inverse, star, stride_); });
}

template <class Number>
const Number* SmallConductor<Number>::solve(const Lattice& lattice, const std::vector<StrutOf<Number>>& struts,
                                            Number* temperatures) {
  num_nodes_ = static_cast<int32_t>(lattice.num_nodes);
  NodeSet<1> graph[most_nodes];
  assemble(struts, graph);
  eliminate(graph);
  for (int32_t k = num_nodes_; temperatures && k-- > 0;) {
    const auto& [node, star, inverse] = eliminated_[k];
    const Number* own = row(node);
    for (int m = 0; m < 3; ++m) {
      Number sum = own[num_nodes_ + m];
      star.for_each([&](int32_t a) { sum = multiply_add(own[a], temperatures[3 * a + m], sum); });
      temperatures[3 * node + m] = sum * inverse;
    }
  }
  return energy_.of_pair;
}

template class SmallConductor<double>;
template class SmallConductor<Lanes>;

}  // namespace fl::frame
