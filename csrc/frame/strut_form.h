// The energy of a strut as a bilinear form of two motions of its ends, and its derivatives by where the ends are and by the
// radius; the form is that of adjoint.cpp, which has the same for one motion at equilibrium.
#pragma once
#include "frame/element.h"

namespace fl::frame {

FL_INLINE double sum_of_lanes(const Vector8& x) { return ((x[0] + x[1]) + (x[2] + x[3])) + (x[4] + x[5]); }
FL_INLINE double dot(const Vector8& x, const Vector8& y) { return sum_of_lanes(x * y); }

// A motion of a strut's ends in six load cases, a lane each.
struct Motion {
  Vector8 Delta[3], mean[3], delta[3];  // u2 - u1, (theta1 + theta2) / 2, theta2 - theta1

  // End 1 moves as unknowns a, end 2 as b; null where it rests.
  FL_INLINE Motion(const Vector8* a, const Vector8* b) {
    for (int p = 0; p < 3; ++p) {
      const Vector8 u1 = a ? a[p] : Vector8{}, u2 = b ? b[p] : Vector8{};
      const Vector8 theta1 = a ? a[3 + p] : Vector8{}, theta2 = b ? b[3 + p] : Vector8{};
      Delta[p] = u2 - u1;
      mean[p] = 0.5 * (theta1 + theta2);
      delta[p] = theta2 - theta1;
    }
  }
  // And the macro-strains move end 2.
  FL_INLINE void strain(const double v[3]) {
    Vector8 D[3];
    macro_displacement(v, D);
    for (int p = 0; p < 3; ++p) Delta[p] += D[p];
  }
};

// What the strut's energy is made of: EA/L stretch^2 + 12 q |gamma|^2 + EI/L |delta|^2 + (GJ - EI)/L twist^2.
struct Deformation {
  Vector8 stretch{}, twist{}, deflection[3], gamma[3];

  FL_INLINE Deformation(const Motion& motion, const double t[3], double L) {
    for (int p = 0; p < 3; ++p) {
      stretch.add(motion.Delta[p], t[p]);
      twist.add(motion.delta[p], t[p]);
    }
    for (int p = 0; p < 3; ++p) {
      const int p1 = (p + 1) % 3, p2 = (p + 2) % 3;
      deflection[p] = multiply_subtract(stretch, t[p], motion.Delta[p]);
      gamma[p] = multiply_subtract(motion.mean[p1], t[p2],
                                   multiply_add(motion.mean[p2], t[p1], 1 / L * deflection[p]));
    }
  }
};

class StrutForm {
 public:
  StrutForm(const Strut& strut, const Material& material)
      : section_(strut, material), length_(strut.length), radius_(strut.radius),
        t_{strut.vector[0] / length_, strut.vector[1] / length_, strut.vector[2] / length_} {}

  // energy[m] += the energies of load case m with all of them.
  FL_INLINE void add_energy(const Motion& motion, Vector8 energy[6]) const {
    const Deformation of(motion, t_, length_);
    const auto add = [&](double factor, const Vector8& x) {
      const Vector8 y = factor * x;
      for (int m = 0; m < 6; ++m) energy[m].add(y, x[m]);
    };
    add(section_.axial, of.stretch);
    for (int p = 0; p < 3; ++p) {
      add(12 * section_.q, of.gamma[p]);
      add(section_.bending, motion.delta[p]);
    }
    add(section_.torsion - section_.bending, of.twist);
  }

  // Adds the derivatives of the form of x and y, summed over load cases; that through the macro-strains of y is weighed.
  void differentiate(const Motion& x, const Motion& y, double macro) {
    const Section<double>& k = section_;
    const double L = length_, twisting = k.torsion - k.bending;
    const Deformation of_x(x, t_, L), of_y(y, t_, L);
    const double stretch2 = dot(of_x.stretch, of_y.stretch), twist2 = dot(of_x.twist, of_y.twist);
    double gamma2 = 0, gamma_deflection = 0, delta2 = 0;
    for (int p = 0; p < 3; ++p) {
      gamma2 += dot(of_x.gamma[p], of_y.gamma[p]);
      gamma_deflection += dot(of_x.gamma[p], of_y.deflection[p]) + dot(of_y.gamma[p], of_x.deflection[p]);
      delta2 += dot(x.delta[p], y.delta[p]);
    }
    const double shear = 2 * k.phi / (1 + k.phi);  // q = EI / (L (1 + phi)) with phi ~ (r / L)^2
    d_length_ += (-k.axial * stretch2 + 12 * k.q * (shear - 1) * gamma2 - 12 * k.q * gamma_deflection / L -
                  k.bending * delta2 - twisting * twist2) /
                 L;
    d_radius_ += (2 * k.axial * stretch2 + 12 * k.q * (4 - shear) * gamma2 + 4 * k.bending * delta2 +
                  4 * twisting * twist2) /
                 radius_;
    Vector8 force[3];
    for (int p = 0; p < 3; ++p) {
      const double bent = bent_by_direction(of_x, y, of_y, p) + bent_by_direction(of_y, x, of_x, p);
      d_t_[p] += k.axial * (dot(of_x.stretch, y.Delta[p]) + dot(of_y.stretch, x.Delta[p])) - 12 * k.q * bent +
                 twisting * (dot(of_x.twist, y.delta[p]) + dot(of_y.twist, x.delta[p]));
      force[p] = multiply_add(of_x.stretch, k.axial * t_[p], 12 * k.q / L * of_x.gamma[p]);
    }
    constexpr double h = 0.70710678118654752440;
    d_macro_[0] += macro * (force[0][0] + h * (force[1][5] + force[2][4]));
    d_macro_[1] += macro * (force[1][1] + h * (force[0][5] + force[2][3]));
    d_macro_[2] += macro * (force[2][2] + h * (force[1][3] + force[0][4]));
  }

  double by_radius() const { return d_radius_; }
  // By component p of the strut's vector.
  double by_vector(int p) const {
    const double along = d_t_[0] * t_[0] + d_t_[1] * t_[1] + d_t_[2] * t_[2];
    return d_length_ * t_[p] + d_macro_[p] + (d_t_[p] - along * t_[p]) / length_;
  }

 private:
  FL_INLINE double bent_by_direction(const Deformation& of_x, const Motion& y, const Deformation& of_y, int p) const {
    const int p1 = (p + 1) % 3, p2 = (p + 2) % 3;
    return dot(of_x.gamma[p], of_y.stretch) / length_ + dot(of_x.gamma[p1], y.mean[p2]) -
           dot(of_x.gamma[p2], y.mean[p1]);
  }

  Section<double> section_;
  double length_, radius_, t_[3];
  double d_length_ = 0, d_radius_ = 0, d_t_[3] = {}, d_macro_[3] = {};
};

}  // namespace fl::frame
