// Which struts are the same one, and which are pieces of one.
#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "lattice/fold_vector.h"

namespace fl::fold {
namespace {

constexpr double same_radius = 1e-3;  // a part of it
constexpr int splits_at_bends = 32;
constexpr int most_rounds = 64;  // two or three are enough, unless somebody wants many

// A strut in the direction that comes first.
struct Key {
  int64_t from, to;
  Shift shift;
  std::size_t strut;

  Key(const Strut& s, std::size_t number) : from(s.from), to(s.to), shift(s.shift), strut(number) {
    const Shift back = {-shift[0], -shift[1], -shift[2]};
    if (from < to || (from == to && shift > back)) return;
    std::swap(from, to);
    shift = back;
  }
  auto place() const { return std::tie(from, to, shift); }
  bool operator<(const Key& other) const {
    return std::tie(from, to, shift, strut) < std::tie(other.from, other.to, other.shift, other.strut);
  }
};

// The struts without those that are gone, in their order.
void keep(std::vector<Strut>& struts, const std::vector<char>& gone) {
  std::size_t kept = 0;
  for (std::size_t m = 0; m < struts.size(); ++m)
    if (!gone[m]) struts[kept++] = struts[m];
  struts.erase(struts.begin() + std::ptrdiff_t(kept), struts.end());
}

void reverse(Strut& strut) {
  std::swap(strut.from, strut.to);
  for (int64_t& s : strut.shift) s = -s;
}

// How far a point at `place` is from the line along `line`, both from its start, which may be its end.
double distance(const Vector& place, const Vector& line) {
  const double length = norm(line);
  return length > 0 ? norm(cross(place, line)) / length : norm(place);
}

class Joiner {
 public:
  Joiner(std::vector<Strut>& struts, const Places& places, const double* cell, const Rules& rules)
      : struts_(struts), places_(places), cell_(cell), rules_(rules), degree_(places.node.size(), 0),
        meeting_(places.node.size()), goes_(places.node.size(), 0) {
    for (std::size_t m = 0; m < struts.size(); ++m)
      for (const int64_t end : {struts[m].from, struts[m].to}) {
        if (degree_[end] < 2) meeting_[end][degree_[end]] = m;
        degree_[end] = std::min(degree_[end] + 1, 3);
      }
  }

  int64_t join() {
    for (std::size_t node = 0; node < goes_.size(); ++node) goes_[node] = seems_straight(int64_t(node));
    std::vector<char> seen(goes_.size(), 0);
    const std::vector<char> candidate = goes_;
    for (std::size_t node = 0; node < goes_.size(); ++node)
      if (candidate[node] && !seen[node]) keep_bends(candidate, seen, int64_t(node));
    std::vector<char> gone(struts_.size(), 0);
    int64_t joined = 0;
    for (std::size_t node = 0; node < goes_.size(); ++node)
      if (goes_[node]) {
        merge(node, gone);
        ++joined;
      }
    if (joined > 0) keep(struts_, gone);
    return joined;
  }

 private:
  Vector vector(const Strut& strut) const {
    Vector f = places_.at[strut.to] - places_.at[strut.from];
    for (int k = 0; k < 3; ++k) f[k] += double(strut.shift[k]);
    return in_space(f, cell_);
  }

  // From a node along one of its struts to the node at the other end, which is another: the strut's vector. `shift` is
  // that of the image in which the node is found.
  Vector leave(int64_t& node, std::size_t strut, Shift& shift) const {
    const Strut& s = struts_[strut];
    const bool forward = s.from == node;
    node = forward ? s.to : s.from;
    for (int k = 0; k < 3; ++k) shift[k] += forward ? s.shift[k] : -s.shift[k];
    return forward ? vector(s) : Vector{} - vector(s);
  }

  // Whether two pieces of one radius, and nothing else, meet in a node, in a straight line as far as they go.
  bool seems_straight(int64_t node) const {
    const auto [a, b] = meeting_[node];
    if (degree_[node] != 2 || a == b || (rules_.undo == Undo::faces && !places_.on_face[node])) return false;
    const double radius = struts_[a].radius;
    if (!(std::abs(radius - struts_[b].radius) <= same_radius * radius)) return false;
    int64_t ends[] = {node, node};
    Shift shift = {};
    const Vector first = Vector{} - leave(ends[0], a, shift), second = leave(ends[1], b, shift);
    return dot(first, second) > 0 && norm(cross(first, second)) / norm(first + second) <= rules_.straight;
  }

  // Of many short pieces each pair may seem straight where all together are an arc or have a corner. Of the chain of
  // pieces through a node those nodes stay between which all others are on straight lines.
  void keep_bends(const std::vector<char>& candidate, std::vector<char>& seen, int64_t node) {
    const int64_t start = node;
    int64_t last = node;
    std::size_t strut = meeting_[node][0];
    Shift shift = {};
    do {  // to an end of the chain, or once around
      leave(node, strut, shift);
      last = std::max(last, node);
      if (candidate[node]) strut = other_strut(node, strut);
    } while (candidate[node] && node != start);
    if (candidate[node]) {  // of a chain without end one node stays
      node = last;
      strut = meeting_[node][0];
      goes_[node] = 0;
    }
    nodes_.assign(1, node);
    way_.assign(1, Vector{});
    shift = {};
    do {
      way_.push_back(way_.back() + leave(node, strut, shift));
      nodes_.push_back(node);
      seen[node] = 1;
      if (candidate[node]) strut = other_strut(node, strut);
    } while (candidate[node] && node != nodes_.front());
    if (node == nodes_.front() && shift == Shift{}) {
      for (const int64_t each : nodes_) goes_[each] = 0;  // a ring is no strut
    } else if (nodes_.size() > 3) {
      split(0, nodes_.size() - 1, 0);
    }
  }

  std::size_t other_strut(int64_t node, std::size_t strut) const {
    return meeting_[node][0] == strut ? meeting_[node][1] : meeting_[node][0];
  }

  // Keeps nodes of the chain where it departs from a straight line between two that stay: the farthest; of a chain that
  // needs many the middle one, so that the time does not grow with their square.
  void split(std::size_t begin, std::size_t end, int splits) {
    const Vector line = way_[end] - way_[begin];
    std::size_t farthest = begin;
    double most = rules_.straight;
    for (std::size_t n = begin + 1; n < end; ++n) {
      const double away = distance(way_[n] - way_[begin], line);
      if (away <= most) continue;
      most = away;
      farthest = n;
    }
    if (farthest == begin) return;
    const std::size_t at = splits < splits_at_bends ? farthest : begin + (end - begin) / 2;
    goes_[nodes_[at]] = 0;
    split(begin, at, splits + 1);
    split(at, end, splits + 1);
  }

  // Two struts become one, at the place of the first of the two among the struts.
  void merge(std::size_t node, std::vector<char>& gone) {
    const auto [first, second] = meeting_[node];
    Strut &in = struts_[first], &out = struts_[second];
    if (in.to != int64_t(node)) reverse(in);
    if (out.from != int64_t(node)) reverse(out);
    in.to = out.to;
    for (int k = 0; k < 3; ++k) in.shift[k] += out.shift[k];
    in.pieces += out.pieces;
    in.radius += (out.radius - in.radius) * double(out.pieces) / double(in.pieces);
    gone[second] = 1;
    for (std::size_t& strut : meeting_[out.to])  // which struts meet in nodes that stay, nobody asks
      if (strut == second) strut = first;
  }

  std::vector<Strut>& struts_;
  const Places& places_;
  const double* cell_;
  const Rules& rules_;
  std::vector<int> degree_;                          // up to 3
  std::vector<std::array<std::size_t, 2>> meeting_;  // in each node: its first two struts
  std::vector<char> goes_;
  std::vector<int64_t> nodes_;  // of a chain
  std::vector<Vector> way_;     // to each of them from the first
};

// Of struts that are the same one in either direction the first stays.
void drop_repeated(std::vector<Strut>& struts, Repeated repeated, Reduced& found) {
  std::vector<Key> keys;
  keys.reserve(struts.size());
  for (std::size_t m = 0; m < struts.size(); ++m) keys.emplace_back(struts[m], m);
  std::sort(keys.begin(), keys.end());
  std::vector<char> gone(struts.size(), 0);
  int64_t dropped = 0;
  for (std::size_t begin = 0, end = 0; begin < keys.size(); begin = end) {
    double total = 0, smallest = std::numeric_limits<double>::infinity(), largest = 0;
    for (; end < keys.size() && keys[end].place() == keys[begin].place(); ++end) {
      const double radius = struts[keys[end].strut].radius, area = radius * radius;
      total += area;
      smallest = std::min(smallest, area);
      largest = std::max(largest, area);
      gone[keys[end].strut] = end > begin;
    }
    if (end - begin == 1) continue;
    dropped += int64_t(end - begin) - 1;
    if (repeated == Repeated::shares) struts[keys[begin].strut].radius = std::sqrt(total);
    if (repeated == Repeated::copies && smallest < (1 - same_radius) * largest && found.unequal++ == 0) {
      found.from = keys[begin].from;
      found.to = keys[begin].to;
    }
  }
  if (dropped > 0) keep(struts, gone);
  found.repeated += dropped;
}

}  // namespace

Reduced reduce(std::vector<Strut>& struts, const Places& places, const double* cell, const Rules& rules,
               Repeated repeated) {
  Reduced found;
  drop_repeated(struts, repeated, found);
  // Copies of one strut that are cut in different places are equal once they are joined, and then others may meet.
  for (int round = 0; round < most_rounds && found.unequal == 0; ++round) {
    const int64_t joined = Joiner(struts, places, cell, rules).join(), before = found.repeated;
    found.joined += joined;
    if (joined > 0) drop_repeated(struts, repeated, found);
    if (found.repeated == before) break;
  }
  return found;
}

}  // namespace fl::fold
