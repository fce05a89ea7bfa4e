// A graph with its edges sorted by receiver, cut into pieces and tiles.
//
// A piece is some consecutive nodes that no edge, strut or lattice leaves: one lattice, or a few small ones. One thread
// takes it through a whole network. A tile is some consecutive receivers of a piece, as many as the kernels of one layer
// keep in the cache. Neither ever changes a node's result, so the output is the same whatever else is in a batch.
#pragma once
#include <cstdint>
#include <vector>

#include "base/pool.h"

namespace fl {

using Index = std::vector<int64_t>;

// The numbers [0, keys.size()) sorted by key in [0, count), stably, and where each key starts.
Index sorted_by(const Index& keys, int64_t count, Index& starts);

// Throws std::out_of_range unless all of index[size] are in [0, count), which is the number of `of`.
void check_index(const int64_t* index, int64_t size, int64_t count, const char* name, const char* of);

struct EdgeGraph {
  int64_t nodes, edges, struts;
  Index edge, sender, receiver, starts;  // edge: number in the caller's order; starts [nodes + 1]: of each receiver's
  Index strut;                           // of each edge, numbered as they appear here, so that a piece's are consecutive
  Index row;                             // of each strut: the caller's number

  // edge_index [2, edges]: senders, then receivers; strut [edges] below `rows`, or null: each edge is its own.
  EdgeGraph(int64_t nodes, int64_t edges, int64_t rows, const int64_t* edge_index, const int64_t* strut);

  // Nodes at which pieces start, and the number of nodes at the end. `lattice` [nodes] may be null.
  Index pieces(const int64_t* lattice) const;
  // Numbers of the pieces at which parts of about as many edges each start, and the number of pieces at the end.
  Index parts(const Index& pieces) const;
};

// Consecutive nodes, and struts, of a graph.
struct Piece {
  const EdgeGraph* graph;
  int64_t begin, end, first_strut, struts;

  Piece(const EdgeGraph& graph, int64_t begin, int64_t end);
  int64_t nodes() const { return end - begin; }
  int64_t first_edge() const { return graph->starts[begin]; }
  int64_t edges() const { return graph->starts[end] - first_edge(); }
  bool large() const { return nodes() >= 256 || edges() >= 2048; }
  // Nodes, counted from the piece's first, at which tiles start, and the number of nodes at the end.
  void tiles(Index& starts) const;
};

// Calls work(threads, number, piece) for the pieces that `cuts` makes. Small ones are shared among the threads, each
// taken by one; large ones are taken by all, one after another. `number` is that of the first thread at work.
template <class Work>
void for_each_piece(int32_t threads, const EdgeGraph& graph, const Index& cuts, const Work& work) {
  const int64_t count = static_cast<int64_t>(cuts.size()) - 1;
  parallel_for(threads, count, 1, [&](int32_t number, int64_t n, int64_t) {
    const Piece piece(graph, cuts[n], cuts[n + 1]);
    if (!piece.large()) work(1, number, piece);
  });
  for (int64_t n = 0; n < count; ++n) {
    const Piece piece(graph, cuts[n], cuts[n + 1]);
    if (piece.large()) work(threads, 0, piece);
  }
}

// The edges into some consecutive nodes of a piece. Nodes and struts are counted from the piece's first.
struct EdgeTile {
  Index offsets;        // [nodes + 1] where the edges of each receiver start
  Index sender, edge;   // [edges] node of the piece; the caller's number
  Index row;            // [edges] which of `strut`
  Index strut;          // struts of the piece, each once

  void set(const Piece& piece, int64_t begin, int64_t end);
  int64_t nodes() const { return static_cast<int64_t>(offsets.size()) - 1; }
  int64_t edges() const { return static_cast<int64_t>(row.size()); }

 private:
  Index place_;  // of each strut of the piece: -1, or its place in `strut`
};

// All edges of a piece seen from their other ends.
struct ReverseTile {
  Index receiver;   // [edges] node of the piece
  Index by_sender;  // [edges] the piece's edges, sorted by sender

  void set(const Piece& piece);

 private:
  Index senders_, starts_;
};

}  // namespace fl
