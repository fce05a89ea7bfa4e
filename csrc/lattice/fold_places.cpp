// Which nodes are in one place, modulo the lattice.
//
// Nodes are sorted into boxes that divide the cell; what is close to a node is in its box or, where it is close to the
// border of that, in the next one. Faces of the cell are borders like others. Thousands of nodes in one place cost no
// more than as many anywhere: a box is done once its nodes are one.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "lattice/fold_vector.h"

namespace fl::fold {
namespace {

// Boxes along a lattice vector: two for each node that a regular grid of as many would have there, unless they are
// narrower than the margin or more than `widest` times wider.
constexpr double boxes_per_node = 2, most_boxes = 1 << 20;
constexpr double box_offset = 0.37;  // of a box: nodes on faces and at simple fractions of the cell lie inside boxes

struct Width {
  double widest;     // in margins
  int64_t compared;  // nodes that a node may be compared with, on average
};
// Few nodes are close to the borders of wide boxes. Where many copies of several places share them, narrow ones tell
// the places apart, and a crowd that is not one even there is refused.
constexpr Width wide = {64, 32}, narrow = {1, 256};

class Search {
 public:
  Search(const double* fractional, int64_t count, const double* cell, const Rules& rules, std::vector<int64_t>& node)
      : fractional_(fractional), count_(count), cell_(cell), rules_(rules), node_(node) {
    try {
      look(wide);
    } catch (const Failure&) {
      look(narrow);
    }
  }

  int64_t root(int64_t i) {
    while (node_[i] != i) i = node_[i] = node_[node_[i]];
    return i;
  }

 private:
  void look(const Width& width) {
    node_.resize(count_);
    std::iota(node_.begin(), node_.end(), int64_t(0));
    compared_ = 0;
    most_compared_ = width.compared * count_;
    divide(width.widest);
    sort();
    for (std::size_t box = 0; box < boxes_.size(); ++box) within(box);
    for (const int64_t node : at_borders_) beyond(node);
  }

  // Where a node lies along a lattice vector, in boxes, from 0 to their number.
  double along(int64_t node, int k) const {
    const double f = fractional_[3 * node + k];
    return (f - std::floor(f)) * double(number_[k]) + box_offset;
  }

  // The boxes around the one in which a place is.
  struct Around {
    std::array<int64_t, 3> box;
    std::array<bool, 3> near_lower, near_upper;

    bool at_border() const {
      return near_lower[0] | near_lower[1] | near_lower[2] | near_upper[0] | near_upper[1] | near_upper[2];
    }
  };
  Around around(int64_t node) const {
    Around found;
    for (int k = 0; k < 3; ++k) {
      const double place = along(node, k);
      const auto box = static_cast<int64_t>(place);
      const double inside = place - double(box);
      found.box[k] = box < number_[k] ? box : box - number_[k];
      found.near_lower[k] = inside - margin_[k] <= 0;
      found.near_upper[k] = inside + margin_[k] >= 1;
    }
    return found;
  }
  int64_t code(const std::array<int64_t, 3>& box) const {
    return (box[0] * number_[1] + box[1]) * number_[2] + box[2];
  }

  void divide(double widest) {
    for (int k = 0; k < 3; ++k) {
      const double most = std::clamp(1 / rules_.margin[k], 1.0, most_boxes), fewest = std::max(1.0, most / widest);
      number_[k] = static_cast<int64_t>(std::clamp(boxes_per_node * std::cbrt(double(count_)), fewest, most));
      margin_[k] = rules_.margin[k] * double(number_[k]) * (1 + 1e-9) + 1e-9;
    }
  }

  void sort() {
    sorted_.clear(), boxes_.clear(), start_.clear(), at_borders_.clear();
    sorted_.reserve(count_);
    for (int64_t i = 0; i < count_; ++i) {
      const Around here = around(i);
      sorted_.emplace_back(code(here.box), i);
      if (here.at_border()) at_borders_.push_back(i);
    }
    std::sort(sorted_.begin(), sorted_.end());
    for (int64_t at = 0; at < count_; ++at)
      if (at == 0 || sorted_[at].first != sorted_[at - 1].first) {
        boxes_.push_back(sorted_[at].first);
        start_.push_back(at);
      }
    start_.push_back(count_);
    whole_.assign(boxes_.size(), 0);
  }

  void within(std::size_t box) {
    int64_t apart = start_[box + 1] - start_[box];
    for (int64_t a = start_[box]; apart > 1 && a < start_[box + 1]; ++a)
      for (int64_t b = a + 1; apart > 1 && b < start_[box + 1]; ++b)
        if (join(sorted_[a].second, sorted_[b].second)) --apart;
    whole_[box] = apart == 1;
  }

  // The boxes beyond the borders that a node is close to. Of two that are opposite each other one suffices: from there
  // this node is found.
  void beyond(int64_t node) {
    const Around here = around(node);
    const auto steps = [&](int k) { return std::pair(here.near_lower[k] ? -1 : 0, here.near_upper[k] ? 1 : 0); };
    const auto [x0, x1] = steps(0);
    const auto [y0, y1] = steps(1);
    const auto [z0, z1] = steps(2);
    for (int x = std::max(x0, 0); x <= x1; ++x)
      for (int y = x > 0 ? y0 : std::max(y0, 0); y <= y1; ++y)
        for (int z = x > 0 || y > 0 ? z0 : 1; z <= z1; ++z) {
          const std::array<int, 3> step = {x, y, z};
          std::array<int64_t, 3> next;
          for (int k = 0; k < 3; ++k) next[k] = (here.box[k] + step[k] + number_[k]) % number_[k];
          if (next == here.box) continue;
          const auto found = std::lower_bound(boxes_.begin(), boxes_.end(), code(next));
          if (found != boxes_.end() && *found == code(next)) across(node, std::size_t(found - boxes_.begin()));
        }
  }

  void across(int64_t node, std::size_t box) {
    for (int64_t at = start_[box]; at < start_[box + 1]; ++at) {
      if (whole_[box] && root(node) == root(sorted_[at].second)) return;
      join(node, sorted_[at].second);
    }
  }

  // Makes one node of two that are in one place; false where they are not, or were one before.
  bool join(int64_t i, int64_t j) {
    if (++compared_ > most_compared_) throw Failure(Failure::crowded, i, "too many nodes lie in one place");
    if (!in_one_place(i, j)) return false;
    i = root(i);
    j = root(j);
    node_[std::max(i, j)] = std::min(i, j);
    return i != j;
  }

  bool in_one_place(int64_t i, int64_t j) const {
    Vector apart;
    bool same_image = true;
    for (int k = 0; k < 3; ++k) {
      const double step = fractional_[3 * j + k] - fractional_[3 * i + k];
      const double whole = std::abs(step) < 0.5 ? 0 : std::round(step);
      apart[k] = step - whole;
      if (std::abs(apart[k]) > rules_.margin[k]) return false;
      same_image &= whole == 0;
    }
    return !(same_image && rules_.undo == Undo::faces) && norm(in_space(apart, cell_)) <= rules_.reach;
  }

  const double* fractional_;
  const int64_t count_;
  const double* cell_;
  const Rules& rules_;
  std::vector<int64_t>& node_;  // one of the nodes that each is one with, at last the first
  std::array<int64_t, 3> number_;  // of boxes
  Vector margin_;                  // in boxes
  std::vector<std::pair<int64_t, int64_t>> sorted_;  // box and node
  std::vector<int64_t> boxes_, start_;               // those with nodes, ascending, and where theirs start
  std::vector<int64_t> at_borders_;                  // nodes that are close to one
  std::vector<char> whole_;                          // whether a box's nodes are one
  int64_t compared_ = 0, most_compared_ = 0;
};

Vector row(const double* fractional, int64_t node) {
  return {fractional[3 * node], fractional[3 * node + 1], fractional[3 * node + 2]};
}

Vector minus(const Vector& place, const Shift& shift) {
  return {place[0] - double(shift[0]), place[1] - double(shift[1]), place[2] - double(shift[2])};
}

// Moves each place to the middle of its nodes.
void take_means(const double* fractional, int64_t count, const double* cell, double reach, Places& places) {
  std::vector<Vector> sum(count, Vector{});
  std::vector<int64_t> number(count, 0);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t first = places.node[i];
    sum[first] = sum[first] + minus(row(fractional, i) - row(fractional, first), places.image[i]);
    ++number[first];
  }
  for (int64_t i = 0; i < count; ++i)
    for (int k = 0; k < 3 && number[i] > 0; ++k) places.at[i][k] += sum[i][k] / double(number[i]);
  double farthest = 0;
  int64_t node = 0;
  for (int64_t i = 0; i < count; ++i) {
    const Vector from_middle = minus(row(fractional, i) - places.at[places.node[i]], places.image[i]);
    const double distance = norm(in_space(from_middle, cell));
    if (distance > farthest) {
      farthest = distance;
      node = i;
    }
  }
  if (farthest > 2 * reach) throw Failure(Failure::chain, node, "nodes form a chain of close places");
}

}  // namespace

Places find_places(const double* fractional, int64_t count, const double* cell, const Rules& rules) {
  for (int64_t n = 0; n < 3 * count; ++n)
    if (!(std::abs(fractional[n]) < farthest_position))
      throw Failure(Failure::far, n / 3, "the position lies too far from the cell");
  Places places;
  Search search(fractional, count, cell, rules, places.node);
  places.image.assign(count, Shift{});
  places.at.resize(count);
  places.on_face.assign(count, 0);
  for (int64_t i = 0; i < count; ++i) {
    const int64_t first = places.node[i] = search.root(i);
    places.at[i] = row(fractional, i);
    for (int k = 0; k < 3; ++k) {
      const double f = fractional[3 * i + k], inside = f - std::floor(f);
      if (first != i) places.image[i][k] = std::llround(f - fractional[3 * first + k]);
      if (std::min(inside, 1 - inside) <= rules.margin[k]) places.on_face[first] = 1;
    }
  }
  if (rules.undo == Undo::everything) take_means(fractional, count, cell, rules.reach, places);
  return places;
}

Strut strut_between(const Places& places, int64_t from, int64_t to, double radius) {
  Strut strut = {places.node[from], places.node[to], {}, radius};
  for (int k = 0; k < 3; ++k) strut.shift[k] = places.image[to][k] - places.image[from][k];
  return strut;
}

}  // namespace fl::fold
