// Elimination orders: exact minimum degree on bit sets for small graphs, nested dissection by place for large ones.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

namespace fl::frame {

// A set of up to 64 Words nodes.
template <int Words>
struct NodeSet {
  std::array<uint64_t, Words> words{};

  void insert(int32_t node) { words[node >> 6] |= uint64_t{1} << (node & 63); }
  void erase(int32_t node) { words[node >> 6] &= ~(uint64_t{1} << (node & 63)); }
  void unite(const NodeSet& other) {
    for (int w = 0; w < Words; ++w) words[w] |= other.words[w];
  }
  void subtract(const NodeSet& other) {
    for (int w = 0; w < Words; ++w) words[w] &= ~other.words[w];
  }
  int32_t size() const {
    int32_t total = 0;
    for (int w = 0; w < Words; ++w) total += __builtin_popcountll(words[w]);
    return total;
  }
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (int w = 0; w < Words; ++w)
      for (uint64_t rest = words[w]; rest; rest &= rest - 1) visit(64 * w + __builtin_ctzll(rest));
  }
};

// Of the nodes of a graph that are left: which has the fewest neighbours, and of those is the first?
template <int Words>
class Degrees {
 public:
  Degrees(const NodeSet<Words>* graph, int32_t num_nodes) : end_((num_nodes + at_once - 1) / at_once * at_once) {
    for (int32_t i = 0; i < num_nodes; ++i) set(i, graph[i].size());
    for (int32_t i = num_nodes; i < end_; ++i) rank_[i] = INT32_MAX;
  }
  void set(int32_t node, int32_t degree) { rank_[node] = degree * most + node; }
  // That node, which is no longer left.
  int32_t take() {
    int32_t least[at_once];
    for (int32_t& x : least) x = INT32_MAX;
    for (int32_t i = 0; i < end_; i += at_once)
      for (int32_t k = 0; k < at_once; ++k) least[k] = least[k] < rank_[i + k] ? least[k] : rank_[i + k];
    int32_t first = least[0];
    for (const int32_t x : least) first = x < first ? x : first;
    rank_[first % most] = INT32_MAX;
    return first % most;
  }

 private:
  static constexpr int32_t most = 64 * Words, at_once = 16;  // a vector's
  int32_t end_, rank_[most];
};

// Eliminates a node of least degree, joins its neighbours to a clique, and so on. `graph` holds the neighbours of
// each node and ends as the neighbours each node had when it was eliminated: the pattern of its column of the factor.
template <int Words>
void minimum_degree(int32_t num_nodes, NodeSet<Words>* graph, int32_t* order) {
  Degrees<Words> degrees(graph, num_nodes);
  for (int32_t k = 0; k < num_nodes; ++k) {
    const int32_t best = order[k] = degrees.take();
    const NodeSet<Words> clique = graph[best];
    clique.for_each([&](int32_t i) {
      graph[i].unite(clique);
      graph[i].erase(i);
      graph[i].erase(best);
      degrees.set(i, graph[i].size());
    });
  }
}

// Neighbours of every node: node i's are neighbours[begin[i]:begin[i + 1]], perhaps several times.
struct Adjacency {
  std::vector<int64_t> begin;
  std::vector<int32_t> neighbours;
};

// An elimination order. Up to 256 nodes: minimum degree. Above: nested dissection by place, that is, halve the nodes by
// a coordinate, eliminate the nodes on the border last, go on inside the halves; pieces of at most 64 nodes are left
// to minimum degree. coordinates: [N, 3], any scale.
std::vector<int32_t> elimination_order(const Adjacency& graph, const std::vector<double>& coordinates);

}  // namespace fl::frame
