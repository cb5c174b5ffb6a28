#include "cli/console/jopt_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> expand(const std::vector<std::string>& words) {
  OptionParser parser;
  static std::string topic, timeout, codec;
  static bool is_sync = false;
  parser.option("--topic", "TOPIC", topic, "t");
  parser.option("--timeout-ms", "MS", timeout, "t");
  parser.option_or("--compression-codec", "CODEC", "gzip", codec, "c");
  parser.flag("--sync", is_sync, "s");
  return expand_jopt_words(words, parser.specs());
}

TEST(JoptWords, OneDashAndAbbreviationsAreTaken) {
  EXPECT_THAT(expand({"-topic", "t", "--sy"}), ElementsAre("--topic", "t", "--sync"));
  EXPECT_THAT(expand({"--top=t"}), ElementsAre("--topic=t"));
  EXPECT_THAT(expand({"--t", "x"}), ElementsAre("--t", "x")) << "two options begin so";
  EXPECT_THAT(expand({"--topic", "--sync"}), ElementsAre("--topic", "--sync")) << "a value may look like an option";
  EXPECT_THAT(expand({"--", "-topic"}), ElementsAre("--", "-topic"));
}

TEST(JoptWords, AValueMayBeLeftOut) {
  EXPECT_THAT(expand({"--compression-codec", "--sync"}), ElementsAre("--compression-codec", "gzip", "--sync"));
  EXPECT_THAT(expand({"--compression-codec"}), ElementsAre("--compression-codec", "gzip"));
  EXPECT_THAT(expand({"--compression-codec", "lz4"}), ElementsAre("--compression-codec", "lz4"));
  EXPECT_THAT(expand({"--compression-codec=zstd"}), ElementsAre("--compression-codec=zstd"));
}

TEST(JoptWords, AParserMayReadThem) {
  OptionParser parser;
  std::string topic, codec;
  parser.reads_jopt_words();
  parser.option("--topic", "TOPIC", topic, "t");
  parser.option_or("--compression-codec", "CODEC", "gzip", codec, "c");
  ASSERT_TRUE(parser.parse(std::vector<std::string>{"-top", "t", "--compression-codec"}));
  EXPECT_EQ(topic, "t");
  EXPECT_EQ(codec, "gzip");
}

}  // namespace
}  // namespace omashu::cli
