// Gradient of the homogenised stiffness; see adjoint.cpp.
#pragma once
#include "frame/gradients.h"

namespace fl::frame {

// Gradients of sum(C * cotangent) with respect to a lattice's cell, positions and radii, to where there are zeros. C
// [6, 6] is the stiffness, u [num_nodes, 6] its fluctuations.
void adjoint(const Lattice& lattice, const std::vector<Strut>& struts, const Material& material, const double* C,
             const Vector8* u, const double* cotangent, const Gradients& to);

}  // namespace fl::frame
