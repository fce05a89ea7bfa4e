// Measures and checks of what lies in space: cells, nodes and struts. Numbers are doubles, of one lattice, or Lanes.
#pragma once
#include "base/simd.h"
#include "frame/frame.h"

namespace fl::frame {

// Shifts and node counts within these bounds keep the exact integer arithmetic of the checks below 2^127.
constexpr int64_t max_shift = int64_t{1} << 18;
constexpr int64_t max_nodes = int64_t{1} << 20;
// As for fastlattice.Lattice: a cell flatter than this has no volume.
constexpr double flattest_cell = 1e-9;
// Struts no longer than the rounding of their ends' coordinates, relative to the longest lattice vector.
constexpr double shortest_strut = 1e-12;
// Beam theory ends where r/L exceeds this. (A strut shorter than its diameter has r/L > 0.5.)
constexpr double max_slenderness = 0.25;

struct CellShape {
  double longest, volume;  // the longest lattice vector
  bool sound;              // finite, and not flat

  explicit CellShape(const double cell[9]);
};

// Strut vectors and lengths of a lattice, or of several with the same struts and shifts.
template <class Number>
void measure(const Lattice& lattice, const Number cell[9], const Number* positions, const Number* radii,
             std::vector<StrutOf<Number>>& struts) {
  struts.resize(lattice.num_struts);
  for (int64_t k = 0; k < lattice.num_struts; ++k) {
    StrutOf<Number>& strut = struts[k];
    strut.i = static_cast<int32_t>(lattice.struts[2 * k]);
    strut.j = static_cast<int32_t>(lattice.struts[2 * k + 1]);
    const Number *xi = positions + 3 * strut.i, *xj = positions + 3 * strut.j;
    const int64_t* shift = lattice.shifts + 3 * k;
    const Number s[3] = {double(shift[0]), double(shift[1]), double(shift[2])};
    Number* v = strut.vector;
    for (int r = 0; r < 3; ++r)
      v[r] = xj[r] - xi[r] + multiply_add(s[2], cell[6 + r], multiply_add(s[1], cell[3 + r], s[0] * cell[r]));
    strut.length = square_root(multiply_add(v[2], v[2], multiply_add(v[1], v[1], v[0] * v[0])));
    strut.radius = radii[k];
    strut.cut_cubes = 1.0;
  }
}

// Whether none of `count` numbers is NaN or further from zero than `most`.
inline bool are_within(const double* x, int64_t count, double most) {
  constexpr int step = Lanes::count;
  auto within = Part{} == Part{};
  int64_t k = 0;
  for (; k + step <= count; k += step) {
    const Part part = load(x + k);
    within &= (part <= most) & (part >= -most);
  }
  bool all = bits(within) == (uint32_t{1} << step) - 1;
  for (; k < count; ++k) all &= std::abs(x[k]) <= most;
  return all;
}
inline auto are_within(const Lanes* x, int64_t count, Lanes most) {
  auto within = Part{} == Part{};
  for (int64_t k = 0; k < count; ++k) within &= (x[k] <= most) & (x[k] >= -most);
  return within;
}

// What holds of a lattice, or of each of several: no number is NaN or out of range, radii are positive, struts have a
// length, and they are slender enough for beam theory.
template <class Number>
struct Soundness {
  using Mask = decltype(Number(0.0) < Number(0.0));
  Mask in_range = Number(0.0) <= Number(0.0), solid = in_range, slender = in_range;

  Soundness(const Number* positions, int64_t num_nodes, const std::vector<StrutOf<Number>>& struts, Number longest) {
    // Further away, a position has lost too many digits of where it is in its cell.
    const Number furthest = double(max_shift) * longest, shortest = shortest_strut * longest;
    in_range = are_within(positions, 3 * num_nodes, furthest);
    for (const StrutOf<Number>& strut : struts) {
      in_range = in_range & (strut.radius > Number(0.0)) & (strut.radius <= Number(largest));
      solid = solid & (strut.length > shortest);
      slender = slender & (strut.radius <= max_slenderness * strut.length);
    }
  }
};

// Whether the faces of cells cut the struts in so few places that they can be listed.
bool cuts_are_few(const Lattice& lattice);

// Cubes of the relative lengths of the pieces that the faces of cells cut each strut into, summed: cubes[stride * k].
void cut_cubes(const Lattice& lattice, double* cubes, int64_t stride);

}  // namespace fl::frame
