// The effective conductivity of one lattice after another, or of several of one topology together, a lattice a lane; the
// memory is kept in between.
#pragma once
#include "frame/arithmetic.h"
#include "frame/frame.h"

namespace fl::frame {

// Number: double, or Lanes. A lattice has the same bits alone and on a lane.
template <class Number>
class Conductor {
 public:
  // Volume of the cell times its conductivity over that of the solid, in the order 11, 22, 33, 23, 13, 12, of a lattice that
  // passed the checks; and, where they are wanted, the temperatures' fluctuations [num_nodes, 3] under the three unit
  // gradients. Of lanes on which a sum of conductances is not a positive number, nothing of it is a number.
  const Number* solve(const Lattice& lattice, const std::vector<StrutOf<Number>>& struts, Number* temperatures);

 private:
  void eliminate_small(int32_t num_nodes, const std::vector<StrutOf<Number>>& struts);
  void eliminate_large(const Lattice& lattice, const std::vector<StrutOf<Number>>& struts);
  void spread(const StrutOf<Number>& strut, Number conductance, int32_t i, int32_t j);
  void take_energy(int32_t node, Number sum);

  // An eliminated node: what it was joined to, from `begin` on, and the sum of those conductances. One that nothing holds
  // is joined to nothing.
  struct Eliminated {
    int32_t node;
    int64_t begin;
    Number sum;
  };

  Structure structure_;
  std::vector<Number> conductances_;  // of the network that is left
  std::vector<Number> flux_;          // [nodes, 3] out of a node at uniform gradients
  bool kept_ = false;                 // is the elimination, for the temperatures?
  std::vector<Eliminated> eliminated_;
  std::vector<int32_t> neighbour_;
  std::vector<Number> weight_;  // conductance to that neighbour over the sum
  Number energy_[6] = {};       // 11, 22, 33, 23, 13, 12
};

// Pairs of axes in that order.
constexpr int axes_of_pair[6][2] = {{0, 0}, {1, 1}, {2, 2}, {1, 2}, {0, 2}, {0, 1}};

}  // namespace fl::frame
