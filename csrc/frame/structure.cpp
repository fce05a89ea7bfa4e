// Symbolic factorisation: an elimination order, and from it the supernodes of the factor.
#include <unistd.h>

#include <algorithm>
#include <new>

#include "frame/block.h"
#include "frame/order.h"

namespace fl::frame {
namespace {

// Supernodes wider than this are split, so that a row of blocks (12 KB) stays in the first cache.
constexpr int32_t widest_supernode = 32;

// Opens a supernode for columns [first, first + width) with the rows `below` them and the macro-strain.
template <class Below>
void append_supernode(Structure& s, int32_t first, int32_t width, const Below& for_each_below, int32_t macro) {
  const auto begin = static_cast<int64_t>(s.rows.size());
  for (int32_t c = first; c < first + width; ++c) {
    s.supernode[c] = static_cast<int32_t>(s.supernodes.size());
    s.rows.push_back(c);
  }
  for_each_below([&](int32_t row) { s.rows.push_back(row); });
  s.rows.push_back(macro);
  const auto num_rows = static_cast<int32_t>(s.rows.size() - begin);
  s.supernodes.push_back({first, width, num_rows, begin, s.num_blocks});
  s.num_blocks += int64_t{num_rows} * width;
}

void append_macro_strain(Structure& s, int32_t macro) {
  s.supernode[macro] = static_cast<int32_t>(s.supernodes.size());
  s.supernodes.push_back({macro, 1, 1, static_cast<int64_t>(s.rows.size()), s.num_blocks});
  s.rows.push_back(macro);
  ++s.num_blocks;
}

// Up to 64 nodes: minimum degree gives the patterns along with the order.
void build_small(const Lattice& lattice, Structure& s) {
  const auto n = static_cast<int32_t>(lattice.num_nodes);
  NodeSet<1> graph[64];
  int32_t order[64];
  for (int64_t k = 0; k < lattice.num_struts; ++k) {
    const auto i = static_cast<int32_t>(lattice.struts[2 * k]), j = static_cast<int32_t>(lattice.struts[2 * k + 1]);
    graph[i].insert(j);
    graph[j].insert(i);
  }
  for (int32_t i = 0; i < n; ++i) graph[i].erase(i);
  minimum_degree(n, graph, order);
  for (int32_t k = 0; k < n; ++k) s.position[order[k]] = k;
  NodeSet<1> pattern[65];
  for (int32_t k = 0; k < n; ++k) graph[order[k]].for_each([&](int32_t i) { pattern[k].insert(s.position[i]); });
  for (int32_t first = 0, next; first < n; first = next) {
    // The next column joins while it has the same rows.
    for (next = first + 1; next < n; ++next) {
      NodeSet<1> expected = pattern[next];
      expected.insert(next);
      if (expected.words != pattern[next - 1].words) break;
    }
    append_supernode(s, first, next - first, [&](auto&& push) { pattern[next - 1].for_each(push); }, n);
  }
}

Adjacency adjacency(const Lattice& lattice) {
  Adjacency graph;
  graph.begin.assign(lattice.num_nodes + 1, 0);
  for (int64_t k = 0; k < 2 * lattice.num_struts; ++k) ++graph.begin[lattice.struts[k] + 1];
  for (int64_t i = 0; i < lattice.num_nodes; ++i) graph.begin[i + 1] += graph.begin[i];
  graph.neighbours.resize(2 * lattice.num_struts);
  std::vector<int64_t> next(graph.begin.begin(), graph.begin.end() - 1);
  for (int64_t k = 0; k < lattice.num_struts; ++k) {
    const int64_t i = lattice.struts[2 * k], j = lattice.struts[2 * k + 1];
    graph.neighbours[next[i]++] = static_cast<int32_t>(j);
    graph.neighbours[next[j]++] = static_cast<int32_t>(i);
  }
  return graph;
}

// Node positions within the cell, along its vectors, in units of length.
std::vector<double> wrapped_coordinates(const Lattice& lattice) {
  double to_cell[9];
  inverse(lattice.cell, to_cell);
  std::vector<double> coordinates(3 * lattice.num_nodes);
  for (int64_t i = 0; i < lattice.num_nodes; ++i)
    for (int r = 0; r < 3; ++r) {
      const double* x = lattice.positions + 3 * i;
      const double* vector = lattice.cell + 3 * r;
      double f = x[0] * to_cell[r] + x[1] * to_cell[3 + r] + x[2] * to_cell[6 + r];
      f -= std::floor(f + 1e-9);  // a node on the face x = 0 stays there whatever its rounding
      coordinates[3 * i + r] =
          f * std::sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2]);
    }
  return coordinates;
}

// Parent of each column in the elimination tree (Liu 1990), -1 for a root.
std::vector<int32_t> elimination_tree(const Adjacency& graph, const std::vector<int32_t>& order,
                                      const std::vector<int32_t>& position) {
  const auto n = static_cast<int32_t>(order.size());
  std::vector<int32_t> parent(n, -1), ancestor(n, -1);
  for (int32_t k = 0; k < n; ++k)
    for (int64_t e = graph.begin[order[k]]; e < graph.begin[order[k] + 1]; ++e)
      for (int32_t c = position[graph.neighbours[e]]; c < k;) {
        const int32_t up = ancestor[c];
        ancestor[c] = k;
        if (up < 0) parent[c] = k;
        if (up < 0 || up == k) break;
        c = up;
      }
  return parent;
}

// Relabels the order so that each subtree's columns stand together, a column's last child right before it.
std::vector<int32_t> postorder(const std::vector<int32_t>& order, const std::vector<int32_t>& parent) {
  const auto n = static_cast<int32_t>(order.size());
  std::vector<int32_t> first_child(n + 1, -1), sibling(n, -1), result, stack;
  for (int32_t k = n - 1; k >= 0; --k) {
    const int32_t up = parent[k] < 0 ? n : parent[k];
    sibling[k] = first_child[up];
    first_child[up] = k;
  }
  result.reserve(n);
  stack.push_back(n);
  while (!stack.empty()) {
    const int32_t k = stack.back();
    if (const int32_t child = first_child[k]; child >= 0) {
      first_child[k] = sibling[child];
      stack.push_back(child);
    } else {
      stack.pop_back();
      if (k < n) result.push_back(order[k]);
    }
  }
  return result;
}

void build_large(const Lattice& lattice, Structure& s) {
  const auto n = static_cast<int32_t>(lattice.num_nodes);
  const Adjacency graph = adjacency(lattice);
  std::vector<int32_t> order = elimination_order(graph, wrapped_coordinates(lattice));
  const auto place = [&] {
    for (int32_t k = 0; k < n; ++k) s.position[order[k]] = k;
  };
  place();
  order = postorder(order, elimination_tree(graph, order, s.position));
  place();

  // Pattern of a column: its neighbours after it, and what its children leave. A column is a child of the first in its
  // pattern.
  std::vector<int32_t> rows, mark(n, -1), child(n, -1), sibling(n, -1);
  std::vector<int64_t> begin(1, 0);
  const auto size = [&](int32_t k) { return begin[k + 1] - begin[k]; };
  for (int32_t k = 0; k < n; ++k) {
    const auto take = [&](int32_t row) {
      if (row > k && mark[row] != k) mark[row] = k, rows.push_back(row);
    };
    for (int64_t e = graph.begin[order[k]]; e < graph.begin[order[k] + 1]; ++e) take(s.position[graph.neighbours[e]]);
    for (int32_t c = child[k]; c >= 0; c = sibling[c])
      for (int64_t e = begin[c]; e < begin[c + 1]; ++e) take(rows[e]);
    begin.push_back(static_cast<int64_t>(rows.size()));
    if (begin.back() + k + 1 > most_blocks) throw std::bad_alloc();
    if (size(k) == 0) continue;
    std::sort(rows.begin() + begin[k], rows.end());
    const int32_t parent = rows[begin[k]];
    sibling[k] = child[parent];
    child[parent] = k;
  }
  for (int32_t first = 0, next; first < n; first = next) {
    // A parent joins its last child while few of the blocks that this adds to their columns are zero.
    int64_t filled = 1 + size(first);
    for (next = first + 1; next < n && next - first < widest_supernode; ++next) {
      if (size(next - 1) == 0 || rows[begin[next - 1]] != next) break;
      const int64_t width = next - first + 1, below = size(next);
      const int64_t stored = width * (width + 1) / 2 + width * below;
      if (10 * (stored - filled - 1 - below) > stored) break;
      filled += 1 + below;
    }
    const auto for_each_below = [&](auto&& push) {
      std::for_each(rows.begin() + begin[next - 1], rows.begin() + begin[next], push);
    };
    append_supernode(s, first, next - first, for_each_below, n);
  }
}

}  // namespace

int64_t most_blocks = sysconf(_SC_PHYS_PAGES) / static_cast<int64_t>(sizeof(Block)) * sysconf(_SC_PAGESIZE);

void build_structure(const Lattice& lattice, Structure& s) {
  const auto n = static_cast<int32_t>(lattice.num_nodes);
  s.position.resize(n + 1);
  s.supernode.resize(n + 1);
  s.supernodes.clear();
  s.rows.clear();
  s.num_blocks = 0;
  s.position[n] = n;
  n <= 64 ? build_small(lattice, s) : build_large(lattice, s);
  append_macro_strain(s, n);
}

}  // namespace fl::frame
