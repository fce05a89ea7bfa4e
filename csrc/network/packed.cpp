// Networks at the boundary: their parameters from lists of buffers, checked and packed as kernels read them, and the calls.
#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "base/extents.h"
#include "base/search.h"
#include "network/generated/calls.h"
#include "network/network.h"

namespace fl {
namespace {

// The parameters, or their gradients, from one list of pointers; see fl_network.
template <class T>
struct ParameterList {
  std::vector<LayerParameters<T*>> layers;
  ReadoutParameters<T*> readout{};

  template <class Call>
  ParameterList(const Call& call, T* const* list) {
    for (int64_t t = 0; t < call.layers; ++t) {
      T* const* hidden = list + 5 + call.fold_tensors;
      T* const* end = hidden + 2 * call.hidden_layers;
      T* norm = call.norms >> t & 1 ? *end++ : nullptr;
      layers.push_back(
          {list[0], list[1], list[2], list[3], list[4], norm, list + 5, hidden, hidden + call.hidden_layers});
      list = end;
    }
    if (call.multiplicities) readout = {list[0], list[1], list[2]};
  }
};

// The number of elements that each buffer of such a list must have.
template <class T, class Call>
std::vector<boundary::Extent> parameter_sizes(const Call& call) {
  using boundary::Extent;
  const Extent channels = call.channels, folded = SymmetricContraction<T>(call.lmax, call.correlation, 0).weights();
  std::vector<Extent> sizes;
  for (int64_t t = 0; t < call.layers; ++t) {
    const int64_t l_in = t ? call.lmax : call.l_in;
    const Extent paths = boundary::paths(l_in, call.lmax);
    sizes.insert(sizes.end(), {(Extent(l_in) + 1) * channels * channels,
                               paths * channels * call.widths[call.hidden_layers], paths * channels * channels,
                               channels, (Extent(call.lmax) + 1) * channels * channels});
    for (int64_t n = 0; n < call.fold_tensors; ++n)
      sizes.push_back((call.fold_rows ? Extent(call.fold_counts[n]) : folded) * channels);
    for (int64_t n = 0; n < call.hidden_layers; ++n) sizes.push_back(Extent(call.widths[n]) * call.widths[n + 1]);
    for (int64_t n = 0; n < call.hidden_layers; ++n) sizes.push_back(call.widths[n + 1]);
    if (call.norms >> t & 1) sizes.push_back((Extent(l_in) + 1) * channels);
  }
  if (call.multiplicities) {
    sizes.push_back((2 * Extent(call.lmax) + 1) * channels * channels);
    sizes.push_back(boundary::multiplicity(call.multiplicities, call.lmax, call.output_degrees) * channels);
    sizes.push_back(call.multiplicities[0]);
  }
  return sizes;
}

template <class B>
void check_parameters(const char* name, const calls::BufferList<B>& list, const std::vector<boundary::Extent>& sizes) {
  boundary::check_list(name, list.data, list.sizes, list.count, static_cast<int64_t>(sizes.size()));
  for (int64_t n = 0; n < list.count; ++n) boundary::check_buffer(name, list.data[n], list.sizes[n], sizes[n]);
}

// Whether a layer adds its features, or reads their norm: bit t of a 64-bit number, of which the sign is no use.
constexpr int64_t most_layers = 63;

// The map of the contraction's weights, every number of which is in range.
template <class Call>
Fold fold_of(const Call& call) {
  if (!call.fold_rows) {
    if (call.fold_tensors != 1) throw std::invalid_argument("fold_tensors must be 1 where there are no fold_rows");
    return {0, 1, nullptr, nullptr, nullptr, nullptr, nullptr};
  }
  if (!(call.fold_counts && call.fold_starts) ||
      (call.fold_starts[call.fold_rows] && !(call.fold_tensor && call.fold_row && call.fold_value)))
    throw std::invalid_argument("the map of the contraction's weights is incomplete");
  const int64_t entry = first_of(call.fold_starts[call.fold_rows], [&](int64_t i) {
    const int64_t tensor = call.fold_tensor[i];
    return outside(tensor, call.fold_tensors) || outside(call.fold_row[i], call.fold_counts[tensor]);
  });
  if (entry >= 0) throw std::out_of_range("fold_row or fold_tensor " + std::to_string(entry) + " is out of range");
  return {call.fold_rows,   call.fold_tensors, call.fold_counts, call.fold_starts,
          call.fold_tensor, call.fold_row,     call.fold_value};
}

// A network whose parameters are packed; see Layer on those that are not. Free of T, so that a handle can be freed.
struct AnyPacked {
  virtual ~AnyPacked() = default;
};
template <class T>
struct Packed final : AnyPacked {
  std::vector<Readout<T>> readout;  // none, or one
  std::vector<Network<T>> network;  // one
  std::vector<std::pair<const T*, int64_t>> parameters;  // what it was made of
  int64_t l_in, lmax, channels;

  template <class Call>
  Packed(const Call& call, bool backward) : l_in(call.l_in), lmax(call.lmax), channels(call.channels) {
    if (call.layers < 1) throw std::invalid_argument("network: there must be a layer");
    if (call.layers > most_layers) throw std::invalid_argument("network: there are more than 63 layers");
    const Fold fold = fold_of(call);
    check_parameters("parameters", call.parameters, parameter_sizes<T>(call));
    const ParameterList<const T> list(call, call.parameters.data);
    const std::vector<int64_t> hidden(call.widths, call.widths + call.hidden_layers + 1);
    std::vector<Layer<T>> layers;
    std::vector<const T*> norms;
    for (int64_t t = 0; t < call.layers; ++t) {
      norms.push_back(list.layers[t].norm);
      const EdgeConvShape conv{t ? call.lmax : call.l_in, call.lmax, call.channels, hidden.back(), call.agg_norm};
      const int64_t output_degrees = t + 1 < call.layers ? (2 << call.lmax) - 1 : call.output_degrees;
      layers.emplace_back(LayerShape{conv, hidden, call.max_length, call.max_radius, call.correlation, output_degrees,
                                     (call.residual >> t & 1) != 0},
                          list.layers[t], fold, backward);
    }
    if (call.multiplicities)
      readout.emplace_back(ReadoutShape{call.lmax, call.output_degrees, call.channels,
                                        {call.multiplicities, call.multiplicities + call.lmax + 1}, call.silu_gain},
                           list.readout, backward);
    network.emplace_back(std::move(layers), std::move(norms), call.norm_share, call.norm_floor,
                         call.multiplicities ? readout.data() : nullptr, (call.l_in + 1) * (call.l_in + 1),
                         (call.lmax + 1) * (call.lmax + 1), call.channels);
    for (int64_t n = 0; n < call.parameters.count; ++n)
      parameters.emplace_back(call.parameters.data[n], call.parameters.sizes[n]);
  }
};

// Calls work(network, inputs) for the graph of a call.
template <class T, class Call, class Work>
void with_graph(const Packed<T>& packed, const Call& call, const Work& work) {
  const bool reads = !packed.readout.empty();
  if (reads && !call.batch && call.nodes) throw std::invalid_argument("network: a readout needs batch");
  std::vector<NodesByLattice> lattices;
  if (reads) lattices.emplace_back(call.nodes, call.lattices, call.batch);
  const EdgeGraph graph(call.nodes, call.edges, call.struts, call.edge_index, call.strut);
  const Index cuts = graph.pieces(reads ? call.batch : nullptr);
  work(packed.network[0],
       NetworkInputs<T>{graph, cuts, lattices.data(), call.batch, call.features, call.sh, call.length, call.radius});
}

// Zeros where sums begin, unless null.
template <class T>
void clear(T* sums, int64_t size) {
  if (sums) std::fill_n(sums, size, T(0));
}

}  // namespace
}  // namespace fl

namespace fl::calls {

template <class T>
void run(const Network<T>& call) {
  const int64_t kept = 2 * call.layers * call.nodes * (call.lmax + 1) * (call.lmax + 1) * call.channels;
  if (call.kept) prefer_large_pages(call.kept, kept * sizeof(T));
  with_graph(Packed<T>(call, false), call, [&](const auto& network, const auto& inputs) {
    network.forward(call.threads, inputs, call.out, call.kept);
  });
}
template <class T>
void run(const NetworkBackward<T>& call) {
  boundary::check_together("grad_length and grad_radius", {call.grad_length, call.grad_radius});
  with_graph(Packed<T>(call, true), call, [&](const auto& network, const auto& inputs) {
    if (call.grad_parameters.data) check_parameters("grad_parameters", call.grad_parameters, parameter_sizes<T>(call));
    clear(call.grad_sh, call.edges * (call.lmax + 1) * (call.lmax + 1));
    clear(call.grad_length, call.struts), clear(call.grad_radius, call.struts);
    NetworkGradients<T> gradients{call.grad_features, call.grad_sh, call.grad_length, call.grad_radius, nullptr, {}};
    if (!call.grad_parameters.data) return network.backward(call.threads, inputs, call.kept, call.grad, gradients);
    const ParameterList<T> list(call, call.grad_parameters.data);
    gradients.layers = list.layers.data(), gradients.readout = list.readout;
    network.backward(call.threads, inputs, call.kept, call.grad, gradients);
  });
}
template <class T>
void run(const NetworkPack<T>& call) {
  if (!call.multiplicities) throw std::invalid_argument("network: only one with a readout is packed");
  *call.handle = static_cast<AnyPacked*>(new Packed<T>(call, false));
}
template <class T>
void run(const NetworkPacked<T>& call) {
  const auto* packed = dynamic_cast<const Packed<T>*>(static_cast<const AnyPacked*>(call.handle));
  if (!packed || packed->l_in != call.l_in || packed->lmax != call.lmax || packed->channels != call.channels ||
      packed->readout[0].result_size() != call.width)
    throw std::invalid_argument("network: the packed one is of another dtype or size");
  with_graph(*packed, call, [&](const auto& network, const auto& inputs) {
    network.forward(call.threads, inputs, call.out, nullptr);
  });
}
template <class T>
void run(const NetworkHolds<T>& call) {
  const auto* packed = dynamic_cast<const Packed<T>*>(static_cast<const AnyPacked*>(call.handle));
  const auto& list = call.parameters;
  bool same = packed && list.count == static_cast<int64_t>(packed->parameters.size());
  for (int64_t n = 0; same && n < list.count; ++n) {
    const auto& [data, size] = packed->parameters[n];
    same = list.sizes[n] == size && std::memcmp(list.data[n], data, size * sizeof(T)) == 0;
  }
  *call.same = same;
}
void run(const NetworkFree& call) { delete static_cast<AnyPacked*>(call.handle); }

template void run(const Network<float>&);
template void run(const Network<double>&);
template void run(const NetworkBackward<float>&);
template void run(const NetworkBackward<double>&);
template void run(const NetworkPack<float>&);
template void run(const NetworkPack<double>&);
template void run(const NetworkPacked<float>&);
template void run(const NetworkPacked<double>&);
template void run(const NetworkHolds<float>&);
template void run(const NetworkHolds<double>&);

}  // namespace fl::calls
