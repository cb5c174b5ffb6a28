#include "avro/java_conversion.h"

#include <fmt/core.h>

#include <array>
#include <charconv>

#include "avro/decimal_text.h"

namespace omashu::avro {

namespace {

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kCorrupt, std::move(message)); }

bool is_negative(char byte) { return (static_cast<unsigned char>(byte) & 0x80) != 0; }

// Two's complement without the leading bytes that only repeat the sign.
std::string_view without_sign_extension(std::string_view unscaled) {
  while (unscaled.size() > 1) {
    const bool repeats =
        (unscaled[0] == '\0' && !is_negative(unscaled[1])) || (unscaled[0] == '\xff' && is_negative(unscaled[1]));
    if (!repeats) break;
    unscaled.remove_prefix(1);
  }
  return unscaled;
}

Result<std::string> convert_decimal(const Node& node, std::string_view value) {
  if (value.empty()) return refuse("a decimal without bytes");
  const std::string_view unscaled = without_sign_extension(value);
  std::array<char, kMaxDecimalText> text;
  const char* end = write_decimal(text.data(), unscaled, 0);
  if (end == nullptr) return refuse("a decimal that is too long");
  size_t digits = static_cast<size_t>(end - text.data());
  if (text[0] == '-') --digits;
  if (digits > static_cast<size_t>(node.precision)) {
    return refuse(fmt::format("a decimal of {} digits, where the schema's precision is {}", digits, node.precision));
  }
  return std::string(node.type == Type::kFixed ? value : unscaled);
}

Result<std::string> convert_big_decimal(std::string_view value) {
  std::string_view unscaled;
  int32_t scale = 0;
  if (!split_big_decimal(value, unscaled, scale) || unscaled.empty()) return refuse("bytes that are no big-decimal");
  return join_big_decimal({.unscaled = std::string(without_sign_extension(unscaled)), .scale = scale});
}

// java.util.UUID.fromString takes groups that are shorter than they should be, and drops what is too long.
Result<std::string> convert_uuid(std::string_view value) {
  constexpr std::array<size_t, 5> kDigits = {8, 4, 4, 4, 12};
  std::string out;
  std::string_view rest = value;
  for (size_t group = 0; group < kDigits.size(); ++group) {
    const size_t dash = group + 1 < kDigits.size() ? rest.find('-') : rest.size();
    if (dash == std::string_view::npos) return refuse("a string that is no UUID");
    uint64_t number = 0;
    const auto [stop, error] = std::from_chars(rest.data(), rest.data() + dash, number, 16);
    if (error != std::errc() || stop != rest.data() + dash || value.size() > 36) {
      return refuse("a string that is no UUID");
    }
    if (kDigits[group] < 16) number &= (uint64_t{1} << 4 * kDigits[group]) - 1;
    out += fmt::format("{}{:0{}x}", group > 0 ? "-" : "", number, kDigits[group]);
    rest.remove_prefix(group + 1 < kDigits.size() ? dash + 1 : dash);
  }
  return out;
}

}  // namespace

Result<std::string> convert_as_java(const Node& node, std::string_view value) {
  switch (node.logical_type) {
    case LogicalType::kDecimal: return convert_decimal(node, value);
    case LogicalType::kBigDecimal: return convert_big_decimal(value);
    case LogicalType::kUuid:
      if (node.type == Type::kString) return convert_uuid(value);
      break;
    default: break;
  }
  return std::string(value);
}

Result<void> check_as_java(const Node& node, int64_t value) {
  constexpr int64_t kDaySeconds = 86'400;
  const bool is_millis = node.logical_type == LogicalType::kTimeMillis;
  if (!is_millis && node.logical_type != LogicalType::kTimeMicros) return {};
  if (value >= 0 && value < kDaySeconds * (is_millis ? 1'000 : 1'000'000)) return {};
  return refuse(fmt::format("{} is no time of day", value));
}

}  // namespace omashu::avro
