// The readout of a network: linear map to scalars, gates and gated parts, SiLU, product, mean over the nodes of each
// lattice, linear map of the mean. Node by node nothing but a sum is kept, and the second map, which is linear like the
// mean, works on one row for each lattice.
//
// e3nn's Gate: scalars pass SiLU, every other part is multiplied by SiLU of its own scalar, both times silu_gain, which
// gives SiLU of a standard normal variable a second moment of one.
#include "ops/readout/readout.h"

#include <algorithm>
#include <string>

#include "ops/readout/generated/calls.h"
#include "base/activation.h"
#include "base/pool.h"
#include "base/workspace.h"

namespace fl {
namespace {

constexpr int64_t nodes_per_tile = 64, lattices_per_chunk = 2, lattices_per_part = 8;

// Calls work(first, size) for tiles of a lattice's nodes.
template <class Work>
void for_each_tile(int64_t count, const Work& work) {
  for (int64_t n = 0; n < count; n += nodes_per_tile) work(n, std::min(nodes_per_tile, count - n));
}

}  // namespace

NodesByLattice::NodesByLattice(int64_t nodes, int64_t lattices, const int64_t* batch) {
  check_index(batch, nodes, lattices, "batch", "lattices");
  order_ = sorted_by({batch, batch + nodes}, lattices, starts_);
  for (int64_t b = 0; b < lattices; ++b)
    if (starts_[b] == starts_[b + 1]) throw std::invalid_argument("lattice " + std::to_string(b) + " has no nodes");
}

template <class T>
Readout<T>::Readout(const ReadoutShape& shape, const ReadoutParameters<const T*>& parameters, bool backward)
    : shape_(shape), parameters_(parameters), width_(padded<T>(shape.channels)) {
  const int64_t channels = shape.channels, scalars = (shape.lmax + 1) * channels;
  if (!shape.read(0)) throw std::invalid_argument("readout: the scalars must be read");
  for (int64_t l = 0; l <= shape.lmax; ++l) {  // the scalars' map is one for itself and one for every gate
    gates_.emplace_back(channels, channels, parameters.gate + l * channels, scalars, backward);
    if (l == 0) continue;
    parts_.emplace_back(channels, channels, parameters.gate + (shape.lmax + l) * channels * channels, channels, backward);
  }
}

// Rows of some nodes, padded: the caller's where they stand together as they are, else a copy.
template <class T>
Rows<const T> Readout<T>::gather(const int64_t* node, int64_t nodes, FeatureRows<const T> features,
                                 Worker& worker) const {
  const int64_t channels = shape_.channels, components = shape_.components();
  const auto row = [&](int64_t n) { return features.data + (node[n] - features.origin) * components * features.stride; };
  if (features.stride == width_ && node[nodes - 1] - node[0] == nodes - 1)  // sorted: so they are consecutive
    return dense_rows(row(0), components, width_);
  T* rows = room(worker.rows, nodes_per_tile * size());
  for (int64_t n = 0; n < nodes; ++n)
    for (int64_t c = 0; c < components; ++c) {
      const T* from = row(n) + c * features.stride;
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
    gates_[l].forward(nodes, 0, rows, out);
    if (l) parts_[l - 1].forward(nodes, l, rows, gated);
  });
}

// Mean of the gated parts over a lattice's nodes, [component][channel].
template <class T>
void Readout<T>::pool(LatticeNodes lattice, FeatureRows<const T> features, Worker& worker) const {
  T* sum = room(worker.pooled, size());
  std::fill(sum, sum + size(), T(0));
  const T gain = static_cast<T>(shape_.silu_gain);
  for_each_tile(lattice.count, [&](int64_t first, int64_t nodes) {
    activate(nodes, gather(lattice.node + first, nodes, features, worker), worker);
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
  const T inverse = T(1) / static_cast<T>(lattice.count);
  for (int64_t k = 0; k < size(); k += lanes<T>) store(sum + k, inverse * load(sum + k));
}

template <class T>
void Readout<T>::forward(LatticeNodes lattice, FeatureRows<const T> features, T* out, Worker& worker) const {
  pool(lattice, features, worker);
  for_each_degree([&](int64_t l) {
    const T* weight = parameters_.out + shape_.weight_at(l);
    for (int64_t m = 0; m < shape_.multiplicities[l]; ++m)
      for (int64_t c = l * l; c < (l + 1) * (l + 1); ++c) {
        const T* row = &worker.pooled[c * width_];
        T sum = 0;
        for (int64_t k = 0; k < shape_.channels; ++k) sum += row[k] * weight[k * shape_.multiplicities[l] + m];
        *out++ = norm() * sum + (l == 0 ? parameters_.bias[m] : T(0));
      }
  });
}

// Through the second map and the mean: the gradient of the mean by the number of nodes, [component][channel], to
// worker.grad_pooled.
template <class T>
void Readout<T>::pool_backward(int64_t nodes, const T* grad, T* weight_sums, Worker& worker) const {
  T* grad_mean = room(worker.grad_pooled, size());
  std::fill(grad_mean, grad_mean + size(), T(0));
  for_each_degree([&](int64_t l) {
    const int64_t multiplicity = shape_.multiplicities[l];
    const T* weight = parameters_.out + shape_.weight_at(l);
    T* sums = weight_sums ? weight_sums + shape_.weight_at(l) : nullptr;
    const T* g = grad + shape_.out_at(l);
    for (int64_t m = 0; m < multiplicity; ++m)
      for (int64_t c = l * l; c < (l + 1) * (l + 1); ++c, ++g) {
        const T scaled = norm() * *g / static_cast<T>(nodes);
        for (int64_t k = 0; k < shape_.channels; ++k) grad_mean[c * width_ + k] += scaled * weight[k * multiplicity + m];
        for (int64_t k = 0; sums && k < shape_.channels; ++k)
          sums[k * multiplicity + m] += norm() * *g * worker.pooled[c * width_ + k];
        if (sums && l == 0) weight_sums[out_weights() + m] += *g;
      }
  });
}

// Through the gate and SiLU, in place: of what `activate` left, the gated parts become their gradients, and so do the
// scalars.
template <class T>
void Readout<T>::activate_backward(int64_t nodes, Worker& worker) const {
  const T gain = static_cast<T>(shape_.silu_gain);
  const T* grad_mean = worker.grad_pooled.data();
  for_each_degree([&](int64_t l) {
    for (int64_t n = 0; n < nodes; ++n)
      for (int64_t k = 0; k < width_; k += lanes<T>) {
        T* scalar = &worker.scalars[(l * nodes_per_tile + n) * width_ + k];
        const Vector<T> before = load(scalar), gate = gain * silu<T>(before);
        Vector<T> total = l ? Vector<T>{} : load(grad_mean + k);
        for (int64_t c = l * l; l > 0 && c < (l + 1) * (l + 1); ++c) {
          T* part = &worker.gated[n * size() + c * width_ + k];
          const Vector<T> of_mean = load(grad_mean + c * width_ + k);
          total += of_mean * load(part);
          store(part, of_mean * gate);
        }
        store(scalar, total * gain * silu_slope<T>(before));
      }
  });
}

// Through the first map: adds the gradients of its weights to `sums`, and returns those of the rows, each unless null.
template <class T>
const T* Readout<T>::maps_backward(int64_t nodes, Rows<const T> rows, bool wanted, T* sums, Worker& worker) const {
  const int64_t components = shape_.components(), block = gates_[0].sums_size();
  T* part_sums = sums ? sums + gates_.size() * block : nullptr;
  T* grad_rows = wanted ? room(worker.grad_rows, nodes_per_tile * size()) : nullptr;
  if (grad_rows) std::fill(grad_rows, grad_rows + nodes * size(), T(0));
  const auto parts = dense_rows<const T>(worker.gated.data(), components, width_);
  const auto out = dense_rows(grad_rows, components, width_);
  const auto so_far = dense_rows<const T>(grad_rows, components, width_);
  for_each_degree([&](int64_t l) {
    const Rows<const T> scalars{&worker.scalars[l * nodes_per_tile * width_], width_, width_};
    if (sums) gates_[l].add_sums(nodes, 0, rows, scalars, sums + l * block);
    if (grad_rows) gates_[l].backward(nodes, 0, scalars, out, so_far);
    if (l == 0) return;
    if (sums) parts_[l - 1].add_sums(nodes, l, rows, parts, part_sums + (l - 1) * block);
    if (grad_rows) parts_[l - 1].backward(nodes, l, parts, out, so_far);
  });
  return grad_rows;
}

// The opposite of `gather`: rows of some nodes, but for their padding, to where the caller's are.
template <class T>
void Readout<T>::scatter(const int64_t* node, int64_t nodes, const T* rows, FeatureRows<T> features) const {
  const int64_t components = shape_.components();
  for (int64_t n = 0; n < nodes; ++n)
    for (int64_t c = 0; c < components; ++c)
      std::copy_n(rows + n * size() + c * width_, shape_.channels,
                  features.data + ((node[n] - features.origin) * components + c) * features.stride);
}

template <class T>
void Readout<T>::backward(LatticeNodes lattice, FeatureRows<const T> features, const T* grad,
                          FeatureRows<T> grad_features, T* sums, Worker& worker) const {
  if (sums) pool(lattice, features, worker);  // for the gradients of the second map
  pool_backward(lattice.count, grad, sums ? sums + map_sums() : nullptr, worker);
  for_each_tile(lattice.count, [&](int64_t first, int64_t nodes) {
    const Rows<const T> rows = gather(lattice.node + first, nodes, features, worker);
    if (!sums || lattice.count > nodes_per_tile) activate(nodes, rows, worker);  // else `pool` has left it
    activate_backward(nodes, worker);
    const T* grad_rows = maps_backward(nodes, rows, grad_features.data != nullptr, sums, worker);
    if (grad_rows) scatter(lattice.node + first, nodes, grad_rows, grad_features);
  });
}

template <class T>
void Readout<T>::unpack_sums(const T* sums, const ReadoutParameters<T*>& parameters) const {
  const int64_t channels = shape_.channels, block = gates_[0].sums_size();
  for (int64_t l = 0; l <= shape_.lmax; ++l, sums += block)
    gates_[l].unpack_sums(sums, parameters.gate + l * channels, (shape_.lmax + 1) * channels);
  for (int64_t l = 1; l <= shape_.lmax; ++l, sums += block)
    parts_[l - 1].unpack_sums(sums, parameters.gate + (shape_.lmax + l) * channels * channels, channels);
  std::copy_n(sums, out_weights(), parameters.out);
  std::copy_n(sums + out_weights(), shape_.multiplicities[0], parameters.bias);
}

template class Readout<float>;
template class Readout<double>;

namespace {

template <class T>
void forward(int32_t threads, const Readout<T>& readout, const NodesByLattice& nodes, int64_t lattices,
             FeatureRows<const T> features, T* out) {
  std::vector<typename Readout<T>::Worker> workers(std::max(threads, 1));
  parallel_for(threads, lattices, lattices_per_chunk, [&](int32_t number, int64_t b, int64_t last) {
    for (; b < last; ++b) readout.forward(nodes[b], features, out + b * readout.result_size(), workers[number]);
  });
}

template <class T>
void backward(int32_t threads, const Readout<T>& readout, const NodesByLattice& nodes, int64_t lattices,
              FeatureRows<const T> features, const T* grad, FeatureRows<T> grad_features,
              const ReadoutParameters<T*>& grad_parameters) {
  const Parts parts(lattices, lattices_per_part);
  std::vector<Array<T>> sums(parts.number);
  std::vector<typename Readout<T>::Worker> workers(std::max(threads, 1));
  parallel_for(threads, parts.number, 1, [&](int32_t number, int64_t part, int64_t) {
    if (grad_parameters.gate) sums[part].assign(readout.sums_size(), T(0));
    for (int64_t b = parts.begin(part); b < parts.begin(part + 1); ++b)
      readout.backward(nodes[b], features, grad + b * readout.result_size(), grad_features,
                       grad_parameters.gate ? sums[part].data() : nullptr, workers[number]);
  });
  if (!grad_parameters.gate) return;
  tree_sum(threads, sums);
  readout.unpack_sums(sums[0].data(), grad_parameters);
}

}  // namespace
}  // namespace fl

namespace fl::calls {

// Calls work(readout, nodes by lattice).
template <class Call, class Work>
void with_readout(const Call& call, bool backward, const Work& work) {
  const NodesByLattice nodes(call.nodes, call.lattices, call.batch);
  const fl::Readout readout(
      {call.lmax,
       call.degrees,
       call.channels,
       {call.multiplicities, call.multiplicities + call.lmax + 1},
       call.silu_gain},
      ReadoutParameters{call.gate, call.weight, call.bias}, backward);
  work(readout, nodes);
}

template <class T>
void run(const Readout<T>& call) {
  with_readout(call, false, [&](const auto& readout, const auto& nodes) {
    forward<T>(call.threads, readout, nodes, call.lattices, {call.features, call.channels, 0}, call.out);
  });
}
template <class T>
void run(const ReadoutBackward<T>& call) {
  boundary::check_together("grad_gate, grad_weight and grad_bias", {call.grad_gate, call.grad_weight, call.grad_bias});
  with_readout(call, true, [&](const auto& readout, const auto& nodes) {
    backward<T>(call.threads, readout, nodes, call.lattices, {call.features, call.channels, 0}, call.grad,
                {call.grad_features, call.channels, 0}, {call.grad_gate, call.grad_weight, call.grad_bias});
  });
}

template void run(const Readout<float>&);
template void run(const Readout<double>&);
template void run(const ReadoutBackward<float>&);
template void run(const ReadoutBackward<double>&);

}  // namespace fl::calls
