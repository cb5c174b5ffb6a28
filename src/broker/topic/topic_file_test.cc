#include "broker/topic/topic_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::broker {
namespace {

TEST(TopicFile, ComesBackAsItWas) {
  const TopicFile file{
      .cluster_id = "the \"cluster\"",
      .topics = {{"a", random_id(), 1, {}},
                 {"status-download", random_id(), 3, {{"cleanup.policy", "compact"}, {"segment.ms", "5"}}}},
      .removing = {{"gone", random_id(), 7, {}}},
      .has_broker_configs = true};
  const auto back = parse_topic_file(topic_file_text(file));
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, file);
  const auto empty = parse_topic_file(topic_file_text({.cluster_id = "c", .topics = {}, .removing = {}}));
  EXPECT_EQ(empty->topics.size(), 0u);
  EXPECT_FALSE(empty->has_broker_configs);
}

TEST(TopicFile, ItsTextIsALineForEachTopic) {
  EXPECT_EQ(
      topic_file_text({.cluster_id = "c", .topics = {{"t", TopicId{}, 2, {{"retention.ms", "5"}}}}, .removing = {}}),
      "{\"version\":1,\"cluster_id\":\"c\",\"topics\":[\n"
      "{\"name\":\"t\",\"id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"partitions\":2,\"configs\":{\"retention.ms\":\"5\"}}"
      "],\"removing\":[],\"crc32c\":\"475cab5a\"}\n");
}

TEST(TopicFile, AnyChangedBitIsFound) {
  const std::string good = topic_file_text({.cluster_id = "c",
                                            .topics = {{"t", random_id(), 2, {}}},
                                            .removing = {{"u", random_id(), 1, {}}},
                                            .has_broker_configs = true});
  for (size_t bit = 0; bit < 8 * good.size(); ++bit) {
    std::string damaged = good;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    EXPECT_FALSE(parse_topic_file(damaged)) << damaged;
  }
  for (size_t length = 0; length + 1 < good.size(); ++length) {
    EXPECT_FALSE(parse_topic_file(std::string_view(good).substr(0, length))) << length;
  }
}

TEST(TopicFile, WithoutAChecksumItIsAnOlderOne) {
  EXPECT_EQ(parse_topic_file("{\"version\":1,\"cluster_id\":\"c\",\"topics\":[],\"removing\":[]}\n")->cluster_id, "c");
  const auto changed =
      parse_topic_file("{\"version\":1,\"cluster_id\":\"c\",\"topics\":[],\"removing\":[],\"crc32c\":\"475cab5a\"}\n");
  ASSERT_FALSE(changed);
  EXPECT_THAT(changed.error().message, testing::HasSubstr("checksum"));
}

TEST(TopicFile, WhatCannotBeIsRefusedWithItsPlace) {
  std::string good =
      topic_file_text({.cluster_id = "c", .topics = {{"t", TopicId{}, 2, {{"retention.ms", "5"}}}}, .removing = {}});
  good.replace(good.find(",\"crc32c"), std::string::npos, "}\n");  // its values are looked at even where it is missing
  ASSERT_TRUE(parse_topic_file(good));
  const std::pair<const char*, const char*> changes[] = {
      {"\"version\":1", "\"version\":2"},
      {"\"cluster_id\":\"c\"", "\"cluster_id\":1"},
      {"\"name\":\"t\"", "\"name\":\"../t\""},
      {"AAAAAAAAAAAAAAAAAAAAAA", "AAAA"},
      {"\"partitions\":2", "\"partitions\":0"},
      {"\"partitions\":2", "\"partitions\":2000000000"},
      {"retention.ms", "retention.mss"},
      {"\"5\"", "5"},
      {"\"5\"", "\"soon\""},
  };
  for (const auto& [from, to] : changes) {
    std::string text = good;
    text.replace(text.find(from), std::string_view(from).size(), to);
    const auto parsed = parse_topic_file(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, ErrorCode::kCorrupt) << text;
    EXPECT_TRUE(parsed.error().position) << text;
  }
  for (size_t length = 0; length + 1 < good.size(); ++length) {
    EXPECT_FALSE(parse_topic_file(std::string_view(good).substr(0, length))) << length;
  }
}

TEST(TopicFile, DeletedTopicsAreToldApartByTheirIds) {
  EXPECT_TRUE(parse_topic_file(topic_file_text(
      {.cluster_id = "c", .topics = {{"t.u", {}, 1, {}}}, .removing = {{"t.u", {1}, 1, {}}, {"t_u", {2}, 1, {}}}})));
}

TEST(TopicFile, ATopicThatIsThereTwiceIsRefused) {
  EXPECT_FALSE(parse_topic_file(
      topic_file_text({.cluster_id = "c", .topics = {{"t", {}, 1, {}}, {"t", {}, 1, {}}}, .removing = {}})));
}

}  // namespace
}  // namespace omashu::broker
