// The generated programs of the symmetric contraction for one lmax and dtype: codegen/symmetric_contraction.py writes
// them, symmetric_contraction.cpp runs them.
//
// Each works on one node and one vector of channels. Arrays are rows of one vector: a, o, g, da [(lmax + 1)^2],
// b, db [pairs], w, dw [weights]; forward writes o, backward adds to da, db, dw.
#pragma once

namespace fl {

template <class T>
struct ContractionPrograms {
  static constexpr int orders = 3, degrees = 5;

  int pairs;            // rows of b
  int weights[orders];  // rows of w, by largest order
  void (*couple_forward)(const T* a, T* b);
  void (*couple_backward)(const T* a, const T* db, T* da);
  // By largest order less one, and by degree of the output.
  void (*forward[orders][degrees])(const T* a, const T* b, const T* w, T* o);
  void (*backward[orders][degrees])(const T* a, const T* b, const T* g, const T* w, T* da, T* db, T* dw);

  // Multiply-adds (and lone multiplications and additions) of the above.
  int couple_forward_operations, couple_backward_operations;
  int forward_operations[orders][degrees], backward_operations[orders][degrees];
};

// The programs of lmax 0 to 4, for float and double.
template <int lmax, class T>
const ContractionPrograms<T>& contraction_programs();
template <>
const ContractionPrograms<float>& contraction_programs<0, float>();
template <>
const ContractionPrograms<double>& contraction_programs<0, double>();
template <>
const ContractionPrograms<float>& contraction_programs<1, float>();
template <>
const ContractionPrograms<double>& contraction_programs<1, double>();
template <>
const ContractionPrograms<float>& contraction_programs<2, float>();
template <>
const ContractionPrograms<double>& contraction_programs<2, double>();
template <>
const ContractionPrograms<float>& contraction_programs<3, float>();
template <>
const ContractionPrograms<double>& contraction_programs<3, double>();
template <>
const ContractionPrograms<float>& contraction_programs<4, float>();
template <>
const ContractionPrograms<double>& contraction_programs<4, double>();

}  // namespace fl
