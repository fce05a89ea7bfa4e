#include "frame/company.h"

#include "base/simd.h"

namespace fl::frame {
namespace {

// Number k of each lattice to vector k.
void gather(const double* const (&from)[Lanes::count], int64_t count, Lanes* to) {
  int64_t k = 0;
  for (; k + Lanes::count <= count; k += Lanes::count) {
    Part square[Lanes::count];
    for (int lane = 0; lane < Lanes::count; ++lane) square[lane] = load(from[lane] + k);
    transpose<double>(square);
    for (int n = 0; n < Lanes::count; ++n) to[k + n] = square[n];
  }
  for (; k < count; ++k)
    for (int lane = 0; lane < Lanes::count; ++lane) to[k].part[lane] = from[lane][k];
}

}  // namespace

void prefetch(const Lattice& lattice, const double* results, int64_t count) {
  constexpr int64_t line = 64;
  const auto fetch = [](const double* begin, int64_t count) {
    const auto* bytes = reinterpret_cast<const char*>(begin);
    for (int64_t k = 0; k < count * int64_t{sizeof(double)}; k += line) __builtin_prefetch(bytes + k);
  };
  fetch(lattice.cell, 9);
  fetch(lattice.positions, 3 * lattice.num_nodes);
  fetch(lattice.radii, lattice.num_struts);
  fetch(results, count);
}

void Company::measure(const Lattice* lattices, int count, Discretisation discretisation) {
  const Lattice& first = lattices[0];
  positions_.resize(3 * first.num_nodes);
  radii_.resize(first.num_struts);
  const double *cell[Lanes::count], *positions[Lanes::count], *radii[Lanes::count];
  for (int lane = 0; lane < Lanes::count; ++lane) {
    const Lattice& lattice = lattices[lane < count ? lane : 0];  // lanes that are left over do the first one's work
    cell[lane] = lattice.cell, positions[lane] = lattice.positions, radii[lane] = lattice.radii;
    const CellShape shape(lattice.cell);
    sound_[lane] = shape.sound;
    longest_.part[lane] = shape.longest;
    volume_.part[lane] = shape.volume;
  }
  gather(cell, 9, cell_);
  gather(positions, 3 * first.num_nodes, positions_.data());
  gather(radii, first.num_struts, radii_.data());
  frame::measure(first, cell_, positions_.data(), radii_.data(), struts_);
  const Soundness<Lanes> all(positions_.data(), first.num_nodes, struts_, longest_);
  for (int lane = 0; lane < count; ++lane) {
    sound_[lane] &= all.in_range[lane] && all.solid[lane];
    slender_[lane] = all.slender[lane];
    if (discretisation != Discretisation::abaqus_b31 || !sound_[lane]) continue;
    sound_[lane] = cuts_are_few(lattices[lane]);
    constexpr int64_t stride = sizeof(StrutOf<Lanes>) / sizeof(double);
    if (sound_[lane]) cut_cubes(lattices[lane], reinterpret_cast<double*>(&struts_[0].cut_cubes) + lane, stride);
  }
}

}  // namespace fl::frame
