// The exported functions of a stream: sizes of samples, then the samples, shared out over threads.
#include <stdexcept>

#include "base/pool.h"
#include "data/generated/calls.h"
#include "data/sampler.h"

namespace fl::data {
namespace {

constexpr int64_t samples_per_task = 64;

template <class Call>
Recipe drawn_from(const Call& call) {
  if (call.quantities != static_cast<int64_t>(Quantity::density) + 1)
    throw std::invalid_argument("the quantities are not those of a recipe");
  const auto numbers = [&](Quantity quantity) -> Numbers {
    const auto q = static_cast<int>(quantity);
    const int64_t first = call.choice_offsets[q];
    return {call.choices + first, call.choice_offsets[q + 1] - first, call.low[q], call.high[q]};
  };
  return {numbers(Quantity::removal),      numbers(Quantity::level),
          numbers(Quantity::radius_ratio), numbers(Quantity::other_share),
          numbers(Quantity::radius_sigma), numbers(Quantity::density),
          call.removal_share};
}

template <class Call>
Bases bases_of(const Call& call) {
  if (call.bases < 1) throw std::invalid_argument("there is no base");
  if ((call.first < 0) || call.count > (int64_t{1} << 62) - call.first)
    throw std::invalid_argument("samples have numbers from 0 to below 2^62");
  return {call.bases, call.cumulative, call.base_node_offsets, call.base_strut_offsets};
}

}  // namespace
}  // namespace fl::data

namespace fl::calls {

using namespace fl::data;

void run(const StreamSizes& call) {
  const Bases bases = bases_of(call);
  const Recipe recipe = drawn_from(call);
  call.node_offsets[0] = call.strut_offsets[0] = 0;
  parallel_for(call.threads, call.count, samples_per_task, [&](int32_t, int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      const Choice choice = choose(call.seed, call.first + n, bases, recipe);
      call.base[n] = choice.base;
      call.node_offsets[n + 1] = choice.nodes;
      call.strut_offsets[n + 1] = choice.struts;
    }
  });
  for (int64_t n = 0; n < call.count; ++n) {
    call.node_offsets[n + 1] += call.node_offsets[n];
    call.strut_offsets[n + 1] += call.strut_offsets[n];
  }
}

void run(const StreamFill& call) {
  Bases bases = bases_of(call);
  bases.cell = call.base_cell;
  bases.positions = call.base_positions;
  bases.struts = call.base_struts;
  bases.shifts = call.base_shifts;
  Recipe recipe = drawn_from(call);
  recipe.strain_share = call.strain_share;
  recipe.strain = call.strain;
  recipe.zero_share = call.zero_share;
  recipe.uniform = call.uniform;
  recipe.two_valued = call.two_valued;
  recipe.log_normal = call.log_normal;
  recipe.max_slenderness = call.max_slenderness;
  recipe.displacement = call.displacement;
  recipe.rotation = call.rotation;
  std::vector<Sampler> samplers(call.threads, Sampler(call.seed, bases, recipe));
  parallel_for(call.threads, call.count, samples_per_task, [&](int32_t worker, int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      const Choice choice = choose(call.seed, call.first + n, bases, recipe);
      const int64_t node = call.node_offsets[n], strut = call.strut_offsets[n];
      if (call.node_offsets[n + 1] - node != choice.nodes || call.strut_offsets[n + 1] - strut != choice.struts)
        throw std::invalid_argument("the offsets are not those of the samples");
      const SampleRows rows{call.cell + 9 * n,       call.positions + 3 * node, call.struts + 2 * strut,
                      call.shifts + 3 * strut, call.radii + strut,        call.level + n,
                      call.density + n,        call.beam_valid + n};
      samplers[worker].make(call.first + n, choice, rows);
    }
  });
}

}  // namespace fl::calls
