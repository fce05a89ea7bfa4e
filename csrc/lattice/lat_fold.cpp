// From the nodal representation of a cell to its periodic one.
//
// Catalogues of nodes and bars describe a cell in two ways. Windowed: the cell's faces cut the struts, and each cut
// leaves a point on either of two opposite faces. Cropped: nodes lie on faces, edges and corners, in several copies,
// and struts on shared faces are given several times. Both are folded alike; a node that an entry lists inside its cell
// is meant.
#include <algorithm>
#include <cmath>
#include <limits>

#include "lattice/fold.h"
#include "lattice/lat_entry.h"

namespace fl::lat {
namespace {

// Positions come with five digits: the same place may differ by a unit of the last, a straight line bend by some.
constexpr double same_place = 2.5e-5;
constexpr double straight_margin = 5e-5;

fold::Places find_places(const Section<double>& fractional, const double* cell, const fold::Rules& rules) {
  try {
    return fold::find_places(fractional.values.data(), int64_t(fractional.count()), cell, rules);
  } catch (const fold::Failure& failure) {
    throw EntryError(fractional.lines[size_t(failure.node)], failure.what());
  }
}

std::vector<fold::Strut> struts_of(const Section<int64_t>& bars, const fold::Places& places) {
  std::vector<fold::Strut> struts;
  struts.reserve(bars.count());
  for (size_t m = 0; m < bars.count(); ++m) {
    const int64_t i = bars.row(m)[0], j = bars.row(m)[1];
    if (i == j) throw EntryError(bars.lines[m], "the bar joins a node to itself");
    const fold::Strut strut = fold::strut_between(places, i, j, 1);
    if (!strut.is_point()) struts.push_back(strut);
  }
  return struts;
}

}  // namespace

void fold_into_cell(const Entry& entry, const double* cell, std::vector<int64_t>& struts,
                    std::vector<int64_t>& shifts) {
  double longest = 0;
  for (int k = 0; k < 3; ++k) longest = std::max(longest, std::hypot(cell[3 * k], cell[3 * k + 1], cell[3 * k + 2]));
  const fold::Rules rules = {fold::Undo::faces,
                             {same_place, same_place, same_place},
                             std::numeric_limits<double>::infinity(),
                             straight_margin * longest};
  const fold::Places places = find_places(entry.positions, cell, rules);
  std::vector<fold::Strut> found = struts_of(entry.bars, places);
  fold::reduce(found, places, cell, rules, fold::Repeated::copies);
  struts.clear();
  shifts.clear();
  for (const fold::Strut& strut : found) {
    struts.insert(struts.end(), {strut.from, strut.to});
    shifts.insert(shifts.end(), strut.shift.begin(), strut.shift.end());
  }
}

}  // namespace fl::lat
