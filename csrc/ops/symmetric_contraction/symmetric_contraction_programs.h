// The generated programs of the symmetric contraction for one lmax and dtype: codegen/symmetric_contraction.py writes
// them, symmetric_contraction.cpp runs them.
//
// Each works on one node and one vector of channels. Arrays are rows of one vector: a, o, g, da [(lmax + 1)^2],
// b [pairs], d [mixed], w, dw [weights]. Forward writes b, then o. Backward adds to da and dw, and writes d in between.
#pragma once

namespace fl {

template <class T>
struct ContractionPrograms {
  static constexpr int orders = 3, degrees = 5;

  int pairs, mixed;
  int weights[orders];  // rows of w, by largest order less one

  void (*couple_forward)(const T* a, T* b);
  // By largest order less two; for all degrees, for even degrees only (of which d is then read). Comes last.
  void (*couple_backward[orders - 1][2])(const T* a, const T* b, const T* g, const T* d, const T* w, T* da, T* dw);
  // By largest order less one, and by degree of the output.
  void (*forward[orders][degrees])(const T* a, const T* b, const T* w, T* o);
  void (*backward[orders][degrees])(const T* a, const T* b, const T* g, const T* w, T* da, T* d, T* dw);

  // Multiply-adds (and lone multiplications and additions) of the above.
  int couple_forward_operations, couple_backward_operations[orders - 1][2];
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
