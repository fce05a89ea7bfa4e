// How many elements buffers have: what codegen/abi.py's table speaks of.
#pragma once
#include "base/boundary.h"

namespace fl::boundary {

// (lmax + 1)^2
constexpr Extent components(Extent lmax) { return (lmax + 1) * (lmax + 1); }

// Of each degree: how many numbers a node's features begin with, by component. Three forms have 2x0e + 2x2e + 1x4e each, the
// odd degrees two sums of harmonics.
constexpr int64_t node_fan_in[] = {6, 2, 6, 2, 3};

// Paths (l1, l2, l3) of the edge convolution: natural parity, l1 <= l_in, l2 and l3 <= lmax. Degrees are small.
inline Extent paths(Extent l_in, Extent lmax) {
  const auto first = static_cast<int>(l_in.count()), last = static_cast<int>(lmax.count());
  int64_t count = 0;
  for (int l1 = 0; l1 <= first; ++l1)
    for (int l2 = 0; l2 <= last; ++l2)
      for (int l3 = l1 > l2 ? l1 - l2 : l2 - l1; l3 <= l1 + l2 && l3 <= last; l3 += 2) ++count;
  return count;
}

// multiplicities[l] summed over the degrees that are read.
inline Extent multiplicity(const int64_t* multiplicities, Extent lmax, int64_t degrees) {
  Extent sum = 0;
  for (int64_t l = 0; l <= lmax.count(); ++l)
    if (degrees >> l & 1) sum = sum + multiplicities[l];
  return sum;
}

// multiplicities[l] (2 l + 1) likewise.
inline Extent readout_size(const int64_t* multiplicities, Extent lmax, int64_t degrees) {
  Extent sum = 0;
  for (int64_t l = 0; l <= lmax.count(); ++l)
    if (degrees >> l & 1) sum = sum + Extent(multiplicities[l]) * (2 * l + 1);
  return sum;
}

}  // namespace fl::boundary
