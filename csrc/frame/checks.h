// The checks of a lattice before it is solved.
#pragma once
#include <array>
#include <new>
#include <stdexcept>

#include "frame/geometry.h"

namespace fl::frame {

// Whether there are nodes, neither they nor struts are too many, and all nodes and shifts of struts are in range.
bool graph_is_valid(const Lattice& lattice);

// Finds the strut vectors and everything that makes a lattice unfit.
class Checker {
 public:
  // What num_nodes, struts and shifts alone say: the same of all lattices of one topology.
  Verdict check_graph(const Lattice& lattice);

  // The whole verdict on a lattice, given that on its graph. On Status::ok, `struts` is ready to assemble.
  Verdict check(const Lattice& lattice, const Verdict& graph, Discretisation discretisation,
                std::vector<Strut>& struts) const;

 private:
  using Shift = std::array<int64_t, 3>;
  struct Key {
    uint64_t nodes, shift;
    bool operator==(const Key& other) const { return nodes == other.nodes && shift == other.shift; }
  };
  // Span of the cycle vectors of one piece: nothing, a line, a plane (its normal), or space.
  struct Span {
    int32_t rank = 0;
    __int128 vector[3];
    void add(const Shift& cycle);
  };

  int64_t find_duplicate(const Lattice& lattice);
  static bool is_one_net(const Lattice& lattice);
  void find_pieces(const Lattice& lattice, Verdict& verdict);
  int32_t root(int32_t node, Shift& shift);

  std::vector<Key> keys_;
  std::vector<int32_t> table_, parent_, closing_;
  std::vector<Shift> offset_;
  std::vector<uint8_t> touched_;
  std::vector<Span> spans_;
};

// The verdict that `find` comes to. Where the memory does not suffice, that: `give_back` then frees what is held, so that
// the other lattices can go on.
template <class Find, class GiveBack>
Verdict within_memory(const Find& find, const GiveBack& give_back) {
  try {
    return find();
  } catch (const std::bad_alloc&) {
  } catch (const std::length_error&) {  // more than a vector can ever hold
  }
  give_back();
  Verdict verdict;
  verdict.status = Status::out_of_memory;
  return verdict;
}

// What the checks and the solver say of lattice b, into the arrays of a call.
template <class Call>
void report(const Call& call, int64_t b, const Verdict& verdict) {
  call.status[b] = static_cast<int32_t>(verdict.status);
  call.rank[b] = verdict.rank;
  call.offending[b] = verdict.offending;
  call.beam_valid[b] = verdict.beam_valid;
}

}  // namespace fl::frame
