#include "sink/replay.h"

#include <fmt/core.h>

#include <charconv>

#include "sink/dead_letter.h"
#include "sink/retry_place.h"

namespace omashu::sink {

namespace {

// What this project and Connect add to a record that fails.
bool is_of_failure(std::string_view name) {
  return name.starts_with("__connect.errors.") || name == kRetryOriginHeader || name == kRetryAtHeader ||
         name == kReplayedFromHeader || name == kReplayCountHeader;
}

}  // namespace

int replay_count(const kafka::Message& dead_letter) {
  const auto text = find_header(dead_letter, kReplayCountHeader);
  int count = 0;
  if (!text || std::from_chars(text->data(), text->data() + text->size(), count).ec != std::errc()) return 0;
  return count < 0 ? 0 : count;
}

std::string_view failed_topic(const kafka::Message& dead_letter) {
  return find_header(dead_letter, kErrorTopicHeader).value_or("");
}

kafka::Record make_replay(const kafka::Message& dead_letter, const std::string& topic) {
  kafka::Record record{.topic = topic, .key = dead_letter.key, .value = dead_letter.value};
  if (dead_letter.timestamp_ms >= 0) record.timestamp_ms = dead_letter.timestamp_ms;
  for (const kafka::Header& header : dead_letter.headers) {
    if (!is_of_failure(header.name)) record.headers.push_back(header);
  }
  record.headers.push_back(
      {std::string(kReplayedFromHeader), origin_text({dead_letter.topic, dead_letter.partition, dead_letter.offset})});
  record.headers.push_back({std::string(kReplayCountHeader), fmt::format("{}", replay_count(dead_letter) + 1)});
  return record;
}

}  // namespace omashu::sink
