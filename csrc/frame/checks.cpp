// What makes a lattice unfit for the solve: geometry, duplicates, and pieces that are not three-periodic.
#include <algorithm>
#include <limits>

#include "frame/frame.h"

namespace fl::frame {
namespace {

// Shifts and node counts within these bounds keep the exact integer arithmetic of Span below 2^127.
constexpr uint64_t max_shift = uint64_t{1} << 18;
constexpr int64_t max_nodes = int64_t{1} << 20;
// Faces of cells that all struts of a lattice may cross together: struts are cut there for abaqus_b31.
constexpr double max_cuts = 1 << 20;
// As for fastlattice.Lattice: a cell flatter than this has no volume.
constexpr double flattest_cell = 1e-9;
// Struts no longer than the rounding of their ends' coordinates, relative to the longest lattice vector.
constexpr double shortest_strut = 1e-12;
// Beam theory ends where struts become this stocky. (A strut shorter than its diameter has r/L > 0.5.)
constexpr double stockiest_strut = 0.25;

// Whether no value exceeds `bound`; none does that is NaN.
bool all_within(const double* values, int64_t count, double bound) {
  bool within = true;
  for (int64_t k = 0; k < count; ++k) within &= std::abs(values[k]) <= bound;
  return within;
}

// A strut in fractional coordinates: from `start` to `end` along each axis. Faces of cells are where one is an integer.
struct FractionalStrut {
  double start[3] = {}, end[3] = {};

  FractionalStrut(const Lattice& lattice, const double inverse_cell[9], int64_t strut) {
    const double* xi = lattice.positions + 3 * lattice.struts[2 * strut];
    const double* xj = lattice.positions + 3 * lattice.struts[2 * strut + 1];
    for (int r = 0; r < 3; ++r) {
      end[r] = static_cast<double>(lattice.shifts[3 * strut + r]);
      for (int m = 0; m < 3; ++m) {
        start[r] += xi[m] * inverse_cell[3 * m + r];
        end[r] += xj[m] * inverse_cell[3 * m + r];
      }
    }
  }

  // An end that lies on a face, but for rounding, is not cut there.
  static constexpr double touching = 1e-9;
  double first_face(int r) const { return std::ceil(std::min(start[r], end[r]) + touching); }
  double last_face(int r) const { return std::floor(std::max(start[r], end[r]) - touching); }
};

// Whether faces cut the struts in so few places that they can be listed.
bool cuts_are_few(const Lattice& lattice) {
  double inverse_cell[9], cuts = 0;
  inverse(lattice.cell, inverse_cell);
  for (int64_t strut = 0; strut < lattice.num_struts; ++strut) {
    const FractionalStrut f(lattice, inverse_cell, strut);
    for (int r = 0; r < 3; ++r) cuts += std::max(0.0, f.last_face(r) - f.first_face(r) + 1);
  }
  return cuts <= max_cuts;
}

}  // namespace

bool graph_is_valid(const Lattice& lattice) {
  if (lattice.num_nodes < 1 || lattice.num_nodes > max_nodes || lattice.num_struts > INT32_MAX / 8) return false;
  bool valid = true;
  for (int64_t k = 0; k < 2 * lattice.num_struts; ++k)
    valid &= static_cast<uint64_t>(lattice.struts[k]) < static_cast<uint64_t>(lattice.num_nodes);
  for (int64_t k = 0; k < 3 * lattice.num_struts; ++k)
    valid &= static_cast<uint64_t>(lattice.shifts[k]) + max_shift <= 2 * max_shift;
  return valid;
}

Verdict Checker::check_graph(const Lattice& lattice) {
  Verdict verdict;
  if (!graph_is_valid(lattice)) {
    verdict.status = Status::invalid_input;
    return verdict;
  }
  if (const int64_t strut = find_duplicate(lattice); strut >= 0) {
    verdict.status = Status::duplicate_strut;
    verdict.where = strut;
  }
  find_pieces(lattice, verdict);
  return verdict;
}

Verdict Checker::check(const Lattice& lattice, const Verdict& graph, const Material& material,
                       std::vector<Strut>& struts) {
  if (graph.status == Status::invalid_input) return graph;
  measure(lattice, struts);
  Verdict verdict;
  find_senseless(lattice, struts, verdict);
  const bool cut = material.discretisation == Discretisation::abaqus_b31;
  if (verdict.status == Status::ok && cut && !cuts_are_few(lattice)) {
    verdict.status = Status::invalid_input;
    verdict.beam_valid = false;
  }
  verdict.rank = graph.rank;
  if (verdict.status == Status::ok) verdict.status = graph.status, verdict.where = graph.where;
  if (verdict.status == Status::ok && cut) measure_cuts(lattice, struts);
  return verdict;
}

void measure(const Lattice& lattice, std::vector<Strut>& struts) {
  const double* c = lattice.cell;
  struts.resize(lattice.num_struts);
  for (int64_t k = 0; k < lattice.num_struts; ++k) {
    Strut& strut = struts[k];
    strut.i = static_cast<int32_t>(lattice.struts[2 * k]);
    strut.j = static_cast<int32_t>(lattice.struts[2 * k + 1]);
    const double *xi = lattice.positions + 3 * strut.i, *xj = lattice.positions + 3 * strut.j;
    const int64_t* shift = lattice.shifts + 3 * k;
    const double s[3] = {double(shift[0]), double(shift[1]), double(shift[2])};
    for (int r = 0; r < 3; ++r) strut.vector[r] = xj[r] - xi[r] + (s[0] * c[r] + s[1] * c[3 + r] + s[2] * c[6 + r]);
    const double* v = strut.vector;
    strut.length = std::sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    strut.radius = lattice.radii[k];
    strut.cut_cubes = 1;
  }
}

// Blames NaN, infinite numbers, radii, flat cells and struts without length.
void Checker::find_senseless(const Lattice& lattice, const std::vector<Strut>& struts, Verdict& verdict) const {
  const double* c = lattice.cell;
  double longest = 0, box = 1;
  for (int k = 0; k < 3; ++k) {
    const double edge = std::sqrt(c[3 * k] * c[3 * k] + c[3 * k + 1] * c[3 * k + 1] + c[3 * k + 2] * c[3 * k + 2]);
    longest = std::max(longest, edge);
    box *= edge;
  }
  bool positive = true, stocky = false;
  int64_t pointlike = -1;
  for (size_t k = struts.size(); k-- > 0;) {
    positive &= struts[k].radius > 0;
    stocky |= struts[k].radius > stockiest_strut * struts[k].length;
    if (!(struts[k].length > shortest_strut * longest)) pointlike = static_cast<int64_t>(k);
  }
  // Further away, a position has lost too many digits of where it is in its cell.
  constexpr double finite = std::numeric_limits<double>::max();
  const bool in_range = all_within(c, 9, finite) &&
                        all_within(lattice.positions, 3 * lattice.num_nodes, static_cast<double>(max_shift) * longest) &&
                        all_within(lattice.radii, lattice.num_struts, finite);
  if (!in_range || !positive || !(std::abs(determinant(c)) > flattest_cell * box)) {
    verdict.status = Status::invalid_input;
  } else if (pointlike >= 0) {
    verdict.status = Status::zero_length_strut;
    verdict.where = pointlike;
  } else {
    verdict.beam_valid = !stocky;
  }
}

// The first strut that is an earlier one again, in either direction, or -1.
int64_t Checker::find_duplicate(const Lattice& lattice) {
  const int64_t count = lattice.num_struts;
  size_t size = 16;
  while (size < 2 * static_cast<size_t>(count)) size *= 2;
  table_.assign(size, -1);  // open addressing
  keys_.resize(count);
  for (int64_t k = 0; k < count; ++k) {
    const uint64_t i = lattice.struts[2 * k], j = lattice.struts[2 * k + 1];
    const int64_t* s = lattice.shifts + 3 * k;
    // Of the two directions take the one with i < j, or where i = j the one with the greater shift.
    constexpr uint64_t bias = max_shift, bits = 20;
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
  const auto cross = [&](int r) {
    return vector[(r + 1) % 3] * cycle[(r + 2) % 3] - vector[(r + 2) % 3] * cycle[(r + 1) % 3];
  };
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
  int32_t lowest = 3, highest = 0, alone = -1, loose = -1;
  for (int32_t i = num_nodes - 1; i >= 0; --i) {
    const int32_t rank = spans_[root(i, from)].rank;
    if (rank < 3) loose = i;
    if (!touched_[i]) alone = i;
    lowest = std::min(lowest, rank);
    highest = std::max(highest, rank);
  }
  verdict.rank = lowest;
  if (verdict.status != Status::ok || lowest == 3) return;
  verdict.status = alone >= 0     ? Status::isolated_node
                   : highest == 3 ? Status::floating_piece
                                  : Status::not_three_periodic;
  verdict.where = alone >= 0 ? alone : loose;
}

void measure_cuts(const Lattice& lattice, std::vector<Strut>& struts) {
  double inverse_cell[9];
  inverse(lattice.cell, inverse_cell);
  std::vector<double> cuts;
  for (size_t strut = 0; strut < struts.size(); ++strut) {
    const FractionalStrut f(lattice, inverse_cell, static_cast<int64_t>(strut));
    cuts.assign({0, 1});
    for (int r = 0; r < 3; ++r) {
      const double last = f.last_face(r);
      for (double face = f.first_face(r); face <= last; ++face)
        cuts.push_back((face - f.start[r]) / (f.end[r] - f.start[r]));
    }
    std::sort(cuts.begin(), cuts.end());
    double& sum = struts[strut].cut_cubes = 0;
    for (size_t k = 1; k < cuts.size(); ++k) sum += std::pow(cuts[k] - cuts[k - 1], 3);
  }
}

}  // namespace fl::frame
