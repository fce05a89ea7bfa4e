// The fold of wireframes from outside: all that was drawn twice, or in pieces, is undone, and counted.
#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "lattice/edge_graph.h"
#include "lattice/fold_vector.h"
#include "lattice/generated/calls.h"

namespace fl {
namespace {

constexpr double straight_margin = 2;  // reaches: both nodes beside the one in the middle may be off as well

// The numbers of a report, in their order; csrc/abi.h says what they are.
namespace number {
enum { struts, welded, folded, points, repeated, unequal, from, to, joined, far, crowded, chain };
}

void check_positive(const char* name, double value, double limit) {
  if (!(value > 0 && value < limit)) throw std::invalid_argument(std::string(name) + " is not positive, or too large");
}

// In how many places, each cell's counted, nodes are.
int64_t places_in_space(const fold::Places& places) {
  std::vector<std::pair<int64_t, fold::Shift>> all;
  all.reserve(places.node.size());
  for (std::size_t i = 0; i < places.node.size(); ++i) all.emplace_back(places.node[i], places.image[i]);
  std::sort(all.begin(), all.end());
  return std::unique(all.begin(), all.end()) - all.begin();
}

// The lattice vectors by which places lie outside the cell at the origin; what lies on a face belongs to the lower one.
std::vector<fold::Shift> cells_of(const fold::Places& places, const double* fractional, const fold::Vector& margin) {
  std::vector<fold::Shift> cells(places.node.size());
  for (std::size_t i = 0; i < cells.size(); ++i)
    for (int k = 0; k < 3; ++k)
      cells[i][k] = static_cast<int64_t>(std::floor(fractional[3 * places.node[i] + k] + margin[k]));
  return cells;
}

void fold_all(const calls::FoldWireframe& call, const fold::Places& places, const fold::Rules& rules) {
  std::vector<fold::Strut> struts;
  struts.reserve(call.struts);
  *call.longest_point = 0;
  for (int64_t m = 0; m < call.struts; ++m) {
    const int64_t i = call.ends[2 * m], j = call.ends[2 * m + 1];
    struts.push_back(fold::strut_between(places, i, j, call.radii[m]));
    if (!struts.back().is_point()) continue;
    struts.pop_back();
    fold::Vector along;
    for (int k = 0; k < 3; ++k) along[k] = call.fractional[3 * j + k] - call.fractional[3 * i + k];
    *call.longest_point = std::max(*call.longest_point, fold::norm(fold::in_space(along, call.cell)));
  }
  int64_t* const report = call.report;
  report[number::points] = call.struts - static_cast<int64_t>(struts.size());
  const fold::Reduced reduced = fold::reduce(struts, places, call.cell, rules,
                                             call.shares ? fold::Repeated::shares : fold::Repeated::copies);
  report[number::repeated] = reduced.repeated;
  report[number::unequal] = reduced.unequal;
  report[number::from] = reduced.from;
  report[number::to] = reduced.to;
  report[number::joined] = reduced.joined;
  report[number::struts] = static_cast<int64_t>(struts.size());

  const std::vector<fold::Shift> cells = cells_of(places, call.fractional, rules.margin);
  for (int64_t i = 0; i < call.nodes; ++i) {
    const int64_t first = call.place_of[i] = places.node[i];
    call.on_face[i] = places.on_face[first];
    for (int k = 0; k < 3; ++k) call.places[3 * i + k] = places.at[first][k] - static_cast<double>(cells[first][k]);
  }
  for (std::size_t m = 0; m < struts.size(); ++m) {
    const auto& [from, to, shift, radius, pieces] = struts[m];
    call.folded_ends[2 * m] = from;
    call.folded_ends[2 * m + 1] = to;
    call.folded_radii[m] = radius;
    for (int k = 0; k < 3; ++k) call.folded_shifts[3 * m + k] = shift[k] + cells[to][k] - cells[from][k];
  }
}

}  // namespace

void calls::run(const FoldWireframe& call) {
  check_positive("reach", call.reach, std::numeric_limits<double>::infinity());
  for (int k = 0; k < 3; ++k) check_positive("margin", call.margin[k], fold::farthest_position);
  check_index(call.ends, 2 * call.struts, call.nodes, "ends", "nodes");
  int64_t* const report = call.report;
  std::fill_n(report, number::far, 0);
  std::fill_n(report + number::far, 3, -1);
  const fold::Rules rules = {
      fold::Undo::everything, {call.margin[0], call.margin[1], call.margin[2]}, call.reach,
      straight_margin * call.reach};
  try {
    const fold::Places places = fold::find_places(call.fractional, call.nodes, call.cell, rules);
    int64_t in_cell = 0;
    for (int64_t i = 0; i < call.nodes; ++i) in_cell += places.node[i] == i;
    const int64_t in_space = places_in_space(places);
    report[number::welded] = call.nodes - in_space;
    report[number::folded] = in_space - in_cell;
    fold_all(call, places, rules);
  } catch (const fold::Failure& failure) {
    report[number::far + failure.reason] = failure.node;
  }
}

}  // namespace fl
