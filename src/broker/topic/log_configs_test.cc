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
  EXPECT_EQ(kafkas.max_message_bytes, ours.max_message_bytes);
  EXPECT_EQ(kafkas.segment_bytes, ours.segment_bytes);
  EXPECT_EQ(kafkas.index_interval_bytes, ours.index_interval_bytes);
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

TEST(LogConfigs, CompactAloneDeletesNothing) {
  const LogConfig config = log_config_of({{"cleanup.policy", "compact"}});
  EXPECT_TRUE(config.is_compacted);
  EXPECT_FALSE(config.is_deleted);
}

}  // namespace
}  // namespace omashu::broker
