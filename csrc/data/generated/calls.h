// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

struct StreamSizes {
  int32_t threads;
  int64_t seed;
  int64_t first;
  int64_t count;
  int64_t bases;
  int64_t quantities;
  const double* cumulative;
  const int64_t* base_node_offsets;
  const int64_t* base_strut_offsets;
  const double* low;
  const double* high;
  const double* choices;
  const int64_t* choice_offsets;
  double removal_share;
  int64_t* base;
  int64_t* node_offsets;
  int64_t* strut_offsets;
};
void run(const StreamSizes& call);

struct StreamFill {
  int32_t threads;
  int64_t seed;
  int64_t first;
  int64_t count;
  int64_t bases;
  int64_t quantities;
  const double* cumulative;
  const int64_t* base_node_offsets;
  const int64_t* base_strut_offsets;
  const double* low;
  const double* high;
  const double* choices;
  const int64_t* choice_offsets;
  double removal_share;
  const double* base_cell;
  const double* base_positions;
  const int64_t* base_struts;
  const int64_t* base_shifts;
  double strain_share;
  double strain;
  double zero_share;
  double uniform;
  double two_valued;
  double log_normal;
  double max_slenderness;
  fl::data::Displacement displacement;
  fl::data::Rotation rotation;
  const int64_t* node_offsets;
  const int64_t* strut_offsets;
  double* cell;
  double* positions;
  int64_t* struts;
  int64_t* shifts;
  double* radii;
  double* level;
  double* density;
  uint8_t* beam_valid;
};
void run(const StreamFill& call);

}  // namespace fl::calls
