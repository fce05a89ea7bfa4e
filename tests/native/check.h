// Assertions, random numbers, and what every op with a gradient must satisfy.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "library.h"

// Ends the program with a message unless `good`.
#define EXPECT(good, ...)                                    \
  do {                                                       \
    if (!(good)) {                                           \
      std::fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);   \
      std::fprintf(stderr, __VA_ARGS__);                     \
      std::fprintf(stderr, "\n  expected: %s\n", #good);     \
      std::exit(1);                                          \
    }                                                        \
  } while (false)

inline void succeeded(int32_t result) { EXPECT(result == 0, "the library reports: %s", fl_last_error()); }
inline void refused(int32_t result, const std::string& reason) {
  EXPECT(result == -1, "nothing was refused, where '%s' should have been", reason.c_str());
  EXPECT(std::string(fl_last_error()).find(reason) != std::string::npos, "'%s' does not say '%s'", fl_last_error(),
         reason.c_str());
}

struct Random {
  std::mt19937_64 engine;
  explicit Random(uint64_t seed) : engine(seed) {}

  std::vector<double> normal(Int count, double scale = 1) {
    std::normal_distribution<double> distribution(0, scale);
    std::vector<double> numbers(count);
    for (double& x : numbers) x = static_cast<float>(distribution(engine));  // the same number in both dtypes
    return numbers;
  }
  std::vector<double> uniform(Int count, double low, double high) {
    std::uniform_real_distribution<double> distribution(low, high);
    std::vector<double> numbers(count);
    for (double& x : numbers) x = static_cast<float>(distribution(engine));
    return numbers;
  }
  std::vector<Int> integers(Int count, Int below) {
    std::uniform_int_distribution<Int> distribution(0, std::max<Int>(below, 1) - 1);
    std::vector<Int> numbers(count);
    for (Int& x : numbers) x = distribution(engine);
    return numbers;
  }
};

template <class T>
using Arrays = std::vector<std::vector<T>>;

template <class T>
std::vector<T> unwritten(Int count) {
  return std::vector<T>(count, std::numeric_limits<T>::quiet_NaN());
}

// Arrays that a function writes, of the sizes of `like`.
template <class T>
Arrays<T> unwritten_like(const Arrays<T>& like) {
  Arrays<T> arrays;
  for (const auto& array : like) arrays.push_back(unwritten<T>(array.size()));
  return arrays;
}

template <class T>
BufferList<const T> buffers(const Arrays<T>& arrays, std::size_t from, std::size_t to) {
  BufferList<const T> list;
  for (; from < to; ++from) list.data.push_back(arrays[from].data()), list.sizes.push_back(arrays[from].size());
  return list;
}
template <class T>
BufferList<T> buffers(Arrays<T>& arrays, std::size_t from, std::size_t to) {
  BufferList<T> list;
  for (; from < to; ++from) list.data.push_back(arrays[from].data()), list.sizes.push_back(arrays[from].size());
  return list;
}

// An op of one dtype: differentiable arrays to one array, and with a cotangent to the arrays' gradients.
template <class T>
struct Op {
  std::function<std::vector<T>(Int threads, const Arrays<T>&)> forward;
  std::function<Arrays<T>(Int threads, const Arrays<T>&, const std::vector<T>& cotangent)> backward;
};

inline double dot(const std::vector<double>& x, const std::vector<double>& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
}

// By the fourth-order difference.
template <class Function>
double slope_at_zero(double h, const Function& at) {
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

template <class To, class From>
std::vector<To> cast(const std::vector<From>& numbers) {
  return {numbers.begin(), numbers.end()};
}

// `found` is written, and differs from `expected` by rounding.
inline void expect_close(const std::string& what, const std::vector<float>& found, const std::vector<double>& expected) {
  double largest = 0, difference = 0;
  for (const double x : expected) largest = std::max(largest, std::abs(x));
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT(std::isfinite(found[i]) && std::isfinite(expected[i]), "%s: number %zu is %g and %g", what.c_str(), i,
           static_cast<double>(found[i]), expected[i]);
    difference = std::max(difference, std::abs(found[i] - expected[i]));
  }
  EXPECT(difference <= 1e-3 * largest, "%s: single precision is off by %g of %g", what.c_str(), difference, largest);
}

// All numbers are written; any number of threads gives the same; gradients are slopes; both dtypes agree.
inline void check_op(const std::string& name, const Op<float>& single, const Op<double>& op, const Arrays<double>& inputs,
                     Random& random) {
  std::printf("%s\n", name.c_str());
  const std::vector<double> out = op.forward(1, inputs), cotangent = random.normal(out.size());
  const Arrays<double> slopes = op.backward(1, inputs, cotangent);
  EXPECT(op.forward(5, inputs) == out, "%s: 5 threads change the result", name.c_str());
  EXPECT(op.backward(5, inputs, cotangent) == slopes, "%s: 5 threads change the gradients", name.c_str());

  // Along one direction in every array: the difference of the result, against the gradients.
  double slope = 0, size = 0;
  Arrays<double> directions;
  for (std::size_t n = 0; n < inputs.size(); ++n) {
    double largest = 0;  // steps are of each array's own size
    for (const double x : inputs[n]) largest = std::max(largest, std::abs(x));
    directions.push_back(random.normal(inputs[n].size(), largest));
    slope += dot(slopes[n], directions[n]);
    for (std::size_t i = 0; i < inputs[n].size(); ++i) size += std::pow(slopes[n][i] * directions[n][i], 2);
  }
  const auto at = [&](double step) {
    Arrays<double> moved = inputs;
    for (std::size_t n = 0; n < inputs.size(); ++n)
      for (std::size_t i = 0; i < inputs[n].size(); ++i) moved[n][i] += step * directions[n][i];
    return dot(op.forward(3, moved), cotangent);
  };
  const double difference = slope_at_zero(1e-4, at);
  EXPECT(std::abs(difference - slope) <= 1e-5 * std::sqrt(size) + 1e-12, "%s: the slope is %.12g, not %.12g",
         name.c_str(), difference, slope);

  Arrays<float> rounded;
  for (const auto& array : inputs) rounded.push_back(cast<float>(array));
  expect_close(name, single.forward(5, rounded), out);
  const Arrays<float> rough = single.backward(5, rounded, cast<float>(cotangent));
  for (std::size_t n = 0; n < rough.size(); ++n)
    expect_close(name + ", gradient " + std::to_string(n), rough[n], slopes[n]);
}
