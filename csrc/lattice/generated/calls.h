// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

struct PeriodicGraph {
  int64_t lattices;
  int64_t nodes;
  int64_t struts;
  const double* cell;
  const int64_t* ends;
  const int64_t* strut_shifts;
  const double* strut_radii;
  const int64_t* node_offsets;
  const int64_t* strut_offsets;
  double* shifts;
  double* radii;
  int64_t* edge_index;
  int64_t* batch;
  int64_t* strut;
  int64_t* reverse;
  int64_t* first_edge;
};
void run(const PeriodicGraph& call);

template <class T>
struct CheckGraph {
  int32_t threads;
  int64_t nodes;
  int64_t edges;
  int64_t lattices;
  const T* positions;
  const int64_t* edge_index;
  const T* shifts;
  const T* radii;
  const T* attributes;
  const int64_t* batch;
  int64_t* fault;
};
template <class T>
void run(const CheckGraph<T>& call);

struct FoldWireframe {
  int64_t nodes;
  int64_t struts;
  const double* fractional;
  const double* cell;
  const double* margin;
  const int64_t* ends;
  const double* radii;
  double reach;
  int64_t shares;
  double* places;
  int64_t* place_of;
  int64_t* on_face;
  int64_t* folded_ends;
  int64_t* folded_shifts;
  double* folded_radii;
  double* longest_point;
  int64_t* report;
};
void run(const FoldWireframe& call);

struct LatParse {
  Buffer<const char> text;
  int64_t first_line;
  double default_density;
  int64_t stop_at_error;
  void** handle;
  int64_t* sizes;
};
void run(const LatParse& call);

struct LatColumns {
  void* handle;
  Buffer<double> cell;
  Buffer<double> positions;
  Buffer<int64_t> struts;
  Buffer<int64_t> shifts;
  Buffer<double> radii;
  Buffer<int64_t> node_offsets;
  Buffer<int64_t> strut_offsets;
  Buffer<char> names;
  Buffer<int64_t> name_offsets;
  Buffer<char> base_names;
  Buffer<int64_t> base_name_offsets;
  Buffer<double> imperfection_level;
  Buffer<double> density;
  Buffer<double> stiffness;
  Buffer<int64_t> label_holders;
  Buffer<int64_t> notation_unsaid;
};
void run(const LatColumns& call);

struct LatError {
  void* handle;
  int64_t index;
  int64_t* line;
  const char** entry;
  const char** reason;
};
void run(const LatError& call);

struct LatFree {
  void* handle;
};
void run(const LatFree& call);

struct ForeignStrut {
  int64_t count;
  const int64_t* struts;
  const int64_t* node_offsets;
  const int64_t* strut_offsets;
  int64_t* strut;
};
void run(const ForeignStrut& call);

struct LatFormat {
  int64_t rows;
  const double* cell;
  const double* positions;
  const int64_t* struts;
  const int64_t* shifts;
  const double* radii;
  const int64_t* node_offsets;
  const int64_t* strut_offsets;
  const char* names;
  const int64_t* name_offsets;
  const char* base_names;
  const int64_t* base_name_offsets;
  const double* imperfection_level;
  const double* density;
  const double* stiffness;
  const double* compliance;
  int64_t digits;
  int64_t begin;
  int64_t end;
  int64_t* next;
  void** handle;
  const char** text;
  int64_t* size;
};
void run(const LatFormat& call);

struct LatTextFree {
  void* handle;
};
void run(const LatTextFree& call);

}  // namespace fl::calls
