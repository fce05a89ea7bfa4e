// Gradient of the homogenised stiffness; see frame_adjoint.cpp.
#pragma once
#include "frame/frame.h"

namespace fl::frame {

// Gradients of sum(C * cotangent) with respect to a lattice's cell [3, 3], positions [num_nodes, 3] and radii
// [num_struts], which are overwritten. C [6, 6] is the stiffness, u [num_nodes, 6] its fluctuations.
void adjoint(const Lattice& lattice, const std::vector<Strut>& struts, const Material& material, const double* C,
             const Vector8* u, const double* cotangent, double* grad_cell, double* grad_positions, double* grad_radii);

}  // namespace fl::frame
