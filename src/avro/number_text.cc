#include "avro/number_text.h"

#include <fmt/compile.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

namespace omashu::avro {

namespace {

template <class T>
char* write_special(char* out, T value) {
  const std::string_view text = std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"";
  return std::copy(text.begin(), text.end(), out);
}

template <class T>
char* write_shortest(char* out, T value) {
  if (!std::isfinite(value)) return write_special(out, value);
  char* end = fmt::format_to(out, FMT_COMPILE("{}"), value);
  if (std::none_of(out, end, [](char c) { return c == '.' || c == 'e'; })) {
    *end++ = '.';
    *end++ = '0';
  }
  return end;
}

}  // namespace

bool parse_special_double(std::string_view text, double& value) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (text == "NaN") {
    value = std::numeric_limits<double>::quiet_NaN();
  } else if (text == "Infinity") {
    value = kInfinity;
  } else if (text == "-Infinity") {
    value = -kInfinity;
  } else {
    return false;
  }
  return true;
}

char* write_float(char* out, float value) { return write_shortest(out, value); }

// Most doubles in records are decimals of a few places: u / 10^k for a small integer u. With at most 15 digits that
// decimal is the only one so short that reads back as the double, so no search for the shortest is needed.
char* write_double(char* out, double value) {
  constexpr double kMaxUnscaled = 1e15;
  double factor = 1;
  for (int decimals = 0; decimals <= 4; ++decimals, factor *= 10) {
    const double scaled = std::fabs(value) * factor;
    if (!(scaled < kMaxUnscaled)) break;
    const auto unscaled = static_cast<uint64_t>(scaled);
    if (static_cast<double>(unscaled) != scaled) continue;
    if (scaled / factor != std::fabs(value)) continue;
    if (std::signbit(value)) *out++ = '-';
    const auto divisor = static_cast<uint64_t>(factor);
    out = std::to_chars(out, out + 20, unscaled / divisor).ptr;
    *out++ = '.';
    if (decimals == 0) {
      *out++ = '0';
      return out;
    }
    uint64_t rest = unscaled % divisor;
    for (int i = decimals; i-- > 0; rest /= 10) out[i] = static_cast<char>('0' + rest % 10);
    return out + decimals;
  }
  return write_shortest(out, value);
}

}  // namespace omashu::avro
