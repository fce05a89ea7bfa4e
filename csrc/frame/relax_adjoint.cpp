// The derivatives of truncated relaxations: relax.h says how.
#include <algorithm>

#include "frame/relax.h"

namespace fl::frame {
namespace {

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

void Relaxation::differentiate_nodes(const NodeCotangents& of, std::vector<StrutForm>& forms,
                                     std::vector<Field>& by_q) const {
  const auto& struts = *struts_;
  const Field u = last_field(), residual = last_residual(), moved = precondition(residual);
  Field by_residual(u.size()), by_D(u.size()), slope(u.size(), Block{});  // slope: by u
  for (size_t node = 0; node < u.size(); ++node) {  // d(r^T y) = 2 y^T dr - y^T dD y with y = D^-1 r
    by_residual[node] = times(moved[node], 2 * of.release[node]);
    by_D[node] = times(moved[node], -1 * of.release[node]);
  }
  for (size_t s = 0; s < struts.size(); ++s) {
    const int32_t i = struts[s].i, j = struts[s].j;
    Matrix6 h = 0.5 * of.share[i];
    for (int m = 0; m < 6; ++m) h.row[m].add(of.share[j].row[m], 0.5);
    const Motion motion = strained_motion(u, struts[s]);
    forms[s].differentiate(times(motion, h), motion, 2);
    forms[s].differentiate(Motion(by_D[i].column, nullptr), Motion(moved[i].column, nullptr), 0);
    forms[s].differentiate(Motion(nullptr, by_D[j].column), Motion(nullptr, moved[j].column), 0);
    Block on_i{}, on_j{}, macro{};
    add_end_forces(elements_[s], u[i], u[j], on_i, on_j);
    add_forces(elements_[s], struts[s].vector, on_i, on_j, macro);
    on_i = times(on_i, 2 * h), on_j = times(on_j, 2 * h);
    for (int r = 0; r < 6; ++r) slope[i].column[r] += on_i.column[r], slope[j].column[r] += on_j.column[r];
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
  for (size_t s = 0; s < struts.size(); ++s)
    forms[s].differentiate(motion_of(by_forces, struts[s]), strained_motion(u, struts[s]), 1);
}

// From the gradient by q of a step to that by p: q = fresh norm(fresh^T K fresh), fresh = p - sum_j q_j h_j, h_j = q_j^T K p.
// Adds the gradients by earlier q and by K.
Field Relaxation::differentiate_orthogonalisation(size_t k, const Field& p, std::vector<StrutForm>& forms,
                                                  std::vector<Field>& by_q) const {
  const Step& step = steps_[k];
  Field fresh = p;
  for (size_t j = 0; j < k; ++j) add_product(steps_[j].q, step.taken[j], -1, fresh);
  const Matrix6 by_energy = inverse_root_backward(step.energy, step.least, product(fresh, by_q[k]));
  Field by_p = times(by_q[k], step.norm), along(p.size(), Block{});
  add_product(stiffness_times(fresh), by_energy, 2, by_p);
  const Field by_fresh = by_p, Kp = k > 0 ? stiffness_times(p) : Field();
  for (size_t j = 0; j < k; ++j) {
    const Matrix6 by_h = -1 * product(steps_[j].q, by_fresh);
    add_product(by_fresh, transposed(step.taken[j]), -1, by_q[j]);
    add_product(Kp, transposed(by_h), 1, by_q[j]);
    add_product(steps_[j].Kq, by_h, 1, by_p);
    add_product(steps_[j].q, by_h, 1, along);
  }
  for (size_t s = 0; s < forms.size(); ++s) {
    const Strut& strut = (*struts_)[s];
    const Motion motion = motion_of(fresh, strut);
    forms[s].differentiate(times(motion, by_energy), motion, 0);
    if (k > 0) forms[s].differentiate(motion_of(along, strut), motion_of(p, strut), 0);
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
      const Motion motion = strained_motion(u, struts[s]);
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
      const Motion x = motion_of(by_loads, struts[s]);
      if (k > 0) {
        forms[s].differentiate(x, motion_of(steps_[k - 1].q, struts[s]), 0);
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
