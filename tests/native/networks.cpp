// Layers and whole networks, on graphs that are cut into pieces and tiles in every way.
#include <array>
#include <limits>
#include <utility>

#include "ops.h"
#include "tests.h"

namespace {

// A sparse map from the rows of some tensors to those of the contraction's weights; without rows there is one tensor.
struct Fold {
  std::vector<Int> counts = {0}, starts = {0}, tensor, row;
  std::vector<double> value;

  Fold() = default;
  Fold(Int rows, std::vector<Int> rows_of_tensors, Random& random) : counts(std::move(rows_of_tensors)) {
    for (const Int count : random.integers(rows, 4)) {  // rows without entries, and of tensors that nothing reads
      for (const Int n : random.integers(count, tensors())) {
        tensor.push_back(n);
        row.push_back(random.integers(1, counts[n])[0]);
      }
      starts.push_back(static_cast<Int>(row.size()));
    }
    value = random.normal(row.size());
  }
  Int rows() const { return static_cast<Int>(starts.size()) - 1; }
  Int tensors() const { return static_cast<Int>(counts.size()); }
};

// Lattices of some graphs each, in a graph whose edges are in any order.
struct Batch {
  Graph graph;
  std::vector<Int> lattice;  // of each node

  Int lattices() const {
    return lattice.empty() ? 0 : *std::max_element(lattice.begin(), lattice.end()) + 1;
  }
};

struct NetworkCase {
  Batch batch;
  Int layers, l_in, lmax, channels, correlation, outputs, residual;  // outputs of the last layer, one bit each
  std::vector<Int> copies;                                           // of each degree; none without a readout
  std::vector<Int> widths;                                           // of the radial network
  Fold fold;
  Int norms = 0;  // layers that read a norm, one bit each

  Int nodes() const { return batch.graph.nodes; }
  Int size() const { return nodes() * components(lmax) * channels; }
  Int kept_size() const { return 2 * layers * size(); }
  Int result_size() const {
    if (copies.empty()) return size();
    Int result = 0;
    for (Int l = 0; l <= lmax; ++l) result += copies[l] * (2 * l + 1);
    return batch.lattices() * result;
  }

  // Arrays: features, sh, length, radius, then the parameters in the order of the library.
  Arrays<double> inputs(Random& random) const {
    const Int c = channels, rows = batch.graph.struts;
    Arrays<double> in = {random.normal(nodes() * components(l_in) * c),
                         random.normal(batch.graph.edges * components(lmax)), random.uniform(rows, 0.05, 0.6),
                         random.uniform(rows, 0.005, 0.03)};
    const Int folded = fl::SymmetricContraction<double>(lmax, correlation, outputs).weights();
    for (Int t = 0; t < layers; ++t) {
      const Int from = t ? lmax : l_in, p = paths(from, lmax);
      in.push_back(random.normal((from + 1) * c * c));
      in.push_back(random.normal(p * c * widths.back(), 0.3));
      in.push_back(random.normal(p * c * c));
      in.push_back(random.normal(c));
      in.push_back(random.normal((lmax + 1) * c * c));
      for (const Int count : fold.counts) in.push_back(random.normal((fold.rows() ? count : folded) * c, 0.1));
      for (std::size_t n = 1; n < widths.size(); ++n) in.push_back(random.normal(widths[n] * widths[n - 1], 0.3));
      for (std::size_t n = 1; n < widths.size(); ++n) in.push_back(random.normal(widths[n]));
      if (norms >> t & 1) in.push_back(random.normal((from + 1) * c));
    }
    if (copies.empty()) return in;
    Int all = 0;
    for (const Int n : copies) all += n;
    in.push_back(random.normal((2 * lmax + 1) * c * c));
    in.push_back(random.normal(c * all));
    in.push_back(random.normal(copies[0]));
    return in;
  }

  template <class T, class Function, class... Rest>
  int32_t run(Function function, Int threads, const Arrays<T>& in, Rest&&... rest) const {
    const Graph& g = batch.graph;
    const bool readout = !copies.empty();
    const BufferList<const T> parameters = buffers(in, 4, in.size());
    return call(function, threads, g.nodes, g.edges, g.struts, batch.lattices(), layers, l_in, lmax, channels,
                    static_cast<Int>(widths.size()) - 1, widths, 0.6, 0.03, 3.0, correlation, outputs, residual, norms,
                    0.01, 0.1, given(readout, copies), 1.68, fold.rows(), fold.tensors(), fold.counts,
                    fold.starts, fold.tensor, fold.row, fold.value, g.index,
                    g.rows(), given(readout, batch.lattice), parameters, in[0], in[1],
                    in[2], in[3], rest...);
  }
};

template <class T>
Op<T> network(const NetworkCase& c) {
  const auto run = [=](Int threads, const Arrays<T>& in, Buffer<T> kept) {
    std::vector<T> out = unwritten<T>(c.result_size());
    succeeded(c.run(Library<T>::network, threads, in, out, kept));
    return out;
  };
  const auto forward = [=](Int threads, const Arrays<T>& in) { return run(threads, in, {}); };
  const auto backward = [=](Int threads, const Arrays<T>& in, const std::vector<T>& cotangent) {
    std::vector<T> kept = unwritten<T>(c.kept_size());
    EXPECT(run(threads, in, kept) == forward(threads, in), "what is kept for the gradients changes the result");
    const auto slope = [&](Arrays<T>& s, bool features, bool sh, bool struts, bool weights) {
      const auto of_parameters = buffers(s, 4, s.size());
      succeeded(c.run(Library<T>::network_backward, threads, in, kept, cotangent,
                       given(features, s[0]), given(sh, s[1]), given(struts, s[2]),
                       given(struts, s[3]), given(weights, of_parameters)));
    };
    Arrays<T> slopes = unwritten_like(in), some = slopes;
    slope(slopes, true, true, true, true);
    for (int n = 0; n < 4; ++n) slope(some, n == 0, n == 1, n == 2, n == 3);
    EXPECT(some == slopes, "network: one gradient alone is another than among all");
    return slopes;
  };
  return {forward, backward};
}

void check_network(const char* name, const NetworkCase& c, Random& random) {
  const Graph& g = c.batch.graph;
  check_op(label(name, {c.layers, c.l_in, c.lmax, c.channels, c.fold.rows(), g.nodes, g.edges}), network<float>(c),
           network<double>(c), c.inputs(random), random);
}

Int all_degrees(Int lmax) { return (Int(2) << lmax) - 1; }

Fold some_fold(Int lmax, Int correlation, Random& random) {
  const Int rows = fl::SymmetricContraction<double>(lmax, correlation, 1).weights();
  return {rows, {3, 1, rows + 7, 2}, random};
}

void test_layers(Random& random) {
  const Int degrees[][2] = {{0, 1}, {1, 1}, {0, 2}, {2, 2}, {3, 3}, {0, 4}, {4, 4}};
  const Int channels[] = {1, 3, 33, 8, 5, 17, 3};
  for (int n = 0; n < 7; ++n)
    for (const Sizes& s : sizes) {
      const auto [l_in, lmax] = degrees[n];
      if (lmax > conv_lmax) continue;
      const Int correlation = 1 + n % 3, outputs = n % 2 ? all_degrees(lmax) : all_degrees(lmax) & 21;
      const Batch batch{Graph(s.nodes, s.edges, s.struts, random), {}};
      const Fold fold = s.edges == 63 ? some_fold(lmax, correlation, random) : Fold();
      check_network("layer", {batch, 1, l_in, lmax, channels[n], correlation, outputs, l_in == lmax, {},
                              {10, 7 + n, 9}, fold, n / 2 % 2}, random);
    }
}

// Graphs side by side, one after another a lattice each: `together` of them, or every `stride`-th. Edges in any order.
Batch beside(const std::vector<Sizes>& parts, Int together, Int stride, Random& random) {
  Batch all{Graph(0, 0, 0, random), {}};
  Graph& graph = all.graph;
  std::vector<std::array<Int, 3>> edges;  // sender, receiver, strut
  for (std::size_t n = 0; n < parts.size(); ++n) {
    const Graph part(parts[n].nodes, parts[n].edges, parts[n].struts, random);
    for (Int e = 0; e < part.edges; ++e)
      edges.push_back({graph.nodes + part.index[e], graph.nodes + part.index[part.edges + e],
                       graph.struts + (part.strut.empty() ? e : part.strut[e])});
    all.lattice.insert(all.lattice.end(), part.nodes, stride ? n % stride : n / together);
    graph.nodes += part.nodes, graph.struts += part.struts;
  }
  std::shuffle(edges.begin(), edges.end(), random.engine);
  graph.edges = static_cast<Int>(edges.size());
  graph.index.resize(2 * graph.edges);
  for (Int e = 0; e < graph.edges; ++e) {
    graph.index[e] = edges[e][0], graph.index[graph.edges + e] = edges[e][1];
    graph.strut.push_back(edges[e][2]);
  }
  return all;
}

// Batches by what they try; `large` ones hold a piece that several threads share, of several tiles.
std::vector<Batch> batches(bool large, Random& random) {
  const std::vector<Sizes> few = {{3, 9, 4}, {1, 0, 3}, {9, 40, 0}, {1, 5, 2}, {2, 0, 0}, {20, 90, 45}, {4, 7, 7}};
  const auto times = [](Int count, Sizes s) { return std::vector<Sizes>(count, s); };
  std::vector<Batch> all = {beside({}, 1, 0, random),                  // nothing
                            beside(few, 1, 0, random),                 // several lattices in a piece
                            beside(few, 2, 0, random),                 // lattices of two graphs
                            beside(times(70, {1, 0, 0}), 1, 0, random)};  // nodes without edges
  Batch own = beside(few, 1, 0, random);                               // each edge its own row
  own.graph.strut.clear(), own.graph.struts = own.graph.edges;
  all.push_back(own);
  if (!large) return all;
  std::vector<Sizes> many = times(60, {7, 18, 9});  // seven pieces: two parts of the gradients' sums
  all.push_back(beside(many, 1, 0, random));
  all.push_back(beside(many, 1, 13, random));  // lattices across all of them: one piece
  many.resize(20), many.insert(many.begin() + 10, {300, 500, 250});
  all.push_back(beside(many, 1, 0, random));
  Batch mixed = beside(few, 1, 0, random);  // nodes of a lattice anywhere
  std::shuffle(mixed.lattice.begin(), mixed.lattice.end(), random.engine);
  all.push_back(mixed);
  return all;
}

void test_readouts(Random& random) {
  struct Shape {
    Int layers, lmax, channels, correlation;
    std::vector<Int> copies, widths;
    bool folded, large;
  };
  const Shape shapes[] = {{1, 1, 3, 3, {2, 1}, {6, 5}, false, true},
                          {2, 2, 5, 2, {2, 0, 1}, {10, 4, 9}, true, true},
                          {3, 1, 17, 2, {1, 3}, {8, 7, 7, 3}, true, true},
                          {2, 3, 2, 1, {3, 3, 3, 3}, {10, 8, 8}, false, false},
                          {1, 4, 33, 2, {1, 0, 0, 0, 0}, {4, 7}, true, false},
                          {2, 4, 3, 3, {2, 0, 2, 0, 1}, {10, 9}, true, false}};
  for (const Shape& s : shapes) {
    if (s.lmax > conv_lmax) continue;
    Int outputs = 0;
    for (Int l = 0; l <= s.lmax; ++l) outputs |= Int(s.copies[l] > 0) << l;
    const Fold fold = s.folded ? some_fold(s.lmax, s.correlation, random) : Fold();
    const Int residual = (Int(1) << s.layers) - 2;
    for (const Batch& batch : batches(s.large, random))
      for (const Int norms : {Int(0), residual})
        if (norms || s.folded || s.layers == 1)
          check_network("network", {batch, s.layers, 0, s.lmax, s.channels, s.correlation, outputs, residual, s.copies,
                                    s.widths, fold, norms}, random);
  }
}

void test_refusals(Random& random) {
  const NetworkCase good{beside({{3, 5, 2}, {2, 0, 0}}, 1, 0, random), 2, 0, 1, 2, 2, 3, 2, {1, 1}, {4, 3}, {}};
  const Arrays<double> in = good.inputs(random);
  const auto run = [&](const std::function<void(NetworkCase&)>& change) {
    NetworkCase c = good;
    change(c);
    std::vector<double> out(c.result_size());
    return c.run(Library<double>::network, 1, in, out, Buffer<double>());
  };
  succeeded(run([](NetworkCase&) {}));
  refused(run([](NetworkCase& c) { c.layers = 0; }), "there must be a layer");
  refused(run([](NetworkCase& c) { c.residual = 1; }), "a residual needs features of all degrees");
  refused(run([&](NetworkCase& c) { c.fold = Fold(2, {1}, random); }), "parameters has 10 elements, expected 2");
  refused(run([](NetworkCase& c) { c.batch.graph.index[3] = 5; }), "edge_index holds 5");
  refused(run([](NetworkCase& c) { c.batch.graph.strut[0] = -1; }), "strut holds -1");
  refused(run([](NetworkCase& c) { c.batch.lattice = {0, 0, 2, 2, 2}; }), "lattice 1 has no nodes");
  refused(run([](NetworkCase& c) { c.batch.lattice[0] = -1; }), "batch holds -1");
}

// Lattices through a packed network have the bits of the calls one after another.
template <class T>
void test_packed(Random& random) {
  const auto as_read = [](const std::vector<double>& values) { return std::vector<T>(values.begin(), values.end()); };
  const std::vector<Int> node_offsets = {0, 2, 5}, strut_offsets = {0, 4, 11}, lattice = {0, 0, 1, 1, 1};
  const Int count = 2, nodes = 5, struts = 11, edges = 22, lmax = 4;
  std::vector<Int> ends = random.integers(8, 2), others = random.integers(14, 3), shifts = random.integers(33, 2);
  ends.insert(ends.end(), others.begin(), others.end());
  for (Int& shift : shifts) ++shift;  // no strut is without a length
  const std::vector<double> cell = random.normal(9 * count), positions = random.normal(3 * nodes, 0.1),
                            radii = random.uniform(struts, 0.005, 0.03);

  NetworkCase c{{Graph(0, 0, 0, random), lattice}, 2, 0, lmax, 3, 2, 21, 2, {2, 0, 2, 0, 1}, {10, 9}, {}};
  Graph& graph = c.batch.graph;
  graph.nodes = nodes, graph.edges = edges, graph.struts = struts;
  graph.index.assign(2 * edges, 0), graph.strut.assign(edges, 0);
  std::vector<Int> owner(nodes), reverse(edges), first(struts);
  std::vector<double> vectors(3 * edges), thickness(edges);
  succeeded(call(fl_periodic_graph, count, nodes, struts, cell, ends, shifts, radii, node_offsets, strut_offsets, vectors,
                 thickness, graph.index, owner, graph.strut, reverse, first));

  Arrays<T> in;
  for (const std::vector<double>& array : c.inputs(random)) in.push_back(as_read(array));
  const std::vector<T> embedded(in[0].begin(), in[0].begin() + c.channels);
  for (std::size_t n = 0; n < in[0].size(); ++n) in[0][n] = embedded[n % c.channels];
  std::vector<T> lengths(edges);
  succeeded(call(Library<T>::edge_sh, Int(1), nodes, edges, lmax, as_read(positions), graph.index, as_read(vectors), reverse,
                 in[1], lengths));
  for (Int s = 0; s < struts; ++s) in[2][s] = lengths[first[s]], in[3][s] = static_cast<T>(radii[s]) * T(0.5);
  std::vector<T> coefficients(21 * count), wanted(36 * count);
  succeeded(c.run(Library<T>::network, 1, in, coefficients, Buffer<T>()));
  succeeded(call(Library<T>::mandel, Int(1), count, Int(1), coefficients, wanted));

  void* handle = nullptr;
  const BufferList<const T> parameters = buffers(std::as_const(in), 4, in.size());
  succeeded(call(Library<T>::network_pack, c.layers, c.l_in, lmax, c.channels, Int(1), c.widths, 0.6, 0.03, 3.0,
                 c.correlation, c.outputs, c.residual, c.norms, 0.01, 0.1, c.copies, 1.68, c.fold.rows(), c.fold.tensors(),
                 c.fold.counts, c.fold.starts, c.fold.tensor, c.fold.row, c.fold.value, parameters, &handle));
  const auto holds = [&](const Arrays<T>& arrays) {
    std::vector<Int> same = {-1};
    succeeded(call(Library<T>::network_holds, handle, Int(arrays.size()) - 4, buffers(arrays, 4, arrays.size()), same));
    return same[0] == 1;
  };
  EXPECT(holds(in), "a packed network does not know its parameters");
  Arrays<T> changed = in;
  changed.back()[0] = -changed.back()[0];
  EXPECT(!holds(changed), "a packed network takes other parameters for its own");

  struct Checks {
    std::vector<int32_t> status = {-1, -1}, rank = {-1, -1};
    std::vector<Int> offending = {-2, -2};
    std::vector<uint8_t> beam_valid = {7, 7};
  };
  const auto predict = [&](Int threads, const std::vector<double>& at, double scale, Int by_density, Checks* checks,
                           std::vector<double>& out) {
    std::vector<Int> answered = {-1};
    Checks unused, &to = checks ? *checks : unused;
    succeeded(call(Library<T>::network_lattices, threads, count, cell, at, ends, shifts, radii, node_offsets,
                   strut_offsets, handle, lmax, c.channels, embedded, 0.5, Int(0), Int(1), scale, by_density, out,
                   given(checks != nullptr, to.status), given(checks != nullptr, to.rank),
                   given(checks != nullptr, to.offending), given(checks != nullptr, to.beam_valid), answered));
    return answered[0] == 1;
  };
  std::vector<double> density(count);
  succeeded(call(fl_frame_density, count, cell, positions, ends, shifts, radii, node_offsets, strut_offsets, Int(1),
                 density));
  Checks wanted_checks;
  succeeded(call(fl_frame_check, count, cell, positions, ends, shifts, radii, node_offsets, strut_offsets, Int(1),
                 wanted_checks.status, wanted_checks.rank, wanted_checks.offending, wanted_checks.beam_valid));
  for (const Int threads : {1, 3})
    for (const Int by_density : {0, 1}) {
      std::vector<double> found = unwritten<double>(36 * count), scaled;
      for (Int n = 0; n < 36 * count; ++n)
        scaled.push_back(wanted[n] * T(0.3) * (by_density ? static_cast<T>(density[n / 36]) : T(1)));
      EXPECT(predict(threads, positions, 0.3, by_density, nullptr, found), "good lattices are not answered");
      EXPECT(found == scaled, "lattices through a packed network have other bits than the calls one after another");
      Checks checks;
      const bool sound = wanted_checks.status == std::vector<int32_t>{0, 0};
      EXPECT(predict(threads, positions, 0.3, by_density, &checks, found) == sound, "checks are not heeded");
      EXPECT(checks.status == wanted_checks.status && checks.rank == wanted_checks.rank &&
                 checks.offending == wanted_checks.offending && checks.beam_valid == wanted_checks.beam_valid,
             "checks on the way are not those of fl_frame_check");
    }
  const std::vector<double> before(36 * count, 7.0);
  std::vector<double> wrong = positions, out = before;
  wrong[7] = std::numeric_limits<double>::infinity();
  EXPECT(!predict(1, wrong, 1, 0, nullptr, out) && out == before, "a position that is infinite goes through a network");
  EXPECT(!predict(1, positions, std::numeric_limits<double>::infinity(), 0, nullptr, out), "what is infinite is an answer");
  succeeded(fl_network_free(handle));
}

}  // namespace

void test_networks() {
  Random random(4);
  test_layers(random);
  test_readouts(random);
  test_refusals(random);
  if (conv_lmax < 4) return;
  test_packed<float>(random);
  test_packed<double>(random);
}
