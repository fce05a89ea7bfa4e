// The effective conductivity of one lattice after another; the memory is kept in between.
#pragma once
#include "frame/frame.h"

namespace fl::frame {

class Conductor {
 public:
  // Volume of the cell times its conductivity over that of the solid, [3, 3], of a lattice that passed the checks; and,
  // where they are wanted, the temperatures' fluctuations [num_nodes, 3] under the three unit gradients.
  void solve(const Lattice& lattice, const std::vector<Strut>& struts, double* conductivity, double* temperatures);

 private:
  void eliminate_small(int32_t num_nodes, const std::vector<Strut>& struts);
  void eliminate_large(const Lattice& lattice, const std::vector<Strut>& struts);
  void spread(const Strut& strut, double conductance, int32_t i, int32_t j);
  void take_energy(int32_t node, double sum);

  // An eliminated node: what it was joined to, from `begin` on, and the sum of those conductances.
  struct Eliminated {
    int32_t node;
    int64_t begin;
    double sum;
  };

  Structure structure_;
  std::vector<double> conductances_;  // of the network that is left
  std::vector<double> flux_;          // [nodes, 3] out of a node at uniform gradients
  std::vector<Eliminated> eliminated_;
  std::vector<int32_t> neighbour_;
  std::vector<double> weight_;  // conductance to that neighbour over the sum
  double energy_[6];            // 11, 22, 33, 23, 13, 12
};

}  // namespace fl::frame
