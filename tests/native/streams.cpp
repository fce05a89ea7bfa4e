// Streams of samples: the same bits on any number of threads and in any slice, and arguments that do not fit.
#include "tests.h"

namespace {

constexpr Int quantities = 6;

// A simple cubic cell, one of four nodes and nine struts, and one without any.
struct Bases {
  std::vector<double> cell, positions;
  std::vector<Int> struts, shifts, node_offsets = {0, 1, 5, 5}, strut_offsets = {0, 3, 12, 12};
  std::vector<double> cumulative = {.5, 1, 1};

  explicit Bases(Random& random) : positions(random.uniform(15, 0, 1)), struts(random.integers(24, 4)) {
    for (int b = 0; b < 3; ++b) cell.insert(cell.end(), {1, 0, 0, 0, .8, 0, .1, 0, .7});
    std::fill(struts.begin(), struts.begin() + 6, 0);
    for (int k = 0; k < 12; ++k) shifts.insert(shifts.end(), {k % 3 == 0, k % 3 == 1, k % 3 == 2});
  }
};

struct Recipe {
  std::vector<double> low = {.1, 0, .5, .2, .1, 1e-3}, high = {.6, .1, 2, .8, .5, 1e-1}, choices;
  std::vector<Int> choice_offsets = std::vector<Int>(quantities + 1, 0);
  double removal_share = .5, max_slenderness = .25;
  Int displacement = 0, rotation = 1;
};

struct Samples {
  std::vector<Int> base, node_offsets, strut_offsets, struts, shifts;
  std::vector<double> cell, positions, radii, level, density;
  std::vector<uint8_t> beam_valid;
};

int32_t sizes(const Bases& b, const Recipe& r, Int threads, Int first, Int count, Samples& s) {
  s.base.resize(count);
  s.node_offsets.resize(count + 1);
  s.strut_offsets.resize(count + 1);
  return call(fl_stream_sizes, threads, Int{-3}, first, count, Int(b.cumulative.size()), quantities, b.cumulative,
              b.node_offsets, b.strut_offsets, r.low, r.high, r.choices, r.choice_offsets, r.removal_share, s.base,
              s.node_offsets, s.strut_offsets);
}

int32_t fill(const Bases& b, const Recipe& r, Int threads, Int first, Int count, Samples& s) {
  s.cell = unwritten<double>(9 * count);
  s.positions = unwritten<double>(3 * s.node_offsets[count]);
  s.struts.assign(2 * s.strut_offsets[count], -1);
  s.shifts.assign(3 * s.strut_offsets[count], -1);
  s.radii = unwritten<double>(s.strut_offsets[count]);
  s.level = s.density = unwritten<double>(count);
  s.beam_valid.assign(count, 2);
  return call(fl_stream_fill, threads, Int{-3}, first, count, Int(b.cumulative.size()), quantities, b.cumulative,
              b.node_offsets, b.strut_offsets, r.low, r.high, r.choices, r.choice_offsets, r.removal_share, b.cell,
              b.positions, b.struts, b.shifts, .5, .2, .3, 1., 1., 1., r.max_slenderness, r.displacement, r.rotation,
              s.node_offsets, s.strut_offsets, s.cell, s.positions, s.struts, s.shifts, s.radii, s.level, s.density,
              s.beam_valid);
}

Samples drawn(const Bases& b, const Recipe& r, Int threads, Int first, Int count) {
  Samples s;
  succeeded(sizes(b, r, threads, first, count, s));
  succeeded(fill(b, r, threads, first, count, s));
  return s;
}

void test_slices_and_threads(const Bases& bases, const Recipe& recipe) {
  constexpr Int first = 3900, count = 700, skipped = 333;
  const Samples whole = drawn(bases, recipe, 1, first, count), more = drawn(bases, recipe, 4, first, count);
  EXPECT(whole.positions == more.positions && whole.radii == more.radii && whole.struts == more.struts,
         "4 threads change the samples");
  const Samples part = drawn(bases, recipe, 2, first + skipped, count - skipped);
  const auto end_of = [](const auto& all, const auto& some) {
    return std::equal(some.begin(), some.end(), all.end() - static_cast<std::ptrdiff_t>(some.size()));
  };
  EXPECT(end_of(whole.positions, part.positions) && end_of(whole.radii, part.radii) && end_of(whole.cell, part.cell),
         "a slice differs from the whole");
  for (const double x : whole.positions) EXPECT(std::isfinite(x), "a position is %g", x);
  for (const uint8_t valid : whole.beam_valid) EXPECT(valid < 2, "beam_valid is not written");
}

void test_misfits(Random& random) {
  const Bases good(random);
  const Recipe recipe;
  Samples s;
  Bases none = good;
  none.cumulative.clear();
  none.node_offsets = none.strut_offsets = {0};
  refused(sizes(none, recipe, 1, 0, 4, s), "there is no base");
  refused(sizes(good, recipe, 1, -1, 4, s), "below 2^62");
  refused(sizes(good, recipe, 1, (Int{1} << 62) - 3, 4, s), "below 2^62");
  Bases bad = good;
  bad.struts[7] = 4;
  succeeded(sizes(bad, recipe, 2, 0, 64, s));
  refused(fill(bad, recipe, 2, 0, 64, s), "struts");
  refused(fill(good, recipe, 2, 64, 64, s), "offsets are not those of the samples");
  Recipe wild;  // nothing that is said may lead out of an array
  wild.low = wild.high = {NAN, INFINITY, -1, 1e300, NAN, 0};
  wild.removal_share = 1;
  bad = good;
  bad.cumulative = {NAN, -1, .2};
  drawn(bad, wild, 2, 0, 300);
  wild.low[0] = wild.high[0] = 1e9;
  EXPECT(drawn(good, wild, 1, 0, 100).strut_offsets[100] == 0, "more struts are lost than there are");
}

}  // namespace

void test_streams() {
  Random random(14);
  const Bases bases(random);
  Recipe recipe;
  test_slices_and_threads(bases, recipe);
  recipe.displacement = 1;
  recipe.choices = {.02, .05, .1};
  recipe.choice_offsets = {0, 0, 2, 2, 2, 2, 3};
  test_slices_and_threads(bases, recipe);
  drawn(bases, recipe, 3, 0, 0);
  test_misfits(random);
}
