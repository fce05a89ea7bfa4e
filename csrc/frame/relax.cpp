#include "frame/relax.h"

#include <algorithm>

#include "frame/mechanics.h"

namespace fl::frame {
namespace {

// Of the affine energy, what the first step's may be where the nodes are balanced.
constexpr double balanced = 1e-20;

double trace(const Matrix6& m) {
  double sum = 0;
  for (int i = 0; i < 6; ++i) sum += m.row[i][i];
  return sum;
}

// The symmetric inverse root on the eigenvectors whose eigenvalues exceed `least`; nothing on the others.
Matrix6 inverse_root(const Matrix6& m, double least) {
  const Eigen6 eigen = eigen_of(m);
  Matrix6 root;
  for (int k = 0; k < 6; ++k) {
    if (!(eigen.values[k] > least)) continue;
    const double scale = 1 / std::sqrt(eigen.values[k]);
    for (int i = 0; i < 6; ++i)
      for (int j = 0; j < 6; ++j)
        root.row[i].set(j, root.row[i][j] + scale * (eigen.vectors[i][k] * eigen.vectors[j][k]));
  }
  return root;
}

}  // namespace

int64_t Relaxation::run(int64_t num_nodes, const std::vector<Strut>& struts, const Material& material, int64_t order,
                        double dependent) {
  struts_ = &struts;
  dependent_ = dependent;
  material_ = material;
  steps_.clear();
  if (const int64_t node = assemble(num_nodes, material); node >= 0) return node;
  for (int64_t k = 0; k < order; ++k) steps_.push_back(step());
  return -1;
}

int64_t Relaxation::assemble(int64_t num_nodes, const Material& material) {
  elements_.clear();
  nodes_.assign(num_nodes, Block{});
  loads_.assign(num_nodes, Block{});
  Block macro{}, between{};
  for (const Strut& strut : *struts_) {
    const Element<double>& e = elements_.emplace_back(strut, material);
    add_element(e, nodes_[strut.i], nodes_[strut.j], between, 1);
    add_forces(e, strut.vector, loads_[strut.i], loads_[strut.j], macro);
  }
  affine_ = 0;
  for (int m = 0; m < 6; ++m) affine_ += macro.column[m][m];
  for (int64_t node = 0; node < num_nodes; ++node)
    if (!factorise_diagonal(nodes_[node])) return node;
  return -1;
}

Field Relaxation::precondition(const Field& loads) const {
  Field x = loads;
  for (size_t node = 0; node < x.size(); ++node) {
    solve_right(x[node], nodes_[node]);
    solve_left(x[node], nodes_[node]);
  }
  return x;
}

Field Relaxation::stiffness_times(const Field& field) const {
  Field forces(field.size(), Block{});
  for (size_t k = 0; k < elements_.size(); ++k) {
    const Strut& strut = (*struts_)[k];
    add_end_forces(elements_[k], field[strut.i], field[strut.j], forces[strut.i], forces[strut.j]);
  }
  return forces;
}

Relaxation::Step Relaxation::step() const {
  Step next;
  Field p = start_of(steps_.size()), Kp = stiffness_times(p);
  const double energy = trace(product(p, Kp));
  next.taken.resize(steps_.size());
  for (int pass = 0; pass < 2; ++pass) {  // the first leaves what rounds off of what is large
    for (size_t j = 0; j < steps_.size(); ++j) {
      const Matrix6 h = product(steps_[j].q, Kp);
      for (int m = 0; m < 6; ++m) next.taken[j].row[m] += h.row[m];
      add_product(steps_[j].q, h, -1, p);
      add_product(steps_[j].Kq, h, -1, Kp);
    }
    if (!steps_.empty()) Kp = stiffness_times(p);
  }
  next.energy = product(p, Kp);
  next.least = std::max(dependent_ * energy, steps_.empty() ? balanced * affine_ : 0.0);
  next.norm = inverse_root(next.energy, next.least);
  next.q = times(p, next.norm);
  next.Kq = times(Kp, next.norm);
  next.coefficient = product(next.q, loads_);
  return next;
}

void Relaxation::energies(double* out, size_t first) const {
  Field u(nodes_.size(), Block{});
  for (size_t k = 0; k <= steps_.size(); ++k) {
    if (k > 0) add_product(steps_[k - 1].q, steps_[k - 1].coefficient, -1, u);
    if (k < first) continue;
    Vector8 energy[6] = {};
    for (const Strut& strut : *struts_) {
      StrutForm(strut, material_).add_energy(strained_motion(u, strut), energy);
    }
    write_symmetric(energy, out);
    out += 36;
  }
}

Field Relaxation::last_field() const {
  Field u(nodes_.size(), Block{});
  for (const Step& step : steps_) add_product(step.q, step.coefficient, -1, u);
  return u;
}

Field Relaxation::last_residual() const {
  Field residual = loads_;
  for (const Step& step : steps_) add_product(step.Kq, step.coefficient, -1, residual);
  return residual;
}

void Relaxation::node_energies(double* share, double* release) const {
  const Field u = last_field(), residual = last_residual();
  Field shares(u.size(), Block{});
  for (const Strut& strut : *struts_) {
    Block energy{};
    StrutForm(strut, material_).add_energy(strained_motion(u, strut), energy.column);
    for (const int32_t node : {strut.i, strut.j})
      for (int m = 0; m < 6; ++m) shares[node].column[m].add(energy.column[m], 0.5);
  }
  for (size_t node = 0; node < u.size(); ++node) {
    write_symmetric(shares[node].column, share + 36 * node);
    write_release(residual[node], nodes_[node], release + 36 * node);
  }
}

}  // namespace fl::frame
