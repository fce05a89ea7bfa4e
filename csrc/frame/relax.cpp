#include "frame/relax.h"

#include <algorithm>

#include "base/symmetric6.h"

namespace fl::frame {
namespace {

// Of the affine energy, what the first step's may be where the nodes are balanced.
constexpr double balanced = 1e-20;

using Field = std::vector<Block>;

// x^T y, summed over nodes and unknowns.
Matrix6 product(const Field& x, const Field& y) {
  Matrix6 sum;
  for (size_t node = 0; node < x.size(); ++node)
    for (int r = 0; r < 6; ++r)
      for (int m = 0; m < 6; ++m) sum.row[m].add(y[node].column[r], x[node].column[r][m]);
  return sum;
}

// y += sign x m.
void add_product(const Field& x, const Matrix6& m, double sign, Field& y) {
  const Matrix6 factor = sign * m;
  for (size_t node = 0; node < x.size(); ++node)
    for (int r = 0; r < 6; ++r)
      for (int k = 0; k < 6; ++k) y[node].column[r].add(factor.row[k], x[node].column[r][k]);
}

Field times(const Field& x, const Matrix6& m) {
  Field y(x.size(), Block{});
  add_product(x, m, 1, y);
  return y;
}

void add(const Field& x, Field& y) {
  for (size_t node = 0; node < x.size(); ++node)
    for (int r = 0; r < 6; ++r) y[node].column[r] += x[node].column[r];
}

Matrix6 transposed(const Matrix6& m) {
  Matrix6 t;
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) t.row[j].set(i, m.row[i][j]);
  return t;
}

double trace(const Matrix6& m) {
  double sum = 0;
  for (int i = 0; i < 6; ++i) sum += m.row[i][i];
  return sum;
}

Eigen6 eigen_of(const Matrix6& m) {
  double a[6][6];
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) a[i][j] = m.row[i][j];
  return Eigen6(a);
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

// The gradient by m of what has the gradient `by_root` by its inverse root: the theorem of Daleckii and Krein.
Matrix6 inverse_root_backward(const Matrix6& m, double least, const Matrix6& by_root) {
  const Eigen6 eigen = eigen_of(m);
  const double* x = eigen.values;
  double inner[6][6], half[6][6];
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) {
      half[i][j] = 0;
      for (int k = 0; k < 6; ++k) half[i][j] += 0.5 * (by_root.row[i][k] + by_root.row[k][i]) * eigen.vectors[k][j];
    }
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) {
      const bool both = x[i] > least && x[j] > least, one = x[i] > least || x[j] > least;
      const double larger = std::max(x[i], x[j]), smaller = std::min(x[i], x[j]);
      const double slope = both  ? -1 / (std::sqrt(x[i] * x[j]) * (std::sqrt(x[i]) + std::sqrt(x[j])))
                           : one ? 1 / (std::sqrt(larger) * (larger - smaller))
                                 : 0;
      inner[i][j] = 0;
      for (int k = 0; k < 6; ++k) inner[i][j] += slope * eigen.vectors[k][i] * half[k][j];
    }
  Matrix6 out;
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j)
      for (int k = 0; k < 6; ++k)
        for (int l = 0; l < 6; ++l)
          out.row[i].set(j, out.row[i][j] + eigen.vectors[i][k] * inner[k][l] * eigen.vectors[j][l]);
  return out;
}

// The forces that the ends need to move as a and b.
FL_INLINE void add_end_forces(const Element<double>& e, const Block& a, const Block& b, Block& on_a, Block& on_b) {
  const Vector8 *u1 = a.column, *u2 = b.column, *th1 = a.column + 3, *th2 = b.column + 3;
  Vector8 Delta[3], sum[3], stretch{}, turn1{}, turn2{};
  for (int p = 0; p < 3; ++p) {
    Delta[p] = u2[p] - u1[p];
    sum[p] = th1[p] + th2[p];
    stretch.add(Delta[p], e.t[p]);
    turn1.add(th1[p], e.t[p]);
    turn2.add(th2[p], e.t[p]);
  }
  Vector8 force[3], moment1[3], moment2[3];
  for (int p = 0; p < 3; ++p) {
    const int p1 = (p + 1) % 3, p2 = (p + 2) % 3;
    const Vector8 bent = multiply_subtract(sum[p1], e.bt[p2], e.bt[p1] * sum[p2]);
    const Vector8 couple = multiply_subtract(Delta[p1], e.bt[p2], e.bt[p1] * Delta[p2]);
    force[p] = multiply_add(stretch, e.along[p], e.a * Delta[p]) + bent;
    moment1[p] = multiply_add(turn1, e.turned[p], e.c * th1[p]) + multiply_subtract(turn2, e.twisted[p], e.d * th2[p]);
    moment2[p] = multiply_add(turn2, e.turned[p], e.c * th2[p]) + multiply_subtract(turn1, e.twisted[p], e.d * th1[p]);
    moment1[p] -= couple;
    moment2[p] -= couple;
  }
  for (int p = 0; p < 3; ++p) {
    on_a.column[p] -= force[p];
    on_b.column[p] += force[p];
    on_a.column[3 + p] += moment1[p];
    on_b.column[3 + p] += moment2[p];
  }
}

Motion times(const Motion& x, const Matrix6& h) {
  Motion y = x;
  for (int p = 0; p < 3; ++p) {
    y.Delta[p] = h.times(x.Delta[p]);
    y.mean[p] = h.times(x.mean[p]);
    y.delta[p] = h.times(x.delta[p]);
  }
  return y;
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
  next.fresh = std::move(p);
  return next;
}

void Relaxation::energies(double* out) const {
  Field u(nodes_.size(), Block{});
  for (size_t k = 0; k <= steps_.size(); ++k, out += 36) {
    if (k > 0) add_product(steps_[k - 1].q, steps_[k - 1].coefficient, -1, u);
    Vector8 energy[6] = {};
    for (const Strut& strut : *struts_) {
      Motion motion(u[strut.i].column, u[strut.j].column);
      motion.strain(strut.vector);
      StrutForm(strut, material_).add_energy(motion, energy);
    }
    write_symmetric(energy, out);
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

void Relaxation::node_energies(const std::function<double*(int64_t)>& share,
                               const std::function<double*(int64_t)>& release) const {
  const Field u = last_field(), residual = last_residual();
  Field shares(u.size(), Block{});
  for (const Strut& strut : *struts_) {
    Motion motion(u[strut.i].column, u[strut.j].column);
    motion.strain(strut.vector);
    Block energy{};
    StrutForm(strut, material_).add_energy(motion, energy.column);
    for (const int32_t node : {strut.i, strut.j})
      for (int m = 0; m < 6; ++m) shares[node].column[m].add(energy.column[m], 0.5);
  }
  for (size_t node = 0; node < u.size(); ++node) {
    Block half = residual[node], released{};
    solve_right(half, nodes_[node]);
    for (int r = 0; r < 6; ++r)
      for (int m = 0; m < 6; ++m) released.column[m].add(half.column[r], half.column[r][m]);
    write_symmetric(shares[node].column, share(node));
    write_symmetric(released.column, release(node));
  }
}

void Relaxation::differentiate_nodes(const NodeCotangents& of, std::vector<StrutForm>& forms,
                                     std::vector<Field>& by_q) const {
  const auto& struts = *struts_;
  const Field u = last_field(), residual = last_residual(), moved = precondition(residual);
  Field by_residual(u.size()), by_D(u.size()), slope(u.size(), Block{});  // slope: by u
  for (size_t node = 0; node < u.size(); ++node)  // d(r^T y) = 2 y^T dr - y^T dD y with y = D^-1 r
    for (int r = 0; r < 6; ++r) {
      by_residual[node].column[r] = (2 * of.release[node]).times(moved[node].column[r]);
      by_D[node].column[r] = (-1 * of.release[node]).times(moved[node].column[r]);
    }
  for (size_t s = 0; s < struts.size(); ++s) {
    const int32_t i = struts[s].i, j = struts[s].j;
    Matrix6 h = 0.5 * of.share[i];
    for (int m = 0; m < 6; ++m) h.row[m].add(of.share[j].row[m], 0.5);
    Motion motion(u[i].column, u[j].column);
    motion.strain(struts[s].vector);
    forms[s].differentiate(times(motion, h), motion, 2);
    forms[s].differentiate(Motion(by_D[i].column, nullptr), Motion(moved[i].column, nullptr), 0);
    forms[s].differentiate(Motion(nullptr, by_D[j].column), Motion(nullptr, moved[j].column), 0);
    Block on_i{}, on_j{}, macro{};
    add_end_forces(elements_[s], u[i], u[j], on_i, on_j);
    add_forces(elements_[s], struts[s].vector, on_i, on_j, macro);
    for (int r = 0; r < 6; ++r) {
      slope[i].column[r] += (2 * h).times(on_i.column[r]);
      slope[j].column[r] += (2 * h).times(on_j.column[r]);
    }
  }
  add(stiffness_times(by_residual), slope);

  Field by_forces = by_residual;
  std::vector<Matrix6> along;
  for (const Step& step : steps_) along.push_back(product(step.q, slope));
  for (size_t j = 0; j < steps_.size(); ++j) {
    add_product(steps_[j].q, along[j], -1, by_forces);
    add_product(steps_[j].Kq, along[j], -1, slope);
  }
  for (size_t j = 0; j < steps_.size(); ++j) {
    add_product(slope, transposed(steps_[j].coefficient), -1, by_q[j]);
    add_product(residual, transposed(along[j]), -1, by_q[j]);
  }
  for (size_t s = 0; s < struts.size(); ++s) {
    Motion motion(u[struts[s].i].column, u[struts[s].j].column);
    motion.strain(struts[s].vector);
    forms[s].differentiate(Motion(by_forces[struts[s].i].column, by_forces[struts[s].j].column), motion, 1);
  }
}

// From the gradient by q of a step to that by p: q = fresh norm(fresh^T K fresh), fresh = p - sum_j q_j h_j, h_j = q_j^T K p.
// Adds the gradients by earlier q and by K.
Relaxation::Field Relaxation::differentiate_orthogonalisation(size_t k, const Field& p, std::vector<StrutForm>& forms,
                                                              std::vector<Field>& by_q) const {
  const Step& step = steps_[k];
  const Matrix6 by_energy = inverse_root_backward(step.energy, step.least, product(step.fresh, by_q[k]));
  Field by_p = times(by_q[k], step.norm), along(p.size(), Block{});
  add_product(stiffness_times(step.fresh), by_energy, 2, by_p);
  const Field by_fresh = by_p, Kp = k > 0 ? stiffness_times(p) : Field();
  for (size_t j = 0; j < k; ++j) {
    const Matrix6 by_h = -1 * product(steps_[j].q, by_fresh);
    add_product(by_fresh, transposed(step.taken[j]), -1, by_q[j]);
    add_product(Kp, transposed(by_h), 1, by_q[j]);
    add_product(steps_[j].Kq, by_h, 1, by_p);
    add_product(steps_[j].q, by_h, 1, along);
  }
  for (size_t s = 0; s < forms.size(); ++s) {
    const int32_t i = (*struts_)[s].i, j = (*struts_)[s].j;
    const Motion fresh(step.fresh[i].column, step.fresh[j].column);
    forms[s].differentiate(times(fresh, by_energy), fresh, 0);
    if (k > 0) forms[s].differentiate(Motion(along[i].column, along[j].column), Motion(p[i].column, p[j].column), 0);
  }
  return by_p;
}

void Relaxation::differentiate(const double* cotangent, const NodeCotangents* nodes, double* by_vectors,
                               double* by_radii) const {
  const auto& struts = *struts_;
  std::vector<StrutForm> forms;
  for (const Strut& strut : struts) forms.emplace_back(strut, material_);

  // At fixed fields.
  Field u(nodes_.size(), Block{});
  for (size_t k = 0; k <= steps_.size(); ++k) {
    if (k > 0) add_product(steps_[k - 1].q, steps_[k - 1].coefficient, -1, u);
    const Matrix6 h = symmetric(cotangent + 36 * k);
    for (size_t s = 0; s < struts.size(); ++s) {
      Motion motion(u[struts[s].i].column, u[struts[s].j].column);
      motion.strain(struts[s].vector);
      forms[s].differentiate(times(motion, h), motion, 2);
    }
  }

  std::vector<Field> by_q(steps_.size(), Field(nodes_.size(), Block{}));
  if (nodes) differentiate_nodes(*nodes, forms, by_q);

  // Through the fields, from the last step to the first. `left`: what the residuals weigh q with, up to c^T.
  Field left(nodes_.size(), Block{});
  for (size_t k = steps_.size(); k-- > 0;) {
    Field residual = loads_;
    for (size_t j = 0; j <= k; ++j) add_product(steps_[j].Kq, steps_[j].coefficient, -1, residual);
    add_product(residual, symmetric(cotangent + 36 * (k + 1)), -2, left);
    const Step& step = steps_[k];
    add_product(left, transposed(step.coefficient), 1, by_q[k]);
    const Field p = start_of(k), by_loads = precondition(differentiate_orthogonalisation(k, p, forms, by_q));
    if (k > 0) add(stiffness_times(by_loads), by_q[k - 1]);
    Field against = by_loads;  // D's own change takes from p
    for (Block& node : against)
      for (Vector8& x : node.column) x = -1.0 * x;
    for (size_t s = 0; s < struts.size(); ++s) {
      const int32_t i = struts[s].i, j = struts[s].j;
      const Motion x(by_loads[i].column, by_loads[j].column);
      if (k > 0) {
        forms[s].differentiate(x, Motion(steps_[k - 1].q[i].column, steps_[k - 1].q[j].column), 0);
      } else {
        Motion y(nullptr, nullptr);
        y.strain(struts[s].vector);
        forms[s].differentiate(x, y, 1);
      }
      forms[s].differentiate(Motion(against[i].column, nullptr), Motion(p[i].column, nullptr), 0);
      forms[s].differentiate(Motion(nullptr, against[j].column), Motion(nullptr, p[j].column), 0);
    }
  }
  for (size_t s = 0; s < struts.size(); ++s) {
    for (int r = 0; r < 3; ++r) by_vectors[3 * s + r] += forms[s].by_vector(r);
    by_radii[s] += forms[s].by_radius();
  }
}

}  // namespace fl::frame
