#include "broker/config/broker_configs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "broker/log/testing/memory_file_system.h"

namespace omashu::broker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using Level = BrokerConfigs::Level;

class BrokerConfigsTest : public testing::Test {
 public:
  BrokerConfigsTest() {
    EXPECT_TRUE(disk_.create_folder("data"));
    open();
  }
  void open() {
    auto opened = BrokerConfigs::open(disk_, "data");
    ASSERT_TRUE(opened) << opened.error().message;
    configs_ = *std::move(opened);
  }
  void set(Level level, const std::string& name, const std::string& value) {
    ASSERT_TRUE(configs_->change(level, [&](ConfigValues values) {
      values[name] = value;
      return std::optional(values);
    }));
  }
  // "name=value" of each, the one in force first.
  std::vector<std::string> values_of(std::string_view topic_setting) const {
    std::vector<std::string> texts;
    for (const auto& value : configs_->values_of(*find_topic_setting(topic_setting))) {
      texts.push_back(value.name + "=" + value.value);
    }
    return texts;
  }

 protected:
  MemoryFileSystem disk_;
  std::unique_ptr<BrokerConfigs> configs_;
};

TEST_F(BrokerConfigsTest, LayersCountInKafkasOrder) {
  EXPECT_THAT(values_of("retention.ms"), ElementsAre("log.retention.hours=168"));
  configs_->set_option("log.retention.hours", "2");
  configs_->set_option("log.retention.minutes", "3");
  EXPECT_THAT(configs_->topic_defaults(), ElementsAre(Pair("retention.ms", "180000")));
  set(Level::kCluster, "log.retention.ms", "4");
  set(Level::kBroker, "log.retention.ms", "5");
  EXPECT_THAT(values_of("retention.ms"),
              ElementsAre("log.retention.ms=5", "log.retention.ms=4", "log.retention.minutes=3",
                          "log.retention.hours=2", "log.retention.hours=168"));
  EXPECT_EQ(configs_->values_of(*find_topic_setting("retention.ms"))[1].source,
            ConfigSource::kDynamicDefaultBrokerConfig);
  EXPECT_THAT(configs_->topic_defaults(), ElementsAre(Pair("retention.ms", "5")));
  EXPECT_THAT(configs_->topic_defaults_with(Level::kBroker, {}), ElementsAre(Pair("retention.ms", "4")));
  EXPECT_EQ(configs_->value_of("log.retention.ms"), "5");
}

TEST_F(BrokerConfigsTest, WhatWasChangedOutlivesAPowerCut) {
  set(Level::kCluster, "log.segment.bytes", "100");
  set(Level::kBroker, "message.max.bytes", "7");
  std::mt19937 random(1);
  disk_.lose_power(random);
  open();
  EXPECT_THAT(configs_->at(Level::kCluster), ElementsAre(Pair("log.segment.bytes", "100")));
  EXPECT_THAT(configs_->at(Level::kBroker), ElementsAre(Pair("message.max.bytes", "7")));
}

TEST_F(BrokerConfigsTest, WhereTheDiskFailsNothingChanges) {
  set(Level::kCluster, "log.segment.bytes", "100");
  disk_.set_capacity_bytes(1);
  EXPECT_FALSE(configs_->change(Level::kCluster, [](const ConfigValues&) { return ConfigValues(); }));
  EXPECT_THAT(configs_->at(Level::kCluster), ElementsAre(Pair("log.segment.bytes", "100")));
}

TEST_F(BrokerConfigsTest, NoChangeWritesNothing) {
  ASSERT_TRUE(configs_->change(Level::kCluster, [](const ConfigValues&) { return std::nullopt; }));
  EXPECT_THAT(*disk_.list("data"), IsEmpty());
}

TEST_F(BrokerConfigsTest, ADamagedFileIsNamedWithWhatToDo) {
  ASSERT_TRUE(disk_.replace_file("data/broker-configs.json", "{"));
  const auto opened = BrokerConfigs::open(disk_, "data");
  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().message, testing::HasSubstr("data/broker-configs.json is damaged"));
  EXPECT_THAT(opened.error().message, testing::HasSubstr(R"(write {"version":1} into it)"));
}

TEST_F(BrokerConfigsTest, WhatAnErrorSaysToWriteIsReadAsNoSettings) {
  EXPECT_FALSE(configs_->has_file());
  EXPECT_THAT(configs_->missing_file().message, testing::HasSubstr("data/broker-configs.json is missing"));
  ASSERT_TRUE(disk_.replace_file("data/broker-configs.json", R"({"version":1})"));
  const auto opened = BrokerConfigs::open(disk_, "data");
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_TRUE((*opened)->has_file());
  EXPECT_THAT((*opened)->at(Level::kCluster), IsEmpty());
}

}  // namespace
}  // namespace omashu::broker
