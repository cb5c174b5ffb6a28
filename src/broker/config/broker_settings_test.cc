#include "broker/config/broker_settings.h"

#include <gtest/gtest.h>

#include <set>

namespace omashu::broker {
namespace {

TEST(BrokerSettings, EachIsThereOnceAndItsDefaultIsAccepted) {
  std::set<std::string_view> names;
  for (const BrokerSetting& setting : broker_settings()) {
    EXPECT_TRUE(names.insert(setting.name()).second) << setting.name();
    EXPECT_EQ(find_broker_setting(setting.name()), &setting);
    EXPECT_FALSE(setting.description.empty()) << setting.name();
    if (!setting.default_value) continue;
    EXPECT_EQ(broker_setting_problem(setting, *setting.default_value), std::nullopt) << setting.name();
  }
  EXPECT_EQ(find_broker_setting("no.such"), nullptr);
}

TEST(BrokerSettings, TheUnitsOfATimeAreKafkas) {
  EXPECT_EQ(find_broker_setting("log.retention.ms")->default_value, std::nullopt);
  EXPECT_EQ(find_broker_setting("log.retention.minutes")->default_value, std::nullopt);
  EXPECT_EQ(find_broker_setting("log.retention.hours")->default_value, "168");
  EXPECT_EQ(find_broker_setting("log.roll.jitter.hours")->default_value, "0");
  EXPECT_EQ(find_broker_setting("log.segment.bytes")->default_value, "1073741824");
  EXPECT_EQ(topic_value(*find_broker_setting("log.retention.hours"), "2"), "7200000");
  EXPECT_EQ(topic_value(*find_broker_setting("log.retention.minutes"), " +2"), "120000");
  EXPECT_EQ(topic_value(*find_broker_setting("log.retention.hours"), "-1"), "-1");
  EXPECT_EQ(topic_value(*find_broker_setting("log.cleanup.policy"), "compact"), "compact");
}

TEST(BrokerSettings, WhatChangesAtRunTimeIsWhatKafkaCallsClusterWide) {
  for (const char* name : {"log.retention.ms", "log.segment.bytes", "message.max.bytes", "compression.type",
                           "log.cleaner.backoff.ms", "log.cleaner.min.cleanable.ratio"}) {
    EXPECT_EQ(find_broker_setting(name)->update_mode, UpdateMode::kClusterWide) << name;
  }
  for (const char* name : {"log.retention.hours", "num.partitions", "auto.create.topics.enable", "log.dirs",
                           "group.initial.rebalance.delay.ms", "node.id"}) {
    EXPECT_EQ(find_broker_setting(name)->update_mode, UpdateMode::kReadOnly) << name;
  }
}

TEST(BrokerSettings, ValuesAreCheckedAsThoseOfTopicsAre) {
  const auto problem = [](const char* name, const char* value) {
    return broker_setting_problem(*find_broker_setting(name), value).value_or("");
  };
  EXPECT_EQ(problem("log.segment.bytes", "100000"), "");
  EXPECT_EQ(problem("log.segment.bytes", "x"), "log.segment.bytes is 'x': it takes a whole number of bytes");
  EXPECT_EQ(problem("log.roll.hours", "0"), "log.roll.hours is 0: it must be from 1 to 2147483647");
  EXPECT_EQ(problem("num.partitions", "0"), "num.partitions is 0: it must be from 1 to 10000");
  EXPECT_EQ(problem("log.preallocate", "true"),
            "log.preallocate is true: this broker takes 'false' alone. A segment's file grows as records come.");
}

}  // namespace
}  // namespace omashu::broker
