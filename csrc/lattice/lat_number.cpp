#include "lattice/lat_number.h"

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#ifndef __cpp_lib_to_chars  // older standard libraries: no std::from_chars and std::to_chars of double
#include <locale.h>
#if __has_include(<xlocale.h>)
#include <xlocale.h>
#endif
#endif

namespace fl::lat {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

constexpr double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr int exact_power = 22;                           // the largest power of ten that is a double
constexpr uint64_t exact_mantissa = uint64_t{1} << 53;  // integers up to here are doubles
constexpr int mantissa_digits = 19;                       // that many decimal digits fit in 64 bits

#ifdef __cpp_lib_to_chars

bool convert(const char* begin, const char* end, double& value) {
  const auto result = std::from_chars(begin, end, value);
  return result.ec == std::errc() && result.ptr == end;
}

int print(char* buffer, int capacity, double value, int digits) {
  const auto result = digits == 0 ? std::to_chars(buffer, buffer + capacity, value)
                                  : std::to_chars(buffer, buffer + capacity, value, std::chars_format::general, digits);
  return result.ec == std::errc() ? static_cast<int>(result.ptr - buffer) : -1;
}

#else

locale_t c_locale() {
  static const locale_t locale = newlocale(LC_ALL_MASK, "C", locale_t(0));
  return locale;
}

bool convert(const char* begin, const char* end, double& value) {
  const std::string token(begin, end);
  char* stop = nullptr;
  value = strtod_l(token.c_str(), &stop, c_locale());
  const bool finite = value - value == 0;
  return finite && stop == token.c_str() + token.size();
}

int print(char* buffer, int capacity, double value, int digits) {
  const locale_t before = uselocale(c_locale());
  int length = -1;
  for (int precision = digits ? digits : 15; precision <= (digits ? digits : 17); ++precision) {
    length = std::snprintf(buffer, capacity, "%.*g", precision, value);
    double back;
    if (digits == 0 && convert(buffer, buffer + length, back) && back == value) break;
  }
  uselocale(before);
  return length;
}

#endif

}  // namespace

const char* read_double(const char* begin, const char* end, double& value) {
  const char* p = begin;
  const bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+')) ++p;
  const char* digits_begin = p;
  uint64_t mantissa = 0;
  int digits = 0;
  for (; p < end && is_digit(*p); ++p, ++digits) mantissa = mantissa * 10 + (*p - '0');
  int exponent = 0;
  if (p < end && *p == '.') {
    const char* point = p++;
    for (; p < end && is_digit(*p); ++p, ++digits) mantissa = mantissa * 10 + (*p - '0');
    exponent = static_cast<int>(point + 1 - p);
  }
  if (digits == 0) return nullptr;
  if (p < end && (*p == 'e' || *p == 'E')) {
    const char* q = p + 1;
    const bool downwards = q < end && *q == '-';
    if (q < end && (*q == '-' || *q == '+')) ++q;
    if (q == end || !is_digit(*q)) return nullptr;
    int power = 0;
    for (; q < end && is_digit(*q); ++q) power = power < 100000 ? power * 10 + (*q - '0') : power;
    exponent += downwards ? -power : power;
    p = q;
  }
  // Both factors are doubles, so the one operation rounds the exact value (Clinger 1990).
  if (digits <= mantissa_digits && mantissa <= exact_mantissa && exponent >= -exact_power && exponent <= exact_power) {
    const double whole = static_cast<double>(mantissa);
    value = exponent < 0 ? whole / powers_of_ten[-exponent] : whole * powers_of_ten[exponent];
  } else if (!convert(digits_begin, p, value)) {
    return nullptr;
  }
  if (negative) value = -value;
  return p;
}

const char* read_integer(const char* begin, const char* end, int64_t& value) {
  if (begin < end && *begin == '+') ++begin;
  const auto result = std::from_chars(begin, end, value);
  return result.ec == std::errc() ? result.ptr : nullptr;
}

void append_double(std::string& text, double value, int digits) {
  char buffer[64];
  const int length = print(buffer, sizeof buffer, value, digits);
  constexpr int room = sizeof buffer;
  if (length < 0 || length > room) throw std::length_error("a number does not fit its buffer");
  text.append(buffer, length);
}

void append_integer(std::string& text, int64_t value) {
  char buffer[24];
  text.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

}  // namespace fl::lat
