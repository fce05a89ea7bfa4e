// Frame finite elements: a closed form, slopes, and lattices that are none.
#include "frames.h"

#include "base/workspace.h"
#include "frame/frame.h"
#include "tests.h"

namespace {

struct Solution {
  std::vector<double> stiffness;
  Verdicts of;
  std::vector<fl::Array<double>> displacements;
};

// What fl_frame_homogenise gives; displacements [nodes, 6, 8] on a cache line.
Solution solve(const Frames& f, Int threads) {
  Solution s{unwritten<double>(36 * f.count), Verdicts(f.count), {}};
  s.displacements.emplace_back(16 * f.positions.size());
  succeeded(call_on(f, fl_frame_homogenise, nu, kappa, 0, threads, s.stiffness, s.of.status, s.of.rank, s.of.where,
                    s.of.beam_valid, nullptr, nullptr, s.displacements[0]));
  return s;
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
  for (const int32_t status : s.of.status) EXPECT(status == 0, "a lattice has status %d", status);
  const std::vector<double> cotangent = random.normal(36 * f.count);
  Frames gradient = unwritten_like(f);
  succeeded(call_on(f, fl_frame_adjoint, nu, kappa, 4, s.of.status, s.stiffness, s.displacements[0], cotangent,
                    gradient.cell, gradient.positions, gradient.radii));
  check_gradient("the stiffness", f, gradient, random,
                 [&](const Frames& moved) { return dot(solve(moved, 3).stiffness, cotangent); });
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
    EXPECT((s.of.status[b] == 0) == (b == 0), "lattice %ld has status %d", long(b), s.of.status[b]);
    EXPECT(std::isnan(s.stiffness[36 * b]) == (b > 0), "lattice %ld has C_1111 = %g", long(b), s.stiffness[36 * b]);
  }
}

int32_t homogenise(const Frames& f, Int discretisation, Int threads, Solution& s) {
  s = {unwritten<double>(36 * f.count), Verdicts(f.count), {}};
  return call_on(f, fl_frame_homogenise, nu, kappa, discretisation, threads, s.stiffness, s.of.status, s.of.rank,
                 s.of.where, s.of.beam_valid, nullptr, nullptr, nullptr);
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
        EXPECT(s.of.status[b] == (b == 0 || b == 6 ? ok : invalid), "lattice %ld has status %d", long(b), s.of.status[b]);
    }
  // A lattice whose struts cross as many faces as shifts allow, many times.
  Frames crossing;
  crossing.add({0, 0, 0}, {0, 0, 0, 0, 0, 0, 0, 0}, {1 << 18, 0, 0, 0, 1 << 18, 0, 0, 0, 1 << 18, 1 << 18, 1, 1 << 18},
               {.05, .05, .05, .05});
  succeeded(homogenise(crossing, 1, 1, s));
  EXPECT(s.of.status[0] == invalid, "crossing a million faces has status %d", s.of.status[0]);
  // A strut that crosses few faces, but so far away that one more is the same number.
  Frames far;
  far.add({0, 2e5, 0}, {0, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {1e-13, 1e-13, 1e-13});
  far.cell = {1, 0, 0, 0, 1e-11, 0, 0, 0, 1};
  succeeded(homogenise(far, 1, 1, s));
  EXPECT(s.of.status[0] == invalid, "faces that are not told apart have status %d", s.of.status[0]);

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
        EXPECT(together->of.status[b] == alone.of.status[0] &&
                   std::memcmp(&together->stiffness[36 * b], alone.stiffness.data(), 36 * sizeof(double)) == 0,
               "lattice %ld has status %d and C_1111 = %.17g in company, %d and %.17g alone", long(b),
               together->of.status[b], together->stiffness[36 * b], alone.of.status[0], alone.stiffness[0]);
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
  EXPECT(s.of.status[0] == 0 && s.of.status[1] == static_cast<int32_t>(fl::frame::Status::out_of_memory) && s.of.status[2] == 0,
         "the statuses are %d, %d and %d", s.of.status[0], s.of.status[1], s.of.status[2]);
  EXPECT(std::isnan(s.stiffness[36]) && s.stiffness[0] == s.stiffness[72], "C_1111 is %g, %g, %g", s.stiffness[0],
         s.stiffness[36], s.stiffness[72]);
  succeeded(homogenise(f, 0, 2, s));
  EXPECT(s.of.status[1] == 0, "with memory the status is %d", s.of.status[1]);
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
