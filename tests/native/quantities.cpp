// What is computed of lattices beside the stiffness: density, joints, conductivity, bounds, the mechanics around nodes.
#include "frames.h"
#include "tests.h"

namespace {

const double pi = std::acos(-1.0);

// Sound lattices, one of more nodes than a word has bits; and two among what is no lattice.
Frames sound(Random& random) {
  Frames f;
  for (const Int n : {1, 2, 1, 4}) body_centred(f, n, random);
  simple_cubic(f, .02);
  return f;
}
Frames unsound(Random& random) {
  Frames f;
  simple_cubic(f, .05);
  f.add({}, {}, {}, {});
  f.add({0, 0, 0}, {0, INT64_MAX, 0, 0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {.05, .05, .05});
  f.add({0, 0, 0}, {0, 0, -1, 0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {.05, .05, .05});
  f.add({0, 0, 0}, {0, 0}, {1, 0, 0}, {.05});
  f.add({NAN, 0, 0}, {0, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {.05, .05, .05});
  body_centred(f, 1, random);
  return f;
}
bool is_sound(const Frames& f, Int b) { return b == 0 || b == f.count - 1; }

// Status and numbers [each of a lattice] agree on which of the unsound are sound.
void expect_statuses(const char* name, const Frames& f, const Verdicts& of, const std::vector<double>& numbers) {
  const Int each = static_cast<Int>(numbers.size()) / f.count;
  for (Int b = 0; b < f.count; ++b) {
    EXPECT((of.status[b] == 0) == is_sound(f, b), "%s: lattice %ld has status %d", name, long(b), of.status[b]);
    for (Int k = 0; k < each; ++k)
      EXPECT(std::isfinite(numbers[each * b + k]) == is_sound(f, b), "%s: lattice %ld has %g", name, long(b),
             numbers[each * b + k]);
  }
}

void expect_number(const char* name, double found, double expected) {
  EXPECT(std::abs(found - expected) <= 1e-12 * std::abs(expected), "%s is %.17g, not %.17g", name, found, expected);
}

std::vector<double> densities(const Frames& f, Int threads) {
  std::vector<double> density = unwritten<double>(f.count);
  succeeded(call_on(f, fl_frame_density, threads, density));
  return density;
}

void test_density(Random& random) {
  const Frames f = sound(random), bad = unsound(random);
  const std::vector<double> density = densities(f, 1);
  EXPECT(density == densities(f, 5), "5 threads change the density");
  expect_number("the density of a simple cubic lattice", density.back(), 3 * pi * .02 * .02);
  const std::vector<double> some = densities(bad, 2);
  EXPECT(std::isnan(some[2]) && std::isnan(some[3]), "struts from nowhere have density %g and %g", some[2], some[3]);
  EXPECT(std::isnan(some[5]) && some[1] == 0, "densities of NaN and of nothing are %g and %g", some[5], some[1]);
}

// Numbers that are found beside the stiffness, and those that are found alone.
void expect_same(const char* name, const std::vector<double>& beside, const std::vector<double>& alone) {
  for (std::size_t b = 0; b < alone.size(); ++b)
    EXPECT(beside[b] == alone[b] || (std::isnan(beside[b]) && std::isnan(alone[b])),
           "beside the stiffness, lattice %ld has %s %.17g, not %.17g", long(b), name, beside[b], alone[b]);
}

struct Joints {
  std::vector<double> overlap, reached;
};

Joints joints(const Frames& f, Int threads) {
  Joints j{unwritten<double>(f.count), unwritten<double>(2 * f.radii.size())};
  std::vector<double> alone = unwritten<double>(f.count);
  succeeded(call_on(f, fl_frame_joints, threads, j.overlap, j.reached));
  succeeded(call_on(f, fl_frame_joints, threads, alone, nullptr));
  for (Int b = 0; b < f.count; ++b)
    EXPECT(alone[b] == j.overlap[b] || (std::isnan(alone[b]) && std::isnan(j.overlap[b])),
           "the overlap of lattice %ld depends on what else is asked for", long(b));
  return j;
}

// Struts of a simple cubic lattice meet at right angles: each is covered up to the radius of the thickest other one.
void test_joints(Random& random) {
  Frames f = sound(random);
  f.add({.1, .2, .3}, {0, 0, 0, 0, 0, 0}, {1, 0, 0, 0, 1, 0, 0, 0, 1}, {.02, .03, .05});
  const Joints found = joints(f, 1), more = joints(f, 5);
  EXPECT(found.overlap == more.overlap && found.reached == more.reached, "5 threads change the joints");
  const double covered[] = {.05, .05, .03};
  for (int k = 0; k < 6; ++k)
    expect_number("what is covered", found.reached[found.reached.size() - 6 + k], covered[k / 2]);
  expect_number("the overlap", found.overlap.back(), .1);
  const Frames bad = unsound(random);
  const Joints of_bad = joints(bad, 3);
  // Beside the stiffness the same bits, of lattices that are solved together too.
  for (int n = 0; n < 20; ++n) body_centred(f, 1 + n % 2, random);
  for (const Frames& all : {f, bad}) {
    std::vector<double> stiffness = unwritten<double>(36 * all.count), beside = unwritten<double>(all.count),
                        density = beside;
    Verdicts of(all.count);
    succeeded(call_on(all, fl_frame_homogenise, nu, kappa, 0, 2, stiffness, of.status, of.rank, of.where, of.beam_valid,
                      beside, density, nullptr));
    expect_same("overlap", beside, joints(all, 1).overlap);
    expect_same("density", density, densities(all, 1));
  }
  for (Int b = 0; b < bad.count; ++b) {
    const bool readable = b != 1 && b != 2 && b != 3;
    EXPECT(std::isfinite(of_bad.overlap[b]) == readable, "lattice %ld has overlap %g", long(b), of_bad.overlap[b]);
    for (Int k = 2 * bad.strut_offsets[b]; k < 2 * bad.strut_offsets[b + 1]; ++k)
      EXPECT(std::isnan(of_bad.reached[k]) == !readable, "lattice %ld is covered up to %g", long(b), of_bad.reached[k]);
  }
}

struct Conduction {
  std::vector<double> conductivity, temperatures;
  Verdicts of;
};

Conduction conduct(const Frames& f, Int threads) {
  Conduction c{unwritten<double>(9 * f.count), unwritten<double>(f.positions.size()), Verdicts(f.count)};
  succeeded(call_on(f, fl_frame_conductivity, threads, c.conductivity, c.of.status, c.of.rank, c.of.where,
                    c.of.beam_valid, c.temperatures));
  return c;
}

// A supercell of small cells, scaled, is eliminated another way and conducts alike.
void test_conductivity(Random& random) {
  const Frames f = sound(random), bad = unsound(random);
  const Conduction c = conduct(f, 1), more = conduct(f, 5);
  EXPECT(c.conductivity == more.conductivity && c.temperatures == more.temperatures, "5 threads change the conduction");
  for (int m = 0; m < 9; ++m) {
    const double found = c.conductivity[9 * (f.count - 1) + m], expected = m % 4 ? 0 : pi * .02 * .02;
    EXPECT(std::abs(found - expected) <= 1e-15, "simple cubic: k[%d] is %g, not %g", m, found, expected);
  }
  Frames cells;
  for (const Int n : {1, 2, 4}) {
    body_centred(cells, n, random, 0);
    std::fill(cells.radii.begin() + cells.strut_offsets[cells.count - 1], cells.radii.end(), .03 / n);
  }
  const Conduction alike = conduct(cells, 2);
  for (int b = 0; b < 3; ++b)  // along each axis half of the struts' conductance, cut twice
    for (int m = 0; m < 9; ++m) {
      const double length = std::sqrt(.75), expected = m % 4 ? 0 : 8 * .25 * pi * .03 * .03 / length;
      EXPECT(std::abs(alike.conductivity[9 * b + m] - expected) <= 1e-13, "body-centred: k[%d] is %.17g, not %.17g", m,
             alike.conductivity[9 * b + m], expected);
    }
  const Conduction of_bad = conduct(bad, 2);
  expect_statuses("conduction", bad, of_bad.of, of_bad.conductivity);
  for (const double t : of_bad.temperatures) EXPECT(std::isfinite(t), "a temperature is %g", t);
  Verdicts checked(bad.count);
  succeeded(call_on(bad, fl_frame_check, 2, checked.status, checked.rank, checked.where, checked.beam_valid));
  EXPECT(checked.status == of_bad.of.status && checked.where == of_bad.of.where, "the checks say something else");
}

struct Bounds {
  std::vector<double> stiffness;
  Verdicts of;
};

Bounds bound(const Frames& f, Int order, Int threads) {
  Bounds b{unwritten<double>(36 * (order + 1) * f.count), Verdicts(f.count)};
  succeeded(call_on(f, order, fl_frame_bounds, nu, kappa, threads, b.stiffness, b.of.status, b.of.rank, b.of.where,
                    b.of.beam_valid));
  return b;
}

// The affine bound of a simple cubic lattice is exact; steps never stiffen.
void test_bounds(Random& random) {
  const Frames f = sound(random), bad = unsound(random);
  constexpr Int order = 3, size = 36 * (order + 1);
  const Bounds found = bound(f, order, 1);
  EXPECT(found.stiffness == bound(f, order, 5).stiffness, "5 threads change the bounds");
  for (Int b = 0; b < f.count; ++b)
    for (Int k = 36; k < size; k += 36)
      for (int m = 0; m < 36; m += 7) {
        const double before = found.stiffness[size * b + k - 36 + m], after = found.stiffness[size * b + k + m];
        EXPECT(after <= before * (1 + 1e-12), "lattice %ld: step %ld stiffens from %g to %g", long(b), long(k / 36),
               before, after);
      }
  expect_number("C_1111 of a simple cubic lattice", found.stiffness[size * (f.count - 1)], pi * .02 * .02);

  Frames moved;
  body_centred(moved, 2, random), body_centred(moved, 3, random);
  for (const Int steps : {0, 2}) {
    const Bounds at = bound(moved, steps, 1);
    const std::vector<double> cotangent = random.normal(at.stiffness.size());
    Frames gradient = unwritten_like(moved);
    succeeded(call_on(moved, steps, fl_frame_bounds_adjoint, nu, kappa, 4, at.of.status, at.stiffness, cotangent,
                      gradient.cell, gradient.positions, gradient.radii));
    check_gradient("the bounds", moved, gradient, random,
                   [&](const Frames& g) { return dot(bound(g, steps, 3).stiffness, cotangent); });
  }

  const Bounds of_bad = bound(bad, 1, 2);
  expect_statuses("bounds", bad, of_bad.of, of_bad.stiffness);
  Frames gradient = unwritten_like(bad);
  succeeded(call_on(bad, Int(1), fl_frame_bounds_adjoint, nu, kappa, 2, of_bad.of.status, of_bad.stiffness,
                    std::vector<double>(of_bad.stiffness.size(), 1), gradient.cell, gradient.positions, gradient.radii));
  for (Int k = 0; k < 9 * bad.count; ++k)
    EXPECT(is_sound(bad, k / 9) ? std::isfinite(gradient.cell[k]) : gradient.cell[k] == 0, "lattice %ld has gradient %g",
           long(k / 9), gradient.cell[k]);
  Verdicts of(0);
  std::vector<double> none;
  refused(call_on(Frames(), INT64_MAX - 1, fl_frame_bounds, nu, kappa, 1, none, of.status, of.rank, of.where,
                  of.beam_valid),
          "stiffness has 0 elements, expected more than 2^63");
}

// The edges of one lattice in a unit cube, both directions of every strut.
struct Edges {
  Int nodes;
  std::vector<Int> receivers;
  std::vector<double> vectors, radii;

  explicit Edges(const Frames& f) : nodes(f.node_offsets.back()) {
    for (std::size_t k = 0; k < f.radii.size(); ++k)
      for (const int end : {0, 1}) {
        receivers.push_back(f.struts[2 * k + end]);
        radii.push_back(f.radii[k]);
        for (int r = 0; r < 3; ++r) {
          const double along = f.positions[3 * f.struts[2 * k + 1] + r] - f.positions[3 * f.struts[2 * k] + r] +
                               double(f.shifts[3 * k + r]);
          vectors.push_back(end ? along : -along);
        }
      }
  }
};

struct Mechanics {
  std::vector<double> energy, release;
};

Mechanics around_nodes(const Edges& e) {
  Mechanics m{unwritten<double>(36 * e.nodes), unwritten<double>(36 * e.nodes)};
  succeeded(call(fl_frame_node_mechanics, e.nodes, e.receivers.size(), e.receivers, e.vectors, e.radii, nu, kappa,
                 m.energy, m.release));
  return m;
}

// The nodes' shares are the energy of the affine bound; gradients are slopes.
void test_mechanics(Random& random) {
  Frames f;
  body_centred(f, 2, random);
  Edges edges(f);
  const Mechanics found = around_nodes(edges);
  const std::vector<double> affine = bound(f, 0, 1).stiffness;
  for (int k = 0; k < 36; ++k) {
    double sum = 0;
    for (Int node = 0; node < edges.nodes; ++node) sum += found.energy[36 * node + k];
    EXPECT(std::abs(sum - affine[k]) <= 1e-13 * affine[0], "the shares of C[%d] are %.17g, not %.17g", k, sum, affine[k]);
  }
  const std::vector<double> by_energy = random.normal(36 * edges.nodes), by_release = random.normal(36 * edges.nodes);
  std::vector<double> by_vectors = unwritten<double>(edges.vectors.size()), by_radii = unwritten<double>(edges.radii.size());
  succeeded(call(fl_frame_node_mechanics_backward, edges.nodes, edges.receivers.size(), edges.receivers, edges.vectors,
                 edges.radii, nu, kappa, by_energy, by_release, by_vectors, by_radii));
  const std::vector<double> move = random.normal(by_vectors.size(), .003), widen = random.normal(by_radii.size(), .001);
  const double slope = dot(by_vectors, move) + dot(by_radii, widen);
  const double difference = slope_at_zero(1e-2, [&](double step) {
    Edges moved = edges;
    for (std::size_t i = 0; i < move.size(); ++i) moved.vectors[i] += step * move[i];
    for (std::size_t i = 0; i < widen.size(); ++i) moved.radii[i] += step * widen[i];
    const Mechanics there = around_nodes(moved);
    return dot(there.energy, by_energy) + dot(there.release, by_release);
  });
  EXPECT(std::abs(difference - slope) <= 1e-6 * std::abs(slope), "the slope of the nodes' mechanics is %.12g, not %.12g",
         difference, slope);
  edges.receivers[3] = edges.nodes;
  std::vector<double> none = unwritten<double>(36 * edges.nodes), also = none;
  refused(call(fl_frame_node_mechanics, edges.nodes, edges.receivers.size(), edges.receivers, edges.vectors, edges.radii,
               nu, kappa, none, also),
          "receiver is not a node");
  edges.receivers[3] = 0, edges.radii.pop_back();
  refused(call(fl_frame_node_mechanics, edges.nodes, edges.receivers.size(), edges.receivers, edges.vectors, edges.radii,
               nu, kappa, none, also),
          "radii has 127 elements, expected 128");
}

// The struts of lattices with cells of edge one, as a graph has them.
struct Graph {
  Int nodes, lattices;
  std::vector<Int> batch, ends;
  std::vector<double> vectors, radii;

  explicit Graph(const Frames& f)
      : nodes(f.positions.size() / 3), lattices(f.count), batch(nodes), ends(f.struts.size()), radii(f.radii) {
    const Int struts = radii.size();
    for (Int b = 0; b < lattices; ++b) {
      std::fill(batch.begin() + f.node_offsets[b], batch.begin() + f.node_offsets[b + 1], b);
      for (Int k = f.strut_offsets[b]; k < f.strut_offsets[b + 1]; ++k) {
        const Int start = ends[k] = f.node_offsets[b] + f.struts[2 * k];
        const Int end = ends[struts + k] = f.node_offsets[b] + f.struts[2 * k + 1];
        for (int r = 0; r < 3; ++r)
          vectors.push_back(f.positions[3 * end + r] - f.positions[3 * start + r] + double(f.shifts[3 * k + r]));
      }
    }
  }
};

struct Relaxed {
  std::vector<double> energies, share, release;
  bool operator==(const Relaxed& o) const {
    return energies == o.energies && share == o.share && release == o.release;
  }
};

Relaxed relax(const Graph& g, Int order, Int threads) {
  Relaxed r{unwritten<double>(36 * (order + 1) * g.lattices), unwritten<double>(36 * g.nodes),
            unwritten<double>(36 * g.nodes)};
  succeeded(call(fl_relaxed_energies, threads, g.nodes, g.radii.size(), g.lattices, order, g.batch, g.ends, g.vectors,
                 g.radii, nu, kappa, 1e-12, r.energies, r.share, r.release));
  return r;
}

// The energies are the bounds of cells of volume one; gradients are slopes.
void test_relaxed_energies(Random& random) {
  constexpr Int order = 3;
  Frames f;
  body_centred(f, 1, random), body_centred(f, 2, random);
  Graph graph(f);
  const Relaxed relaxed = relax(graph, order, 1);
  const std::vector<double>&found = relaxed.energies, expected = bound(f, order, 1).stiffness;
  EXPECT(relaxed == relax(graph, order, 5), "5 threads change the relaxation");
  for (std::size_t k = 0; k < found.size(); ++k)
    EXPECT(std::abs(found[k] - expected[k]) <= 1e-12 * expected[0], "energy %zu is %.17g, not %.17g", k, found[k],
           expected[k]);
  const Relaxed weights{random.normal(found.size()), random.normal(36 * graph.nodes), random.normal(36 * graph.nodes)};
  std::vector<double> by_vectors = unwritten<double>(graph.vectors.size()), by_radii = unwritten<double>(graph.radii.size());
  succeeded(call(fl_relaxed_energies_backward, 2, graph.nodes, graph.radii.size(), graph.lattices, order, graph.batch,
                 graph.ends, graph.vectors, graph.radii, nu, kappa, 1e-12, weights.energies, weights.share, weights.release, by_vectors,
                 by_radii));
  const std::vector<double> move = random.normal(by_vectors.size(), .003), widen = random.normal(by_radii.size(), .001);
  const double slope = dot(by_vectors, move) + dot(by_radii, widen);
  const double difference = slope_at_zero(1e-2, [&](double step) {
    Graph moved = graph;
    for (std::size_t i = 0; i < move.size(); ++i) moved.vectors[i] += step * move[i];
    for (std::size_t i = 0; i < widen.size(); ++i) moved.radii[i] += step * widen[i];
    const Relaxed there = relax(moved, order, 1);
    return dot(there.energies, weights.energies) + dot(there.share, weights.share) + dot(there.release, weights.release);
  });
  EXPECT(std::abs(difference - slope) <= 1e-6 * std::abs(slope), "the slope of relaxed energies is %.12g, not %.12g",
         difference, slope);
  Relaxed none = relaxed;
  const auto tried = [&](const Graph& g, Int steps) {
    return call(fl_relaxed_energies, 1, g.nodes, g.radii.size(), g.lattices, steps, g.batch, g.ends, g.vectors, g.radii, nu,
                kappa, 1e-12, none.energies, none.share, none.release);
  };
  Graph wrong = graph;
  wrong.ends[0] = graph.nodes;
  refused(tried(wrong, order), "a strut's end is not a node");
  wrong.ends[0] = graph.nodes - 1;
  refused(tried(wrong, order), "a strut joins nodes of two lattices");
  refused(tried(graph, -1), "order");
}

}  // namespace

void test_quantities() {
  Random random(5);
  test_density(random);
  test_joints(random);
  test_conductivity(random);
  test_bounds(random);
  test_mechanics(random);
  test_relaxed_energies(random);
}
