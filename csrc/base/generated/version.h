// Written by codegen/abi.py; not to be edited.
#pragma once
#include <cstdint>

namespace fl {
constexpr int64_t abi_version = 2323928652096256777;
}
