#include "broker/handler/topic_config_refusal.h"

#include <gtest/gtest.h>

#include "broker/config/topic_settings.h"

namespace omashu::broker {
namespace {

TEST(TopicConfigRefusal, WhatActsIsTaken) {
  EXPECT_FALSE(configs_refusal({}));
  EXPECT_FALSE(configs_refusal({{"cleanup.policy", "compact, delete"},
                                {"retention.ms", "-1"},
                                {"min.cleanable.dirty.ratio", "0.01"},
                                {"preallocate", "FALSE"},
                                {"compression.type", "zstd"},
                                {"compression.zstd.level", "-5"}}));
  EXPECT_FALSE(configs_refusal({{"leader.replication.throttled.replicas", ""}}));
}

TEST(TopicConfigRefusal, EachKindSaysWhatItTakes) {
  const struct {
    const char* name;
    std::string value;
    const char* message;
  } cases[] = {
      {"no.such.key", "1", "Unknown topic config name: no.such.key"},
      {"message.format.version", "3.0", "Unknown topic config name: message.format.version. Kafka 4.0 removed it."},
      {"cleanup.policy", "nonsense",
       "Invalid value nonsense for configuration cleanup.policy: String must be one of: compact, delete"},
      {"compression.type", "zip",
       "Invalid value zip for configuration compression.type: String must be one of: uncompressed, zstd, lz4, snappy, "
       "gzip, producer"},
      {"preallocate", "yes",
       "Invalid value yes for configuration preallocate: Expected value to be either true or false"},
      {"retention.ms", "soon",
       "Invalid value soon for configuration retention.ms: It must be a whole number of at least -1."},
      {"retention.bytes", "1.5", "Invalid value 1.5 for configuration retention.bytes: It must be a whole number."},
      {"max.message.bytes", "-1",
       "Invalid value -1 for configuration max.message.bytes: It must be a whole number from 0 to 2147483647."},
      {"min.cleanable.dirty.ratio", "2",
       "Invalid value 2 for configuration min.cleanable.dirty.ratio: It must be a number from 0 to 1."},
      {"retention.ms", std::string(40'000, '0'), "The value for configuration retention.ms is too long."},
  };
  for (const auto& c : cases) {
    const auto refusal = configs_refusal({{c.name, c.value}});
    ASSERT_TRUE(refusal) << c.name;
    EXPECT_EQ(refusal->error, KafkaError::kInvalidConfig);
    EXPECT_EQ(refusal->message, c.message);
  }
}

TEST(TopicConfigRefusal, WhatWouldDoNothingIsRefusedWithTheReason) {
  const auto refusal = configs_refusal({{"preallocate", "true"}});
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->error, KafkaError::kInvalidConfig);
  EXPECT_EQ(refusal->message,
            "Invalid value true for configuration preallocate: this broker takes 'false' alone. A segment's file grows "
            "as records come.");
  for (const TopicSetting& setting : topic_settings()) {
    if (setting.effect != SettingEffect::kHolds) continue;
    EXPECT_FALSE(configs_refusal({{std::string(setting.name), std::string(setting.held_value)}})) << setting.name;
  }
  for (const auto& [name, value] : std::map<std::string, std::string>{{"file.delete.delay.ms", "60000"},
                                                                      {"leader.replication.throttled.replicas", "*"},
                                                                      {"local.retention.ms", "1000"},
                                                                      {"min.insync.replicas", "2"},
                                                                      {"remote.storage.enable", "true"},
                                                                      {"unclean.leader.election.enable", "true"}}) {
    EXPECT_TRUE(configs_refusal({{name, value}})) << name;
  }
}

TEST(TopicConfigRefusal, WhereAnyReplicationFactorIsTakenSoIsAnyNumberInSync) {
  EXPECT_FALSE(configs_refusal({{"min.insync.replicas", "2"}}, {.accept_any_replication_factor = true}));
  EXPECT_TRUE(configs_refusal({{"min.insync.replicas", "0"}}, {.accept_any_replication_factor = true}));
}

TEST(TopicConfigRefusal, WhatATopicHasAlreadyIsNotRefused) {
  const TopicConfigs present = {{"preallocate", "true"}};
  EXPECT_FALSE(configs_refusal({{"preallocate", "true"}, {"segment.ms", "5"}}, {.present = &present}));
  EXPECT_TRUE(configs_refusal({{"preallocate", "TRUE"}}, {.present = &present}));
}

TEST(TopicConfigRefusal, ListsAreOfReplicasAlone) {
  for (const char* list : {"a", "0", "0:", ":1", "0:1:2", "0:1,,0:2", "0:\xff", "**", ":"}) {
    EXPECT_TRUE(configs_refusal({{"leader.replication.throttled.replicas", list}})) << list;
  }
}

TEST(TopicConfigRefusal, ConfigsMustNotContradictEachOther) {
  EXPECT_FALSE(configs_refusal({{"min.compaction.lag.ms", "5"}, {"max.compaction.lag.ms", "5"}}));
  const auto refusal = configs_refusal({{"min.compaction.lag.ms", "6"}, {"max.compaction.lag.ms", "5"}});
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->message, "min.compaction.lag.ms (6) is larger than max.compaction.lag.ms (5).");
}

}  // namespace
}  // namespace omashu::broker
