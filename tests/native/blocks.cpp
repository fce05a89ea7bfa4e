// The rowwise linear map and the norm of degrees: what networks with extensions are made of besides.
#include "check.h"
#include "library.h"
#include "ops.h"
#include "tests.h"

namespace {

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

template <class T>
Op<T> degree_norm(Int nodes, Int channels, Int lmax) {
  const auto forward = [=](Int threads, const Arrays<T>& in) {
    std::vector<T> out = unwritten<T>(in[0].size());
    succeeded(call(Library<T>::degree_norm, threads, nodes, channels, lmax, 0.01, 0.1, in[0], in[1], out));
    return out;
  };
  const auto backward = [=](Int threads, const Arrays<T>& in, const std::vector<T>& cotangent) {
    Arrays<T> slopes = unwritten_like(in);
    succeeded(call(Library<T>::degree_norm_backward, threads, nodes, channels, lmax, 0.01, 0.1, in[0], in[1], cotangent,
                   slopes[0], slopes[1]));
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

void test_degree_norm(Random& random) {
  const Int sizes[][3] = {{0, 3, 2}, {1, 1, 0}, {63, 5, 1}, {65, 16, 4}, {600, 33, 2}};
  for (const auto& [nodes, channels, lmax] : sizes)
    check_op(label("degree_norm", {nodes, channels, lmax}), degree_norm<float>(nodes, channels, lmax),
             degree_norm<double>(nodes, channels, lmax),
             {random.normal(nodes * components(lmax) * channels), random.normal((lmax + 1) * channels)}, random);
  const std::vector<double> features(8), scale(2);
  std::vector<double> out(8);
  refused(call(Library<double>::degree_norm, 1, 2, 1, 1, 0.01, 0.1, features, scale, nullptr), "out has 0 elements");
}

}  // namespace

void test_blocks() {
  Random random(5);
  test_rowwise_linear(random);
  test_degree_norm(random);
}
