#include "frame/geometry.h"

#include <algorithm>
#include <cmath>

namespace fl::frame {
namespace {

// Faces of cells that all struts of a lattice may cross together: struts are cut there for abaqus_b31.
constexpr double max_cuts = 1 << 20;
// Beyond this many cells, a number does not tell one face from the next.
constexpr double furthest_face = 4503599627370496;  // 2^52

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

}  // namespace

CellShape::CellShape(const double c[9]) : longest(0), volume(std::abs(determinant(c))) {
  double box = 1;
  bool finite = true;
  for (int k = 0; k < 3; ++k) {
    const double edge = std::sqrt(c[3 * k] * c[3 * k] + c[3 * k + 1] * c[3 * k + 1] + c[3 * k + 2] * c[3 * k + 2]);
    longest = std::max(longest, edge);
    box *= edge;
  }
  for (int k = 0; k < 9; ++k) finite &= std::isfinite(c[k]);
  sound = finite && volume > flattest_cell * box;
}

bool cuts_are_few(const Lattice& lattice) {
  double inverse_cell[9], cuts = 0;
  inverse(lattice.cell, inverse_cell);
  for (int64_t strut = 0; strut < lattice.num_struts; ++strut) {
    const FractionalStrut f(lattice, inverse_cell, strut);
    for (int r = 0; r < 3; ++r) {
      if (!(std::abs(f.start[r]) < furthest_face && std::abs(f.end[r]) < furthest_face)) return false;
      cuts += std::max(0.0, f.last_face(r) - f.first_face(r) + 1);
    }
  }
  return cuts <= max_cuts;
}

void cut_cubes(const Lattice& lattice, double* cubes, int64_t stride) {
  double inverse_cell[9];
  inverse(lattice.cell, inverse_cell);
  std::vector<double> cuts;
  for (int64_t strut = 0; strut < lattice.num_struts; ++strut) {
    const FractionalStrut f(lattice, inverse_cell, strut);
    cuts.assign({0, 1});
    for (int r = 0; r < 3; ++r) {
      const double last = f.last_face(r);
      for (double face = f.first_face(r); face <= last; ++face)
        cuts.push_back((face - f.start[r]) / (f.end[r] - f.start[r]));
    }
    std::sort(cuts.begin(), cuts.end());
    double& sum = cubes[stride * strut] = 0;
    for (size_t k = 1; k < cuts.size(); ++k) sum += std::pow(cuts[k] - cuts[k - 1], 3);
  }
}

}  // namespace fl::frame
