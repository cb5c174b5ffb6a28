#include "cli/topics/topic_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Result<std::map<std::string, std::string>> parse(const std::vector<std::string>& settings) {
  return parse_topic_settings(settings);
}

TEST(TopicSettings, AreReadAsInitKafkasFileReadsThem) {
  EXPECT_THAT(parse({"retention.ms=7d", "segment.bytes=64MiB", "cleanup.policy=compact,delete"}).value(),
              ElementsAre(Pair("cleanup.policy", "compact,delete"), Pair("retention.ms", "604800000"),
                          Pair("segment.bytes", "67108864")));
  EXPECT_THAT(parse({"retention.ms=1", "retention.ms=2"}).value(), ElementsAre(Pair("retention.ms", "2")));
}

TEST(TopicSettings, WrongOnesAreNamed) {
  EXPECT_THAT(parse({"retention.ms"}).error().message, HasSubstr("'retention.ms' is no setting: write NAME=VALUE"));
  EXPECT_FALSE(parse({"=1"}));
  EXPECT_THAT(parse({"retentoin.ms=1"}).error().message, HasSubstr("retention.ms"));
  EXPECT_THAT(parse({"cleanup.policy=nonsense"}).error().message, HasSubstr("unknown cleanup policy 'nonsense'"));
}

}  // namespace
}  // namespace omashu::cli
