// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

template <class T>
struct Network {
  int32_t threads;
  int64_t nodes;
  int64_t edges;
  int64_t struts;
  int64_t lattices;
  int64_t layers;
  int64_t l_in;
  int64_t lmax;
  int64_t channels;
  int64_t hidden_layers;
  const int64_t* widths;
  double max_length;
  double max_radius;
  double agg_norm;
  int64_t correlation;
  int64_t output_degrees;
  int64_t residual;
  int64_t norms;
  double norm_share;
  double norm_floor;
  const int64_t* multiplicities;
  double silu_gain;
  int64_t fold_rows;
  int64_t fold_tensors;
  const int64_t* fold_counts;
  const int64_t* fold_starts;
  const int64_t* fold_tensor;
  const int64_t* fold_row;
  const double* fold_value;
  const int64_t* edge_index;
  const int64_t* strut;
  const int64_t* batch;
  BufferList<const T> parameters;
  const T* features;
  const T* sh;
  const T* length;
  const T* radius;
  T* out;
  T* kept;
};
template <class T>
void run(const Network<T>& call);

template <class T>
struct NetworkBackward {
  int32_t threads;
  int64_t nodes;
  int64_t edges;
  int64_t struts;
  int64_t lattices;
  int64_t layers;
  int64_t l_in;
  int64_t lmax;
  int64_t channels;
  int64_t hidden_layers;
  const int64_t* widths;
  double max_length;
  double max_radius;
  double agg_norm;
  int64_t correlation;
  int64_t output_degrees;
  int64_t residual;
  int64_t norms;
  double norm_share;
  double norm_floor;
  const int64_t* multiplicities;
  double silu_gain;
  int64_t fold_rows;
  int64_t fold_tensors;
  const int64_t* fold_counts;
  const int64_t* fold_starts;
  const int64_t* fold_tensor;
  const int64_t* fold_row;
  const double* fold_value;
  const int64_t* edge_index;
  const int64_t* strut;
  const int64_t* batch;
  BufferList<const T> parameters;
  const T* features;
  const T* sh;
  const T* length;
  const T* radius;
  const T* kept;
  const T* grad;
  T* grad_features;
  T* grad_sh;
  T* grad_length;
  T* grad_radius;
  BufferList<T> grad_parameters;
};
template <class T>
void run(const NetworkBackward<T>& call);

template <class T>
struct NetworkPack {
  int64_t layers;
  int64_t l_in;
  int64_t lmax;
  int64_t channels;
  int64_t hidden_layers;
  const int64_t* widths;
  double max_length;
  double max_radius;
  double agg_norm;
  int64_t correlation;
  int64_t output_degrees;
  int64_t residual;
  int64_t norms;
  double norm_share;
  double norm_floor;
  const int64_t* multiplicities;
  double silu_gain;
  int64_t fold_rows;
  int64_t fold_tensors;
  const int64_t* fold_counts;
  const int64_t* fold_starts;
  const int64_t* fold_tensor;
  const int64_t* fold_row;
  const double* fold_value;
  BufferList<const T> parameters;
  void** handle;
};
template <class T>
void run(const NetworkPack<T>& call);

template <class T>
struct NetworkPacked {
  int32_t threads;
  int64_t nodes;
  int64_t edges;
  int64_t struts;
  int64_t lattices;
  int64_t l_in;
  int64_t lmax;
  int64_t channels;
  int64_t width;
  void* handle;
  const int64_t* edge_index;
  const int64_t* strut;
  const int64_t* batch;
  const T* features;
  const T* sh;
  const T* length;
  const T* radius;
  T* out;
};
template <class T>
void run(const NetworkPacked<T>& call);

template <class T>
struct NetworkHolds {
  void* handle;
  int64_t buffers;
  BufferList<const T> parameters;
  int64_t* same;
};
template <class T>
void run(const NetworkHolds<T>& call);

template <class T>
struct NetworkLattices {
  int32_t threads;
  int64_t count;
  const double* cell;
  const double* positions;
  const int64_t* struts;
  const int64_t* shifts;
  const double* radii;
  const int64_t* node_offsets;
  const int64_t* strut_offsets;
  void* handle;
  int64_t lmax;
  int64_t channels;
  const T* embedded;
  double radius_factor;
  int64_t slenderness;
  fl::PositiveFunction function;
  double scale;
  int64_t by_density;
  double* stiffness;
  int32_t* status;
  int32_t* rank;
  int64_t* offending;
  uint8_t* beam_valid;
  int64_t* answered;
};
template <class T>
void run(const NetworkLattices<T>& call);

struct NetworkFree {
  void* handle;
};
void run(const NetworkFree& call);

template <class T>
struct RowwiseLinear {
  int32_t threads;
  int64_t rows;
  int64_t depth;
  int64_t columns;
  const T* in_rows;
  const T* weight;
  T* out;
};
template <class T>
void run(const RowwiseLinear<T>& call);

template <class T>
struct RowwiseLinearBackward {
  int32_t threads;
  int64_t rows;
  int64_t depth;
  int64_t columns;
  const T* in_rows;
  const T* weight;
  const T* grad;
  T* grad_in;
  T* grad_weight;
};
template <class T>
void run(const RowwiseLinearBackward<T>& call);

template <class T>
struct Surroundings {
  int32_t threads;
  int64_t nodes;
  int64_t edges;
  int64_t struts;
  int64_t lattices;
  int64_t steps;
  int64_t scalars;
  int64_t lmax;
  double nu;
  double kappa;
  const double* floors;
  const double* to_irreps;
  const T* positions;
  const int64_t* edge_index;
  const T* shifts;
  const T* radii;
  const T* sh;
  const int64_t* batch;
  const T* density;
  const int64_t* first_edge;
  T* length;
  T* slenderness;
  T* lattice;
  T* node;
  T* tensors;
  T* odd;
  double* root;
  double* guides;
};
template <class T>
void run(const Surroundings<T>& call);

template <class T>
struct NodeInputs {
  int32_t threads;
  int64_t nodes;
  int64_t scalars;
  int64_t channels;
  int64_t lmax;
  int64_t l_odd;
  const T* node;
  const T* tensors;
  const T* odd;
  const T* bias;
  const T* scalar_weight;
  BufferList<const T> weights;
  T* out;
};
template <class T>
void run(const NodeInputs<T>& call);

template <class T>
struct NodeInputsBackward {
  int32_t threads;
  int64_t nodes;
  int64_t scalars;
  int64_t channels;
  int64_t lmax;
  int64_t l_odd;
  const T* node;
  const T* tensors;
  const T* odd;
  const T* bias;
  const T* scalar_weight;
  BufferList<const T> weights;
  const T* grad;
  T* grad_node;
  T* grad_tensors;
  T* grad_odd;
  T* grad_bias;
  T* grad_scalar_weight;
  BufferList<T> grad_weights;
};
template <class T>
void run(const NodeInputsBackward<T>& call);

template <class T>
struct BoundedHead {
  int32_t threads;
  int64_t count;
  double largest;
  const T* matrix;
  const T* weights;
  const double* root;
  const double* guides;
  T* out;
};
template <class T>
void run(const BoundedHead<T>& call);

template <class T>
struct BoundedHeadBackward {
  int32_t threads;
  int64_t count;
  double largest;
  const T* matrix;
  const T* weights;
  const double* root;
  const double* guides;
  const T* grad;
  T* grad_matrix;
  T* grad_weights;
  double* grad_root;
  double* grad_guides;
};
template <class T>
void run(const BoundedHeadBackward<T>& call);

}  // namespace fl::calls
