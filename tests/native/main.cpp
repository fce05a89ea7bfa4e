// Calls the native library as its users do, with random numbers and awkward sizes. Built with sanitizers: see Makefile.
#include <stdexcept>

#include "tests.h"

#ifdef EXACT_BLOCKS
#include "base/workspace.h"

// In place of csrc/base/workspace.cpp: blocks of exactly the size asked for, which no one else has had.
namespace fl {
void* allocate_block(std::size_t bytes) { return ::operator new(bytes, std::align_val_t{64}); }
void prefer_large_pages(void*, std::size_t) {}
void free_block(void* block, std::size_t) noexcept { ::operator delete(block, std::align_val_t{64}); }
}  // namespace fl
#endif

// Generated kernels that a program is built without: see Makefile.
#include "ops/edge_conv/edge_conv_groups.h"
#define LEFT_OUT throw std::logic_error("these kernels are left out");
namespace fl {
#if CONV_LMAX < 4
template <>
const edge_conv::Group<float>* edge_conv::groups_lmax4<float>(int) { LEFT_OUT }
template <>
const edge_conv::Group<double>* edge_conv::groups_lmax4<double>(int) { LEFT_OUT }
#endif
#if CONV_LMAX < 3
template <>
const edge_conv::Group<float>* edge_conv::groups_lmax3<float>(int) { LEFT_OUT }
template <>
const edge_conv::Group<double>* edge_conv::groups_lmax3<double>(int) { LEFT_OUT }
#endif
#if CONTRACTION_LMAX < 4
template <>
const ContractionPrograms<float>& contraction_programs<3, float>() { LEFT_OUT }
template <>
const ContractionPrograms<double>& contraction_programs<3, double>() { LEFT_OUT }
template <>
const ContractionPrograms<float>& contraction_programs<4, float>() { LEFT_OUT }
template <>
const ContractionPrograms<double>& contraction_programs<4, double>() { LEFT_OUT }
#endif
}  // namespace fl

int main() {
  std::printf("instruction sets of this machine: %d\n", fl_instruction_sets());
  test_graphs();
  test_folds();
  test_frames();
  test_quantities();
  test_streams();
  test_elasticity();
  test_catalogues();
  test_ops();
  test_blocks();
  test_networks();
  std::printf("passed\n");
}
