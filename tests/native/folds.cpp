// Wireframes folded to their cells: copies, pieces, arcs, crowds, and numbers that no wireframe has.
#include <array>
#include <numeric>

#include "tests.h"

namespace {

const double not_a_number = std::numeric_limits<double>::quiet_NaN();
const double infinite = std::numeric_limits<double>::infinity();

struct Report {
  Int struts, welded, folded, points, repeated, unequal, from, to, joined, far, crowded, chain;
};

struct Wireframe {
  std::vector<double> nodes;
  std::vector<Int> ends;
  std::vector<double> radii;
  std::vector<double> cell = {1, 0, 0, 0, 1, 0, 0, 0, 1}, margin = {1e-4, 1e-4, 1e-4};
  double reach = 1e-4;
  Int shares = 0;

  Int count() const { return static_cast<Int>(nodes.size()) / 3; }
  Int node(double x, double y, double z) {
    nodes.insert(nodes.end(), {x, y, z});
    return count() - 1;
  }
  void strut(Int i, Int j, double radius = 0.1) {
    ends.insert(ends.end(), {i, j});
    radii.push_back(radius);
  }
};

struct Folded {
  std::vector<double> places, radii;
  std::vector<Int> place_of, on_face, ends, shifts;
  double longest_point = not_a_number;
  Report report;
};

int32_t call_fold(const Wireframe& w, Folded& f) {
  const Int nodes = w.count(), struts = static_cast<Int>(w.radii.size());
  f.places = unwritten<double>(3 * nodes), f.radii = unwritten<double>(struts);
  f.place_of.assign(nodes, -7), f.on_face.assign(nodes, -7);
  f.ends.assign(2 * struts, -7), f.shifts.assign(3 * struts, -7);
  Int numbers[12];
  const int32_t result = call(fl_fold_wireframe, nodes, struts, w.nodes, w.cell, w.margin, w.ends, w.radii, w.reach,
                              w.shares, f.places, f.place_of, f.on_face, f.ends, f.shifts, f.radii,
                              Buffer<double>(&f.longest_point, 1), numbers);
  const auto [a, b, c, d, e, g, h, i, j, k, l, m] = numbers;
  f.report = {a, b, c, d, e, g, h, i, j, k, l, m};
  return result;
}

Folded fold(const Wireframe& w) {
  Folded f;
  succeeded(call_fold(w, f));
  return f;
}

bool is_good(const Folded& f) { return f.report.far < 0 && f.report.crowded < 0 && f.report.chain < 0; }

// Of what was written, all names places, and every strut is long.
void check(const Folded& f) {
  if (!is_good(f)) return;
  const Int nodes = static_cast<Int>(f.place_of.size());
  for (Int i = 0; i < nodes; ++i) {
    const Int first = f.place_of[i];
    EXPECT(first >= 0 && first <= i && f.place_of[first] == first, "node %ld is in place %ld", long(i), long(first));
    EXPECT(f.on_face[i] == 0 || f.on_face[i] == 1, "on_face is %ld", long(f.on_face[i]));
    for (int k = 0; k < 3; ++k) EXPECT(std::isfinite(f.places[3 * i + k]), "place %ld is not finite", long(i));
  }
  for (Int m = 0; m < f.report.struts; ++m) {
    const Int from = f.ends[2 * m], to = f.ends[2 * m + 1];
    EXPECT(from >= 0 && from < nodes && to >= 0 && to < nodes, "strut %ld joins other nodes", long(m));
    EXPECT(f.place_of[from] == from && f.place_of[to] == to, "strut %ld names no first nodes", long(m));
    const Int* shift = &f.shifts[3 * m];
    EXPECT(from != to || shift[0] || shift[1] || shift[2], "strut %ld is a point", long(m));
  }
}

// The twelve edges of a cube, in pieces.
Wireframe cube(Int pieces, double radius = 0.1) {
  Wireframe w;
  for (Int corner = 0; corner < 8; ++corner)
    for (int k = 0; k < 3; ++k) {
      if (corner >> k & 1) continue;
      for (Int piece = 0; piece < pieces; ++piece) {
        std::array<Int, 2> ends;
        for (int end = 0; end < 2; ++end) {
          double x[3];
          for (int l = 0; l < 3; ++l) x[l] = double(corner >> l & 1);
          x[k] = double(piece + end) / double(pieces);
          ends[end] = w.node(x[0], x[1], x[2]);
        }
        w.strut(ends[0], ends[1], radius);
      }
    }
  return w;
}

void test_cube() {
  for (const Int pieces : {1, 2, 5}) {
    Folded f = fold(cube(pieces));
    check(f);
    EXPECT(is_good(f) && f.report.struts == 3 && f.report.repeated == 9 * pieces, "%ld struts, %ld repeated",
           long(f.report.struts), long(f.report.repeated));
    EXPECT(f.report.joined == 3 * (pieces - 1), "%ld joined", long(f.report.joined));
    EXPECT(f.report.folded == 7 + 9 * (pieces - 1), "%ld folded", long(f.report.folded));
    for (Int m = 0; m < 3; ++m) EXPECT(f.radii[m] == 0.1, "radius %g", f.radii[m]);
  }
  Wireframe w = cube(1);
  for (int half = 0; half < 2; ++half) {  // of one edge, which is there as a whole too
    const double z = 0.5 * half;
    w.strut(w.node(0, 1, z), w.node(0, 1, z + 0.5));
  }
  Folded f = fold(w);
  check(f);
  EXPECT(f.report.struts == 3 && f.report.joined == 1 && f.report.repeated == 10, "%ld struts", long(f.report.struts));
  w = cube(1);
  w.shares = 1;
  const Folded shared = fold(w);
  EXPECT(std::abs(shared.radii[0] - 0.2) < 1e-15 && shared.report.unequal == 0, "the share is %g", shared.radii[0]);
  w.shares = 0;
  w.radii[3] *= 1.01;
  EXPECT(fold(w).report.unequal == 1, "%ld unequal", long(fold(w).report.unequal));
}

// A face of a cell is a border like others: nodes on either side of it are in one place.
void test_places_across_faces() {
  Wireframe w;
  for (const double x : {0.99998, 1.00003, -0.00002, 0.00004, 5.0, -3.00001}) w.node(x, 0.5, 0.5);
  w.strut(0, 4);
  const Folded f = fold(w);
  check(f);
  for (const Int place : f.place_of) EXPECT(place == 0, "a node is in the place of %ld", long(place));
  EXPECT(f.report.struts == 1 && f.shifts[0] == 4, "%ld struts, shift %ld", long(f.report.struts), long(f.shifts[0]));
}

// Everything that two lists of all pairs would find, whatever the boxes: some clusters about random places.
void test_places_by_all_pairs(Random& random) {
  for (int trial = 0; trial < 40; ++trial) {
    Wireframe w;
    const double reach = std::array<double, 5>{1e-9, 1e-4, 0.01, 0.03, 0.09}[trial % 5];
    w.reach = reach;
    w.margin = {reach, reach, reach};
    const Int count = 1 + 4 * trial;
    const std::vector<double> centres = random.uniform(3 * count, -2, 3), off = random.normal(9 * count, reach / 4);
    const std::vector<Int> whole = random.integers(9 * count, 5);
    for (Int n = 0; n < 3 * count; ++n) {
      double x[3];
      for (int k = 0; k < 3; ++k) x[k] = centres[n / 3 * 3 + k] + off[3 * n + k] + double(whole[3 * n + k] - 2);
      w.node(x[0], x[1], x[2]);
    }
    const Folded f = fold(w);
    check(f);
    if (!is_good(f)) continue;
    std::vector<Int> label(w.count());
    std::iota(label.begin(), label.end(), Int(0));
    for (bool changed = true; changed;) {
      changed = false;
      for (Int i = 0; i < w.count(); ++i)
        for (Int j = 0; j < i; ++j) {
          double square = 0;
          for (int k = 0; k < 3; ++k) {
            const double step = w.nodes[3 * i + k] - w.nodes[3 * j + k];
            square += std::pow(step - std::round(step), 2);
          }
          if (std::sqrt(square) > reach || label[i] == label[j]) continue;
          label[i] = label[j] = std::min(label[i], label[j]);
          changed = true;
        }
    }
    EXPECT(f.place_of == label, "places differ from those of all pairs at a reach of %g", reach);
  }
}

void test_crowds(Random& random) {
  // Very many nodes in one place, or in two that are near each other, are one and two, whatever cells they are in.
  Folded f;
  Wireframe w;
  for (const double apart : {0.0, 0.001}) {
    const Int count = 40000, places = apart > 0 ? 2 : 1;
    const std::vector<double> off = random.normal(3 * count, 1e-12);
    w = {};
    for (Int n = 0; n < count; ++n)
      w.node(0.5 + off[3 * n] + double(n % 7), 0.25 + off[3 * n + 1] + double(n % places) * apart, off[3 * n + 2]);
    f = fold(w);
    EXPECT(is_good(f), "a crowd is refused that is in few places");
    for (Int n = 0; n < count; ++n)
      EXPECT(f.place_of[n] == n % places, "node %ld is in the place of %ld", long(n), long(f.place_of[n]));
    EXPECT(f.report.folded == 6 * places && f.report.welded == count - 7 * places, "%ld folded, %ld welded",
           long(f.report.folded), long(f.report.welded));
  }
  // Many that are close and not one are refused before all pairs are looked at.
  w = {};
  w.margin = {1e-3, 1e-3, 1e-3};
  w.reach = 1e-30;
  for (const double x : random.uniform(20000, 0, 1e-4)) w.node(x, 0, 0);
  f = fold(w);
  EXPECT(f.report.crowded >= 0, "a crowd is not refused");
  // A chain of close places is no place.
  w = {};
  for (int n = 0; n < 50; ++n) w.node(0.5 + n * 9e-5, 0, 0);
  EXPECT(fold(w).report.chain >= 0, "a chain is not refused");
}

// Straight lines and rings that close on themselves; an arc and a corner in pieces so short that each two are straight.
void test_chains() {
  Wireframe line;
  for (int n = 0; n < 10; ++n) line.strut(line.node(n / 10.0, 0.5, 0.5), line.node((n + 1) / 10.0, 0.5, 0.5));
  Folded f = fold(line);
  check(f);
  EXPECT(f.report.struts == 1 && f.report.joined == 9, "%ld struts", long(f.report.struts));
  EXPECT(std::abs(f.shifts[0]) == 1 && f.ends[0] == f.ends[1], "shift %ld", long(f.shifts[0]));

  for (const bool closed : {false, true}) {
    Wireframe arc;
    const double pi = 3.14159265358979323846;
    const int pieces = 3000;
    for (int n = 0; n <= pieces; ++n) {
      const double angle = (closed ? 2 : 1) * pi * n / pieces;
      arc.node(0.5 + 0.3 * std::cos(angle), 0.5 + 0.3 * std::sin(angle), 0.5);
      if (n) arc.strut(n - 1, n);
    }
    f = fold(arc);
    check(f);
    if (closed) {
      EXPECT(f.report.struts == pieces, "a ring is %ld struts", long(f.report.struts));
      continue;
    }
    EXPECT(f.report.struts >= 40 && f.report.struts < 400, "an arc is %ld struts", long(f.report.struts));
    double length = 0;
    for (Int m = 0; m < f.report.struts; ++m) {
      double square = 0;
      for (int k = 0; k < 3; ++k)
        square += std::pow(f.places[3 * f.ends[2 * m] + k] - f.places[3 * f.ends[2 * m + 1] + k], 2);
      length += std::sqrt(square);
    }
    EXPECT(std::abs(length / (0.3 * pi) - 1) < 5e-3, "its length is %g", length);
  }

  Wireframe corner;
  for (int n = -500; n <= 500; ++n) {  // of 120 degrees
    corner.node(0.5 + 2e-4 * (n < 0 ? n : 0.5 * n), 0.5 + 2e-4 * (n < 0 ? 0 : std::sqrt(0.75) * n), 0.5);
    if (n > -500) corner.strut(corner.count() - 2, corner.count() - 1);
  }
  f = fold(corner);
  check(f);
  EXPECT(f.report.struts == 2, "a corner is %ld struts", long(f.report.struts));

  // A spiral, as long as the time allows: the time does not grow with the square of its pieces.
  Wireframe spiral;
  for (int n = 0; n < 200000; ++n) {
    const double angle = n * 1e-3, size = 0.4 * std::exp(-angle / 60);
    spiral.node(0.5 + size * std::cos(angle), 0.5 + size * std::sin(angle), n * 4e-6);
    if (n) spiral.strut(n - 1, n);
  }
  spiral.reach = 1e-5;
  spiral.margin = {1e-5, 1e-5, 1e-5};
  check(fold(spiral));
}

void test_radii() {
  Wireframe w;
  for (int n = 0; n < 5; ++n) w.node(0.1 + 0.1 * n, 0.5, 0.5);
  for (int n = 0; n < 4; ++n) w.strut(n, n + 1, n < 2 ? 0.1 : 0.12);
  const Folded f = fold(w);
  EXPECT(f.report.struts == 2 && f.report.joined == 2, "%ld struts", long(f.report.struts));
  EXPECT(f.radii[0] == 0.1 && f.radii[1] == 0.12, "radii %g and %g", f.radii[0], f.radii[1]);
}

void test_hostile_wireframes(Random& random) {
  Folded f;
  for (const double wrong : {not_a_number, infinite, -infinite, 1e9, -1e300}) {
    Wireframe w = cube(1);
    w.nodes[3 * 5 + 1] = wrong;
    EXPECT(fold(w).report.far == 5, "a node at %g is not refused", wrong);
  }
  for (const Int wrong : {Int(-1), Int(24), std::numeric_limits<Int>::max(), std::numeric_limits<Int>::min()}) {
    Wireframe w = cube(1);
    w.ends[7] = wrong;
    refused(call_fold(w, f), "ends holds");
  }
  for (const double wrong : {0.0, -1.0, not_a_number, infinite}) {
    Wireframe w = cube(1);
    w.reach = wrong;
    refused(call_fold(w, f), "reach is not positive");
    w.reach = 1e-4;
    w.margin[2] = wrong;
    refused(call_fold(w, f), "margin is not positive");
  }
  check(fold({}));
  const double strange[] = {0, 0.5, 1, 1.0 / 3, -1, 1e-9, 1e-300, 1e8, 1e17, 1e300, infinite, not_a_number};
  for (int trial = 0; trial < 2000; ++trial) {
    Wireframe w;
    const auto pick = [&](int kinds) { return strange[random.integers(1, kinds)[0]]; };
    const Int nodes = 1 + trial % 9;
    for (Int n = 0; n < nodes; ++n) w.node(pick(8), pick(8), pick(trial % 50 ? 8 : 12));
    const std::vector<Int> ends = random.integers(2 * (trial % 17), nodes);
    for (std::size_t n = 0; n + 1 < ends.size(); n += 2) w.strut(ends[n], ends[n + 1], pick(12));
    if (trial % 3 == 0) w.cell[random.integers(1, 9)[0]] = pick(12);
    const double reach = std::abs(pick(10));
    w.reach = reach > 0 ? reach : 0.01;
    for (double& margin : w.margin) margin = std::min(std::abs(pick(10)) + 1e-300, 9e8);
    w.shares = trial % 2;
    check(fold(w));
  }
}

}  // namespace

void test_folds() {
  Random random(5);
  test_cube();
  test_places_across_faces();
  test_places_by_all_pairs(random);
  test_crowds(random);
  test_chains();
  test_radii();
  test_hostile_wireframes(random);
}
