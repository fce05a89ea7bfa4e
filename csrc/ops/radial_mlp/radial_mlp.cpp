#include "ops/radial_mlp/radial_mlp.h"

#include <stdexcept>

#include "base/activation.h"
#include "base/linear.h"
#include "base/pool.h"
#include "ops/radial_mlp/generated/calls.h"

namespace fl {
namespace {

constexpr int64_t rows_per_tile = 48;
constexpr int64_t rows_per_chunk = 10 * rows_per_tile;

}  // namespace

template <class T>
RadialMlp<T>::RadialMlp(const std::vector<int64_t>& widths, double max_length, double max_radius,
                        const T* const* weights, const T* const* biases)
    : widths_(widths) {
  if (widths[0] < 2 || widths[0] % 2) throw std::invalid_argument("radial_mlp: widths[0] is not twice a number of Gaussians");
  const double intervals = static_cast<double>(widths[0] / 2 - 1);
  inverse_length_ = intervals / max_length, inverse_radius_ = intervals / max_radius;
  for (int64_t layer = 0; layer < layers(); ++layer) {
    const int64_t in = widths[layer], out = widths[layer + 1];
    const T* weight = weights[layer];
    forward_.push_back(Operand<T>::transposed(in, out, weight, in));
    backward_.push_back(Operand<T>::rows(out, in, weight, in));
    bias_.emplace_back(padded<T>(out), T(0));
    std::copy(biases[layer], biases[layer] + out, bias_.back().begin());
    weight_at_.push_back(sums_size_);
    sums_size_ += out * padded<T>(in);
    bias_at_.push_back(sums_size_);
    sums_size_ += padded<T>(out);
  }
}

template <class T>
void RadialMlp<T>::embed(int64_t rows, const T* length, const T* radius, T* out) const {
  const int64_t width = padded<T>(widths_[0]), gaussians = widths_[0] / 2;
  for (int64_t i = 0; i < rows; ++i) {
    T* row = out + i * width;
    for (int64_t n = 0; n < gaussians; ++n) {
      row[n] = static_cast<T>(distance(length[i], inverse_length_, n));
      row[gaussians + n] = static_cast<T>(distance(radius[i], inverse_radius_, n));
    }
    std::fill(row + 2 * gaussians, row + width, T(0));
    for (int64_t n = 0; n < width; n += lanes<T>) {
      const Vector<T> d = load(row + n);
      store(row + n, exponential<T>(-d * d) * T(1 / 1.12));
    }
  }
}

// out [rows][columns] = in [rows][in_stride] times the map, plus the bias.
template <class T>
void RadialMlp<T>::apply(int64_t rows, int64_t depth, int64_t columns, const T* in, int64_t in_stride,
                         const Operand<T>& map, T* out, const T* bias, Workspace& workspace) {
  workspace.from.resize(rows), workspace.to.resize(rows);
  for (int64_t i = 0; i < rows; ++i) workspace.from[i] = in + i * in_stride, workspace.to[i] = out + i * columns;
  workspace.start.assign(rows, bias);
  multiply<T>(rows, depth, columns, workspace.from.data(), map.matrix(), workspace.to.data(), 1,
              bias ? workspace.start.data() : nullptr);
}

// Runs the rows [begin, begin + the number returned) and leaves every layer's numbers in the workspace.
template <class T>
int64_t RadialMlp<T>::run(int64_t begin, int64_t rows, const T* length, const T* radius, Workspace& workspace) const {
  const int64_t size = std::min(rows_per_tile, rows - begin);
  workspace.before.resize(layers()), workspace.after.resize(layers());
  T* input = room(workspace.embedding, rows_per_tile * padded<T>(widths_[0]));
  embed(size, length + begin, radius + begin, input);
  for (int64_t layer = 0; layer < layers(); ++layer) {
    const int64_t in = padded<T>(widths_[layer]), out = padded<T>(widths_[layer + 1]);
    T* before = room(workspace.before[layer], rows_per_tile * out);
    T* after = room(workspace.after[layer], rows_per_tile * out);
    apply(size, widths_[layer], out, input, in, forward_[layer], before, bias_[layer].data(), workspace);
    for (int64_t n = 0; n < size * out; n += lanes<T>) store(after + n, silu<T>(load(before + n)));
    input = after;
  }
  return size;
}

template <class T>
void RadialMlp<T>::forward(int64_t rows, const T* length, const T* radius, T* out, Workspace& workspace) const {
  const int64_t stride = padded<T>(width());
  for (int64_t begin = 0; begin < rows;) {
    const int64_t size = run(begin, rows, length, radius, workspace);
    const T* result = workspace.after.back().data();
    for (int64_t i = 0; i < size; ++i)
      std::copy(result + i * stride, result + i * stride + width(), out + (begin + i) * width());
    begin += size;
  }
}

template <class T>
void RadialMlp<T>::backward(int64_t rows, const T* length, const T* radius, const T* grad, T* grad_length,
                            T* grad_radius, T* sums, Workspace& workspace) const {
  int64_t widest = 0;
  for (const int64_t w : widths_) widest = std::max(widest, padded<T>(w));
  T* slope = room(workspace.gradient, rows_per_tile * widest);
  T* next = room(workspace.next, rows_per_tile * widest);
  for (int64_t begin = 0; begin < rows;) {
    const int64_t size = run(begin, rows, length, radius, workspace), last = padded<T>(width());
    for (int64_t i = 0; i < size; ++i) {
      const T* row = grad + (begin + i) * width();
      std::copy(row, row + width(), slope + i * last);
      std::fill(slope + i * last + width(), slope + (i + 1) * last, T(0));
    }
    for (int64_t layer = layers() - 1; layer >= 0; --layer) {
      const int64_t in = padded<T>(widths_[layer]), out = padded<T>(widths_[layer + 1]);
      const T* input = layer ? workspace.after[layer - 1].data() : workspace.embedding.data();
      const T* before = workspace.before[layer].data();
      for (int64_t n = 0; n < size * out; n += lanes<T>)
        store(slope + n, load(slope + n) * silu_slope<T>(load(before + n)));
      if (sums) {
        T *weight = sums + weight_at_[layer], *bias = sums + bias_at_[layer];
        for (int64_t i = 0; i < size; ++i)
          for (int64_t n = 0; n < out; n += lanes<T>) store(bias + n, load(bias + n) + load(slope + i * out + n));
        add_outer_products<T>(widths_[layer + 1], in, size, 1, {slope, out, 0}, {input, in, 0}, weight);
      }
      if (layer || grad_length || grad_radius) {
        apply(size, widths_[layer + 1], in, slope, out, backward_[layer], next, nullptr, workspace);
        std::swap(slope, next);
      }
    }
    // The derivative of exp(-d^2) in x is -2 d exp(-d^2) / spacing.
    const int64_t gaussians = widths_[0] / 2, stride = padded<T>(widths_[0]);
    for (int64_t i = 0; i < size && (grad_length || grad_radius); ++i) {
      const T *value = &workspace.embedding[i * stride], *grad_value = slope + i * stride;
      double of_length = 0, of_radius = 0;
      for (int64_t n = 0; n < gaussians; ++n) {
        const double first = static_cast<double>(value[n]) * grad_value[n];
        const double second = static_cast<double>(value[gaussians + n]) * grad_value[gaussians + n];
        of_length -= first * distance(length[begin + i], inverse_length_, n);
        of_radius -= second * distance(radius[begin + i], inverse_radius_, n);
      }
      if (grad_length) grad_length[begin + i] = static_cast<T>(2 * inverse_length_ * of_length);
      if (grad_radius) grad_radius[begin + i] = static_cast<T>(2 * inverse_radius_ * of_radius);
    }
    begin += size;
  }
}

template <class T>
void RadialMlp<T>::unpack_sums(const T* sums, T* const* weights, T* const* biases) const {
  for (int64_t layer = 0; layer < layers(); ++layer) {
    const int64_t in = widths_[layer], out = widths_[layer + 1];
    const T *weight = sums + weight_at_[layer], *bias = sums + bias_at_[layer];
    for (int64_t n = 0; n < out; ++n)
      std::copy(weight + n * padded<T>(in), weight + n * padded<T>(in) + in, weights[layer] + n * in);
    std::copy(bias, bias + out, biases[layer]);
  }
}

template class RadialMlp<float>;
template class RadialMlp<double>;

namespace {

template <class T>
void forward(int32_t threads, const RadialMlp<T>& network, int64_t rows, const T* length, const T* radius, T* out) {
  std::vector<typename RadialMlp<T>::Workspace> workspace(std::max(threads, 1));
  parallel_for(threads, rows, rows_per_chunk, [&](int32_t worker, int64_t begin, int64_t end) {
    network.forward(end - begin, length + begin, radius + begin, out + begin * network.width(), workspace[worker]);
  });
}

template <class T>
void backward(int32_t threads, const RadialMlp<T>& network, int64_t rows, const T* length, const T* radius,
              const T* grad, T* grad_length, T* grad_radius, T* const* grad_weights, T* const* grad_biases) {
  const Parts parts(rows, rows_per_chunk);
  std::vector<typename RadialMlp<T>::Workspace> workspace(std::max(threads, 1));
  std::vector<Array<T>> sums(parts.number);
  parallel_for(threads, parts.number, 1, [&](int32_t worker, int64_t part, int64_t) {
    const int64_t begin = parts.begin(part), end = parts.begin(part + 1);
    if (grad_weights) sums[part].assign(network.sums_size(), T(0));
    network.backward(end - begin, length + begin, radius + begin, grad + begin * network.width(),
                     grad_length ? grad_length + begin : nullptr, grad_radius ? grad_radius + begin : nullptr,
                     grad_weights ? sums[part].data() : nullptr, workspace[worker]);
  });
  if (!grad_weights) return;
  tree_sum(threads, sums);
  network.unpack_sums(sums[0].data(), grad_weights, grad_biases);
}

}  // namespace
}  // namespace fl

namespace fl::calls {

template <class Call>
auto network_of(const Call& call) {
  return fl::RadialMlp({call.widths, call.widths + call.layers + 1}, call.max_length, call.max_radius,
                       call.weights.data, call.biases.data);
}

template <class T>
void run(const RadialMlp<T>& call) {
  forward<T>(call.threads, network_of(call), call.rows, call.length, call.radius, call.out);
}
template <class T>
void run(const RadialMlpBackward<T>& call) {
  boundary::check_together("grad_weights and grad_biases", {call.grad_weights.data, call.grad_biases.data});
  backward<T>(call.threads, network_of(call), call.rows, call.length, call.radius, call.grad, call.grad_length,
              call.grad_radius, call.grad_weights.data, call.grad_biases.data);
}

template void run(const RadialMlp<float>&);
template void run(const RadialMlp<double>&);
template void run(const RadialMlpBackward<float>&);
template void run(const RadialMlpBackward<double>&);

}  // namespace fl::calls
