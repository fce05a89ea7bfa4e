// Lattices that the tests of what is computed of them share.
#pragma once
#include "check.h"

// A batch of lattices in unit cubes.
struct Frames {
  Int count;
  std::vector<double> cell, positions;
  std::vector<Int> struts, shifts;
  std::vector<double> radii;
  std::vector<Int> node_offsets = {0}, strut_offsets = {0};

  Frames() : count(0) {}
  void add(const std::vector<double>& nodes, const std::vector<Int>& ends, const std::vector<Int>& steps,
           const std::vector<double>& radius) {
    ++count;
    cell.insert(cell.end(), {1, 0, 0, 0, 1, 0, 0, 0, 1});
    positions.insert(positions.end(), nodes.begin(), nodes.end());
    struts.insert(struts.end(), ends.begin(), ends.end());
    shifts.insert(shifts.end(), steps.begin(), steps.end());
    radii.insert(radii.end(), radius.begin(), radius.end());
    node_offsets.push_back(static_cast<Int>(positions.size()) / 3);
    strut_offsets.push_back(static_cast<Int>(radii.size()));
  }
};

constexpr double nu = 0.3, kappa = 0.89;

// Calls a function of (count, geometry, rest...), or of (count, order, geometry, rest...).
template <class Function, class... Rest>
int32_t call_on(const Frames& f, Function function, Rest&&... rest) {
  return call(function, f.count, f.cell, f.positions, f.struts, f.shifts, f.radii, f.node_offsets, f.strut_offsets,
              rest...);
}
template <class Function, class... Rest>
int32_t call_on(const Frames& f, Int order, Function function, Rest&&... rest) {
  return call(function, f.count, order, f.cell, f.positions, f.struts, f.shifts, f.radii, f.node_offsets,
              f.strut_offsets, rest...);
}

// What is said of each lattice beside numbers.
struct Verdicts {
  std::vector<int32_t> status, rank;
  std::vector<Int> where;
  std::vector<uint8_t> beam_valid;
  explicit Verdicts(Int count = 0) : status(count, -1), rank(count, -1), where(count, -1), beam_valid(count, 2) {}
};

// One node, a strut to its image along each axis.
inline void simple_cubic(Frames& f, double r) {
  f.add({.1, .2, .3}, {0, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {r, r, r});
}

// A body-centred cell of n^3 cells, its nodes moved at random by up to `spread` of theirs.
inline void body_centred(Frames& f, Int n, Random& random, double spread = .05) {
  std::vector<double> nodes;
  std::vector<Int> ends, steps;
  const auto number = [=](Int i, Int j, Int k, Int centre) { return 2 * ((i * n + j) * n + k) + centre; };
  for (Int i = 0; i < n; ++i)
    for (Int j = 0; j < n; ++j)
      for (Int k = 0; k < n; ++k) {
        for (const double at : {0.0, 0.5}) nodes.insert(nodes.end(), {(i + at) / n, (j + at) / n, (k + at) / n});
        for (Int corner = 0; corner < 8; ++corner) {
          const Int to[] = {i + (corner & 1), j + (corner >> 1 & 1), k + (corner >> 2)};
          ends.insert(ends.end(), {number(i, j, k, 1), number(to[0] % n, to[1] % n, to[2] % n, 0)});
          steps.insert(steps.end(), {to[0] / n, to[1] / n, to[2] / n});
        }
      }
  const std::vector<double> moves = random.uniform(nodes.size(), -spread, spread);
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i] += moves[i] / n;
  f.add(nodes, ends, steps, random.uniform(ends.size() / 2, .02 / n, .04 / n));
}

// The arrays that gradients are written to.
inline Frames unwritten_like(const Frames& f) {
  Frames g;
  g.cell = unwritten<double>(f.cell.size()), g.positions = unwritten<double>(f.positions.size());
  g.radii = unwritten<double>(f.radii.size());
  return g;
}

// Along one direction of cells, positions and radii: the slope of a function of lattices, against its gradient.
template <class Function>
void check_gradient(const char* name, const Frames& f, const Frames& gradient, Random& random, const Function& function) {
  const std::vector<double> strain = random.normal(f.cell.size(), .01), along = random.normal(f.positions.size(), .01),
                            widen = random.normal(f.radii.size(), .01);
  const double slope = dot(gradient.cell, strain) + dot(gradient.positions, along) + dot(gradient.radii, widen);
  const double difference = slope_at_zero(1e-3, [&](double step) {
    Frames moved = f;
    for (std::size_t i = 0; i < strain.size(); ++i) moved.cell[i] += step * strain[i];
    for (std::size_t i = 0; i < along.size(); ++i) moved.positions[i] += step * along[i];
    for (std::size_t i = 0; i < widen.size(); ++i) moved.radii[i] += step * widen[i];
    return function(moved);
  });
  EXPECT(std::abs(difference - slope) <= 1e-6 * std::abs(slope), "the slope of %s is %.12g, not %.12g", name, difference,
         slope);
}
