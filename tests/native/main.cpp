// Calls the native library as its users do, with random numbers and awkward sizes. Built with sanitizers: see Makefile.
#include <stdexcept>

#include "tests.h"

#ifdef EXACT_BLOCKS
#include "base/workspace.h"

// In place of csrc/workspace.cpp: blocks of exactly the size asked for, which no one else has had.
namespace fl {
void* allocate_block(std::size_t bytes) { return ::operator new(bytes, std::align_val_t{64}); }
void free_block(void* block, std::size_t) { ::operator delete(block, std::align_val_t{64}); }
}  // namespace fl
#endif

#ifdef WITHOUT_EDGE_CONV_4
#include "ops/edge_conv/edge_conv_groups.h"

namespace fl::edge_conv {
template <>
const Group<float>* groups_lmax4<float>(int) {
  throw std::logic_error("edge_conv_lmax4 is left out");
}
template <>
const Group<double>* groups_lmax4<double>(int) {
  throw std::logic_error("edge_conv_lmax4 is left out");
}
}  // namespace fl::edge_conv
#endif

int main() {
  std::printf("instruction sets of this machine: %d\n", fl_instruction_sets());
  test_graphs();
  test_frames();
  test_elasticity();
  test_catalogues();
  test_ops();
  test_networks();
  std::printf("passed\n");
}
