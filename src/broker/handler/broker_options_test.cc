#include "broker/handler/broker_options.h"

#include <gtest/gtest.h>

namespace omashu::broker {
namespace {

std::string problem(std::string_view assignment) {
  BrokerOptions options;
  const auto done = set_broker_option(options, assignment);
  return done ? "" : done.error().message;
}

TEST(BrokerOptions, WhatIsGivenAtTheStartIsTaken) {
  BrokerOptions options;
  for (const char* assignment :
       {"group.initial.rebalance.delay.ms=3000", "group.min.session.timeout.ms=10",
        "group.max.session.timeout.ms=60000", "offsets.retention.minutes=2", "auto.create.topics.enable=False",
        "num.partitions=3", "log.cleaner.backoff.ms=15000", "log.retention.hours=1", "compression.type=zstd"}) {
    EXPECT_TRUE(set_broker_option(options, assignment)) << assignment;
  }
  EXPECT_TRUE(check_broker_options(options));
  const GroupConfig groups = group_config_of(options.configs);
  EXPECT_EQ(groups.group_initial_rebalance_delay_ms, 3000);
  EXPECT_EQ(groups.group_min_session_timeout_ms, 10);
  EXPECT_EQ(groups.group_max_session_timeout_ms, 60'000);
  EXPECT_EQ(groups.offsets_retention_ms, 120'000);
  EXPECT_FALSE(options.auto_create_topics);
  EXPECT_EQ(options.default_partitions, 3);
  EXPECT_EQ(options.housekeeping_interval, std::chrono::milliseconds(15'000));
  EXPECT_EQ(options.configs.at("log.retention.hours"), "1");
  EXPECT_EQ(options.configs.at("compression.type"), "zstd");
}

TEST(BrokerOptions, WhatCannotBeGivenIsRefusedWithTheReason) {
  EXPECT_EQ(problem("group.max.size"), "group.max.size is not of the form NAME=VALUE");
  EXPECT_EQ(problem("no.such=1"), "there is no setting no.such: docs/settings.md lists all");
  EXPECT_EQ(problem("log.cleaner.threads=2"),
            "log.cleaner.threads cannot be set. One log is compacted after the other.");
  EXPECT_EQ(problem("group.max.size=many"), "group.max.size is 'many': it takes a whole number");
  EXPECT_EQ(problem("log.preallocate=true"),
            "log.preallocate is true: this broker takes 'false' alone. A segment's file grows as records come.");
}

TEST(BrokerOptions, TheSessionTimeoutsMustFitTogether) {
  BrokerOptions options;
  ASSERT_TRUE(set_broker_option(options, "group.min.session.timeout.ms=2000000"));
  const auto checked = check_broker_options(options);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().message,
            "group.min.session.timeout.ms (2000000) is larger than group.max.session.timeout.ms (1800000)");
}

TEST(BrokerOptions, TheDefaultsOfGroupsAreThoseThatAreDeclared) {
  ConfigValues declared;
  for (const BrokerSetting& setting : broker_settings()) {
    if (setting.default_value) declared.emplace(setting.name(), *setting.default_value);
  }
  const GroupConfig ours;
  const GroupConfig groups = group_config_of(declared);
  EXPECT_EQ(groups.group_initial_rebalance_delay_ms, ours.group_initial_rebalance_delay_ms);
  EXPECT_EQ(groups.group_min_session_timeout_ms, ours.group_min_session_timeout_ms);
  EXPECT_EQ(groups.group_max_session_timeout_ms, ours.group_max_session_timeout_ms);
  EXPECT_EQ(groups.group_max_size, ours.group_max_size);
  EXPECT_EQ(groups.offset_metadata_max_characters, ours.offset_metadata_max_characters);
  EXPECT_EQ(groups.offsets_retention_ms, ours.offsets_retention_ms);
  EXPECT_EQ(groups.offsets_retention_check_interval_ms, ours.offsets_retention_check_interval_ms);
}

}  // namespace
}  // namespace omashu::broker
