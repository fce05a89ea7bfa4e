// Written by codegen/abi.py; not to be edited.
#pragma once
#include <cstdint>

namespace fl {
constexpr int64_t abi_version = 2525801243585946067;
}

namespace fl::frame {
enum class Status : int32_t {ok, invalid_input, zero_length_strut, duplicate_strut,
    isolated_node, not_three_periodic, floating_piece, singular_pivot, out_of_memory};
}

namespace fl::frame {
enum class Discretisation : int32_t {exact, abaqus_b31};
}

namespace fl {
enum class PositiveFunction : int32_t {none, matrix_power_2, matrix_power_4, matrix_exp,
    matrix_trunc_exp_2, matrix_trunc_exp_4};
}

namespace fl::data {
enum class Quantity : int32_t {removal, level, radius_ratio, other_share, radius_sigma,
    density};
}

namespace fl::data {
enum class Displacement : int32_t {exact, gaussian};
}

namespace fl::data {
enum class Rotation : int32_t {none, random};
}

namespace fl {
enum class Fault : int32_t {none, position, shift, radius, attribute, edge, owner, empty, bridge,
    length};
}
