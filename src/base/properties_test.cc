#include "base/properties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(Properties, ReadsWhatKafkasToolsRead) {
  const auto properties = parse_properties(
      "\xef\xbb\xbf# a comment\r\n"
      "! another\n"
      "\n"
      "bootstrap.servers=a:9092,b:9092\r\n"
      "  sasl.password = p=w:d#! \n"
      "sasl.mechanism: PLAIN\n"
      "sasl.jaas.config=Module required \\\n"
      "    username=\"u\";\n"
      "ssl.key.location=C:\\key\n"
      "empty=");
  ASSERT_TRUE(properties) << properties.error().message;
  EXPECT_THAT(*properties,
              ElementsAre(Pair("bootstrap.servers", "a:9092,b:9092"), Pair("sasl.password", "p=w:d#!"),
                          Pair("sasl.mechanism", "PLAIN"), Pair("sasl.jaas.config", "Module required username=\"u\";"),
                          Pair("ssl.key.location", "C:\\key"), Pair("empty", "")));
}

TEST(Properties, NamesTheLineAndKeepsItsTextToItself) {
  for (const char* text : {"a=1\nsecret\n", "a=1\n=secret\n", "a=1\n: secret"}) {
    const auto properties = parse_properties(text);
    ASSERT_FALSE(properties) << text;
    EXPECT_EQ(properties.error().position->line, 2u);
    EXPECT_EQ(properties.error().message.find("secret"), std::string::npos);
  }
}

TEST(Properties, ReadsOnePropertyOfACommandLine) {
  EXPECT_EQ(*parse_property("a.b=c=d"), (std::pair<std::string, std::string>("a.b", "c=d")));
  EXPECT_EQ(*parse_property("a="), (std::pair<std::string, std::string>("a", "")));
  EXPECT_FALSE(parse_property("=x"));
  EXPECT_FALSE(parse_property("a.b"));
}

}  // namespace
}  // namespace omashu
