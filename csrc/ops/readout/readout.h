// The readout of a network: readout.cpp has the story.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "base/degree_linear.h"
#include "lattice/edge_graph.h"

namespace fl {

struct ReadoutShape {
  int64_t lmax, degrees, channels;  // `degrees`: one bit for each degree that is read, scalars among them
  std::vector<int64_t> multiplicities;  // of each degree in the result
  double silu_gain;

  int64_t components() const { return (lmax + 1) * (lmax + 1); }
  bool read(int64_t l) const { return degrees >> l & 1; }
  // Where a degree starts in the result, [multiplicity][2 l + 1] degree after degree, and in the second map's weights.
  int64_t out_at(int64_t degree) const {
    int64_t at = 0;
    for (int64_t l = 0; l < degree; ++l) at += read(l) ? multiplicities[l] * (2 * l + 1) : 0;
    return at;
  }
  int64_t weight_at(int64_t degree) const {
    int64_t at = 0;
    for (int64_t l = 0; l < degree; ++l) at += read(l) ? multiplicities[l] * channels : 0;
    return at;
  }
};

// The parameters, or their gradients: `gate` [C, (lmax + 1) C], then [C, C] for each degree above 0; `out`
// [C, multiplicity] for each degree that is read; `bias` [multiplicity of scalars].
template <class P>
struct ReadoutParameters {
  P gate, out, bias;
};
template <class P>
ReadoutParameters(P, P, P) -> ReadoutParameters<P>;

// The nodes of a lattice, ascending.
struct LatticeNodes {
  const int64_t* node;
  int64_t count;
};

// The nodes of each of `lattices`, sorted by lattice.
class NodesByLattice {
 public:
  // Throws for a lattice that does not exist or has no nodes.
  NodesByLattice(int64_t nodes, int64_t lattices, const int64_t* batch);
  LatticeNodes operator[](int64_t b) const { return {&order_[starts_[b]], starts_[b + 1] - starts_[b]}; }

 private:
  Index order_, starts_;
};

// Features [node][component], rows of channels `stride` apart, from node `origin` on.
template <class T>
struct FeatureRows {
  T* data;
  int64_t stride, origin;
};

template <class T>
class Readout {
 public:
  // What a thread keeps from lattice to lattice.
  struct Worker {
    Array<T> rows, scalars, gated, grad_rows, pooled, grad_pooled;
  };

  // The parameters must outlive the readout; `backward`: whether backward() will be called.
  Readout(const ReadoutShape& shape, const ReadoutParameters<const T*>& parameters, bool backward);

  int64_t result_size() const { return shape_.out_at(shape_.lmax + 1); }

  // out [result] of one lattice.
  void forward(LatticeNodes nodes, FeatureRows<const T> features, T* out, Worker& worker) const;
  // From the gradient of its result to that of its features, unless their data is null; what they hold beyond the
  // channels is left as it is. Those of the parameters are added to `sums`, unless it is null.
  void backward(LatticeNodes nodes, FeatureRows<const T> features, const T* grad, FeatureRows<T> grad_features, T* sums,
                Worker& worker) const;

  // Those of gates and parts, then those of the second map and of its bias.
  int64_t sums_size() const { return map_sums() + out_weights() + shape_.multiplicities[0]; }
  // Takes the gradients of the parameters from their sums.
  void unpack_sums(const T* sums, const ReadoutParameters<T*>& parameters) const;

 private:
  int64_t size() const { return shape_.components() * width_; }
  int64_t map_sums() const { return static_cast<int64_t>(gates_.size() + parts_.size()) * gates_[0].sums_size(); }
  int64_t out_weights() const { return shape_.weight_at(shape_.lmax + 1); }
  T norm() const { return gates_[0].scale(); }

  // Calls work(l) for every degree that is read.
  template <class Work>
  void for_each_degree(const Work& work) const {
    for (int64_t l = 0; l <= shape_.lmax; ++l)
      if (shape_.read(l)) work(l);
  }
  Rows<const T> gather(const int64_t* node, int64_t nodes, FeatureRows<const T> features, Worker& worker) const;
  void activate(int64_t nodes, Rows<const T> rows, Worker& worker) const;
  void pool(LatticeNodes nodes, FeatureRows<const T> features, Worker& worker) const;
  void pool_backward(int64_t nodes, const T* grad, T* weight_sums, Worker& worker) const;
  void activate_backward(int64_t nodes, Worker& worker) const;
  const T* maps_backward(int64_t nodes, Rows<const T> rows, bool wanted, T* sums, Worker& worker) const;
  void scatter(const int64_t* node, int64_t nodes, const T* rows, FeatureRows<T> features) const;

  ReadoutShape shape_;
  ReadoutParameters<const T*> parameters_;
  int64_t width_;
  std::vector<ChannelMap<T>> gates_, parts_;  // of each degree; of each degree above 0
};

extern template class Readout<float>;
extern template class Readout<double>;

}  // namespace fl
