#include "broker/log/text_checksum.h"

#include <fmt/core.h>

#include <algorithm>

#include "broker/log/crc32c.h"

namespace omashu::broker {

namespace {

constexpr std::string_view kName = "crc: ";
constexpr size_t kLineBytes = kName.size() + 8 + 1;

std::string line_for(std::string_view text) { return fmt::format("{}{:08x}\n", kName, crc32c(text)); }

std::string json_end_for(std::string_view text) {
  return fmt::format(",\"{}\":\"{:08x}\"}}\n", kJsonChecksum, crc32c(text));
}

}  // namespace

std::string with_checksum(std::string text) {
  text += line_for(text);
  return text;
}

std::optional<std::string_view> without_checksum(std::string_view text) {
  if (text.size() < kLineBytes) return text;
  const std::string_view line = text.substr(text.size() - kLineBytes);
  if (!line.starts_with(kName)) return text;
  text.remove_suffix(kLineBytes);
  if (line != line_for(text)) return std::nullopt;
  return text;
}

std::string with_json_checksum(std::string text) {
  text += json_end_for(text);
  return text;
}

std::optional<std::string> json_checksum_problem(std::string_view text) {
  const std::string_view before = text.substr(0, std::min(text.rfind(",\""), text.size()));
  if (text.substr(before.size()) == json_end_for(before)) return std::nullopt;
  return fmt::format("the text has another checksum ({} may be left out of a text that was changed on purpose)",
                     kJsonChecksum);
}

}  // namespace omashu::broker
