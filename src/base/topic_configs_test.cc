#include "base/topic_configs.h"

#include <gtest/gtest.h>

namespace omashu {
namespace {

TEST(TopicConfigs, AcceptsWhatABrokerAccepts) {
  const std::pair<const char*, const char*> cases[] = {
      {"cleanup.policy", "compact"},
      {"cleanup.policy", "delete,compact"},
      {"retention.ms", "-1"},
      {"retention.ms", "+604800000"},
      {"min.cleanable.dirty.ratio", "0.01"},
      {"min.cleanable.dirty.ratio", "1"},
      {"preallocate", "TRUE"},
      {"message.timestamp.type", "LogAppendTime"},
      {"max.message.bytes", "2147483647"},
      {"confluent.placement.constraints", "whatever"},  // another make's: for its broker to check
      {"flush.bytes", "1"},
  };
  for (const auto& [name, value] : cases) EXPECT_EQ(topic_config_problem(name, value), std::nullopt) << name;
}

TEST(TopicConfigs, TheDefaultsAreAcceptedThemselves) {
  for (const TopicConfigDefinition& config : topic_config_definitions()) {
    EXPECT_EQ(find_topic_config(config.name), &config);
    if (!config.default_value) continue;
    EXPECT_EQ(topic_config_problem(config.name, *config.default_value), std::nullopt) << config.name;
  }
}

TEST(TopicConfigs, SaysWhatIsWrongAndWhatWouldBeRight) {
  const std::array<const char*, 3> cases[] = {
      {"retention.mss", "1", "unknown setting retention.mss: did you mean retention.ms?"},
      {"Retention.ms", "1", "unknown setting Retention.ms: did you mean retention.ms?"},
      {"retention.ms", "7d", "retention.ms is '7d': it takes a whole number of milliseconds"},
      {"retention.ms", "1.5", "retention.ms is '1.5': it takes a whole number of milliseconds"},
      {"retention.ms", "-2", "retention.ms is -2: it must be at least -1"},
      {"retention.ms", "", "retention.ms is '': it takes a whole number of milliseconds"},
      {"retention.ms", "9223372036854775808",
       "retention.ms is '9223372036854775808': it takes a whole number of milliseconds"},
      {"segment.bytes", "1GiB", "segment.bytes is '1GiB': it takes a whole number of bytes"},
      {"max.message.bytes", "2147483648", "max.message.bytes is 2147483648: it must be from 0 to 2147483647"},
      {"min.cleanable.dirty.ratio", "1.1", "min.cleanable.dirty.ratio is 1.1: it must be from 0 to 1"},
      {"min.cleanable.dirty.ratio", "nan", "min.cleanable.dirty.ratio is nan: it must be from 0 to 1"},
      {"min.cleanable.dirty.ratio", "half", "min.cleanable.dirty.ratio is 'half': it takes a number"},
      {"compression.gzip.level", "0", "compression.gzip.level is 0: it must be -1, or from 1 to 9"},
      {"preallocate", "yes", "preallocate is 'yes': it must be true or false"},
      {"compression.type", "zip",
       "compression.type is 'zip': it must be one of uncompressed, zstd, lz4, snappy, gzip, producer"},
      {"cleanup.policy", "compacted", "unknown cleanup policy 'compacted': use delete, compact or compact,delete"},
  };
  for (const auto& [name, value, problem] : cases) EXPECT_EQ(topic_config_problem(name, value), problem);
}

TEST(TopicConfigs, ComparesByValue) {
  EXPECT_TRUE(same_config_value("retention.ms", "604800000", "+604800000"));
  EXPECT_TRUE(same_config_value("retention.ms", "007", "7"));
  EXPECT_FALSE(same_config_value("retention.ms", "7", "8"));
  EXPECT_FALSE(same_config_value("retention.ms", "x", "y"));
  EXPECT_TRUE(same_config_value("min.cleanable.dirty.ratio", "0.10", "0.1"));
  EXPECT_TRUE(same_config_value("min.cleanable.dirty.ratio", "1e-1", "0.1"));
  EXPECT_TRUE(same_config_value("preallocate", "FALSE", "false"));
  EXPECT_TRUE(same_config_value("cleanup.policy", "compact,delete", "delete, compact"));
  EXPECT_FALSE(same_config_value("cleanup.policy", "compact,delete", "compact"));
  EXPECT_FALSE(same_config_value("message.timestamp.type", "CreateTime", "LogAppendTime"));
  EXPECT_TRUE(same_config_value("some.other", "a", "a"));
  EXPECT_FALSE(same_config_value("some.other", "1", "01"));
}

TEST(TopicConfigs, AddsHumanUnits) {
  EXPECT_EQ(human_config_value("retention.ms", "604800000"), "7 days");
  EXPECT_EQ(human_config_value("retention.ms", "86400000"), "1 day");
  EXPECT_EQ(human_config_value("segment.ms", "5400000"), "about 1.5 hours");
  EXPECT_EQ(human_config_value("retention.ms", "-1"), "no limit");
  EXPECT_EQ(human_config_value("retention.ms", "500"), "");
  EXPECT_EQ(human_config_value("segment.bytes", "1073741824"), "1 GiB");
  EXPECT_EQ(human_config_value("max.message.bytes", "1048588"), "about 1.0 MiB");
  EXPECT_EQ(human_config_value("min.insync.replicas", "2"), "");
  EXPECT_EQ(human_config_value("max.compaction.lag.ms", "9223372036854775807"), "no limit");
}

TEST(TopicConfigs, KnowsACompactedTopic) {
  EXPECT_TRUE(is_compacted("compact"));
  EXPECT_TRUE(is_compacted("delete,compact"));
  EXPECT_FALSE(is_compacted("delete"));
}

}  // namespace
}  // namespace omashu
