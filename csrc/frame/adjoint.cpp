// The adjoint of homogenisation. C is an energy at equilibrium, V C = sum over struts of U^T k U with U the total
// displacements of the strut's ends, so that the displacements' own change drops out and no second solve is needed.
//
// With Delta = u2 + D - u1, the mean rotation m = (th1 + th2) / 2 and delta = th2 - th1, an exact Timoshenko strut
// stores, as a bilinear form in two load cases,
//   EA/L (t.Delta)^2 + 12 q |gamma|^2 + EI/L |delta|^2 + (GJ - EI)/L (t.delta)^2,   gamma = Delta_perp / L - m x t:
// stretch, shear and deflection, bending, torsion. The forms below are contracted with the symmetric cotangent H.
#include "frame/adjoint.h"

#include <algorithm>

#include "frame/element.h"

namespace fl::frame {
namespace {

// Vectors over load cases, contracted with H.
struct Cotangent {
  Vector8 row[6];

  explicit Cotangent(const double* g) {
    for (int m = 0; m < 6; ++m) {
      row[m] = Vector8{};
      for (int n = 0; n < 6; ++n) row[m].set(n, 0.5 * (g[6 * m + n] + g[6 * n + m]));
    }
  }
  FL_INLINE Vector8 times(const Vector8& x) const {
    Vector8 y = x[0] * row[0];
#pragma GCC unroll 6
    for (int m = 1; m < 6; ++m) y.add(row[m], x[m]);
    return y;
  }
};

FL_INLINE double dot(const Vector8& x, const Vector8& y) {
  const Vector8 z = x * y;
  return ((z[0] + z[1]) + (z[2] + z[3])) + (z[4] + z[5]);
}

}  // namespace

void adjoint(const Lattice& lattice, const std::vector<Strut>& struts, const Material& material, const double* C,
             const Vector8* u, const double* cotangent, double* grad_cell, double* grad_positions, double* grad_radii) {
  const Cotangent H(cotangent);
  const double volume = std::abs(determinant(lattice.cell));
  std::fill(grad_positions, grad_positions + 3 * lattice.num_nodes, 0.0);
  // C = (V C) / V, and d log V = trace(cell^-1 dcell).
  double inverse_cell[9], contraction = 0;
  inverse(lattice.cell, inverse_cell);
  for (int k = 0; k < 36; ++k) contraction += C[k] * cotangent[k];
  for (int k = 0; k < 3; ++k)
    for (int r = 0; r < 3; ++r) grad_cell[3 * k + r] = -contraction * inverse_cell[3 * r + k];

  for (size_t index = 0; index < struts.size(); ++index) {
    const Strut& strut = struts[index];
    const Section<double> k(strut, material);
    const double L = strut.length, r = strut.radius;
    const double t[3] = {strut.vector[0] / L, strut.vector[1] / L, strut.vector[2] / L};
    const Vector8 *end1 = u + 6 * int64_t{strut.i}, *end2 = u + 6 * int64_t{strut.j};  // u, then theta

    Vector8 D[3], Delta[3], mean[3], delta[3], gamma[3];
    macro_displacement(strut.vector, D);
    Vector8 stretch{}, twist{};
    for (int p = 0; p < 3; ++p) {
      Delta[p] = end2[p] + D[p] - end1[p];
      mean[p] = 0.5 * (end1[3 + p] + end2[3 + p]);
      delta[p] = end2[3 + p] - end1[3 + p];
      stretch.add(Delta[p], t[p]);
      twist.add(delta[p], t[p]);
    }
    Vector8 deflection[3];
    for (int p = 0; p < 3; ++p) {
      const int p1 = (p + 1) % 3, p2 = (p + 2) % 3;
      deflection[p] = multiply_subtract(stretch, t[p], Delta[p]);
      gamma[p] = multiply_subtract(mean[p1], t[p2], multiply_add(mean[p2], t[p1], 1 / L * deflection[p]));
    }
    const Vector8 h_stretch = H.times(stretch), h_twist = H.times(twist);
    const Vector8 h_gamma[3] = {H.times(gamma[0]), H.times(gamma[1]), H.times(gamma[2])};
    const double stretch2 = dot(h_stretch, stretch), twist2 = dot(h_twist, twist);
    double gamma2 = 0, gamma_deflection = 0, delta2 = 0;
    for (int p = 0; p < 3; ++p) {
      gamma2 += dot(h_gamma[p], gamma[p]);
      gamma_deflection += dot(h_gamma[p], deflection[p]) / L;
      delta2 += dot(H.times(delta[p]), delta[p]);
    }
    // Through the section constants and L, at fixed t and Delta. q = EI / (L (1 + phi)) with phi ~ (r / L)^2.
    const double shear = 2 * k.phi / (1 + k.phi);
    const double d_length = (-k.axial * stretch2 + 12 * k.q * (shear - 1) * gamma2 - 24 * k.q * gamma_deflection -
                             k.bending * delta2 - (k.torsion - k.bending) * twist2) /
                            L;
    grad_radii[index] = (2 * k.axial * stretch2 + 12 * k.q * (4 - shear) * gamma2 + 4 * k.bending * delta2 +
                         4 * (k.torsion - k.bending) * twist2) /
                        (r * volume);
    // Through t, and through the macro-strains' displacement D = eps v.
    double d_t[3], d_t_along = 0;
    Vector8 force[3];
    for (int p = 0; p < 3; ++p) {
      const int p1 = (p + 1) % 3, p2 = (p + 2) % 3;
      const double bent = dot(h_gamma[p], stretch) / L + dot(h_gamma[p1], mean[p2]) - dot(h_gamma[p2], mean[p1]);
      const double turned = multiply_subtract(12 * k.q, bent, (k.torsion - k.bending) * dot(h_twist, delta[p]));
      d_t[p] = 2 * multiply_add(k.axial, dot(h_stretch, Delta[p]), turned);
      d_t_along = multiply_add(d_t[p], t[p], d_t_along);
      force[p] = multiply_add(h_stretch, 2 * k.axial * t[p], 24 * k.q / L * h_gamma[p]);
    }
    constexpr double h = 0.70710678118654752440;
    const double d_macro[3] = {multiply_add(h, force[1][5] + force[2][4], force[0][0]),
                               multiply_add(h, force[0][5] + force[2][3], force[1][1]),
                               multiply_add(h, force[1][3] + force[0][4], force[2][2])};
    const int64_t* shift = lattice.shifts + 3 * index;
    for (int p = 0; p < 3; ++p) {
      const double across = multiply_subtract(d_t_along, t[p], d_t[p]) / L;
      const double d_v = (multiply_add(d_length, t[p], d_macro[p]) + across) / volume;
      grad_positions[3 * strut.j + p] += d_v;
      grad_positions[3 * strut.i + p] -= d_v;
      for (int c = 0; c < 3; ++c) grad_cell[3 * c + p] = multiply_add(double(shift[c]), d_v, grad_cell[3 * c + p]);
    }
  }
}

}  // namespace fl::frame
