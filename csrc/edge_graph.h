// A graph with its edges sorted by receiver, cut into tiles that one thread works on with everything in its cache.
//
// A tile never changes a node's result, so the output is the same whatever else is in a batch. Forward, a tile is some
// consecutive receivers. Backward, it is a piece of the graph that no edge leaves: one lattice or a few small ones.
#pragma once
#include <cstdint>
#include <vector>

namespace fl {

using Index = std::vector<int64_t>;

// The numbers [0, keys.size()) sorted by key in [0, count), stably, and where each key starts.
Index sorted_by(const Index& keys, int64_t count, Index& starts);

// Throws std::out_of_range unless all of index[size] are in [0, count), which is the number of `of`.
void check_index(const int64_t* index, int64_t size, int64_t count, const char* name, const char* of);

struct EdgeGraph {
  int64_t nodes, edges, rows;
  Index edge, sender, receiver, strut, starts;  // edge: number in the caller's order; strut: row of the struts' arrays

  // edge_index [2, edges]: senders, then receivers; struts [edges] below `rows`, or null: each edge has its own row.
  EdgeGraph(int64_t nodes, int64_t edges, int64_t rows, const int64_t* edge_index, const int64_t* struts);

  // Nodes at which tiles start, and the number of nodes at the end.
  Index forward_tiles() const;
  Index backward_tiles() const;
};

// The edges into some consecutive nodes, and the struts that they belong to.
struct EdgeTile {
  int64_t first = 0;  // edge of the graph
  Index offsets;      // [nodes + 1] where the edges of each receiver start
  Index row;          // [edges] which of `strut`
  Index strut;        // rows of the struts' arrays, each once

  void set(const EdgeGraph& graph, int64_t begin, int64_t end);
  int64_t edges() const { return static_cast<int64_t>(row.size()); }

 private:
  Index place_;  // of each strut of the graph: -1, or its place in `strut`
};

// A closed tile's edges seen from their other ends.
struct ReverseTile {
  Index receiver;   // [edges] which of the tile's nodes
  Index by_sender;  // [edges] the tile's edges, sorted by sender

  void set(const EdgeGraph& graph, int64_t begin, int64_t end);

 private:
  Index senders_, starts_;
};

}  // namespace fl
