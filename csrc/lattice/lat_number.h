// Numbers as text, independent of the locale: read correctly rounded, written shortest-exact or to some digits.
#pragma once
#include <cstdint>
#include <string>

namespace fl::lat {

// Reads a decimal number at `begin` (sign, digits, point, exponent; not "nan", "inf" or hexadecimal).
// Returns the first character after it, or null where there is none or it is too large or small for a double.
const char* read_double(const char* begin, const char* end, double& value);

// Reads a decimal integer at `begin`; null where there is none or it does not fit.
const char* read_integer(const char* begin, const char* end, int64_t& value);

// Appends `value`: with digits = 0 the shortest text that reads back to the same bits, else as printf's %.<digits>g.
void append_double(std::string& text, double value, int digits);

void append_integer(std::string& text, int64_t value);

}  // namespace fl::lat
