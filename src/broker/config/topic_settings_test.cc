#include "broker/config/topic_settings.h"

#include <gtest/gtest.h>

#include "base/topic_configs.h"

namespace omashu::broker {
namespace {

TEST(TopicSettings, EverySettingOfKafkaIsDeclared) {
  ASSERT_EQ(topic_settings().size(), topic_config_definitions().size());
  for (const TopicConfigDefinition& config : topic_config_definitions()) {
    const TopicSetting* setting = find_topic_setting(config.name);
    ASSERT_NE(setting, nullptr) << config.name;
    EXPECT_EQ(setting->effect == SettingEffect::kRemoved, !config.default_value) << config.name;
    EXPECT_FALSE(setting->description.empty()) << config.name;
  }
}

TEST(TopicSettings, WhatHoldsIsAValueThatKafkaAccepts) {
  for (const TopicSetting& setting : topic_settings()) {
    if (setting.effect == SettingEffect::kRemoved) continue;
    EXPECT_EQ(topic_config_problem(setting.name, setting.default_value()), std::nullopt) << setting.name;
    if (setting.effect == SettingEffect::kActs) {
      EXPECT_EQ(setting.default_value(), find_topic_config(setting.name)->default_value) << setting.name;
    }
  }
}

TEST(TopicSettings, TheBrokersNamesAreKafkas) {
  EXPECT_EQ(find_topic_setting("max.message.bytes")->synonyms()[0].name, "message.max.bytes");
  const auto retention = find_topic_setting("retention.ms")->synonyms();
  ASSERT_EQ(retention.size(), 3u);
  EXPECT_EQ(retention[2].name, "log.retention.hours");
  EXPECT_EQ(retention[2].unit, 3'600'000);
  EXPECT_TRUE(find_topic_setting("remote.storage.enable")->synonyms().empty());
}

}  // namespace
}  // namespace omashu::broker
