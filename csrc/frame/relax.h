// Truncated relaxation: upper bounds of the stiffness without a factorisation, at a cost linear in the struts.
//
// A strained lattice whose nodes follow the strain stores the energy of the affine bound C_0; nodes that move store less,
// and never less than at equilibrium. Step k lets all of them move along p_k as well, six fields (one a macro-strain):
//   p_1 = D^-1 f,   p_{k+1} = D^-1 K p_k,
// f the loads that the macro-strains leave on the nodes, D the 6x6 blocks of the nodes with all else held (a strut from a
// node to its own image counts with both ends, so that a supercell takes the same steps). C_k is the least energy over all
// of the 6 k fields: block-Jacobi preconditioned block conjugate gradients, with every step held orthogonal to all earlier
// ones, so that rounding does not spoil it. Fields that symmetry makes linearly dependent are left out.
//
// Derivatives. An energy at its minimum over a space does not change with the coefficients, nor with the basis of the space:
// what it changes with is the lattice at fixed fields, and the space as it turns. The residual f + K u, which equilibrium
// would make zero, says by how much; it is pulled back through the steps. What depends on the last field u = -sum_j q_j c_j
// in another way, with the slope g by it, changes as well with the forces f + K u, weighed by w = sum_j q_j (q_j^T g), and
// with the fields by -(g - K w) c_j^T - r (q_j^T g)^T. A change of basis makes nothing of these; the orthogonalisation is
// differentiated all the same, for fields that were left out turn into others.
#pragma once
#include <vector>

#include "frame/field.h"

namespace fl::frame {

class Relaxation {
 public:
  // Of the energy of a step's fields, what is left once earlier fields are taken out of them and is not new, but rounding:
  // of positions that come with nine digits.
  static constexpr double nine_digits = 1e-12;

  // Takes `order` steps, for struts that passed the checks; they are kept by reference. The node whose own stiffness is
  // singular to working precision, else -1.
  int64_t run(int64_t num_nodes, const std::vector<Strut>& struts, const Material& material, int64_t order,
              double dependent = nine_digits);

  // V C_first ... V C_order [order + 1 - first, 6, 6], each the energy of its field.
  void energies(double* out, size_t first = 0) const;

  // Of every node, [nodes, 6, 6] each: its share of the energy of the last field, half of each of its struts; and r^T D^-1 r
  // with the loads r that this field leaves there, what the node alone would release.
  void node_energies(double* share, double* release) const;

  // Of what node_energies gives, by node.
  struct NodeCotangents {
    std::vector<Matrix6> share, release;
  };
  // Adds the derivatives of sum(energies * cotangent) and, unless null, of sum(share * nodes.share + release *
  // nodes.release), by the vectors of the struts [struts, 3] and by their radii.
  void differentiate(const double* cotangent, const NodeCotangents* nodes, double* by_vectors, double* by_radii) const;

 private:
  struct Step {
    Field q, Kq;                  // of energy one, and the forces that they need
    std::vector<Matrix6> taken;   // h: fresh = p - sum_j q_j h_j is what of p is new
    Matrix6 energy, norm;         // of fresh; q = fresh norm, symmetric: energy^-1/2 where it exceeds `least`
    double least;
    Matrix6 coefficient;          // c = q^T f; u = -sum_j q_j c_j
  };

  int64_t assemble(int64_t num_nodes, const Material& material);
  Field precondition(const Field& loads) const;
  Field stiffness_times(const Field& field) const;
  Step step() const;
  void differentiate_nodes(const NodeCotangents& of, std::vector<StrutForm>& forms, std::vector<Field>& by_q) const;
  Field differentiate_orthogonalisation(size_t step, const Field& p, std::vector<StrutForm>& forms,
                                        std::vector<Field>& by_q) const;
  Field last_field() const;
  Field last_residual() const;
  Field start_of(size_t step) const { return precondition(step == 0 ? loads_ : steps_[step - 1].Kq); }

  const std::vector<Strut>* struts_ = nullptr;
  Material material_{};
  std::vector<Element<double>> elements_;
  Field nodes_;  // factors of D
  Field loads_;
  double affine_ = 0;  // trace of V C_0
  double dependent_ = nine_digits;
  std::vector<Step> steps_;
};

}  // namespace fl::frame
