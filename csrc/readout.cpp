// The readout of a network: linear map to scalars, gates and gated parts, SiLU, product, mean over the nodes of each
// lattice, linear map of the mean. Node by node nothing but a sum is kept, and the second map, which is linear like the
// mean, works on one row for each lattice.
//
// e3nn's Gate: scalars pass SiLU, every other part is multiplied by SiLU of its own scalar, both times silu_gain, which
// gives SiLU of a standard normal variable a second moment of one.
#include <algorithm>
#include <stdexcept>
#include <vector>

#include "abi.h"
#include "activation.h"
#include "degree_linear.h"
#include "edge_graph.h"
#include "pool.h"
#include "workspace.h"

namespace fl {
namespace {

constexpr int64_t nodes_per_tile = 64, lattices_per_chunk = 2, lattices_per_part = 8;

struct ReadoutShape {
  int64_t lmax, degrees, channels;  // `degrees`: one bit for each degree that is read, scalars among them
  std::vector<int64_t> copies;      // of each degree in the result
  double silu_gain;

  int64_t components() const { return (lmax + 1) * (lmax + 1); }
  bool read(int64_t l) const { return degrees >> l & 1; }
  // Where a degree starts in the result, [copies][2 l + 1] degree after degree, and in the second map's weights.
  int64_t out_at(int64_t degree) const {
    int64_t at = 0;
    for (int64_t l = 0; l < degree; ++l) at += read(l) ? copies[l] * (2 * l + 1) : 0;
    return at;
  }
  int64_t weight_at(int64_t degree) const {
    int64_t at = 0;
    for (int64_t l = 0; l < degree; ++l) at += read(l) ? copies[l] * channels : 0;
    return at;
  }
};

// The parameters, or their gradients: `gate` [C, (lmax + 1) C], then [C, C] for each degree above 0; `out` [C, copies]
// for each degree that is read; `bias` [copies of scalars].
template <class P>
struct ReadoutParameters {
  P gate, out, bias;
};

template <class T>
class Readout {
 public:
  Readout(const ReadoutShape& shape, const ReadoutParameters<const T*>& parameters, bool backward)
      : shape_(shape), parameters_(parameters), width_(padded<T>(shape.channels)) {
    const int64_t channels = shape.channels, block = channels * channels;
    if (!shape.read(0)) throw std::invalid_argument("readout: the scalars must be read");
    // The scalars' map is one for itself and one for every gate.
    Array<T> part(block);
    for (int64_t l = 0; l <= shape.lmax; ++l) {
      for (int64_t k = 0; k < channels; ++k)
        std::copy_n(parameters.gate + (k * (shape.lmax + 1) + l) * channels, channels, &part[k * channels]);
      gates_.emplace_back(channels, channels, part.data(), backward);
      if (l) parts_.emplace_back(channels, channels, parameters.gate + (shape.lmax + l) * block, backward);
    }
  }

  // out [lattices, result]; node `order[n]` belongs to lattice b for n in [starts[b], starts[b + 1]).
  void forward(int32_t threads, const Index& order, const Index& starts, const T* features, T* out) const;
  void backward(int32_t threads, const Index& order, const Index& starts, const T* features, const T* grad,
                T* grad_features, const ReadoutParameters<T*>* grad_parameters) const;

 private:
  struct Worker {
    Array<T> rows, scalars, gated, slopes, grad_rows, pooled, grad_pooled;
  };

  int64_t size() const { return shape_.components() * width_; }
  int64_t sums_size() const {
    return static_cast<int64_t>(gates_.size() + parts_.size()) * gates_[0].sums_size() + out_weights() +
           shape_.copies[0];
  }
  int64_t out_weights() const { return shape_.weight_at(shape_.lmax + 1); }
  int64_t result_size() const { return shape_.out_at(shape_.lmax + 1); }
  T norm() const { return gates_[0].scale(); }

  // Calls work(l) for every degree that is read.
  template <class Work>
  void for_each_degree(const Work& work) const {
    for (int64_t l = 0; l <= shape_.lmax; ++l)
      if (shape_.read(l)) work(l);
  }
  // Calls work(first, nodes) for tiles of the lattice's nodes.
  template <class Work>
  static void for_each_tile(int64_t begin, int64_t end, const Work& work) {
    for (int64_t n = begin; n < end; n += nodes_per_tile) work(n, std::min(nodes_per_tile, end - n));
  }

  Rows<const T> gather(const Index& order, int64_t first, int64_t nodes, const T* features, Worker& worker) const;
  void activate(int64_t nodes, Rows<const T> rows, Worker& worker) const;
  void pool(const Index& order, int64_t begin, int64_t end, const T* features, Worker& worker) const;
  void lattice_backward(const Index& order, int64_t begin, int64_t end, const T* features, const T* grad,
                        T* grad_features, T* sums, Worker& worker) const;

  ReadoutShape shape_;
  ReadoutParameters<const T*> parameters_;
  int64_t width_;
  std::vector<ChannelMap<T>> gates_, parts_;  // of each degree; of each degree above 0
};

// Rows of some nodes, padded: the caller's where they stand together as they are, else a copy.
template <class T>
Rows<const T> Readout<T>::gather(const Index& order, int64_t first, int64_t nodes, const T* features,
                                 Worker& worker) const {
  const int64_t channels = shape_.channels, components = shape_.components();
  if (channels == width_ && order[first + nodes - 1] - order[first] == nodes - 1)  // sorted: so they are consecutive
    return dense_rows(features + order[first] * size(), components, width_);
  T* rows = room(worker.rows, nodes_per_tile * size());
  for (int64_t n = 0; n < nodes; ++n)
    for (int64_t c = 0; c < components; ++c) {
      const T* from = features + (order[first + n] * components + c) * channels;
      T* to = rows + n * size() + c * width_;
      std::copy(from, from + channels, to);
      std::fill(to + channels, to + width_, T(0));
    }
  return dense_rows<const T>(rows, components, width_);
}

// Scalars and gates before SiLU, [l][node][channel], and gated parts before the gate, [node][component][channel].
template <class T>
void Readout<T>::activate(int64_t nodes, Rows<const T> rows, Worker& worker) const {
  T* scalars = room(worker.scalars, (shape_.lmax + 1) * nodes_per_tile * width_);
  const auto gated = dense_rows(room(worker.gated, nodes_per_tile * size()), shape_.components(), width_);
  for_each_degree([&](int64_t l) {
    const Rows<T> out{scalars + l * nodes_per_tile * width_, width_, width_};
    gates_[l].forward(nodes, 0, rows, out, false);
    if (l) parts_[l - 1].forward(nodes, l, rows, gated, false);
  });
}

// Mean of the gated parts over a lattice's nodes, [component][channel].
template <class T>
void Readout<T>::pool(const Index& order, int64_t begin, int64_t end, const T* features, Worker& worker) const {
  T* sum = room(worker.pooled, size());
  std::fill(sum, sum + size(), T(0));
  const T gain = static_cast<T>(shape_.silu_gain);
  for_each_tile(begin, end, [&](int64_t first, int64_t nodes) {
    activate(nodes, gather(order, first, nodes, features, worker), worker);
    for_each_degree([&](int64_t l) {
      for (int64_t n = 0; n < nodes; ++n)
        for (int64_t k = 0; k < width_; k += lanes<T>) {
          const Vector<T> gate = gain * silu<T>(load(&worker.scalars[(l * nodes_per_tile + n) * width_ + k]));
          if (l == 0) store(sum + k, load(sum + k) + gate);
          for (int64_t c = l * l; l > 0 && c < (l + 1) * (l + 1); ++c) {
            T* to = sum + c * width_ + k;
            store(to, load(to) + gate * load(&worker.gated[n * size() + c * width_ + k]));
          }
        }
    });
  });
  const T inverse = T(1) / static_cast<T>(end - begin);
  for (int64_t k = 0; k < size(); k += lanes<T>) store(sum + k, inverse * load(sum + k));
}

template <class T>
void Readout<T>::forward(int32_t threads, const Index& order, const Index& starts, const T* features, T* out) const {
  const int64_t lattices = static_cast<int64_t>(starts.size()) - 1;
  std::vector<Worker> workers(std::max(threads, 1));
  parallel_for(threads, lattices, lattices_per_chunk, [&](int32_t number, int64_t b, int64_t last) {
    Worker& worker = workers[number];
    for (; b < last; ++b) {
      pool(order, starts[b], starts[b + 1], features, worker);
      T* result = out + b * result_size();
      for_each_degree([&](int64_t l) {
        const T* weight = parameters_.out + shape_.weight_at(l);
        for (int64_t m = 0; m < shape_.copies[l]; ++m)
          for (int64_t c = l * l; c < (l + 1) * (l + 1); ++c) {
            const T* row = &worker.pooled[c * width_];
            T sum = 0;
            for (int64_t k = 0; k < shape_.channels; ++k) sum += row[k] * weight[k * shape_.copies[l] + m];
            *result++ = norm() * sum + (l == 0 ? parameters_.bias[m] : T(0));
          }
      });
    }
  });
}

template <class T>
void Readout<T>::lattice_backward(const Index& order, int64_t begin, int64_t end, const T* features, const T* grad,
                                  T* grad_features, T* sums, Worker& worker) const {
  const int64_t channels = shape_.channels, components = shape_.components(), block = gates_[0].sums_size();
  T *gate_sums = sums, *part_sums = sums + gates_.size() * block, *out_sums = part_sums + parts_.size() * block;
  if (sums) pool(order, begin, end, features, worker);
  T* slope = room(worker.grad_pooled, size());  // of the mean, divided by the number of nodes
  std::fill(slope, slope + size(), T(0));
  for_each_degree([&](int64_t l) {
    const T* weight = parameters_.out + shape_.weight_at(l);
    T* weight_sums = out_sums + shape_.weight_at(l);
    const T* g = grad + shape_.out_at(l);
    for (int64_t m = 0; m < shape_.copies[l]; ++m)
      for (int64_t c = l * l; c < (l + 1) * (l + 1); ++c, ++g) {
        const T scaled = norm() * *g / static_cast<T>(end - begin);
        for (int64_t k = 0; k < channels; ++k) slope[c * width_ + k] += scaled * weight[k * shape_.copies[l] + m];
        for (int64_t k = 0; sums && k < channels; ++k)
          weight_sums[k * shape_.copies[l] + m] += norm() * *g * worker.pooled[c * width_ + k];
        if (sums && l == 0) out_sums[out_weights() + m] += *g;
      }
  });

  const T gain = static_cast<T>(shape_.silu_gain);
  for_each_tile(begin, end, [&](int64_t first, int64_t nodes) {
    const Rows<const T> rows = gather(order, first, nodes, features, worker);
    if (!sums || end - begin > nodes_per_tile) activate(nodes, rows, worker);  // else `pool` has left it
    // In place: from what was before the gate to its gradient, and from what was before SiLU to its gradient.
    for_each_degree([&](int64_t l) {
      for (int64_t n = 0; n < nodes; ++n)
        for (int64_t k = 0; k < width_; k += lanes<T>) {
          T* scalar = &worker.scalars[(l * nodes_per_tile + n) * width_ + k];
          const Vector<T> before = load(scalar), gate = gain * silu<T>(before);
          Vector<T> total = l ? Vector<T>{} : load(slope + k);
          for (int64_t c = l * l; l > 0 && c < (l + 1) * (l + 1); ++c) {
            T* part = &worker.gated[n * size() + c * width_ + k];
            const Vector<T> of_mean = load(slope + c * width_ + k);
            total += of_mean * load(part);
            store(part, of_mean * gate);
          }
          store(scalar, total * gain * silu_slope<T>(before));
        }
    });
    const Rows<const T> parts = dense_rows<const T>(worker.gated.data(), components, width_);
    T* grad_rows = grad_features ? room(worker.grad_rows, nodes_per_tile * size()) : nullptr;
    if (grad_rows) std::fill(grad_rows, grad_rows + nodes * size(), T(0));
    for_each_degree([&](int64_t l) {
      const Rows<const T> scalars{&worker.scalars[l * nodes_per_tile * width_], width_, width_};
      if (sums) gates_[l].add_sums(nodes, 0, rows, scalars, gate_sums + l * block);
      if (grad_rows) gates_[l].backward(nodes, 0, scalars, dense_rows(grad_rows, components, width_), true);
      if (l == 0) return;
      if (sums) parts_[l - 1].add_sums(nodes, l, rows, parts, part_sums + (l - 1) * block);
      if (grad_rows) parts_[l - 1].backward(nodes, l, parts, dense_rows(grad_rows, components, width_), true);
    });
    for (int64_t i = 0; grad_rows && i < nodes * components; ++i)
      std::copy_n(grad_rows + i * width_, channels,
                  grad_features + (order[first + i / components] * components + i % components) * channels);
  });
}

template <class T>
void Readout<T>::backward(int32_t threads, const Index& order, const Index& starts, const T* features, const T* grad,
                          T* grad_features, const ReadoutParameters<T*>* grad_parameters) const {
  const Parts parts(static_cast<int64_t>(starts.size()) - 1, lattices_per_part);
  std::vector<Array<T>> sums(parts.number);
  std::vector<Worker> workers(std::max(threads, 1));
  parallel_for(threads, parts.number, 1, [&](int32_t number, int64_t part, int64_t) {
    if (grad_parameters) sums[part].assign(sums_size(), T(0));
    for (int64_t b = parts.begin(part); b < parts.begin(part + 1); ++b)
      lattice_backward(order, starts[b], starts[b + 1], features, grad + b * result_size(), grad_features,
                       grad_parameters ? sums[part].data() : nullptr, workers[number]);
  });
  if (!grad_parameters) return;
  tree_sum(threads, sums);
  const int64_t channels = shape_.channels, block = gates_[0].sums_size();
  const T* sum = sums[0].data();
  Array<T> map(channels * channels);
  for (int64_t l = 0; l <= shape_.lmax; ++l, sum += block) {
    gates_[l].unpack_sums(sum, map.data());
    for (int64_t k = 0; k < channels; ++k)
      std::copy_n(&map[k * channels], channels, grad_parameters->gate + (k * (shape_.lmax + 1) + l) * channels);
  }
  for (int64_t l = 1; l <= shape_.lmax; ++l, sum += block)
    parts_[l - 1].unpack_sums(sum, grad_parameters->gate + (shape_.lmax + l) * channels * channels);
  std::copy_n(sum, out_weights(), grad_parameters->out);
  std::copy_n(sum + out_weights(), shape_.copies[0], grad_parameters->bias);
}

// The nodes of each lattice. Throws for a lattice that does not exist or has none.
Index nodes_of(int64_t nodes, int64_t lattices, const int64_t* batch, Index& starts) {
  check_index(batch, nodes, lattices, "batch", "lattices");
  Index order = sorted_by({batch, batch + nodes}, lattices, starts);
  for (int64_t b = 0; b < lattices; ++b)
    if (starts[b] == starts[b + 1]) throw std::invalid_argument("lattice " + std::to_string(b) + " has no nodes");
  return order;
}

}  // namespace
}  // namespace fl

// features [nodes, (lmax + 1)^2, channels]; batch [nodes]: the lattice of each node; copies [lmax + 1]; out, grad
// [lattices, result]. Null gradients are not computed: those of the three parameters together.
#define FL_READOUT(T, SUFFIX)                                                                                         \
  FL_EXPORT int32_t fl_readout_##SUFFIX(int64_t threads, int64_t nodes, int64_t lattices, int64_t lmax,               \
                                        int64_t degrees, int64_t channels, const int64_t* copies, double silu_gain,   \
                                        const int64_t* batch, const T* gate, const T* weight, const T* bias,          \
                                        const T* features, T* out) {                                                  \
    return fl::guarded([&] {                                                                                          \
      fl::Index starts;                                                                                               \
      const fl::Index order = fl::nodes_of(nodes, lattices, batch, starts);                                           \
      const fl::Readout<T> readout({lmax, degrees, channels, {copies, copies + lmax + 1}, silu_gain},                 \
                                   {gate, weight, bias}, false);                                                      \
      readout.forward(static_cast<int32_t>(threads), order, starts, features, out);                                   \
    });                                                                                                               \
  }                                                                                                                   \
  FL_EXPORT int32_t fl_readout_backward_##SUFFIX(int64_t threads, int64_t nodes, int64_t lattices, int64_t lmax,      \
                                                 int64_t degrees, int64_t channels, const int64_t* copies,            \
                                                 double silu_gain, const int64_t* batch, const T* gate,               \
                                                 const T* weight, const T* bias, const T* features, const T* grad,    \
                                                 T* grad_features, T* grad_gate, T* grad_weight, T* grad_bias) {      \
    return fl::guarded([&] {                                                                                          \
      fl::Index starts;                                                                                               \
      const fl::Index order = fl::nodes_of(nodes, lattices, batch, starts);                                           \
      const fl::Readout<T> readout({lmax, degrees, channels, {copies, copies + lmax + 1}, silu_gain},                 \
                                   {gate, weight, bias}, true);                                                       \
      const fl::ReadoutParameters<T*> slopes{grad_gate, grad_weight, grad_bias};                                      \
      readout.backward(static_cast<int32_t>(threads), order, starts, features, grad, grad_features,                   \
                       grad_gate ? &slopes : nullptr);                                                                \
    });                                                                                                               \
  }

FL_READOUT(float, f32)
FL_READOUT(double, f64)
