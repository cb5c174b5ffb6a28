#include "sink/retry_place.h"

#include <fmt/core.h>

#include <charconv>

namespace omashu::sink {

namespace {

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

// Takes what stands behind the last dash.
std::string_view take_last(std::string_view& text) {
  const size_t dash = text.rfind('-');
  if (dash == std::string_view::npos) return {};
  const std::string_view last = text.substr(dash + 1);
  text = text.substr(0, dash);
  return last;
}

}  // namespace

std::optional<RecordOrigin> parse_origin(std::string_view text) {
  const auto offset = parse_number<int64_t>(take_last(text));
  const auto partition = parse_number<int32_t>(take_last(text));
  if (!offset || !partition || text.empty()) return std::nullopt;
  return RecordOrigin{text, kafka::PartitionId{*partition}, kafka::Offset{*offset}};
}

std::string origin_text(const RecordOrigin& origin) {
  return fmt::format("{}-{}-{}", origin.topic, origin.partition, origin.offset);
}

std::optional<std::string_view> find_header(const kafka::Message& message, std::string_view name) {
  for (auto header = message.headers.rbegin(); header != message.headers.rend(); ++header) {
    if (header->name == name && header->value) return *header->value;
  }
  return std::nullopt;
}

RecordOrigin origin_of_retry(const kafka::Message& message) {
  if (const auto text = find_header(message, kRetryOriginHeader)) {
    if (const auto origin = parse_origin(*text)) return *origin;
  }
  return {message.topic, message.partition, message.offset};
}

int64_t retry_at_ms(const kafka::Message& message) {
  const auto text = find_header(message, kRetryAtHeader);
  return text ? parse_number<int64_t>(*text).value_or(0) : 0;
}

}  // namespace omashu::sink
