// Graphs of lattices, and the faults that graphs from outside may have.
#include <functional>

#include "tests.h"

namespace {

// Lattices of some sizes, one without struts and one without nodes among them.
void test_periodic_graph(Random& random) {
  for (int trial = 0; trial < 20; ++trial) {
    const std::vector<Int> nodes = random.integers(trial, 9), counts = random.integers(trial, 30);
    const Int lattices = trial;
    std::vector<Int> node_offsets = {0}, strut_offsets = {0}, ends, owner, strut_owner;
    for (Int b = 0; b < lattices; ++b) {
      const Int struts = nodes[b] ? counts[b] : 0;
      for (const Int n : random.integers(2 * struts, nodes[b])) ends.push_back(n);
      owner.insert(owner.end(), nodes[b], b);
      strut_owner.insert(strut_owner.end(), struts, b);
      node_offsets.push_back(node_offsets.back() + nodes[b]);
      strut_offsets.push_back(strut_offsets.back() + struts);
    }
    const Int all = node_offsets.back(), struts = strut_offsets.back(), edges = 2 * struts;
    const std::vector<Int> shifts = random.integers(3 * struts, 3);  // small: their products are exact
    const std::vector<double> cell = random.normal(9 * lattices), radii = random.normal(struts);
    std::vector<Int> index(2 * edges, -1), strut(edges, -1), reverse(edges, -1), first(struts, -1), batch(all, -1);
    std::vector<double> vectors = unwritten<double>(3 * edges), thickness = unwritten<double>(edges);
    succeeded(call(fl_periodic_graph, lattices, all, struts, cell, ends, shifts, radii,
                                node_offsets, strut_offsets, vectors, thickness,
                                index, batch, strut, reverse, first));
    EXPECT(batch == owner, "nodes are given to the wrong lattices");
    for (Int e = 0; e < edges; ++e) {
      const Int sender = index[e], receiver = index[edges + e], s = strut[e], back = reverse[e], b = strut_owner[s];
      EXPECT(e == 0 || index[edges + e - 1] <= receiver, "edge %ld is not in the order of receivers", long(e));
      EXPECT(back != e && reverse[back] == e && strut[back] == s, "edge %ld has no reverse", long(e));
      EXPECT(index[back] == receiver && index[edges + back] == sender, "the reverse of edge %ld is another", long(e));
      EXPECT(first[s] == std::min(e, back), "strut %ld starts at edge %ld", long(s), long(first[s]));
      EXPECT(thickness[e] == radii[s], "edge %ld has the radius %g", long(e), thickness[e]);
      const Int one = ends[2 * s] + node_offsets[b], other = ends[2 * s + 1] + node_offsets[b];
      const bool along = one == other ? e < back : receiver == other;
      EXPECT(along ? sender == one && receiver == other : sender == other && receiver == one,
             "edge %ld joins other nodes than its strut", long(e));
      for (int i = 0; i < 3; ++i) {
        double shift = 0;
        for (int j = 0; j < 3; ++j) shift += double(shifts[3 * s + j]) * cell[9 * b + 3 * j + i];
        EXPECT(vectors[3 * e + i] == (along ? shift : -shift), "edge %ld has another shift", long(e));
      }
    }
  }
  const std::vector<Int> offsets = {0, 1}, nodes = {0, 1, 2}, struts = {0, 0, 1};
  const Int ends[] = {0, 1}, shift[] = {0, 0, 0};
  const double cell[18] = {}, radius[] = {1};
  Int index[4], batch[2], strut[2], reverse[2], first[1];
  double vectors[6], thickness[2];
  const auto run = [&](Int lattices, const std::vector<Int>& node_offsets, const std::vector<Int>& strut_offsets) {
    return call(fl_periodic_graph, lattices, lattices, 1, Buffer<const double>(cell, 9 * lattices), ends, shift, radius,
                node_offsets, strut_offsets, vectors, thickness, index, Buffer<Int>(batch, lattices), strut, reverse,
                first);
  };
  refused(run(1, offsets, offsets), "struts holds 1");
  refused(run(2, nodes, struts), "struts holds 1");  // a node, but another lattice's
  refused(run(2, {0, 4000000, 2}, struts), "node_offsets descends after number 1");
  refused(run(2, {1, 1, 2}, struts), "node_offsets starts at 1");
  refused(run(2, nodes, {0, INT64_MAX, 1}), "strut_offsets descends");
  refused(run(2, {0, 1}, struts), "node_offsets has 2 elements, expected 3");
  refused(run(2, {0, 1, 3}, struts), "do not end at the number of nodes");
}

template <class T>
void test_faults() {
  struct Columns {
    std::vector<T> positions{0, 0, 0, T(.5), T(.5), T(.5), 0, 0, 0}, shifts = std::vector<T>(12, 1),
                   radii = std::vector<T>(4, T(.1)), attributes = std::vector<T>(3, 1);
    std::vector<Int> index{0, 1, 0, 2, 1, 0, 0, 2}, batch{0, 0, 1};
    Int lattices = 2;
  };
  const auto fault = [](const std::function<void(Columns&)>& change) {
    Columns c;
    change(c);
    Int found[2] = {-1, -1};
    succeeded(call(Library<T>::check_graph, 1, 3, 4, c.lattices, c.positions, c.index, c.shifts,
                                      c.radii, c.attributes, c.batch, found));
    return std::pair<Int, Int>(found[0], found[0] ? found[1] : 0);
  };
  using Place = std::pair<Int, Int>;
  const T nan = std::numeric_limits<T>::quiet_NaN(), infinite = std::numeric_limits<T>::infinity();
  EXPECT(fault([](Columns&) {}) == Place(0, 0), "a good graph has a fault");
  EXPECT(fault([=](Columns& c) { c.positions[5] = nan; }) == Place(1, 1), "a NaN among positions");
  EXPECT(fault([=](Columns& c) { c.shifts[11] = -infinite; }) == Place(2, 3), "an infinite shift");
  EXPECT(fault([=](Columns& c) { c.radii[2] = nan; }) == Place(3, 2), "a NaN among radii");
  EXPECT(fault([=](Columns& c) { c.attributes[0] = infinite; }) == Place(4, 0), "an infinite attribute");
  for (const Int wrong : {Int(-1), Int(3), std::numeric_limits<Int>::max(), std::numeric_limits<Int>::min()}) {
    EXPECT(fault([=](Columns& c) { c.index[1] = wrong; }) == Place(5, 1), "an edge from nowhere");
    EXPECT(fault([=](Columns& c) { c.index[6] = wrong; }) == Place(5, 2), "an edge to nowhere");
    EXPECT(fault([=](Columns& c) { c.batch[1] = wrong; }) == Place(6, 1), "a node in no lattice");
  }
  EXPECT(fault([](Columns& c) { c.lattices = 3; }) == Place(7, 2), "a lattice without nodes");
  EXPECT(fault([](Columns& c) { c.lattices = Int(1) << 62; }) == Place(7, 2), "no memory for each lattice");
  EXPECT(fault([](Columns& c) { c.index[4] = 2; }) == Place(8, 0), "an edge between lattices");
  EXPECT(fault([](Columns& c) { c.shifts[9] = c.shifts[10] = c.shifts[11] = 0; }) == Place(9, 3),
         "an edge without length");
}

}  // namespace

void test_graphs() {
  Random random(2);
  test_periodic_graph(random);
  test_faults<float>();
  test_faults<double>();
}
