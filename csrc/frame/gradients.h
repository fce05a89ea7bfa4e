// What the gradients of homogenise and of the bounds share: where they go, and how they get there from derivatives by the
// struts' vectors and by the volume of the cell.
#pragma once
#include <algorithm>
#include <stdexcept>

#include "frame/checks.h"

namespace fl::frame {

// A lattice's rows.
struct Gradients {
  double* cell;       // [3, 3]
  double* positions;  // [num_nodes, 3]
  double* radii;      // [num_struts]
};

// Calls differentiate(lattice, struts, gradients) for lattice b of the arguments of a call, with gradients of zero and the
// struts as measured; not where its status says that there is nothing to differentiate.
template <class Call, class Differentiate>
void differentiate_lattice(const Call& call, int64_t b, std::vector<Strut>& struts, const Differentiate& differentiate) {
  const Lattice lattice = lattice_of(call, b);
  const Gradients to{call.grad_cell + 9 * b, call.grad_positions + 3 * call.node_offsets[b],
                     call.grad_radii + call.strut_offsets[b]};
  std::fill_n(to.cell, 9, 0.0);
  std::fill_n(to.positions, 3 * lattice.num_nodes, 0.0);
  std::fill_n(to.radii, lattice.num_struts, 0.0);
  if (static_cast<Status>(call.status[b]) != Status::ok) return;
  if (!graph_is_valid(lattice)) throw std::out_of_range("a lattice whose status is ok has no valid graph");
  measure(lattice, lattice.cell, lattice.positions, lattice.radii, struts);
  differentiate(lattice, struts, to);
}

// Stiffnesses C [count] are energies by the volume, dC = d(V C) / V - C d log V, and d log V = trace(cell^-1 dcell): sets
// what the second term gives of sum(C * cotangent).
inline void start_with_volume(const double cell[9], const double* C, const double* cotangent, int64_t count,
                              double* grad_cell) {
  double inverse_cell[9], contraction = 0;
  inverse(cell, inverse_cell);
  for (int64_t k = 0; k < count; ++k) contraction += C[k] * cotangent[k];
  for (int k = 0; k < 3; ++k)
    for (int r = 0; r < 3; ++r) grad_cell[3 * k + r] = -contraction * inverse_cell[3 * r + k];
}

// Adds a derivative by the vector of strut k, x_j - x_i + shift cell, to those by what it is made of.
FL_INLINE void spread(const Lattice& lattice, const Strut& strut, int64_t k, const double derivative[3],
                      const Gradients& to) {
  const int64_t* shift = lattice.shifts + 3 * k;
  for (int r = 0; r < 3; ++r) {
    const double d = derivative[r];
    to.positions[3 * strut.j + r] += d;
    to.positions[3 * strut.i + r] -= d;
    for (int c = 0; c < 3; ++c) to.cell[3 * c + r] = multiply_add(double(shift[c]), d, to.cell[3 * c + r]);
  }
}

}  // namespace fl::frame
