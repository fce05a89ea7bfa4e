// The effective conductivity of one lattice after another, or of several of one topology together, a lattice a lane; the
// memory is kept in between.
//
// A strut carries g = pi r^2 / L times the difference of its ends' temperatures, in units of the solid's conductivity.
// Under a uniform gradient the ends of a strut differ by what the gradient does along its vector v and by their
// fluctuations T_j - T_i; the energy at equilibrium, sum of g (T_j - T_i + v)(T_j - T_i + v)^T, is V k.
//
// Nodes are eliminated one by one, each star of conductances g_a becoming the mesh g_a g_b / sum(g): Gaussian elimination
// that only adds positive numbers. So no conductance cancels, there is no pivot to check, and the last node of a net, which
// nothing holds, is the one whose sum is an exact zero. (In the manner of Grassmann,
// Taksar and Heyman, Operations Research 33, 1985, who eliminate the states of Markov chains so.)
#pragma once
#include "base/vector3.h"
#include "frame/arithmetic.h"
#include "frame/frame.h"
#include "frame/order.h"

namespace fl::frame {

template <class Number>
FL_INLINE Number conductance_of(const StrutOf<Number>& strut) {
  return pi * strut.radius * strut.radius / strut.length;
}

// Of what holds a node, a sum of conductances; zero where nothing does.
FL_INLINE double inverse_of(double sum) { return sum > 0 ? 1 / sum : 0; }
FL_INLINE Lanes inverse_of(Lanes sum) { return sum.part > 0 ? 1 / sum.part : Part{}; }

// Of a lattice under the three unit gradients, in the order of mandel_pairs.
template <class Number>
struct Energy {
  Number of_pair[6] = {0.0, 0.0, 0.0, 0.0, 0.0, 0.0};

  // What a strut stores at uniform gradients.
  FL_INLINE void add(Number conductance, const Number* vector) {
    for (int m = 0; m < 6; ++m)
      of_pair[m] = multiply_add(conductance * vector[mandel_pairs[m][0]], vector[mandel_pairs[m][1]], of_pair[m]);
  }
  // What is lost as a node takes the temperature that its flux [3] asks for; inverse: of what holds it.
  FL_INLINE void take(const Number* flux, Number inverse) {
    for (int m = 0; m < 6; ++m)
      of_pair[m] = multiply_subtract(flux[mandel_pairs[m][0]] * inverse, flux[mandel_pairs[m][1]], of_pair[m]);
  }
};

// Of lattices that have at most 64 nodes. Number: double, or Lanes; a lattice has the same bits alone and on a lane.
template <class Number>
class SmallConductor {
 public:
  static constexpr int32_t most_nodes = 64;  // they fit one word of bits

  // Volume of the cell times its conductivity over that of the solid, six numbers, of a lattice that passed the checks;
  // and, where they are wanted, the temperatures' fluctuations [num_nodes, 3] under the three unit gradients.
  const Number* solve(const Lattice& lattice, const std::vector<StrutOf<Number>>& struts, Number* temperatures);

 private:
  struct Eliminated {
    int32_t node;
    NodeSet<1> star;  // what it was joined to
    Number inverse;   // of the sum of those conductances; zero where nothing holds the node
  };

  Number* row(int32_t node) { return &rows_[stride_ * node]; }
  void assemble(const std::vector<StrutOf<Number>>& struts, NodeSet<1>* graph);
  void eliminate(NodeSet<1>* graph);
  void eliminate_node(int32_t k, int32_t node, NodeSet<1> star, Energy<Number>& energy);

  int32_t num_nodes_ = 0;
  int64_t stride_ = 0;
  std::vector<Number> rows_;  // of each node: conductances to the others, and the flux [3] out of it at uniform gradients
  Eliminated eliminated_[most_nodes];
  Energy<Number> energy_;
};

// Of lattices that have more: conductances where the frame's factor has blocks, in its order.
class LargeConductor {
 public:
  // As SmallConductor's.
  const double* solve(const Lattice& lattice, const std::vector<Strut>& struts, double* temperatures);

 private:
  const Supernode& supernode_of(int32_t column) const { return structure_.supernodes[structure_.supernode[column]]; }
  const int32_t* rows_of(const Supernode& s) const { return &structure_.rows[s.rows_begin]; }
  // Of column number c of a supernode, conductances to all its rows.
  double* column(const Supernode& s, int32_t c) { return &conductances_[s.blocks_begin + int64_t{c} * s.num_rows]; }
  void assemble(const std::vector<Strut>& struts);
  void eliminate(const Supernode& s);
  void update_ancestors(const Supernode& s);
  void find_temperatures(double* temperatures);

  Structure structure_;
  std::vector<double> conductances_;
  std::vector<double> flux_;     // [columns, 3] out of a node at uniform gradients
  std::vector<double> inverse_;  // [columns] of what holds a node; zero where nothing does
  std::vector<double> weights_, mesh_;  // what a supernode adds to a column
  std::vector<int32_t> place_, node_;
  Energy<double> energy_;
};

// Of one lattice of any size.
class Conductor {
 public:
  const double* solve(const Lattice& lattice, const std::vector<Strut>& struts, double* temperatures) {
    if (lattice.num_nodes <= small_.most_nodes) return small_.solve(lattice, struts, temperatures);
    return large_.solve(lattice, struts, temperatures);
  }

 private:
  SmallConductor<double> small_;
  LargeConductor large_;
};

}  // namespace fl::frame
