// Written by codegen/abi.py; not to be edited.
#pragma once
#include <cstdint>

namespace fl {
constexpr int64_t abi_version = 6575386647170923785;
}
