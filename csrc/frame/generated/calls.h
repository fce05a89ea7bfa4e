// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

struct FrameHomogenise {
  int64_t count;
  const double* cell;
  const double* positions;
  const int64_t* struts;
  const int64_t* shifts;
  const double* radii;
  const int64_t* node_offsets;
  const int64_t* strut_offsets;
  double nu;
  double kappa;
  fl::frame::Discretisation discretisation;
  int32_t threads;
  double* stiffness;
  int32_t* status;
  int32_t* rank;
  int64_t* where;
  uint8_t* beam_valid;
  double* displacements;
};
void run(const FrameHomogenise& call);

struct FrameCheck {
  int64_t count;
  const double* cell;
  const double* positions;
  const int64_t* struts;
  const int64_t* shifts;
  const double* radii;
  const int64_t* node_offsets;
  const int64_t* strut_offsets;
  int32_t threads;
  int32_t* status;
  int32_t* rank;
  int64_t* where;
  uint8_t* beam_valid;
};
void run(const FrameCheck& call);

struct FrameJoints {
  int64_t count;
  const double* cell;
  const double* positions;
  const int64_t* struts;
  const int64_t* shifts;
  const double* radii;
  const int64_t* node_offsets;
  const int64_t* strut_offsets;
  int32_t threads;
  double* overlap;
  double* reached;
};
void run(const FrameJoints& call);

struct FrameAdjoint {
  int64_t count;
  const double* cell;
  const double* positions;
  const int64_t* struts;
  const int64_t* shifts;
  const double* radii;
  const int64_t* node_offsets;
  const int64_t* strut_offsets;
  double nu;
  double kappa;
  int32_t threads;
  const int32_t* status;
  const double* stiffness;
  const double* displacements;
  const double* cotangent;
  double* grad_cell;
  double* grad_positions;
  double* grad_radii;
};
void run(const FrameAdjoint& call);

}  // namespace fl::calls
