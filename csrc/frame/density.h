// Relative densities: plain products and sums, lattice by lattice, so that every instruction set gives the same bits.
#pragma once
#include <cmath>

#include "frame/frame.h"

namespace fl::frame {

// Sum of pi r^2 L over the struts by the volume of the cell; of one lattice, or of several of one topology. All nodes of
// struts are there.
template <class Number>
Number density(const Lattice& lattice, const Number* cell, const Number* positions, const Number* radii, Number volume) {
  Number sum = 0.0;
  for (int64_t m = 0; m < lattice.num_struts; ++m) {
    const Number *xi = positions + 3 * lattice.struts[2 * m], *xj = positions + 3 * lattice.struts[2 * m + 1];
    const int64_t* shift = lattice.shifts + 3 * m;
    const Number s[3] = {double(shift[0]), double(shift[1]), double(shift[2])};
    Number square = 0.0;
    for (int x = 0; x < 3; ++x) {
      const Number along = xj[x] - xi[x] + (s[0] * cell[x] + s[1] * cell[3 + x] + s[2] * cell[6 + x]);
      square += along * along;
    }
    sum += pi * radii[m] * radii[m] * square_root(square);
  }
  return sum / volume;
}

// Of one lattice, NaN where a strut has no such node.
double density_of(const Lattice& lattice);

}  // namespace fl::frame
