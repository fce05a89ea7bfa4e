// The adjoint of homogenisation. C is an energy at equilibrium, V C = sum over struts of U^T k U with U the total
// displacements of the strut's ends, so that the displacements' own change drops out and no second solve is needed.
//
// With Delta = u2 + D - u1, the mean rotation m = (th1 + th2) / 2 and delta = th2 - th1, an exact Timoshenko strut
// stores, as a bilinear form in two load cases,
//   EA/L (t.Delta)^2 + 12 q |gamma|^2 + EI/L |delta|^2 + (GJ - EI)/L (t.delta)^2,   gamma = Delta_perp / L - m x t:
// stretch, shear and deflection, bending, torsion. The forms below are contracted with the symmetric cotangent H.
#include "frame/adjoint.h"

#include "frame/matrix6.h"
#include "frame/strut_form.h"

namespace fl::frame {
namespace {

// How the ends of a strut move at equilibrium, the macro-strains' D = eps v included.
FL_INLINE Motion equilibrium(const Strut& strut, const Vector8* u) {
  const Vector8 *end1 = u + 6 * int64_t{strut.i}, *end2 = u + 6 * int64_t{strut.j};  // u, then theta
  Motion motion(end1, end2);
  Vector8 D[3];
  macro_displacement(strut.vector, D);
  for (int p = 0; p < 3; ++p) motion.Delta[p] = end2[p] + D[p] - end1[p];
  return motion;
}

// The energy of a strut at equilibrium, contracted with H, and its derivatives.
class StrutEnergy {
 public:
  FL_INLINE StrutEnergy(const Strut& strut, const Material& material, const Vector8* u, const Matrix6& H)
      : k_(strut, material), L_(strut.length), radius_(strut.radius),
        t_{strut.vector[0] / L_, strut.vector[1] / L_, strut.vector[2] / L_},
        shear_(2 * k_.phi / (1 + k_.phi)), motion_(equilibrium(strut, u)), of_(motion_, t_, L_),
        h_stretch_(H.times(of_.stretch)), h_twist_(H.times(of_.twist)),
        h_gamma_{H.times(of_.gamma[0]), H.times(of_.gamma[1]), H.times(of_.gamma[2])},
        stretch2_(dot(h_stretch_, of_.stretch)), twist2_(dot(h_twist_, of_.twist)) {
    for (int p = 0; p < 3; ++p) {
      gamma2_ += dot(h_gamma_[p], of_.gamma[p]);
      gamma_deflection_ += dot(h_gamma_[p], of_.deflection[p]) / L_;
      delta2_ += dot(H.times(motion_.delta[p]), motion_.delta[p]);
    }
  }

  // The section constants go with the radius: EA ~ r^2, EI and GJ ~ r^4, q = EI / (L (1 + phi)) with phi ~ (r / L)^2.
  FL_INLINE double by_radius(double volume) const {
    return (2 * k_.axial * stretch2_ + 12 * k_.q * (4 - shear_) * gamma2_ + 4 * k_.bending * delta2_ +
            4 * (k_.torsion - k_.bending) * twist2_) /
           (radius_ * volume);
  }

  // By the strut's vector v = L t, through L, t and D.
  FL_INLINE void by_vector(double volume, double d_v[3]) const {
    double d_t[3], d_macro[3], d_t_along = 0;
    by_direction(d_t);
    by_macro_displacement(d_macro);
    for (int p = 0; p < 3; ++p) d_t_along = multiply_add(d_t[p], t_[p], d_t_along);
    const double d_length = by_length();
    for (int p = 0; p < 3; ++p) {
      const double across = multiply_subtract(d_t_along, t_[p], d_t[p]) / L_;
      d_v[p] = (multiply_add(d_length, t_[p], d_macro[p]) + across) / volume;
    }
  }

 private:
  // Through the section constants and gamma, at fixed t and Delta.
  FL_INLINE double by_length() const {
    return (-k_.axial * stretch2_ + 12 * k_.q * (shear_ - 1) * gamma2_ - 24 * k_.q * gamma_deflection_ -
            k_.bending * delta2_ - (k_.torsion - k_.bending) * twist2_) /
           L_;
  }

  // At fixed L and Delta: d(t.Delta) = Delta.dt, d(t.delta) = delta.dt, and gamma turns with t.
  FL_INLINE void by_direction(double d_t[3]) const {
    for (int p = 0; p < 3; ++p) {
      const int p1 = (p + 1) % 3, p2 = (p + 2) % 3;
      const double bent = dot(h_gamma_[p], of_.stretch) / L_ + dot(h_gamma_[p1], motion_.mean[p2]) -
                          dot(h_gamma_[p2], motion_.mean[p1]);
      const double turned =
          multiply_subtract(12 * k_.q, bent, (k_.torsion - k_.bending) * dot(h_twist_, motion_.delta[p]));
      d_t[p] = 2 * multiply_add(k_.axial, dot(h_stretch_, motion_.Delta[p]), turned);
    }
  }

  // D_p = (eps v)_p with the force that the far end needs: by v, eps^T force over the load cases.
  FL_INLINE void by_macro_displacement(double d_v[3]) const {
    Vector8 force[3];
    for (int p = 0; p < 3; ++p)
      force[p] = multiply_add(h_stretch_, 2 * k_.axial * t_[p], 24 * k_.q / L_ * h_gamma_[p]);
    constexpr double h = 0.70710678118654752440;
    d_v[0] = multiply_add(h, force[1][5] + force[2][4], force[0][0]);
    d_v[1] = multiply_add(h, force[0][5] + force[2][3], force[1][1]);
    d_v[2] = multiply_add(h, force[1][3] + force[0][4], force[2][2]);
  }

  Section<double> k_;
  double L_, radius_, t_[3], shear_;
  Motion motion_;
  Deformation of_;
  Vector8 h_stretch_, h_twist_, h_gamma_[3];
  double stretch2_, twist2_, gamma2_ = 0, gamma_deflection_ = 0, delta2_ = 0;
};

}  // namespace

void adjoint(const Lattice& lattice, const std::vector<Strut>& struts, const Material& material, const double* C,
             const Vector8* u, const double* cotangent, const Gradients& to) {
  const Matrix6 H = symmetric(cotangent);
  const double volume = std::abs(determinant(lattice.cell));
  start_with_volume(lattice.cell, C, cotangent, 36, to.cell);
  for (size_t k = 0; k < struts.size(); ++k) {
    const StrutEnergy energy(struts[k], material, u, H);
    to.radii[k] = energy.by_radius(volume);
    double d_v[3];
    energy.by_vector(volume, d_v);
    spread(lattice, struts[k], static_cast<int64_t>(k), d_v, to);
  }
}

}  // namespace fl::frame
