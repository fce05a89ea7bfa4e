// From the nodal representation of a cell to its periodic one.
//
// Catalogues of nodes and bars describe a cell in two ways. Windowed: the cell's faces cut the struts, and each cut
// leaves a point on either of two opposite faces. Cropped: nodes lie on faces, edges and corners, in several copies,
// and struts on shared faces are given several times. Both are undone alike: points that a lattice vector joins become
// one node; equal struts become one; then a node on a face that joins two struts in a straight line was a cut and goes.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <tuple>

#include "lattice/lat_entry.h"

namespace fl::lat {
namespace {

// Positions come with five digits: the same place may differ by a unit of the last, a straight line bend by some.
constexpr double kSamePlace = 2.5e-5;
constexpr double kStraight = 5e-5;
// Nodes that a node may be compared with, on average. Cells have a few; a million nodes on a regular grid, about sixty.
constexpr size_t kMostCompared = 1024;

using Vector = std::array<double, 3>;
using Shift = std::array<int64_t, 3>;

struct CellStrut {
  int64_t from, to;
  Shift shift;
  bool gone = false;
};

Vector operator-(const Vector& a, const Vector& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
Vector operator+(const Vector& a, const Vector& b) { return {a[0] + b[0], a[1] + b[1], a[2] + b[2]}; }
double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
double norm(const Vector& a) { return std::sqrt(dot(a, a)); }
Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

class Folder {
 public:
  Folder(const Section<double>& fractional, const double* cell) : fractional_(fractional), cell_(cell) {
    for (int k = 0; k < 3; ++k)
      longest_ = std::max(longest_, std::hypot(cell[3 * k], cell[3 * k + 1], cell[3 * k + 2]));
  }

  // Nodes that a lattice vector joins become one, the first of them. Nodes that are merely close stay apart.
  void identify_nodes() {
    const size_t count = fractional_.count();
    std::vector<Vector> wrapped(count);
    std::vector<double> along(count);
    on_face_.assign(count, 0);
    for (size_t i = 0; i < count; ++i) {
      for (size_t k = 0; k < 3; ++k) {
        const double x = fractional_.row(i)[k];
        if (!(std::abs(x) < 1e9))
          throw EntryError(fractional_.lines[i], "the position lies too far from the cell");
        wrapped[i][k] = x - std::floor(x + kSamePlace);
        if (std::abs(wrapped[i][k]) <= kSamePlace) on_face_[i] = 1;
      }
      along[i] = dot(wrapped[i], {0.80, 0.53, 0.29});  // a direction along which few nodes coincide
    }
    std::vector<size_t> order(count);
    std::iota(order.begin(), order.end(), size_t(0));
    std::sort(order.begin(), order.end(),
              [&](size_t a, size_t b) { return along[a] != along[b] ? along[a] < along[b] : a < b; });
    node_.resize(count);
    std::iota(node_.begin(), node_.end(), int64_t(0));
    size_t compared = 0;
    for (size_t a = 0; a < count; ++a)
      for (size_t b = a + 1; b < count && along[order[b]] - along[order[a]] <= 2 * kSamePlace; ++b) {
        if (++compared > kMostCompared * count)
          throw EntryError(fractional_.lines[order[a]], "too many nodes lie in one place, or in one plane with this one");
        if (same_place(wrapped[order[a]], wrapped[order[b]]) && lattice_vector(order[a], order[b]) != Shift{})
          join(int64_t(order[a]), int64_t(order[b]));
      }
    image_.resize(count);
    for (size_t i = 0; i < count; ++i) {
      node_[i] = root(int64_t(i));
      image_[i] = lattice_vector(size_t(node_[i]), i);
    }
  }

  void add_bars(const Section<int64_t>& bars) {
    for (size_t m = 0; m < bars.count(); ++m) {
      const auto i = size_t(bars.row(m)[0]), j = size_t(bars.row(m)[1]);
      if (i == j) throw EntryError(bars.lines[m], "the bar joins a node to itself");
      CellStrut strut{node_[i], node_[j], {}};
      for (size_t k = 0; k < 3; ++k) strut.shift[k] = image_[j][k] - image_[i][k];
      const bool within_one_place = strut.from == strut.to && strut.shift == Shift{};
      if (!within_one_place) struts_.push_back(strut);
    }
  }

  // Of struts that are the same one in both or opposite directions, the first stays.
  void drop_repeated_struts() {
    const auto key = [](const CellStrut& s) {
      const Shift back{-s.shift[0], -s.shift[1], -s.shift[2]};
      const bool forward = s.from < s.to || (s.from == s.to && s.shift > back);
      return forward ? std::tuple(s.from, s.to, s.shift) : std::tuple(s.to, s.from, back);
    };
    std::vector<size_t> order(struts_.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return key(struts_[a]) < key(struts_[b]); });
    for (size_t a = 1; a < order.size(); ++a)
      if (key(struts_[order[a]]) == key(struts_[order[a - 1]])) struts_[order[a]].gone = true;
  }

  // Removes the cuts: nodes on a face where exactly two struts meet in a straight line.
  void join_cut_struts() {
    std::vector<std::vector<size_t>> meeting(node_.size());
    for (size_t m = 0; m < struts_.size(); ++m) {
      if (struts_[m].gone) continue;
      meeting[size_t(struts_[m].from)].push_back(m);
      meeting[size_t(struts_[m].to)].push_back(m);
    }
    for (size_t node = 0; node < meeting.size(); ++node) {
      if (!on_face_[node] || meeting[node].size() != 2 || meeting[node][0] == meeting[node][1]) continue;
      CellStrut& in = struts_[meeting[node][0]];
      CellStrut& out = struts_[meeting[node][1]];
      if (in.to != int64_t(node)) reverse(in);
      if (out.from != int64_t(node)) reverse(out);
      const Vector first = vector(in), second = vector(out);
      const double deviation = norm(cross(first, second)) / norm(first + second);
      if (!(dot(first, second) > 0 && deviation <= kStraight * longest_)) continue;
      in.to = out.to;
      for (size_t k = 0; k < 3; ++k) in.shift[k] += out.shift[k];
      out.gone = true;
      std::vector<size_t>& beyond = meeting[size_t(out.to)];
      if (beyond.size() == 2)  // which struts meet at other nodes, nobody asks
        *std::find(beyond.begin(), beyond.end(), meeting[node][1]) = meeting[node][0];
      meeting[node].clear();
    }
  }

  void write(std::vector<int64_t>& struts, std::vector<int64_t>& shifts) const {
    struts.clear();
    shifts.clear();
    for (const CellStrut& strut : struts_) {
      if (strut.gone) continue;
      struts.insert(struts.end(), {strut.from, strut.to});
      shifts.insert(shifts.end(), strut.shift.begin(), strut.shift.end());
    }
  }

 private:
  static bool same_place(const Vector& a, const Vector& b) {
    const Vector d = a - b;
    return std::max({std::abs(d[0]), std::abs(d[1]), std::abs(d[2])}) <= kSamePlace;
  }

  // From one row of the file to its image in another.
  Shift lattice_vector(size_t from, size_t to) const {
    Shift shift;
    for (size_t k = 0; k < 3; ++k) shift[k] = std::llround(fractional_.row(to)[k] - fractional_.row(from)[k]);
    return shift;
  }

  static void reverse(CellStrut& strut) {
    std::swap(strut.from, strut.to);
    for (int64_t& s : strut.shift) s = -s;
  }

  int64_t root(int64_t i) {
    while (node_[size_t(i)] != i) i = node_[size_t(i)] = node_[size_t(node_[size_t(i)])];
    return i;
  }

  void join(int64_t i, int64_t j) {
    i = root(i);
    j = root(j);
    node_[size_t(std::max(i, j))] = std::min(i, j);
  }

  Vector vector(const CellStrut& strut) const {
    Vector f;
    for (size_t k = 0; k < 3; ++k)
      f[k] = fractional_.row(size_t(strut.to))[k] - fractional_.row(size_t(strut.from))[k] + double(strut.shift[k]);
    return {f[0] * cell_[0] + f[1] * cell_[3] + f[2] * cell_[6], f[0] * cell_[1] + f[1] * cell_[4] + f[2] * cell_[7],
            f[0] * cell_[2] + f[1] * cell_[5] + f[2] * cell_[8]};
  }

  const Section<double>& fractional_;
  const double* cell_;
  double longest_ = 0;
  std::vector<int64_t> node_;  // the node that each row of the file is an image of
  std::vector<Shift> image_;   // and the lattice vector to it
  std::vector<char> on_face_;
  std::vector<CellStrut> struts_;
};

}  // namespace

void fold_into_cell(const Entry& entry, const double* cell, std::vector<int64_t>& struts,
                    std::vector<int64_t>& shifts) {
  Folder folder(entry.positions, cell);
  folder.identify_nodes();
  folder.add_bars(entry.bars);
  folder.drop_repeated_struts();
  folder.join_cut_struts();
  folder.write(struts, shifts);
}

}  // namespace fl::lat
