#include "edge_graph.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

namespace fl {
namespace {

constexpr int64_t edges_per_tile = 128, nodes_per_tile = 64;

// Nodes at which tiles start: may(node, nodes and edges of the tile so far) says where one may.
template <class May>
Index cut(const EdgeGraph& graph, const May& may) {
  Index tiles = {0};
  for (int64_t node = 1; node < graph.nodes; ++node)
    if (may(node, node - tiles.back(), graph.starts[node] - graph.starts[tiles.back()])) tiles.push_back(node);
  if (graph.nodes) tiles.push_back(graph.nodes);
  return tiles;
}

}  // namespace

Index sorted_by(const Index& keys, int64_t count, Index& starts) {
  starts.assign(count + 1, 0);
  for (const int64_t key : keys) ++starts[key + 1];
  for (int64_t n = 0; n < count; ++n) starts[n + 1] += starts[n];
  Index order(keys.size()), next(starts.begin(), starts.end() - 1);
  for (std::size_t e = 0; e < keys.size(); ++e) order[next[keys[e]]++] = static_cast<int64_t>(e);
  return order;
}

void check_index(const int64_t* index, int64_t size, int64_t count, const char* name, const char* of) {
  for (int64_t n = 0; n < size; ++n)
    if (index[n] < 0 || index[n] >= count)
      throw std::out_of_range(std::string(name) + " holds " + std::to_string(index[n]) + ", but there are " +
                              std::to_string(count) + " " + of);
}

EdgeGraph::EdgeGraph(int64_t nodes, int64_t edges, int64_t rows, const int64_t* edge_index, const int64_t* struts)
    : nodes(nodes), edges(edges), rows(rows), sender(edges), receiver(edges), strut(edges) {
  check_index(edge_index, 2 * edges, nodes, "edge_index", "nodes");
  if (struts) check_index(struts, edges, rows, "strut", "rows of hidden");
  edge = sorted_by({edge_index + edges, edge_index + 2 * edges}, nodes, starts);
  for (int64_t e = 0; e < edges; ++e) {
    sender[e] = edge_index[edge[e]];
    receiver[e] = edge_index[edges + edge[e]];
    strut[e] = struts ? struts[edge[e]] : edge[e];
  }
}

Index EdgeGraph::forward_tiles() const {
  return cut(*this, [&](int64_t node, int64_t nodes, int64_t edges) {
    return nodes >= nodes_per_tile || edges + starts[node + 1] - starts[node] > edges_per_tile;
  });
}

// A cut is closed if the edges of no strut are, or reach, on both of its sides.
Index EdgeGraph::backward_tiles() const {
  Index low(rows, std::numeric_limits<int64_t>::max()), high(rows, -1), open(nodes + 1);
  for (int64_t e = 0; e < edges; ++e) {
    int64_t &least = low[strut[e]], &most = high[strut[e]];
    least = std::min({least, sender[e], receiver[e]});
    most = std::max({most, sender[e], receiver[e]});
  }
  for (int64_t row = 0; row < rows; ++row)
    if (high[row] > low[row]) ++open[low[row] + 1], --open[high[row] + 1];
  for (int64_t node = 0; node < nodes; ++node) open[node + 1] += open[node];
  return cut(*this, [&](int64_t node, int64_t size, int64_t inside) {
    return !open[node] && (size >= nodes_per_tile || inside >= edges_per_tile);
  });
}

void EdgeTile::set(const EdgeGraph& graph, int64_t begin, int64_t end) {
  first = graph.starts[begin];
  offsets.clear(), row.clear(), strut.clear();
  place_.resize(graph.rows, -1);
  for (int64_t node = begin; node <= end; ++node) offsets.push_back(graph.starts[node] - first);
  for (int64_t e = first; e < graph.starts[end]; ++e) {
    int64_t& place = place_[graph.strut[e]];
    if (place < 0) {
      place = static_cast<int64_t>(strut.size());
      strut.push_back(graph.strut[e]);
    }
    row.push_back(place);
  }
  for (const int64_t s : strut) place_[s] = -1;
}

void ReverseTile::set(const EdgeGraph& graph, int64_t begin, int64_t end) {
  const int64_t first = graph.starts[begin], last = graph.starts[end];
  receiver.clear(), senders_.clear();
  for (int64_t e = first; e < last; ++e) {
    receiver.push_back(graph.receiver[e] - begin);
    senders_.push_back(graph.sender[e] - begin);
  }
  by_sender = sorted_by(senders_, end - begin, starts_);
}

}  // namespace fl
