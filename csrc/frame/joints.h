// How far struts reach into one another at the nodes. Of two struts with radii r and s that meet at the angle t, the
// second covers the axis of the first up to s / sin t; beyond a right angle no further than s.
#pragma once
#include "frame/frame.h"

namespace fl::frame {

// Of one lattice at a time.
class Joints {
 public:
  // How far each end of each strut is covered, [struts, 2], in squares. The lattice's graph is valid.
  void reach(const Lattice& lattice, double* reached);

  // The largest part of a strut's length that both ends together take, after reach().
  double overlap(const double* reached) const;

  // Both.
  double overlap(const Lattice& lattice) {
    reached_.resize(2 * lattice.num_struts);
    reach(lattice, reached_.data());
    return overlap(reached_.data());
  }

 private:
  static constexpr int64_t lanes = Lanes::count;

  void sort_ends(const Lattice& lattice);
  double covered(int64_t p, int64_t begin, int64_t end);
  Part row(int column, int64_t q) const;

  std::vector<Strut> struts_;
  std::vector<int64_t> starts_, ends_, places_;  // of nodes; of nodes; of rows: where reach() writes
  std::vector<double> columns_[4];               // direction and square of the radius
  std::vector<double> reached_;                  // where the caller keeps none
};

// Of several lattices of one topology, a lattice a lane, with the bits that each has alone.
class JointsTogether {
 public:
  // Which ends of struts meet. The graph is valid.
  void analyse(const Lattice& lattice);

  // The largest part of a strut's length that both ends together take.
  Lanes overlap(const std::vector<StrutOf<Lanes>>& struts);

 private:
  struct End {
    Lanes direction[3], square, covered;  // square: of the radius; covered: how far, in squares
  };

  std::vector<int64_t> starts_, places_;  // of nodes: their ends; of ends: where they are sorted by nodes
  std::vector<End> ends_;
};

}  // namespace fl::frame
