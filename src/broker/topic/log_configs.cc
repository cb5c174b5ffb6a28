#include "broker/topic/log_configs.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <string_view>
#include <system_error>

#include "base/topic_configs.h"
#include "broker/config/topic_settings.h"

namespace omashu::broker {
namespace {

class Values {
 public:
  Values(const TopicConfigs& configs, const TopicConfigs& broker_defaults)
      : configs_(configs), broker_defaults_(broker_defaults) {}

  std::string_view text(std::string_view name) const {
    for (const TopicConfigs* layer : {&configs_, &broker_defaults_}) {
      if (const auto set = layer->find(name); set != layer->end()) return set->second;
    }
    return find_topic_setting(name)->default_value();
  }

  template <class Number>
  Number number(std::string_view name) const {
    std::string_view digits = text(name);
    digits.remove_prefix(std::min(digits.find_first_not_of(" \t+"), digits.size()));
    Number number{};
    [[maybe_unused]] const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    assert(parsed.ec == std::errc());
    return number;
  }

 private:
  const TopicConfigs& configs_;
  const TopicConfigs& broker_defaults_;
};

struct Codec {
  std::string_view name;
  Compression compression;
  std::string_view level_name;
};
constexpr auto kCodecs = std::to_array<Codec>({{"uncompressed", Compression::kNone, ""},
                                               {"gzip", Compression::kGzip, "compression.gzip.level"},
                                               {"snappy", Compression::kSnappy, ""},
                                               {"lz4", Compression::kLz4, "compression.lz4.level"},
                                               {"zstd", Compression::kZstd, "compression.zstd.level"}});

// Nothing for "producer".
const Codec* codec_of(const Values& values) {
  const auto codec = std::ranges::find(kCodecs, values.text("compression.type"), &Codec::name);
  return codec == kCodecs.end() ? nullptr : &*codec;
}

}  // namespace

LogConfig log_config_of(const TopicConfigs& configs, const TopicConfigs& broker_defaults) {
  const Values values(configs, broker_defaults);
  const std::string_view policy = values.text(kCleanupPolicy);
  const Codec* codec = codec_of(values);
  const bool has_level = codec != nullptr && !codec->level_name.empty();
  return {
      .is_compacted = is_compacted(policy),
      .is_deleted = policy.find("delete") != std::string_view::npos,
      .message_timestamp_type = values.text("message.timestamp.type") == "LogAppendTime" ? TimestampType::kLogAppendTime
                                                                                         : TimestampType::kCreateTime,
      .message_timestamp_before_max_ms = values.number<int64_t>("message.timestamp.before.max.ms"),
      .message_timestamp_after_max_ms = values.number<int64_t>("message.timestamp.after.max.ms"),
      .compression_type = codec != nullptr ? std::optional(codec->compression) : std::nullopt,
      .compression_level = has_level ? std::optional(values.number<int>(codec->level_name)) : std::nullopt,
      .max_message_bytes = values.number<int32_t>("max.message.bytes"),
      .segment_bytes = values.number<int32_t>("segment.bytes"),
      .index_interval_bytes = values.number<int32_t>("index.interval.bytes"),
      .segment_index_bytes = values.number<int32_t>("segment.index.bytes"),
      .flush_messages = values.number<int64_t>("flush.messages"),
      .flush_ms = values.number<int64_t>("flush.ms"),
      .segment_jitter_ms = values.number<int64_t>("segment.jitter.ms"),
      .segment_ms = values.number<int64_t>("segment.ms"),
      .retention_ms = values.number<int64_t>("retention.ms"),
      .retention_bytes = values.number<int64_t>("retention.bytes"),
      .delete_retention_ms = values.number<int64_t>("delete.retention.ms"),
      .min_compaction_lag_ms = values.number<int64_t>("min.compaction.lag.ms"),
      .max_compaction_lag_ms = values.number<int64_t>("max.compaction.lag.ms"),
      .min_cleanable_dirty_ratio = values.number<double>("min.cleanable.dirty.ratio"),
  };
}

}  // namespace omashu::broker
