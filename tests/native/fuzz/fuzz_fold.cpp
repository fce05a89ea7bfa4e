// Fuzz target: wireframes, on raw arrays. libFuzzer's main calls it.
#include "../call.h"
#include "abi.h"
#include "bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  Bytes in(bytes, size);
  const int64_t nodes = in.below(40), struts = in.below(60), shares = in.byte() % 2;
  const bool cube = in.byte() < 200, usual = in.byte() < 200;
  std::vector<double> cell, margin(3, 0.01), radii(struts, 0.1);
  for (int k = 0; k < 9; ++k) cell.push_back(cube ? k % 4 == 0 : in.number());
  if (!usual) margin = in.numbers(3);
  const double reach = usual ? 0.01 : in.number();
  const std::vector<double> fractional = in.numbers(3 * nodes);
  std::vector<int64_t> ends;
  for (int64_t n = 0; n < 2 * struts; ++n) ends.push_back(in.integer(nodes));
  for (double& radius : radii)
    if (in.seldom()) radius = in.number();

  std::vector<double> places(3 * nodes), folded_radii(struts), longest(1);
  std::vector<int64_t> place_of(nodes), on_face(nodes), folded_ends(2 * struts), shifts(3 * struts), report(12);
  if (call(fl_fold_wireframe, nodes, struts, fractional, cell, margin, ends, radii, reach, shares, places, place_of,
           on_face, folded_ends, shifts, folded_radii, longest, report) != 0) {
    require(std::strlen(fl_last_error()) > 0);
    return 0;
  }
  if (report[9] >= 0 || report[10] >= 0 || report[11] >= 0) return 0;  // far, crowded, a chain
  for (const double x : places) require(std::isfinite(x));
  for (const int64_t first : place_of) require(first >= 0 && first < nodes && place_of[first] == first);
  require(report[0] >= 0 && report[0] + report[3] + report[4] + report[8] == struts);
  for (int64_t m = 0; m < report[0]; ++m) {
    const int64_t from = folded_ends[2 * m], to = folded_ends[2 * m + 1];
    require(from >= 0 && from < nodes && to >= 0 && to < nodes && place_of[from] == from && place_of[to] == to);
    require(from != to || shifts[3 * m] != 0 || shifts[3 * m + 1] != 0 || shifts[3 * m + 2] != 0);
  }
  return 0;
}
