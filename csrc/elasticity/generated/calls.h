// Written by codegen/abi.py; not to be edited.
//
// The arguments of this folder's exported functions, checked, and what runs them.
#pragma once
#include "base/boundary.h"

namespace fl::calls {

struct ElasticityModuli {
  int64_t count;
  const double* stiffness;
  double* columns;
};
void run(const ElasticityModuli& call);

struct ElasticityExtremes {
  int32_t threads;
  int64_t count;
  int64_t modulus;
  const double* factor;
  double* frames;
};
void run(const ElasticityExtremes& call);

}  // namespace fl::calls
