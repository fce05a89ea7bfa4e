#include "lattice/edge_graph.h"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <string>

namespace fl {
namespace {

constexpr int64_t edges_per_piece = 128, nodes_per_piece = 64;  // at least
constexpr int64_t edges_per_tile = 192, nodes_per_tile = 96;    // at most, but for one node's
constexpr int64_t pieces_per_part = 4, most_parts = 64;         // a part has sums of its own for all weights

// Ranges of consecutive nodes that must not be cut: open() counts those that stand open before each node.
class Ranges {
 public:
  explicit Ranges(int64_t count) : low_(count, std::numeric_limits<int64_t>::max()), high_(count, -1) {}
  void add(int64_t range, int64_t node) {
    low_[range] = std::min(low_[range], node);
    high_[range] = std::max(high_[range], node);
  }
  void open(Index& count) const {
    for (std::size_t n = 0; n < low_.size(); ++n)
      if (high_[n] > low_[n]) ++count[low_[n] + 1], --count[high_[n] + 1];
  }

 private:
  Index low_, high_;
};

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
    : nodes(nodes), edges(edges), sender(edges), receiver(edges), strut(edges) {
  check_index(edge_index, 2 * edges, nodes, "edge_index", "nodes");
  if (!struts && rows != edges)
    throw std::out_of_range(std::to_string(rows) + " rows for " + std::to_string(edges) + " edges that have their own");
  if (struts) check_index(struts, edges, rows, "strut", "rows of hidden");
  edge = sorted_by({edge_index + edges, edge_index + 2 * edges}, nodes, starts);
  Index number(rows, -1);
  for (int64_t e = 0; e < edges; ++e) {
    sender[e] = edge_index[edge[e]];
    receiver[e] = edge_index[edges + edge[e]];
    const int64_t theirs = struts ? struts[edge[e]] : edge[e];
    if (number[theirs] < 0) {
      number[theirs] = static_cast<int64_t>(row.size());
      row.push_back(theirs);
    }
    strut[e] = number[theirs];
  }
  this->struts = static_cast<int64_t>(row.size());
}

Index EdgeGraph::pieces(const int64_t* lattice) const {
  Ranges of_struts(struts), of_lattices(lattice && nodes ? *std::max_element(lattice, lattice + nodes) + 1 : 0);
  for (int64_t e = 0; e < edges; ++e) of_struts.add(strut[e], sender[e]), of_struts.add(strut[e], receiver[e]);
  for (int64_t node = 0; lattice && node < nodes; ++node) of_lattices.add(lattice[node], node);
  Index open(nodes + 1);
  of_struts.open(open), of_lattices.open(open);
  Index cuts = {0};
  for (int64_t node = 1, standing = open[0]; node < nodes; ++node) {
    standing += open[node];
    const bool enough = node - cuts.back() >= nodes_per_piece || starts[node] - starts[cuts.back()] >= edges_per_piece;
    if (!standing && enough) cuts.push_back(node);
  }
  if (nodes) cuts.push_back(nodes);
  return cuts;
}

Index EdgeGraph::parts(const Index& pieces) const {
  const int64_t count = static_cast<int64_t>(pieces.size()) - 1;
  int64_t number = 1;  // a power of two: two, four or eight threads get equal shares
  while (number < most_parts && number * pieces_per_part < count) number *= 2;
  const auto work = [&](int64_t piece) { return starts[pieces[piece]] + pieces[piece]; };  // before this piece
  Index cuts = {0};
  for (int64_t piece = 1; piece < count; ++piece)
    if (work(piece) * number >= work(count) * static_cast<int64_t>(cuts.size())) cuts.push_back(piece);
  cuts.push_back(count);
  return cuts;
}

Piece::Piece(const EdgeGraph& graph, int64_t begin, int64_t end) : graph(&graph), begin(begin), end(end) {
  const auto first = graph.strut.begin() + graph.starts[begin], last = graph.strut.begin() + graph.starts[end];
  first_strut = first == last ? 0 : *first;  // they are numbered as they appear
  struts = first == last ? 0 : *std::max_element(first, last) + 1 - first_strut;
}

void Piece::tiles(Index& cuts) const {
  cuts.assign(1, 0);
  const Index& starts = graph->starts;
  const int64_t parts = std::max((nodes() + nodes_per_tile - 1) / nodes_per_tile,
                                 (edges() + edges_per_tile - 1) / edges_per_tile);
  const int64_t fair = parts ? (edges() + parts - 1) / parts : 0;  // edges of a tile
  for (int64_t node = begin + 1; node < end; ++node) {
    const int64_t size = node - begin - cuts.back(), inside = starts[node] - starts[begin + cuts.back()];
    if (size >= nodes_per_tile || (inside && inside + (starts[node + 1] - starts[node]) / 2 > fair))
      cuts.push_back(node - begin);
  }
  if (nodes()) cuts.push_back(nodes());
}

void EdgeTile::set(const Piece& piece, int64_t begin, int64_t end) {
  const EdgeGraph& graph = *piece.graph;
  const int64_t first = graph.starts[piece.begin + begin], last = graph.starts[piece.begin + end];
  offsets.clear(), row.clear(), strut.clear();
  place_.assign(piece.struts, -1);
  for (int64_t node = begin; node <= end; ++node) offsets.push_back(graph.starts[piece.begin + node] - first);
  edge.assign(graph.edge.begin() + first, graph.edge.begin() + last);
  sender.resize(last - first);
  for (int64_t e = first; e < last; ++e) {
    sender[e - first] = graph.sender[e] - piece.begin;
    int64_t& place = place_[graph.strut[e] - piece.first_strut];
    if (place < 0) {
      place = static_cast<int64_t>(strut.size());
      strut.push_back(graph.strut[e] - piece.first_strut);
    }
    row.push_back(place);
  }
}

void ReverseTile::set(const Piece& piece) {
  receiver.clear(), senders_.clear();
  for (int64_t e = piece.first_edge(); e < piece.first_edge() + piece.edges(); ++e) {
    receiver.push_back(piece.graph->receiver[e] - piece.begin);
    senders_.push_back(piece.graph->sender[e] - piece.begin);
  }
  by_sender = sorted_by(senders_, piece.nodes(), starts_);
}

}  // namespace fl
