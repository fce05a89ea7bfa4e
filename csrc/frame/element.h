// One exact Timoshenko element, of one lattice (numbers are doubles) or of several with the same struts (Lanes).
#pragma once
#include "frame/frame.h"

namespace fl::frame {

// Section constants of a strut, E_s = 1: EA/L, EI/L, GJ/L, the shear flexibility phi = 12 EI / (kappa G A L^2) and
// q = EI / (L (1 + phi)).
template <class Number>
struct Section {
  Number axial, bending, torsion, phi, q;

  FL_INLINE Section(const StrutOf<Number>& strut, const Material& material) {
    const Number r2 = strut.radius * strut.radius, inverse_length = 1.0 / strut.length;
    axial = pi * r2 * inverse_length;
    bending = 0.25 * r2 * axial;
    torsion = 2 * material.shear_modulus() * bending;
    phi = 6 * (1 + material.nu) / material.kappa * r2 * inverse_length * inverse_length;
    if (material.discretisation == Discretisation::abaqus_b31)
      phi -= (1 - (1 + material.nu) / (2 * material.kappa)) / 16 * strut.cut_cubes;
    q = bending / (1.0 + phi);
  }
};

// Displacement of a strut's far end under the six macro-strains, D[r][m] = (eps_m v)_r.
FL_INLINE void macro_displacement(const double v[3], Vector8 D[3]) {
  constexpr double h = 0.70710678118654752440;
  D[0] = Vector8::of(v[0], 0, 0, 0, h * v[2], h * v[1]);
  D[1] = Vector8::of(0, v[1], 0, h * v[2], 0, h * v[0]);
  D[2] = Vector8::of(0, 0, v[2], h * v[1], h * v[0], 0);
}

// What the element stiffness is made of. With t the unit vector, P = t t^T and X = b [t]x, it has the blocks
//   K(u1,u1) =  a I + (EA/L - a) P = -K(u1,u2),   K(th1,th1) = c I + (GJ/L - c) P,   K(th1,th2) = d I - (GJ/L + d) P,
//   K(u1,th1) = K(u1,th2) = -X,   K(u2,th1) = K(u2,th2) = X.
template <class Number>
struct Element {
  Number t[3], bt[3], a, c, d;
  Number along[3], turned[3], twisted[3];  // (EA/L - a) t, (GJ/L - c) t and (GJ/L + d) t

  FL_INLINE Element(const StrutOf<Number>& strut, const Material& material) {
    const Section<Number> k(strut, material);
    const Number inverse_length = 1.0 / strut.length, b = 6.0 * k.q * inverse_length;
    a = 2.0 * b * inverse_length;
    c = (4.0 + k.phi) * k.q;
    d = (2.0 - k.phi) * k.q;
    for (int r = 0; r < 3; ++r) {
      t[r] = strut.vector[r] * inverse_length;
      bt[r] = b * t[r];
      along[r] = (k.axial - a) * t[r];
      turned[r] = (k.torsion - c) * t[r];
      twisted[r] = (k.torsion + d) * t[r];
    }
  }
};

}  // namespace fl::frame
