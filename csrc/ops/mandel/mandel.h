// From the 21 coefficients of a stiffness to a positive semi-definite function of its 6x6 Mandel matrix, and back.
//
// The functions work on a matrix whose entries are values of a type V: vectors of lattices on the CPU, so that every
// lattice takes the same operations whatever stands beside it. They are written once, for a number type that is either
// a symmetric matrix or a dual one, value and derivative in a direction. The derivative of f at a symmetric M is a
// self-adjoint map, as each term M^i G M^j of it comes with its mirror M^j G M^i; so the gradient for a cotangent G is
// the derivative in the direction G, and backward is forward on dual matrices.
//
// Formulations that were not taken: f of the eigenvalues, whose derivative divides by their differences; a Pade
// approximant of the exponential, whose linear solve would save two of its twelve or so products.
#pragma once
#include <cstdint>
#include <limits>

#include "base/isa.h"
#include "ops/mandel/generated/calls.h"
#include "ops/mandel/generated/mandel_basis.h"

namespace fl {

// PositiveFunction: M, M^2, M^4, e^M, (1 + M/2)^2, (1 + M/4)^4.
//
// Work of one thread: coefficients [count][21] to out [count][6][6], and gradients of sum(grad_out * out). A lattice's
// result is the same bits whatever the count and its place.
template <class T>
void mandel(PositiveFunction function, int64_t count, const T* coefficients, T* out);
template <class T>
void mandel_backward(PositiveFunction function, int64_t count, const T* coefficients, const T* grad_out,
                     T* grad_coefficients);

namespace psd {

constexpr int coefficients = 21, order = 6;

// Where an entry of a symmetric matrix stands: row by row, on and above the diagonal.
constexpr int index(int i, int j) { return i <= j ? i * (2 * order - 1 - i) / 2 + j : index(j, i); }

template <class V>
struct Symmetric {
  V entry[coefficients];
};

template <class V>
struct Dual {
  Symmetric<V> value, slope;
};

// out += a b, where the sum of all that is added to `out` is symmetric.
template <class V>
FL_INLINE void add_product(const Symmetric<V>& a, const Symmetric<V>& b, Symmetric<V>& out) {
#pragma GCC unroll 6
  for (int i = 0; i < order; ++i)
#pragma GCC unroll 6
    for (int j = i; j < order; ++j)
#pragma GCC unroll 6
      for (int k = 0; k < order; ++k) out.entry[index(i, j)] += a.entry[index(i, k)] * b.entry[index(k, j)];
}

// The product of two polynomials in the same matrix: they commute, so it is symmetric.
template <class V>
Symmetric<V> operator*(const Symmetric<V>& a, const Symmetric<V>& b) {
  Symmetric<V> out{};
  add_product(a, b, out);
  return out;
}
template <class V>
Dual<V> operator*(const Dual<V>& a, const Dual<V>& b) {
  Dual<V> out{a.value * b.value, {}};
  add_product(a.slope, b.value, out.slope);
  add_product(a.value, b.slope, out.slope);
  return out;
}

template <class V>
FL_INLINE const Symmetric<V>& value(const Symmetric<V>& x) {
  return x;
}
template <class V>
FL_INLINE const Symmetric<V>& value(const Dual<V>& x) {
  return x.value;
}

// to += scale x.
template <class V, class Scale>
FL_INLINE void add(Symmetric<V>& to, const Scale& scale, const Symmetric<V>& x) {
  for (int e = 0; e < coefficients; ++e) to.entry[e] += scale * x.entry[e];
}
template <class V, class Scale>
FL_INLINE void add(Dual<V>& to, const Scale& scale, const Dual<V>& x) {
  add(to.value, scale, x.value);
  add(to.slope, scale, x.slope);
}

// to += number times the identity, which is constant.
template <class T, class V>
FL_INLINE void add_identity(Symmetric<V>& to, T number) {
  for (int i = 0; i < order; ++i) to.entry[index(i, i)] += number;
}
template <class T, class V>
FL_INLINE void add_identity(Dual<V>& to, T number) {
  add_identity(to.value, number);
}

// x where the mask says so.
template <class V, class Mask>
FL_INLINE void replace_where(const Mask& mask, Symmetric<V>& to, const Symmetric<V>& x) {
  for (int e = 0; e < coefficients; ++e) to.entry[e] = mask ? x.entry[e] : to.entry[e];
}
template <class V, class Mask>
FL_INLINE void replace_where(const Mask& mask, Dual<V>& to, const Dual<V>& x) {
  replace_where(mask, to.value, x.value);
  replace_where(mask, to.slope, x.slope);
}

// Whether a comparison holds in any lane.
template <class Mask>
FL_INLINE bool any(const Mask& mask) {
  bool found = false;
  for (unsigned i = 0; i < sizeof mask / sizeof mask[0]; ++i) found |= mask[i] != 0;
  return found;
}

// The largest sum of absolute values of a row: no eigenvalue is larger.
template <class V>
V row_norm(const Symmetric<V>& m) {
  V norm{};
  for (int i = 0; i < order; ++i) {
    V sum{};
    for (int j = 0; j < order; ++j) {
      const V x = m.entry[index(i, j)], opposite = -x;
      sum += x < opposite ? opposite : x;
    }
    norm = norm < sum ? sum : norm;
  }
  return norm;
}

template <class Number>
Number square(const Number& x) {
  return x * x;
}

// 1 + scale x.
template <class T, class Number>
Number identity_plus(T scale, const Number& x) {
  Number sum{};
  add(sum, scale, x);
  add_identity(sum, T(1));
  return sum;
}

// e^m by scaling and squaring: each lane halves its matrix until no eigenvalue is beyond 1, sums the Taylor series, and
// squares as often. There, 20 terms leave 4e-19 and 12 terms 2e-9 of the identity. A lane that is done waits.
template <class T, class V, template <class> class Number>
Number<V> exponential(const Number<V>& m) {
  constexpr int blocks = sizeof(T) == sizeof(double) ? 5 : 3;  // of four terms (Paterson and Stockmeyer)
  V norm = row_norm(value(m)), scale = V{} + T(1), halvings{};
  for (int n = 0; n < std::numeric_limits<T>::max_exponent && any(norm > T(1)); ++n) {
    const auto large = norm > T(1);
    halvings += large ? V{} + T(1) : V{};
    scale *= large ? V{} + T(0.5) : V{} + T(1);
    norm *= large ? V{} + T(0.5) : V{} + T(1);
  }
  Number<V> x{};
  add(x, scale, m);
  const Number<V> x2 = square(x), x3 = x2 * x, x4 = square(x2);
  double inverse_factorial[4 * blocks] = {1};
  for (int k = 1; k < 4 * blocks; ++k) inverse_factorial[k] = inverse_factorial[k - 1] / k;
  Number<V> sum{};
  for (int block = blocks - 1; block >= 0; --block) {
    const double* term = inverse_factorial + 4 * block;
    if (block < blocks - 1) sum = sum * x4;
    add_identity(sum, T(term[0]));
    add(sum, T(term[1]), x);
    add(sum, T(term[2]), x2);
    add(sum, T(term[3]), x3);
  }
  for (int n = 0; any(halvings > T(n)); ++n) replace_where(halvings > T(n), sum, square(sum));
  return sum;
}

template <class T, class V, template <class> class Number>
Number<V> apply(PositiveFunction function, const Number<V>& m) {
  switch (function) {
    case PositiveFunction::none: return m;
    case PositiveFunction::matrix_power_2: return square(m);
    case PositiveFunction::matrix_power_4: return square(square(m));
    case PositiveFunction::matrix_exp: return exponential<T>(m);
    case PositiveFunction::matrix_trunc_exp_2: return square(identity_plus(T(0.5), m));
    case PositiveFunction::matrix_trunc_exp_4: return square(square(identity_plus(T(0.25), m)));
  }
  return Number<V>{};  // never: what is exported has looked at the number
}

// The Mandel matrix of coefficients, and the gradient of sum(g_ij m_ij) over all i and j for a symmetric g.
template <class T, class V>
Symmetric<V> matrix_of(const V* c) {
  Symmetric<V> m{};
  for (const MandelTerm& term : mandel_basis) m.entry[term.entry] += T(term.value) * c[term.coefficient];
  return m;
}
template <class T, class V>
void gradient_of(const Symmetric<V>& g, V* c) {
  Symmetric<V> both = g;
  for (int i = 0; i < order; ++i)
    for (int j = i + 1; j < order; ++j) both.entry[index(i, j)] *= T(2);
  for (int n = 0; n < coefficients; ++n) c[n] = V{};
  for (const MandelTerm& term : mandel_basis) c[term.coefficient] += T(term.value) * both.entry[term.entry];
}

}  // namespace psd
}  // namespace fl
