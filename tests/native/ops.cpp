// The network's single ops: forward and backward, both dtypes, awkward sizes.
#include "ops.h"
#include "tests.h"

namespace {

template <class T>
Op<T> edge_sh(const Graph& graph, Int lmax) {
  const Int edges = graph.edges, size = edges * components(lmax);
  const auto forward = [=](Int threads, const Arrays<T>& in) {
    std::vector<T> out = unwritten<T>(size + edges);
    succeeded(call(Library<T>::edge_sh, threads, graph.nodes, edges, lmax, in[0], graph.index, in[1],
                                  nullptr, Buffer<T>(out.data(), size), Buffer<T>(out.data() + size, edges)));
    return out;
  };
  const auto backward = [=](Int threads, const Arrays<T>& in, const std::vector<T>& cotangent) {
    Arrays<T> slopes = unwritten_like(in);
    succeeded(call(Library<T>::edge_sh_backward, threads, graph.nodes, edges, lmax, in[0], graph.index,
                                           in[1], Buffer<const T>(cotangent.data(), size),
                                           Buffer<const T>(cotangent.data() + size, edges), slopes[0],
                                           slopes[1]));
    return slopes;
  };
  return {forward, backward};
}

template <class T>
Op<T> radial_mlp(Int rows, std::vector<Int> widths) {
  const Int layers = static_cast<Int>(widths.size()) - 1;
  const auto forward = [=](Int threads, const Arrays<T>& in) {
    std::vector<T> out = unwritten<T>(rows * widths.back());
    const auto weights = buffers(in, 2, 2 + layers), biases = buffers(in, 2 + layers, in.size());
    succeeded(call(Library<T>::radial_mlp, threads, rows, layers, widths, 0.6, 0.03, in[0], in[1],
                                     weights, biases, out));
    return out;
  };
  const auto backward = [=](Int threads, const Arrays<T>& in, const std::vector<T>& cotangent) {
    Arrays<T> slopes = unwritten_like(in);
    const auto weights = buffers(in, 2, 2 + layers), biases = buffers(in, 2 + layers, in.size());
    const auto of_weights = buffers(slopes, 2, 2 + layers), of_biases = buffers(slopes, 2 + layers, in.size());
    succeeded(call(Library<T>::radial_mlp_backward, threads, rows, layers, widths, 0.6, 0.03, in[0],
                                              in[1], weights, biases, cotangent,
                                              slopes[0], slopes[1], of_weights, of_biases));
    return slopes;
  };
  return {forward, backward};
}

template <class T>
Op<T> edge_conv(const Graph& g, Int l_in, Int lmax, Int channels, Int width) {
  const auto forward = [=](Int threads, const Arrays<T>& in) {
    std::vector<T> out = unwritten<T>(g.nodes * components(lmax) * channels);
    succeeded(call(Library<T>::edge_conv, threads, g.nodes, g.edges, g.struts, l_in, lmax, channels, width, 3.0, in[0],
                                    in[1], in[2], in[3], g.index, in[4],
                                    in[5], g.rows(), out));
    return out;
  };
  const auto backward = [=](Int threads, const Arrays<T>& in, const std::vector<T>& cotangent) {
    const auto run = [&](Arrays<T>& s, bool features, bool sh, bool hidden, bool weights) {
      succeeded(call(Library<T>::edge_conv_backward, 
          threads, g.nodes, g.edges, g.struts, l_in, lmax, channels, width, 3.0, in[0], in[1],
          in[2], in[3], g.index, in[4], in[5], g.rows(), cotangent,
          given(features, s[0]), given(sh, s[1]), given(hidden, s[2]),
          given(weights, s[3]), given(weights, s[4]), given(weights, s[5])));
    };
    Arrays<T> slopes = unwritten_like(in), some = slopes;
    run(slopes, true, true, true, true);
    for (int n = 0; n < 4; ++n) run(some, n == 0, n == 1, n == 2, n == 3);
    EXPECT(some == slopes, "edge_conv: one gradient alone is another than among all");
    return slopes;
  };
  return {forward, backward};
}

template <class T>
Op<T> contraction(Int nodes, Int lmax, Int channels, Int correlation, Int outputs) {
  const auto forward = [=](Int threads, const Arrays<T>& in) {
    std::vector<T> out = unwritten<T>(in[0].size());
    succeeded(call(Library<T>::symmetric_contraction, threads, nodes, lmax, channels, correlation, outputs, in[0],
                                                in[1], out));
    return out;
  };
  const auto backward = [=](Int threads, const Arrays<T>& in, const std::vector<T>& cotangent) {
    Arrays<T> slopes = unwritten_like(in);
    succeeded(call(Library<T>::symmetric_contraction_backward, threads, nodes, lmax, channels, correlation, outputs,
                                                         in[0], in[1], cotangent, slopes[0],
                                                         slopes[1]));
    return slopes;
  };
  return {forward, backward};
}

template <class T>
Op<T> mandel(Int count, Int function) {
  const auto forward = [=](Int threads, const Arrays<T>& in) {
    std::vector<T> out = unwritten<T>(36 * count);
    succeeded(call(Library<T>::mandel, threads, count, function, in[0], out));
    return out;
  };
  const auto backward = [=](Int threads, const Arrays<T>& in, const std::vector<T>& cotangent) {
    Arrays<T> slopes = unwritten_like(in);
    succeeded(call(Library<T>::mandel_backward, threads, count, function, in[0], cotangent, slopes[0]));
    return slopes;
  };
  return {forward, backward};
}

template <class T>
Op<T> readout(Int nodes, Int lattices, Int lmax, Int channels, std::vector<Int> copies, std::vector<Int> batch) {
  Int degrees = 0, result = 0;
  for (Int l = 0; l <= lmax; ++l) {
    degrees |= Int(copies[l] > 0) << l;
    result += copies[l] * (2 * l + 1);
  }
  const auto forward = [=](Int threads, const Arrays<T>& in) {
    std::vector<T> out = unwritten<T>(lattices * result);
    succeeded(call(Library<T>::readout, threads, nodes, lattices, lmax, degrees, channels, copies, 1.68, batch,
                                  in[1], in[2], in[3], in[0], out));
    return out;
  };
  const auto backward = [=](Int threads, const Arrays<T>& in, const std::vector<T>& cotangent) {
    const auto run = [&](Arrays<T>& s, bool features, bool weights) {
      succeeded(call(Library<T>::readout_backward, 
          threads, nodes, lattices, lmax, degrees, channels, copies, 1.68, batch, in[1],
          in[2], in[3], in[0], cotangent, given(features, s[0]),
          given(weights, s[1]), given(weights, s[2]), given(weights, s[3])));
    };
    Arrays<T> slopes = unwritten_like(in), some = slopes;
    run(slopes, true, true);
    run(some, true, false);
    run(some, false, true);
    EXPECT(some == slopes, "readout: one gradient alone is another than among all");
    return slopes;
  };
  return {forward, backward};
}

void test_edge_sh(Random& random) {
  for (Int lmax = 1; lmax <= 4; ++lmax)
    for (const Sizes& s : sizes) {
      const Graph graph(s.nodes, s.edges, 0, random);
      const Arrays<double> in = {random.uniform(3 * s.nodes, 0, 1), random.uniform(3 * s.edges, 1.2, 2.5)};
      check_op(label("edge_sh", {lmax, s.nodes, s.edges}), edge_sh<float>(graph, lmax), edge_sh<double>(graph, lmax),
               in, random);
    }
  const Int wrong[] = {0, 2};
  const std::vector<double> positions(6), shifts(3);
  std::vector<double> sh(9), length(1);
  refused(call(Library<double>::edge_sh, 1, 2, 1, 2, positions, wrong, shifts, nullptr, sh, length), "names node");
  refused(call(Library<double>::edge_sh, 1, 2, 1, 3, positions, wrong, shifts, nullptr, sh, length),
          "sh has 9 elements, expected 16");
}

void test_radial_mlp(Random& random) {
  const std::vector<Int> networks[] = {{4, 1}, {12, 64, 64}, {10, 7, 33, 5}};
  for (const Int rows : {0, 1, 15, 64, 65, 301})
    for (const auto& widths : networks) {
      Arrays<double> in = {random.uniform(rows, 0.05, 0.6), random.uniform(rows, 0.005, 0.03)};
      for (std::size_t n = 1; n < widths.size(); ++n)
        in.push_back(random.normal(widths[n] * widths[n - 1], 1 / std::sqrt(double(widths[n - 1]))));
      for (std::size_t n = 1; n < widths.size(); ++n) in.push_back(random.normal(widths[n]));
      check_op(label("radial_mlp", {rows, widths[0]}), radial_mlp<float>(rows, widths), radial_mlp<double>(rows, widths),
               in, random);
    }
}

void test_edge_conv(Random& random) {
  const Int degrees[][2] = {{0, 0}, {0, 1}, {1, 1}, {0, 2}, {2, 2}, {1, 3}, {0, 4}, {4, 4}};
  const Int channels[] = {1, 3, 8, 17, 33, 5, 32, 50};
  for (int n = 0; n < 8; ++n)
    for (const Sizes& s : sizes) {
      const auto [l_in, lmax] = degrees[n];
      if (lmax > conv_lmax) continue;
      const Int c = lmax > 2 && s.edges > 100 ? 3 : channels[n], p = paths(l_in, lmax), width = 7 + n;
      const Graph graph(s.nodes, s.edges, s.struts, random);
      const Arrays<double> in = {
          random.normal(s.nodes * components(l_in) * c), random.normal(s.edges * components(lmax)),
          random.normal(graph.struts * width),           random.normal(p * c * width),
          random.normal(p * c * c),                      random.normal(c)};
      check_op(label("edge_conv", {l_in, lmax, c, s.nodes, s.edges}), edge_conv<float>(graph, l_in, lmax, c, width),
               edge_conv<double>(graph, l_in, lmax, c, width), in, random);
    }
}

void test_contraction(Random& random) {
  const Int channels[] = {1, 3, 8, 17, 33};
  for (Int lmax = 0; lmax <= contraction_lmax; ++lmax)
    for (Int correlation = 1; correlation <= 3; ++correlation)
      for (const Int nodes : {0, 1, 9, 40}) {
        const Int all = (Int(1) << (lmax + 1)) - 1, outputs = nodes == 9 ? all & 21 : all, c = channels[lmax];
        const Int weights = fl::SymmetricContraction<double>(lmax, correlation, outputs).weights();
        const Arrays<double> in = {random.normal(nodes * components(lmax) * c), random.normal(weights * c)};
        check_op(label("symmetric_contraction", {lmax, correlation, c, nodes}),
                 contraction<float>(nodes, lmax, c, correlation, outputs),
                 contraction<double>(nodes, lmax, c, correlation, outputs), in, random);
      }
  std::vector<double> none;
  refused(call(Library<double>::symmetric_contraction, 1, 0, 5, 1, 3, 1, none, none, none), "lmax must be 0 to 4");
  refused(call(Library<double>::symmetric_contraction, 1, 0, 1, 1, 3, 1, none, none, none), "weights has 0 elements");
}

void test_mandel(Random& random) {
  for (Int function = 0; function <= 5; ++function)
    for (const Int count : {0, 1, 15, 100})
      check_op(label("mandel", {function, count}), mandel<float>(count, function), mandel<double>(count, function),
               {random.normal(21 * count, 0.3)}, random);
  std::vector<double> none;
  refused(call(Library<double>::mandel, 1, 0, 6, none, none), "function is 6");
  refused(call(Library<double>::mandel, 1, -1, 0, none, none), "count is -1");
  refused(call(Library<double>::mandel, 1, INT64_MAX / 2, 0, none, none), "expected more than 2^63");
}

void test_readout(Random& random) {
  struct Case {
    Int nodes, lattices, lmax, channels;
    std::vector<Int> copies;
  };
  const Case cases[] = {{0, 0, 1, 3, {2, 1}},           {1, 1, 2, 1, {1, 0, 0}},         {63, 63, 3, 5, {2, 3, 0, 1}},
                        {130, 1, 4, 8, {2, 0, 2, 0, 1}}, {200, 30, 4, 33, {2, 0, 2, 0, 1}}, {90, 20, 2, 17, {4, 4, 4}}};
  for (const Case& c : cases) {
    std::vector<Int> batch = random.integers(c.nodes, c.lattices);
    for (Int b = 0; b < c.lattices; ++b) batch[b] = b;
    std::shuffle(batch.begin(), batch.end(), random.engine);
    Int all = 0;
    for (const Int n : c.copies) all += n;
    const Arrays<double> in = {random.normal(c.nodes * components(c.lmax) * c.channels),
                               random.normal((2 * c.lmax + 1) * c.channels * c.channels),
                               random.normal(c.channels * all), random.normal(c.copies[0])};
    check_op(label("readout", {c.nodes, c.lattices, c.lmax, c.channels}),
             readout<float>(c.nodes, c.lattices, c.lmax, c.channels, c.copies, batch),
             readout<double>(c.nodes, c.lattices, c.lmax, c.channels, c.copies, batch), in, random);
  }
  const Int copies[] = {1, 0}, batch[] = {1, 1};
  const std::vector<double> gate(3), weight(1), bias(1), features(8);
  std::vector<double> out(2);
  refused(call(Library<double>::readout, 1, 2, 2, 1, 1, 1, copies, 1.0, batch, gate, weight, bias, features,
                                   out),
          "lattice 0 has no nodes");
}

}  // namespace

void test_ops() {
  Random random(1);
  test_edge_sh(random);
  test_radial_mlp(random);
  test_edge_conv(random);
  test_contraction(random);
  test_mandel(random);
  test_readout(random);
}
