#include "frame/company.h"

namespace fl::frame {
namespace {

// Spreads numbers over one lane of vectors.
void spread(const double* from, int64_t count, Lanes* to, int lane) {
  double* numbers = reinterpret_cast<double*>(to) + lane;
  for (int64_t k = 0; k < count; ++k) numbers[k * Lanes::count] = from[k];
}

}  // namespace

void Company::put(int lane, const Lattice& lattice) {
  positions_.resize(3 * lattice.num_nodes);
  radii_.resize(lattice.num_struts);
  const CellShape cell(lattice.cell);
  spread(lattice.cell, 9, cell_, lane);
  spread(&cell.longest, 1, &longest_, lane);
  spread(lattice.positions, 3 * lattice.num_nodes, positions_.data(), lane);
  spread(lattice.radii, lattice.num_struts, radii_.data(), lane);
  sound_[lane] = cell.sound;
}

void Company::measure(const Lattice* lattices, int count, const Material& material) {
  for (int lane = 0; lane < count; ++lane) put(lane, lattices[lane]);
  frame::measure(lattices[0], cell_, positions_.data(), radii_.data(), struts_);
  const Soundness<Lanes> all(positions_.data(), lattices[0].num_nodes, struts_, longest_);
  for (int lane = 0; lane < count; ++lane) {
    sound_[lane] &= all.in_range[lane] && all.solid[lane];
    slender_[lane] = all.slender[lane];
    if (material.discretisation != Discretisation::abaqus_b31 || !sound_[lane]) continue;
    sound_[lane] = cuts_are_few(lattices[lane]);
    constexpr int64_t stride = sizeof(StrutOf<Lanes>) / sizeof(double);
    if (sound_[lane]) cut_cubes(lattices[lane], reinterpret_cast<double*>(&struts_[0].cut_cubes) + lane, stride);
  }
}

}  // namespace fl::frame
