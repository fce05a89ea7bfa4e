// Conduction: a strut carries g = pi r^2 / L times the difference of its ends' temperatures, in units of the solid's
// conductivity. Under a uniform gradient the ends of a strut differ by what the gradient does along its vector v and by
// their fluctuations T_j - T_i; the energy at equilibrium, sum of g (T_j - T_i + v)(T_j - T_i + v)^T, is V k.
//
// Nodes are eliminated one by one, each star of conductances g_a becoming the mesh g_a g_b / sum(g): Gaussian elimination
// that only adds positive numbers. So no conductance cancels, there is no pivot to check, and the last node of a net, which
// nothing holds, is the one whose sum is an exact zero. (In the manner of Grassmann,
// Taksar and Heyman, Operations Research 33, 1985, who eliminate the states of Markov chains so.)
#include "frame/conductor.h"

#include <algorithm>

#include "frame/order.h"

namespace fl::frame {
namespace {

constexpr int32_t small = 64;  // nodes that fit one word of bits
constexpr auto& pairs = axes_of_pair;

template <class Number>
Number conductance_of(const StrutOf<Number>& strut) {
  constexpr double pi = 3.14159265358979323846;
  return pi * strut.radius * strut.radius / strut.length;
}

// Is a node held by anything? On lanes the topology says so, and a sum that is no positive number spoils its lane.
bool is_held(double sum, int64_t) { return sum > 0; }
bool is_held(const Lanes&, int64_t neighbours) { return neighbours > 0; }

}  // namespace

// What a strut adds to the energy and the flux at uniform gradients.
template <class Number>
void Conductor<Number>::spread(const StrutOf<Number>& strut, Number conductance, int32_t i, int32_t j) {
  for (int m = 0; m < 6; ++m) {
    const Number across = conductance * strut.vector[pairs[m][0]];
    energy_[m] = multiply_add(across, strut.vector[pairs[m][1]], energy_[m]);
  }
  if (i == j) return;  // as much in as out
  for (int m = 0; m < 3; ++m) {
    flux_[3 * i + m] = multiply_add(conductance, strut.vector[m], flux_[3 * i + m]);
    flux_[3 * j + m] = multiply_subtract(conductance, strut.vector[m], flux_[3 * j + m]);
  }
}

// What the energy loses as a node takes the temperature that its flux asks for.
template <class Number>
void Conductor<Number>::take_energy(int32_t node, Number sum) {
  const Number inverse = 1.0 / sum, *flux = &flux_[3 * node];
  for (int m = 0; m < 6; ++m)
    energy_[m] = multiply_subtract(flux[pairs[m][0]] * inverse, flux[pairs[m][1]], energy_[m]);
}

// Up to 64 nodes: a full matrix of conductances, always the node with the fewest neighbours next.
template <class Number>
void Conductor<Number>::eliminate_small(int32_t n, const std::vector<StrutOf<Number>>& struts) {
  conductances_.assign(int64_t{n} * n, Number(0.0));
  NodeSet<1> graph[small];
  for (const StrutOf<Number>& strut : struts) {
    const Number g = conductance_of(strut);
    spread(strut, g, strut.i, strut.j);
    if (strut.i == strut.j) continue;
    graph[strut.i].insert(strut.j);
    graph[strut.j].insert(strut.i);
    conductances_[int64_t{n} * strut.i + strut.j] += g;
    conductances_[int64_t{n} * strut.j + strut.i] += g;
  }
  int32_t rank[small], near[small];  // of a node: its degree, then its number
  const auto rank_of = [&](int32_t i) { return graph[i].size() * small + i; };
  for (int32_t i = 0; i < n; ++i) rank[i] = rank_of(i);
  for (int32_t k = 0; k < n; ++k) {
    int32_t least = INT32_MAX;
    for (int32_t i = 0; i < n; ++i) least = std::min(least, rank[i]);
    const int32_t node = least % small;
    rank[node] = INT32_MAX;
    const NodeSet<1> star = graph[node];
    const Number* row = &conductances_[int64_t{n} * node];
    Number sum = 0.0, weight[small];
    int32_t count = 0;
    star.for_each([&](int32_t a) { sum += row[near[count++] = a]; });
    if (kept_) eliminated_.push_back({node, static_cast<int64_t>(neighbour_.size()), sum});
    if (!is_held(sum, count)) continue;
    take_energy(node, sum);
    const Number inverse = 1.0 / sum, *flux = &flux_[3 * node];
    for (int32_t e = 0; e < count; ++e) {
      const int32_t a = near[e];
      weight[e] = row[a] * inverse;
      for (int m = 0; m < 3; ++m) flux_[3 * a + m] = multiply_add(weight[e], flux[m], flux_[3 * a + m]);
      for (int32_t d = 0; d < e; ++d) {
        const int32_t b = near[d];
        Number& g = conductances_[int64_t{n} * a + b];
        conductances_[int64_t{n} * b + a] = g = multiply_add(weight[e], row[b], g);
      }
      graph[a].unite(star);
      graph[a].erase(a);
      graph[a].erase(node);
      rank[a] = rank_of(a);
    }
    if (!kept_) continue;
    neighbour_.insert(neighbour_.end(), near, near + count);
    weight_.insert(weight_.end(), weight, weight + count);
  }
}

// More nodes: conductances where the frame's factor has blocks, in its order.
template <class Number>
void Conductor<Number>::eliminate_large(const Lattice& lattice, const std::vector<StrutOf<Number>>& struts) {
  build_structure(lattice, structure_);
  const auto n = static_cast<int32_t>(lattice.num_nodes);
  conductances_.assign(structure_.num_blocks, Number(0.0));
  std::vector<int32_t> node_of(n);
  for (int32_t i = 0; i < n; ++i) node_of[structure_.position[i]] = i;
  const auto owner = [&](int32_t column) -> const Supernode& {
    return structure_.supernodes[structure_.supernode[column]];
  };
  const auto rows_of = [&](const Supernode& s) { return structure_.rows.data() + s.rows_begin; };
  const auto at = [&](const Supernode& s, int32_t a, int32_t column) -> Number& {
    return conductances_[s.blocks_begin + int64_t{a} * s.width + (column - s.first)];
  };
  for (const StrutOf<Number>& strut : struts) {
    const Number g = conductance_of(strut);
    spread(strut, g, strut.i, strut.j);
    if (strut.i == strut.j) continue;
    const auto [column, row] = std::minmax({structure_.position[strut.i], structure_.position[strut.j]});
    const Supernode& s = owner(column);
    const int32_t* rows = rows_of(s);
    at(s, static_cast<int32_t>(std::lower_bound(rows, rows + s.num_rows, row) - rows), column) += g;
  }
  for (int32_t k = 0; k < n; ++k) {
    const Supernode& s = owner(k);
    const int32_t *rows = rows_of(s), first = k - s.first + 1, last = s.num_rows - 1;  // the macro-strain is the last row
    Number sum = 0.0;
    for (int32_t a = first; a < last; ++a) sum += at(s, a, k);
    const int32_t node = node_of[k];
    if (kept_) eliminated_.push_back({node, static_cast<int64_t>(neighbour_.size()), sum});
    if (!is_held(sum, last - first)) continue;
    take_energy(node, sum);
    for (int32_t b = first; b < last; ++b) {
      const Number weight = at(s, b, k) / sum;
      const int32_t neighbour = node_of[rows[b]];
      if (kept_) neighbour_.push_back(neighbour), weight_.push_back(weight);
      for (int m = 0; m < 3; ++m)
        flux_[3 * neighbour + m] = multiply_add(weight, flux_[3 * node + m], flux_[3 * neighbour + m]);
      const Supernode& target = owner(rows[b]);
      const int32_t* target_rows = rows_of(target);
      for (int32_t a = b + 1, p = rows[b] - target.first + 1; a < last; ++a, ++p) {
        while (target_rows[p] != rows[a]) ++p;
        Number& g = at(target, p, rows[b]);
        g = multiply_add(weight, at(s, a, k), g);
      }
    }
  }
}

template <class Number>
const Number* Conductor<Number>::solve(const Lattice& lattice, const std::vector<StrutOf<Number>>& struts,
                                       Number* temperatures) {
  const auto n = static_cast<int32_t>(lattice.num_nodes);
  flux_.assign(3 * lattice.num_nodes, Number(0.0));
  std::fill(energy_, energy_ + 6, Number(0.0));
  kept_ = temperatures != nullptr;
  eliminated_.clear(), neighbour_.clear(), weight_.clear();
  n <= small ? eliminate_small(n, struts) : eliminate_large(lattice, struts);
  if (!temperatures) return energy_;
  auto end = static_cast<int64_t>(neighbour_.size());
  for (size_t k = eliminated_.size(); k-- > 0; end = eliminated_[k].begin) {
    const auto& [node, begin, sum] = eliminated_[k];
    Number* own = temperatures + 3 * int64_t{node};
    const bool held = is_held(sum, end - begin);
    for (int m = 0; m < 3; ++m) {
      own[m] = held ? flux_[3 * node + m] / sum : Number(0.0);
      for (int64_t e = begin; e < end; ++e)
        own[m] = multiply_add(weight_[e], temperatures[3 * int64_t{neighbour_[e]} + m], own[m]);
    }
  }
  return energy_;
}

template class Conductor<double>;
template class Conductor<Lanes>;

}  // namespace fl::frame
