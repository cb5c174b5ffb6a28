#include "sink/file/file_positions.h"

#include <fmt/core.h>

#include <charconv>
#include <optional>

#include "base/json.h"

namespace omashu::sink {

namespace {

std::unexpected<Error> refuse(std::string message) { return fail(ErrorCode::kCorrupt, std::move(message)); }

// "status-download-0"
std::optional<kafka::TopicPartition> parse_partition(std::string_view text) {
  const size_t dash = text.rfind('-');
  if (dash == std::string_view::npos || dash == 0) return std::nullopt;
  int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + dash + 1, text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return kafka::TopicPartition{std::string(text.substr(0, dash)), kafka::PartitionId{number}};
}

}  // namespace

std::string to_text(const FilePositions& positions) {
  std::string text = fmt::format(R"({{"length":{},"positions":{{)", positions.length);
  bool is_first = true;
  for (const auto& [place, position] : positions.positions) {
    if (!is_first) text += ',';
    is_first = false;
    json::append_quoted(text, fmt::format("{}-{}", place.topic, place.partition));
    text += fmt::format(":{}", position);
  }
  return text + "}}\n";
}

Result<FilePositions> parse_file_positions(std::string_view text) {
  const auto json = json::parse(text);
  if (!json) return refuse(json.error().message);
  FilePositions result;
  const json::Value* length = json->find("length");
  const json::Value* positions = json->find("positions");
  const auto bytes = length == nullptr ? std::nullopt : length->as_int64();
  if (!bytes || *bytes < 0 || positions == nullptr || !positions->is_object()) {
    return refuse(R"(expected {"length":…,"positions":{…}})");
  }
  result.length = *bytes;
  for (const json::Member& member : positions->members()) {
    const auto place = parse_partition(member.name);
    const auto offset = member.value.as_int64();
    if (!place || !offset || *offset < 0) return refuse(fmt::format("'{}' is no position", member.name));
    result.positions[*place] = kafka::Offset{*offset};
  }
  return result;
}

}  // namespace omashu::sink
