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
  int64_t* offending;
  uint8_t* beam_valid;
  double* overlap;
  double* density;
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
  int64_t* offending;
  uint8_t* beam_valid;
};
void run(const FrameCheck& call);

struct FrameDensity {
  int64_t count;
  const double* cell;
  const double* positions;
  const int64_t* struts;
  const int64_t* shifts;
  const double* radii;
  const int64_t* node_offsets;
  const int64_t* strut_offsets;
  int32_t threads;
  double* density;
};
void run(const FrameDensity& call);

struct FrameConductivity {
  int64_t count;
  const double* cell;
  const double* positions;
  const int64_t* struts;
  const int64_t* shifts;
  const double* radii;
  const int64_t* node_offsets;
  const int64_t* strut_offsets;
  int32_t threads;
  double* conductivity;
  int32_t* status;
  int32_t* rank;
  int64_t* offending;
  uint8_t* beam_valid;
  double* temperatures;
};
void run(const FrameConductivity& call);

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

struct FrameBounds {
  int64_t count;
  int64_t order;
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
  double* stiffness;
  int32_t* status;
  int32_t* rank;
  int64_t* offending;
  uint8_t* beam_valid;
};
void run(const FrameBounds& call);

struct FrameBoundsAdjoint {
  int64_t count;
  int64_t order;
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
  const double* cotangent;
  double* grad_cell;
  double* grad_positions;
  double* grad_radii;
};
void run(const FrameBoundsAdjoint& call);

struct FrameNodeMechanics {
  int64_t nodes;
  int64_t edges;
  const int64_t* receivers;
  const double* vectors;
  const double* radii;
  double nu;
  double kappa;
  double* energy;
  double* release;
};
void run(const FrameNodeMechanics& call);

struct FrameNodeMechanicsBackward {
  int64_t nodes;
  int64_t edges;
  const int64_t* receivers;
  const double* vectors;
  const double* radii;
  double nu;
  double kappa;
  const double* grad_energy;
  const double* grad_release;
  double* grad_vectors;
  double* grad_radii;
};
void run(const FrameNodeMechanicsBackward& call);

struct RelaxedEnergies {
  int32_t threads;
  int64_t nodes;
  int64_t struts;
  int64_t lattices;
  int64_t order;
  const int64_t* batch;
  const int64_t* ends;
  const double* vectors;
  const double* radii;
  double nu;
  double kappa;
  double dependent;
  double* energies;
  double* share;
  double* release;
};
void run(const RelaxedEnergies& call);

struct RelaxedEnergiesBackward {
  int32_t threads;
  int64_t nodes;
  int64_t struts;
  int64_t lattices;
  int64_t order;
  const int64_t* batch;
  const int64_t* ends;
  const double* vectors;
  const double* radii;
  double nu;
  double kappa;
  double dependent;
  const double* grad_energies;
  const double* grad_share;
  const double* grad_release;
  double* grad_vectors;
  double* grad_radii;
};
void run(const RelaxedEnergiesBackward& call);

}  // namespace fl::calls
