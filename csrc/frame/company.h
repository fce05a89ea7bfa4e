// Several lattices of one topology, measured and checked together, a lattice a lane.
#pragma once
#include "frame/density.h"
#include "frame/geometry.h"

namespace fl::frame {

// Lattices of one topology lie anywhere in a batch: has the machine fetch one that is soon measured, and where its `count`
// results go.
void prefetch(const Lattice& lattice, const double* results, int64_t count);

class Company {
 public:
  // Strut vectors, lengths and radii of `count` lattices, and what the checks say of their geometry.
  void measure(const Lattice* lattices, int count, Discretisation discretisation);

  // Whether lattice `lane` passes the checks of its geometry, and whether its struts are slender enough for beam theory.
  bool sound(int lane) const { return sound_[lane]; }
  bool slender(int lane) const { return slender_[lane]; }
  Lanes volume() const { return volume_; }
  Lanes density(const Lattice& first) const {
    return frame::density(first, cell_, positions_.data(), radii_.data(), volume_);
  }
  const std::vector<StrutOf<Lanes>>& struts() const { return struts_; }

 private:
  Lanes cell_[9] = {}, longest_ = 0.0, volume_ = 0.0;
  std::vector<Lanes> positions_, radii_;
  std::vector<StrutOf<Lanes>> struts_;
  bool sound_[Lanes::count] = {}, slender_[Lanes::count] = {};
};

}  // namespace fl::frame
