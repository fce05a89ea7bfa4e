// Frame finite elements: a closed form, slopes, and lattices that are none.
#include "tests.h"
#include "base/workspace.h"
#include "frame/frame.h"

namespace {

struct Frames {
  Int count;
  std::vector<double> cell, positions;
  std::vector<Int> struts, shifts;
  std::vector<double> radii;
  std::vector<Int> node_offsets = {0}, strut_offsets = {0};

  Frames() : count(0) {}
  void add(const std::vector<double>& nodes, const std::vector<Int>& ends, const std::vector<Int>& steps,
           const std::vector<double>& radius) {
    ++count;
    cell.insert(cell.end(), {1, 0, 0, 0, 1, 0, 0, 0, 1});
    positions.insert(positions.end(), nodes.begin(), nodes.end());
    struts.insert(struts.end(), ends.begin(), ends.end());
    shifts.insert(shifts.end(), steps.begin(), steps.end());
    radii.insert(radii.end(), radius.begin(), radius.end());
    node_offsets.push_back(static_cast<Int>(positions.size()) / 3);
    strut_offsets.push_back(static_cast<Int>(radii.size()));
  }
};

struct Solution {
  std::vector<double> stiffness;
  std::vector<int32_t> status;
  std::vector<fl::Array<double>> displacements;
};

constexpr double nu = 0.3, kappa = 0.89;

// What fl_frame_homogenise gives; displacements [nodes, 6, 8] on a cache line.
Solution solve(const Frames& f, Int threads) {
  Solution s{unwritten<double>(36 * f.count), std::vector<int32_t>(f.count, -1), {}};
  std::vector<int32_t> rank(f.count);
  std::vector<Int> where(f.count);
  std::vector<uint8_t> valid(f.count);
  s.displacements.emplace_back(16 * f.positions.size());
  succeeded(call(fl_frame_homogenise, f.count, f.cell, f.positions, f.struts, f.shifts,
                                f.radii, f.node_offsets, f.strut_offsets, nu, kappa, 0, threads,
                                s.stiffness, s.status, rank, where, valid,
                                s.displacements[0]));
  return s;
}

// One node, a strut to its image along each axis.
void simple_cubic(Frames& f, double r) {
  f.add({.1, .2, .3}, {0, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {r, r, r});
}

// A body-centred cell of n^3 cells, its nodes moved at random.
void body_centred(Frames& f, Int n, Random& random) {
  std::vector<double> nodes;
  std::vector<Int> ends, steps;
  const auto number = [=](Int i, Int j, Int k, Int centre) { return 2 * ((i * n + j) * n + k) + centre; };
  for (Int i = 0; i < n; ++i)
    for (Int j = 0; j < n; ++j)
      for (Int k = 0; k < n; ++k) {
        for (const double at : {0.0, 0.5}) nodes.insert(nodes.end(), {(i + at) / n, (j + at) / n, (k + at) / n});
        for (Int corner = 0; corner < 8; ++corner) {
          const Int to[] = {i + (corner & 1), j + (corner >> 1 & 1), k + (corner >> 2)};
          ends.insert(ends.end(), {number(i, j, k, 1), number(to[0] % n, to[1] % n, to[2] % n, 0)});
          steps.insert(steps.end(), {to[0] / n, to[1] / n, to[2] / n});
        }
      }
  const std::vector<double> moves = random.uniform(nodes.size(), -.05, .05);
  for (std::size_t i = 0; i < nodes.size(); ++i) nodes[i] += moves[i] / n;
  f.add(nodes, ends, steps, random.uniform(ends.size() / 2, .02 / n, .04 / n));
}

void test_closed_form() {
  const double r = .05, pi = std::acos(-1.0), area = pi * r * r, inertia = pi * std::pow(r, 4) / 4;
  const double phi = 6 * (1 + nu) * r * r / kappa, shear = 6 * inertia / (1 + phi);
  Frames f;
  simple_cubic(f, r);
  const std::vector<double> C = solve(f, 1).stiffness;
  for (int i = 0; i < 6; ++i)
    for (int j = 0; j < 6; ++j) {
      const double expected = i != j ? 0 : i < 3 ? area : 2 * shear;
      EXPECT(std::abs(C[6 * i + j] - expected) <= 1e-12 * area, "simple cubic: C[%d][%d] is %g, not %g", i, j,
             C[6 * i + j], expected);
    }
}

void test_slopes(Random& random) {
  Frames f;
  for (const Int n : {1, 2, 1, 4}) body_centred(f, n, random);
  simple_cubic(f, .02);
  const Solution s = solve(f, 1), more = solve(f, 4);
  EXPECT(s.stiffness == more.stiffness, "4 threads change the stiffness");
  for (const int32_t status : s.status) EXPECT(status == 0, "a lattice has status %d", status);
  const std::vector<double> cotangent = random.normal(36 * f.count);
  std::vector<double> cell = unwritten<double>(9 * f.count), positions = unwritten<double>(f.positions.size()),
                      radii = unwritten<double>(f.radii.size());
  succeeded(call(fl_frame_adjoint, f.count, f.cell, f.positions, f.struts, f.shifts,
                             f.radii, f.node_offsets, f.strut_offsets, nu, kappa, 4,
                             s.status, s.stiffness, s.displacements[0], cotangent,
                             cell, positions, radii));
  const std::vector<double> along = random.normal(positions.size(), .01), widen = random.normal(radii.size(), .01);
  const double slope = dot(positions, along) + dot(radii, widen);
  const auto at = [&](double step) {
    Frames moved = f;
    for (std::size_t i = 0; i < along.size(); ++i) moved.positions[i] += step * along[i];
    for (std::size_t i = 0; i < widen.size(); ++i) moved.radii[i] += step * widen[i];
    return dot(solve(moved, 3).stiffness, cotangent);
  };
  const double h = 1e-3, difference = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  EXPECT(std::abs(difference - slope) <= 1e-6 * std::abs(slope), "the slope of the stiffness is %.12g, not %.12g",
         difference, slope);
}

// No strut at a node, a chain, a strut without length, the same strut twice, a NaN: a status and NaN, nothing worse.
void test_faulty_lattices() {
  Frames f;
  simple_cubic(f, .05);
  f.add({0, 0, 0, .5, .5, .5}, {0, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {.05, .05, .05});
  f.add({0, 0, 0}, {0, 0}, {1, 0, 0}, {.05});
  f.add({0, 0, 0, 0, 0, 0}, {0, 1}, {0, 0, 0}, {.05});
  f.add({0, 0, 0}, {0, 0, 0, 0}, {1, 0, 0, 1, 0, 0}, {.05, .05});
  f.add({NAN, 0, 0}, {0, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {.05, .05, .05});
  f.add({}, {}, {}, {});
  const Solution s = solve(f, 2);
  for (Int b = 0; b < f.count; ++b) {
    EXPECT((s.status[b] == 0) == (b == 0), "lattice %ld has status %d", long(b), s.status[b]);
    EXPECT(std::isnan(s.stiffness[36 * b]) == (b > 0), "lattice %ld has C_1111 = %g", long(b), s.stiffness[36 * b]);
  }
}

int32_t homogenise(const Frames& f, Int discretisation, Int threads, Solution& s) {
  s = {unwritten<double>(36 * f.count), std::vector<int32_t>(f.count, -1), {}};
  std::vector<int32_t> rank(f.count);
  std::vector<Int> where(f.count);
  std::vector<uint8_t> valid(f.count);
  return call(fl_frame_homogenise, f.count, f.cell, f.positions, f.struts, f.shifts, f.radii, f.node_offsets,
              f.strut_offsets, nu, kappa, discretisation, threads, s.stiffness, s.status, rank, where, valid, nullptr);
}

// Numbers that no lattice has end as the status of that lattice, in no time; wrong offsets and sizes as errors.
void test_hostile_numbers() {
  constexpr int32_t ok = 0, invalid = 1;
  Frames f;
  simple_cubic(f, .05);
  f.add({1e17, 0, 0}, {0, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {.05, .05, .05});
  f.add({0, 0, 0, 1e17, 0, 0}, {0, 1, 0, 0, 0, 0}, {0, 0, 0, 0, 1, 0, 0, 0, 1}, {.05, .05, .05});
  f.add({0, 0, 0}, {0, 0, 0, 0, 0, 0}, {INT64_MAX, 0, 0, 0, 1, 0, 0, 0, 1}, {.05, .05, .05});
  f.add({0, 0, 0}, {0, 0, 0, 0, 0, 0}, {INT64_MIN, 0, 0, 0, 1, 0, 0, 0, 1}, {.05, .05, .05});
  f.add({0, 0, 0}, {0, INT64_MAX, 0, 0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {.05, .05, .05});
  simple_cubic(f, .05);
  Solution s;
  for (const Int threads : {Int(-1), Int(1), Int(1000000), Int(1) << 31, INT64_MAX})
    for (const Int discretisation : {0, 1}) {
      succeeded(homogenise(f, discretisation, threads, s));
      for (Int b = 0; b < f.count; ++b)
        EXPECT(s.status[b] == (b == 0 || b == 6 ? ok : invalid), "lattice %ld has status %d", long(b), s.status[b]);
    }
  // A lattice whose struts cross as many faces as shifts allow, many times.
  Frames crossing;
  crossing.add({0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0}, {1 << 18, 0, 0, 0, 1 << 18, 0, 0, 0, 1 << 18, 1 << 18, 1, 1 << 18},
               {.05, .05, .05, .05});
  succeeded(homogenise(crossing, 1, 1, s));
  EXPECT(s.status[0] == invalid, "crossing a million faces has status %d", s.status[0]);

  Frames g;
  simple_cubic(g, .05), simple_cubic(g, .05);
  g.node_offsets = {0, 4000000, 2};
  refused(homogenise(g, 0, 1, s), "node_offsets descends");
  g.node_offsets = {-1, 1, 2};
  refused(homogenise(g, 0, 1, s), "node_offsets starts at -1");
  g.node_offsets = {0, 1, INT64_MAX};
  refused(homogenise(g, 0, 1, s), "positions has 6 elements, expected more than 2^63");
  g.node_offsets = {0, 1, 2}, g.radii.pop_back();
  refused(homogenise(g, 0, 1, s), "radii has 5 elements, expected 6");
  g.radii.push_back(.05);
  refused(homogenise(g, 2, 1, s), "discretisation is 2");
}

// Lattices of one topology are solved together: each has the bits that it has alone, whoever else is unsound.
void test_company(Random& random) {
  Frames f;
  for (int turn = 0; turn < 21; ++turn) {
    body_centred(f, 2, random);
    simple_cubic(f, turn % 5 == 3 ? NAN : .01 + .001 * turn);
    if (turn % 4 == 1) f.add({0, 0, 0}, {0, 0}, {1, 0, 0}, {.05});
    if (turn % 7 == 2) f.cell[9 * (f.count - 2)] = NAN;
  }
  for (const Int discretisation : {0, 1}) {
    Solution all, more;
    succeeded(homogenise(f, discretisation, 1, all));
    succeeded(homogenise(f, discretisation, 4, more));
    for (Int b = 0; b < f.count; ++b) {
      const auto rows = [&](const auto& values, const std::vector<Int>& offsets, Int width) {
        return std::vector(values.begin() + width * offsets[b], values.begin() + width * offsets[b + 1]);
      };
      Frames one;
      one.add(rows(f.positions, f.node_offsets, 3), rows(f.struts, f.strut_offsets, 2),
              rows(f.shifts, f.strut_offsets, 3), rows(f.radii, f.strut_offsets, 1));
      one.cell.assign(f.cell.begin() + 9 * b, f.cell.begin() + 9 * b + 9);
      Solution alone;
      succeeded(homogenise(one, discretisation, 1, alone));
      for (const Solution* together : {&all, &more})
        EXPECT(together->status[b] == alone.status[0] &&
                   std::memcmp(&together->stiffness[36 * b], alone.stiffness.data(), 36 * sizeof(double)) == 0,
               "lattice %ld has status %d and C_1111 = %.17g in company, %d and %.17g alone", long(b),
               together->status[b], together->stiffness[36 * b], alone.status[0], alone.stiffness[0]);
    }
  }
}

// A lattice that the memory does not hold has a status, and the others their stiffness.
void test_out_of_memory(Random& random) {
  Frames f;
  simple_cubic(f, .05);
  body_centred(f, 4, random);  // 128 nodes
  simple_cubic(f, .05);
  const Int memory = fl::frame::most_blocks;
  fl::frame::most_blocks = 1000;
  Solution s;
  succeeded(homogenise(f, 0, 2, s));
  fl::frame::most_blocks = memory;
  EXPECT(s.status[0] == 0 && s.status[1] == static_cast<int32_t>(fl::frame::Status::out_of_memory) && s.status[2] == 0,
         "the statuses are %d, %d and %d", s.status[0], s.status[1], s.status[2]);
  EXPECT(std::isnan(s.stiffness[36]) && s.stiffness[0] == s.stiffness[72], "C_1111 is %g, %g, %g", s.stiffness[0],
         s.stiffness[36], s.stiffness[72]);
  succeeded(homogenise(f, 0, 2, s));
  EXPECT(s.status[1] == 0, "with memory the status is %d", s.status[1]);
}

}  // namespace

void test_frames() {
  Random random(3);
  test_closed_form();
  test_slopes(random);
  test_faulty_lattices();
  test_hostile_numbers();
  test_company(random);
  test_out_of_memory(random);
}
