// Rowwise linear map, node inputs, bounded head, and what is read of a lattice: what networks with extensions are made of
// besides.
#include <cmath>

#include "base/vector3.h"
#include "check.h"
#include "library.h"
#include "ops.h"
#include "tests.h"

namespace {

using fl::pi;

template <class T>
Op<T> rowwise_linear(Int rows, Int depth, Int columns) {
  const auto forward = [=](Int threads, const Arrays<T>& in) {
    std::vector<T> out = unwritten<T>(rows * columns);
    succeeded(call(Library<T>::rowwise_linear, threads, rows, depth, columns, in[0], in[1], out));
    return out;
  };
  const auto backward = [=](Int threads, const Arrays<T>& in, const std::vector<T>& cotangent) {
    const auto run = [&](Arrays<T>& s, bool of_rows, bool of_weight) {
      succeeded(call(Library<T>::rowwise_linear_backward, threads, rows, depth, columns, in[0], in[1], cotangent,
                     given(of_rows, s[0]), given(of_weight, s[1])));
    };
    Arrays<T> slopes = unwritten_like(in), some = slopes;
    run(slopes, true, true);
    run(some, true, false);
    run(some, false, true);
    EXPECT(some == slopes, "rowwise_linear: one gradient alone is another than among all");
    return slopes;
  };
  return {forward, backward};
}

void test_rowwise_linear(Random& random) {
  const Int sizes[][3] = {{0, 3, 2}, {1, 1, 1}, {127, 21, 21}, {129, 10, 64}, {1100, 6, 16}, {700, 33, 5}};
  for (const auto& [rows, depth, columns] : sizes)
    check_op(label("rowwise_linear", {rows, depth, columns}), rowwise_linear<float>(rows, depth, columns),
             rowwise_linear<double>(rows, depth, columns), {random.normal(rows * depth), random.normal(depth * columns)},
             random);
  const std::vector<double> in(6), weight(6);
  std::vector<double> out(3);
  refused(call(Library<double>::rowwise_linear, 1, 2, 3, 2, in, weight, out), "out has 3 elements, expected 4");
}

template <class T>
Op<T> node_inputs(Int nodes, Int scalars, Int channels, Int lmax, Int l_odd) {
  const auto forward = [=](Int threads, const Arrays<T>& in) {
    std::vector<T> out = unwritten<T>(nodes * components(lmax) * channels);
    succeeded(call(Library<T>::node_inputs, threads, nodes, scalars, channels, lmax, l_odd, in[0], in[1], in[2], in[3], in[4],
                   buffers(in, 5, in.size()), out));
    return out;
  };
  const auto backward = [=](Int threads, const Arrays<T>& in, const std::vector<T>& cotangent) {
    const auto run = [&](Arrays<T>& s, bool of_read, bool of_parameters) {
      const BufferList<T> weights = buffers(s, 5, s.size());
      succeeded(call(Library<T>::node_inputs_backward, threads, nodes, scalars, channels, lmax, l_odd, in[0], in[1], in[2],
                     in[3], in[4], buffers(in, 5, in.size()), cotangent, given(of_read, s[0]), given(of_read, s[1]),
                     given(of_read, s[2]), given(of_parameters, s[3]), given(of_parameters, s[4]),
                     given(of_parameters, weights)));
    };
    Arrays<T> slopes = unwritten_like(in), some = slopes;
    run(slopes, true, true);
    run(some, true, false);
    run(some, false, true);
    EXPECT(some == slopes, "node_inputs: one gradient alone is another than among all");
    return slopes;
  };
  return {forward, backward};
}

void test_node_inputs(Random& random) {
  const Int sizes[][5] = {{0, 4, 3, 4, 4}, {1, 3, 1, 0, 0}, {65, 13, 16, 2, 3}, {600, 13, 5, 4, 4}};
  for (const auto& [nodes, scalars, channels, lmax, l_odd] : sizes) {
    Arrays<double> in{random.normal(nodes * scalars), random.normal(63 * nodes),
                      random.normal(2 * components(l_odd) * nodes), random.normal(channels),
                      random.normal(scalars * channels)};
    const Int fan[] = {6, 2, 6, 2, 3};
    for (Int l = 0; l <= lmax; ++l) in.push_back(random.normal(fan[l] * channels));
    check_op(label("node_inputs", {nodes, scalars, channels, lmax, l_odd}),
             node_inputs<float>(nodes, scalars, channels, lmax, l_odd),
             node_inputs<double>(nodes, scalars, channels, lmax, l_odd), in, random);
  }
}

template <class T>
Op<T> bounded_head(Int count) {
  const double largest = 15;
  const auto forward = [=](Int threads, const Arrays<T>& in) {
    std::vector<T> out = unwritten<T>(36 * count);
    succeeded(call(Library<T>::bounded_head, threads, count, largest, in[0], in[1], cast<double>(in[2]),
                   cast<double>(in[3]), out));
    return out;
  };
  const auto backward = [=](Int threads, const Arrays<T>& in, const std::vector<T>& cotangent) {
    Arrays<T> slopes = unwritten_like(in);
    std::vector<double> root = unwritten<double>(36 * count), guides = unwritten<double>(72 * count);
    succeeded(call(Library<T>::bounded_head_backward, threads, count, largest, in[0], in[1], cast<double>(in[2]),
                   cast<double>(in[3]), cotangent, slopes[0], slopes[1], root, guides));
    slopes[2] = cast<T>(root), slopes[3] = cast<T>(guides);
    return slopes;
  };
  return {forward, backward};
}

void test_bounded_head(Random& random) {
  for (const Int count : {0, 1, 33})
    check_op(label("bounded_head", {count}), bounded_head<float>(count), bounded_head<double>(count),
             {random.normal(36 * count), random.normal(2 * count), random.normal(36 * count, 0.3),
              random.normal(72 * count)},
             random);
  // Without an exponent, half the bound.
  const std::vector<double> zero(36), weights(2), guides(72);
  std::vector<double> root(36), out = unwritten<double>(36);
  for (int k = 0; k < 6; ++k) root[7 * k] = 2;
  succeeded(call(Library<double>::bounded_head, 1, 1, 15.0, zero, weights, root, guides, out));
  EXPECT(std::abs(out[14] - 2) < 1e-14 && out[1] == 0, "half of the bound is %g and %g", out[14], out[1]);
}

// One node of a cubic net, whose affine bound is known: C_11 = pi r^2, the struts along an axis.
template <class T>
void test_surroundings() {
  const double r = 0.05, density = 3 * pi * r * r;
  const std::vector<T> positions(3), radii(6, T(r)), sh(6 * 25), of_lattice{T(density)};
  const std::vector<Int> ends(12), batch(1);
  std::vector<T> shifts(18);
  for (int k = 0; k < 6; ++k) shifts[3 * k + k / 2] = T(k % 2 ? -1 : 1);
  std::vector<double> table(441), floors{1e-10, 3e-3, 1e-4, 1e-3, 1e-5};
  for (int k = 0; k < 21; ++k) table[22 * k] = 1;
  std::vector<T> length = unwritten<T>(6), slenderness = length, lattice, node = unwritten<T>(3),
                 tensors = unwritten<T>(63), odd = unwritten<T>(50);
  std::vector<double> root = unwritten<double>(36), guides = unwritten<double>(72);
  const auto run = [&](const std::vector<Int>& index, Int steps, Int scalars, const std::vector<Int>& first) {
    lattice = unwritten<T>(scalars);
    return call(Library<T>::surroundings, 2, 1, 6, first.size(), 1, steps, scalars, 4, 0.3, 0.89, floors, table, positions,
                index, shifts, radii, sh, batch, of_lattice, first, length, slenderness, lattice, node, tensors, odd, root,
                guides);
  };
  succeeded(run(ends, 0, 10, {}));
  const auto is = [](const char* what, double found, double wanted) {
    EXPECT(std::abs(found - wanted) <= 1e-6, "%s of a cubic net is %.9g, not %.9g", what, found, wanted);
  };
  is("the length", length[5], 2.5 / 3.5);
  is("the slenderness", slenderness[5], (std::log(r) + 5.5) / 5);
  is("the degree", node[0], std::log(6.0) - 1.5);
  is("the degree of the lattice", lattice[1], std::log(6.0) - 1.5);
  is("the squared root", root[0] * root[0] + root[1] * root[1] + root[2] * root[2], pi * r * r);
  is("the mean logarithm", lattice[4], (guides[0] + guides[7] + guides[14] + guides[21] + guides[28] + guides[35]) / 18);
  std::vector<Int> wrong = ends;
  wrong[7] = 1;
  refused(run(wrong, 0, 10, {}), "edge_index holds 1");
  // Struts along the axes bear what is strained: no step gains anything.
  succeeded(run(ends, 3, 17, {0, 3, 4}));
  is("the squared root after three steps", root[0] * root[0] + root[1] * root[1] + root[2] * root[2], pi * r * r);
  is("the size of the bound after them", lattice[10], lattice[3]);
  for (const int k : {0, 21, 36, 71}) is("the logarithm of a gain", guides[k], std::log(1e-3));
  refused(run(ends, 1, 17, {0, 3, 4}), "scalars must be 10, or 17 with two steps or more");
  refused(run(ends, 2, 10, {0, 3, 4}), "scalars must be 10, or 17");
  refused(run(ends, 2, 17, {0, 3, 6}), "first_edge holds 6");
}

}  // namespace

void test_blocks() {
  Random random(5);
  test_rowwise_linear(random);
  test_node_inputs(random);
  test_bounded_head(random);
  test_surroundings<float>();
  test_surroundings<double>();
}
