// What makes a lattice unfit for the solve: geometry, duplicates, and pieces that are not three-periodic.
#include "frame/checks.h"

#include <algorithm>

#include "frame/order.h"

namespace fl::frame {

bool graph_is_valid(const Lattice& lattice) {
  if (lattice.num_nodes < 1 || lattice.num_nodes > max_nodes || lattice.num_struts > INT32_MAX / 8) return false;
  // Sums of bits, which vectors take: a number from 0 to `most` has no sign, and what it lacks of `most` has none.
  uint64_t signs = 0;
  const auto look = [&](uint64_t x, uint64_t most) { signs |= x | (most - x); };
  for (int64_t k = 0; k < 2 * lattice.num_struts; ++k)
    look(static_cast<uint64_t>(lattice.struts[k]), static_cast<uint64_t>(lattice.num_nodes - 1));
  for (int64_t k = 0; k < 3 * lattice.num_struts; ++k)
    look(static_cast<uint64_t>(lattice.shifts[k]) + uint64_t{max_shift}, 2 * uint64_t{max_shift});
  return signs >> 63 == 0;
}

Verdict Checker::check_graph(const Lattice& lattice) {
  Verdict verdict;
  if (!graph_is_valid(lattice)) {
    verdict.status = Status::invalid_input;
    return verdict;
  }
  if (const int64_t strut = find_duplicate(lattice); strut >= 0) {
    verdict.status = Status::duplicate_strut;
    verdict.offending = strut;
  }
  if (is_one_net(lattice))
    verdict.rank = 3;
  else
    find_pieces(lattice, verdict);
  return verdict;
}

Verdict Checker::check(const Lattice& lattice, const Verdict& graph, Discretisation discretisation,
                       std::vector<Strut>& struts) const {
  if (graph.status == Status::invalid_input) return graph;
  Verdict verdict;
  verdict.rank = graph.rank;
  measure(lattice, lattice.cell, lattice.positions, lattice.radii, struts);
  const CellShape cell(lattice.cell);
  const Soundness<double> sound(lattice.positions, lattice.num_nodes, struts, cell.longest);
  const bool cut = discretisation == Discretisation::abaqus_b31;
  if (!cell.sound || !sound.in_range) {
    verdict.status = Status::invalid_input;
  } else if (!sound.solid) {
    verdict.status = Status::zero_length_strut;
    const auto no_length = [&](const Strut& s) { return !(s.length > shortest_strut * cell.longest); };
    verdict.offending = std::find_if(struts.begin(), struts.end(), no_length) - struts.begin();
  } else if (cut && !cuts_are_few(lattice)) {
    verdict.status = Status::invalid_input;
  } else {
    verdict.beam_valid = sound.slender;
    verdict.status = graph.status;
    verdict.offending = graph.offending;
    if (cut && verdict.status == Status::ok) cut_cubes(lattice, &struts[0].cut_cubes, sizeof(Strut) / sizeof(double));
  }
  return verdict;
}

// The first strut that is an earlier one again, in either direction, or -1.
int64_t Checker::find_duplicate(const Lattice& lattice) {
  const int64_t count = lattice.num_struts;
  // Of small cells only struts whose nodes others join as well: often there are none.
  constexpr int64_t few = 64;
  NodeSet<1> joined[few], again[few];
  const bool small = lattice.num_nodes <= few;
  if (small) {
    uint64_t any = 0;
    for (int64_t k = 0; k < count; ++k) {
      const int64_t i = lattice.struts[2 * k], j = lattice.struts[2 * k + 1];
      const uint64_t at_j = uint64_t{1} << j, at_i = uint64_t{1} << i, found = joined[i].words[0] & at_j;
      any |= found;
      again[i].words[0] |= found;
      again[j].words[0] |= found ? at_i : 0;
      joined[i].words[0] |= at_j;
      joined[j].words[0] |= at_i;
    }
    if (!any) return -1;
  }
  size_t size = 16;
  while (size < 2 * static_cast<size_t>(count)) size *= 2;
  table_.assign(size, -1);  // open addressing
  keys_.resize(count);
  for (int64_t k = 0; k < count; ++k) {
    const uint64_t i = lattice.struts[2 * k], j = lattice.struts[2 * k + 1];
    if (small && !(again[i].words[0] >> j & 1)) continue;
    const int64_t* s = lattice.shifts + 3 * k;
    // Of the two directions take the one with i < j, or where i = j the one with the greater shift.
    constexpr uint64_t bias{max_shift}, bits = 20;
    const auto pack = [&](int64_t sign) {
      return (bias + sign * s[0]) << 2 * bits | (bias + sign * s[1]) << bits | (bias + sign * s[2]);
    };
    const uint64_t forward = pack(1), backward = pack(-1);
    Key& key = keys_[k];
    key.nodes = i < j ? i << 32 | j : j << 32 | i;
    key.shift = i != j ? (i < j ? forward : backward) : std::max(forward, backward);
    uint64_t hash = (key.nodes * 0x9E3779B97F4A7C15u) ^ (key.shift * 0xC2B2AE3D27D4EB4Fu);
    hash ^= hash >> 32;
    for (size_t slot = hash & (size - 1);; slot = (slot + 1) & (size - 1)) {
      if (table_[slot] < 0) {
        table_[slot] = static_cast<int32_t>(k);
        break;
      }
      if (keys_[table_[slot]] == key) return k;
    }
  }
  return -1;
}

void Checker::Span::add(const Shift& cycle) {
  const auto product = [&](int r, int c) { return static_cast<__int128>(static_cast<int64_t>(vector[r])) * cycle[c]; };
  const auto cross = [&](int r) { return product((r + 1) % 3, (r + 2) % 3) - product((r + 2) % 3, (r + 1) % 3); };
  if (rank == 0 && (cycle[0] || cycle[1] || cycle[2])) {
    for (int r = 0; r < 3; ++r) vector[r] = cycle[r];
    rank = 1;
  } else if (rank == 1) {
    const __int128 normal[3] = {cross(0), cross(1), cross(2)};
    if (normal[0] || normal[1] || normal[2]) std::copy(normal, normal + 3, vector), rank = 2;
  } else if (rank == 2 && vector[0] * cycle[0] + vector[1] * cycle[1] + vector[2] * cycle[2] != 0) {
    rank = 3;
  }
}

// Whether a cell of few nodes is one net and is seen to be: the struts, taken in their order a few times, lead from its
// first node to all others; and around cycles in three directions. Most lattices are; what others are, the pieces tell.
bool Checker::is_one_net(const Lattice& lattice) {
  constexpr int64_t few = 64;
  constexpr int passes = 4;
  if (lattice.num_nodes > few) return false;
  const uint64_t all = ~uint64_t{0} >> (few - lattice.num_nodes);
  uint64_t reached = 1;
  Shift offset[few];  // from the first node's cell to the one in which the node is reached
  offset[0] = {0, 0, 0};
  for (int pass = 0; reached != all; ++pass) {
    if (pass == passes) return false;
    for (int64_t k = 0; k < lattice.num_struts && reached != all; ++k) {
      const int64_t i = lattice.struts[2 * k], j = lattice.struts[2 * k + 1], *s = lattice.shifts + 3 * k;
      const bool forward = reached >> i & 1;
      if (forward == (reached >> j & 1)) continue;
      const int64_t from = forward ? i : j, to = forward ? j : i, sign = forward ? 1 : -1;
      for (int r = 0; r < 3; ++r) offset[to][r] = offset[from][r] + sign * s[r];
      reached |= uint64_t{1} << to;
    }
  }
  Span span;
  for (int64_t k = lattice.num_struts; k-- > 0;) {  // the last ones are seldom those that led to a node
    const int64_t i = lattice.struts[2 * k], j = lattice.struts[2 * k + 1], *s = lattice.shifts + 3 * k;
    const auto along = [&](int r) { return offset[i][r] + s[r] - offset[j][r]; };
    span.add({along(0), along(1), along(2)});
    if (span.rank == 3) return true;
  }
  return false;
}

// Root of a node's piece, and the shift from the root's cell to the cell in which the piece, followed along the
// tree, meets the node.
int32_t Checker::root(int32_t node, Shift& shift) {
  shift = {0, 0, 0};
  while (parent_[node] != node) {
    const int32_t up = parent_[node];
    for (int r = 0; r < 3; ++r) shift[r] += (offset_[node][r] += offset_[up][r]);
    parent_[node] = parent_[up];  // halve the path; a root's own offset is zero
    node = parent_[node];
  }
  return node;
}

// Connected pieces by union-find with shifts; struts that close a cycle give the vectors along which a piece repeats.
void Checker::find_pieces(const Lattice& lattice, Verdict& verdict) {
  const auto num_nodes = static_cast<int32_t>(lattice.num_nodes);
  parent_.resize(num_nodes);
  for (int32_t i = 0; i < num_nodes; ++i) parent_[i] = i;
  offset_.assign(num_nodes, Shift{0, 0, 0});
  touched_.assign(num_nodes, 0);
  closing_.clear();
  int32_t pieces = num_nodes;
  Shift from, to;
  for (int64_t k = 0; k < lattice.num_struts; ++k) {
    const auto i = static_cast<int32_t>(lattice.struts[2 * k]), j = static_cast<int32_t>(lattice.struts[2 * k + 1]);
    const int64_t* s = lattice.shifts + 3 * k;
    touched_[i] = touched_[j] = 1;
    const int32_t a = root(i, from), b = root(j, to);
    if (a == b) {
      closing_.push_back(static_cast<int32_t>(k));
    } else {
      --pieces;
      parent_[b] = a;
      for (int r = 0; r < 3; ++r) offset_[b][r] = from[r] + s[r] - to[r];
    }
  }
  spans_.assign(num_nodes, Span{});
  for (const int32_t k : closing_) {
    const auto i = static_cast<int32_t>(lattice.struts[2 * k]), j = static_cast<int32_t>(lattice.struts[2 * k + 1]);
    Span& span = spans_[root(i, from)];
    if (span.rank == 3) {
      if (pieces > 1) continue;
      verdict.rank = 3;
      return;
    }
    root(j, to);
    const int64_t* s = lattice.shifts + 3 * k;
    span.add({from[0] + s[0] - to[0], from[1] + s[1] - to[1], from[2] + s[2] - to[2]});
  }
  int32_t lowest = 3, highest = 0, isolated = -1, loose = -1;
  for (int32_t i = num_nodes - 1; i >= 0; --i) {
    const int32_t rank = spans_[root(i, from)].rank;
    if (rank < 3) loose = i;
    if (!touched_[i]) isolated = i;
    lowest = std::min(lowest, rank);
    highest = std::max(highest, rank);
  }
  verdict.rank = lowest;
  if (verdict.status != Status::ok || lowest == 3) return;
  verdict.status = isolated >= 0  ? Status::isolated_node
                   : highest == 3 ? Status::floating_piece
                                  : Status::not_three_periodic;
  verdict.offending = isolated >= 0 ? isolated : loose;
}

}  // namespace fl::frame
