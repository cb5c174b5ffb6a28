#include "broker/topic/log_configs.h"

#include <gtest/gtest.h>

#include "base/topic_configs.h"

namespace omashu::broker {
namespace {

TEST(LogConfigs, WithoutConfigsTheDefaultsOfALogAreKafkas) {
  const LogConfig ours;
  const LogConfig kafkas = log_config_of({});
  EXPECT_EQ(kafkas.is_compacted, ours.is_compacted);
  EXPECT_EQ(kafkas.is_deleted, ours.is_deleted);
  EXPECT_EQ(kafkas.message_timestamp_type, ours.message_timestamp_type);
  EXPECT_EQ(kafkas.message_timestamp_before_max_ms, ours.message_timestamp_before_max_ms);
  EXPECT_EQ(kafkas.message_timestamp_after_max_ms, ours.message_timestamp_after_max_ms);
  EXPECT_EQ(kafkas.compression_type, ours.compression_type);
  EXPECT_EQ(kafkas.compression_level, ours.compression_level);
  EXPECT_EQ(kafkas.max_message_bytes, ours.max_message_bytes);
  EXPECT_EQ(kafkas.segment_bytes, ours.segment_bytes);
  EXPECT_EQ(kafkas.index_interval_bytes, ours.index_interval_bytes);
  EXPECT_EQ(kafkas.segment_index_bytes, ours.segment_index_bytes);
  EXPECT_EQ(kafkas.flush_messages, ours.flush_messages);
  EXPECT_EQ(kafkas.flush_ms, ours.flush_ms);
  EXPECT_EQ(kafkas.segment_jitter_ms, ours.segment_jitter_ms);
  EXPECT_EQ(kafkas.segment_ms, ours.segment_ms);
  EXPECT_EQ(kafkas.retention_ms, ours.retention_ms);
  EXPECT_EQ(kafkas.retention_bytes, ours.retention_bytes);
  EXPECT_EQ(kafkas.delete_retention_ms, ours.delete_retention_ms);
  EXPECT_EQ(kafkas.min_compaction_lag_ms, ours.min_compaction_lag_ms);
  EXPECT_EQ(kafkas.max_compaction_lag_ms, ours.max_compaction_lag_ms);
  EXPECT_EQ(kafkas.min_cleanable_dirty_ratio, ours.min_cleanable_dirty_ratio);
}

TEST(LogConfigs, EachConfigReachesTheLog) {
  const LogConfig config = log_config_of({{"cleanup.policy", "compact, delete"},
                                          {"message.timestamp.type", "LogAppendTime"},
                                          {"max.message.bytes", " +17"},
                                          {"segment.bytes", "14"},
                                          {"segment.ms", "1"},
                                          {"retention.ms", "-1"},
                                          {"min.cleanable.dirty.ratio", "0.01"}});
  EXPECT_TRUE(config.is_compacted);
  EXPECT_TRUE(config.is_deleted);
  EXPECT_EQ(config.message_timestamp_type, TimestampType::kLogAppendTime);
  EXPECT_EQ(config.max_message_bytes, 17);
  EXPECT_EQ(config.segment_bytes, 14);
  EXPECT_EQ(config.segment_ms, 1);
  EXPECT_EQ(config.retention_ms, -1);
  EXPECT_EQ(config.min_cleanable_dirty_ratio, 0.01);
}

TEST(LogConfigs, WhatATopicDoesNotSayTheBrokerDoes) {
  const TopicConfigs broker_defaults = {{"segment.ms", "1"}, {"retention.ms", "2"}};
  const LogConfig config = log_config_of({{"segment.ms", "3"}}, broker_defaults);
  EXPECT_EQ(config.segment_ms, 3);
  EXPECT_EQ(config.retention_ms, 2);
}

TEST(LogConfigs, EachCodecHasItsOwnLevel) {
  const auto config = [](const char* type) {
    return log_config_of(
        {{"compression.type", type}, {"compression.gzip.level", "1"}, {"compression.zstd.level", "-7"}});
  };
  EXPECT_EQ(config("producer").compression_type, std::nullopt);
  EXPECT_EQ(config("uncompressed").compression_type, Compression::kNone);
  EXPECT_EQ(config("uncompressed").compression_level, std::nullopt);
  EXPECT_EQ(config("snappy").compression_level, std::nullopt);
  EXPECT_EQ(config("gzip").compression_level, 1);
  EXPECT_EQ(config("lz4").compression_level, 9);
  EXPECT_EQ(config("zstd").compression_type, Compression::kZstd);
  EXPECT_EQ(config("zstd").compression_level, -7);
}

TEST(LogConfigs, CompactAloneDeletesNothing) {
  const LogConfig config = log_config_of({{"cleanup.policy", "compact"}});
  EXPECT_TRUE(config.is_compacted);
  EXPECT_FALSE(config.is_deleted);
}

}  // namespace
}  // namespace omashu::broker
