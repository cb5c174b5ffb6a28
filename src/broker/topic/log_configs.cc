#include "broker/topic/log_configs.h"

#include <cassert>
#include <charconv>
#include <string_view>

#include "base/topic_configs.h"

namespace omashu::broker {
namespace {

std::string_view text_of(const TopicConfigs& configs, std::string_view name) {
  if (const auto set = configs.find(name); set != configs.end()) return set->second;
  return find_topic_config(name)->default_value.value_or("");
}

template <class Number>
Number number_of(const TopicConfigs& configs, std::string_view name) {
  std::string_view text = text_of(configs, name);
  text.remove_prefix(std::min(text.find_first_not_of(" \t+"), text.size()));
  Number number{};
  [[maybe_unused]] const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  assert(parsed.ec == std::errc());
  return number;
}

}  // namespace

LogConfig log_config_of(const TopicConfigs& configs) {
  const std::string_view policy = text_of(configs, kCleanupPolicy);
  return {
      .is_compacted = is_compacted(policy),
      .is_deleted = policy.find("delete") != std::string_view::npos,
      .message_timestamp_type = text_of(configs, "message.timestamp.type") == "LogAppendTime"
                                    ? TimestampType::kLogAppendTime
                                    : TimestampType::kCreateTime,
      .message_timestamp_before_max_ms = number_of<int64_t>(configs, "message.timestamp.before.max.ms"),
      .message_timestamp_after_max_ms = number_of<int64_t>(configs, "message.timestamp.after.max.ms"),
      .max_message_bytes = number_of<int32_t>(configs, "max.message.bytes"),
      .segment_bytes = number_of<int32_t>(configs, "segment.bytes"),
      .index_interval_bytes = number_of<int32_t>(configs, "index.interval.bytes"),
      .segment_ms = number_of<int64_t>(configs, "segment.ms"),
      .retention_ms = number_of<int64_t>(configs, "retention.ms"),
      .retention_bytes = number_of<int64_t>(configs, "retention.bytes"),
      .delete_retention_ms = number_of<int64_t>(configs, "delete.retention.ms"),
      .min_compaction_lag_ms = number_of<int64_t>(configs, "min.compaction.lag.ms"),
      .max_compaction_lag_ms = number_of<int64_t>(configs, "max.compaction.lag.ms"),
      .min_cleanable_dirty_ratio = number_of<double>(configs, "min.cleanable.dirty.ratio"),
  };
}

}  // namespace omashu::broker
