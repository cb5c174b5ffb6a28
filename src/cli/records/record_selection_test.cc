#include "cli/records/record_selection.h"

#include <gtest/gtest.h>

#include "cli/option_parser.h"

namespace omashu::cli {
namespace {

TEST(RecordSelection, AKeyIsItsTextItsJsonOrItsOnlyField) {
  const KeySelection word("om-1");
  EXPECT_TRUE(word.matches("om-1", "\"om-1\""));
  EXPECT_TRUE(word.matches("\0\0\0\0\1\x08om-1", "\"om-1\""));
  EXPECT_TRUE(word.matches("…", R"({"omashuId":"om-1"})"));
  EXPECT_FALSE(word.matches("…", R"({"omashuId":"om-2"})"));
  EXPECT_FALSE(word.matches("…", R"({"omashuId":"om-1","part":1})"));
  EXPECT_FALSE(word.matches("om-11", "\"om-11\""));
  const KeySelection number("5");
  EXPECT_TRUE(number.matches("…", "5"));
  EXPECT_TRUE(number.matches("…", R"({"id":5})"));
  EXPECT_TRUE(number.matches("…", R"({"id":"5"})"));
  const KeySelection record(R"({ "id": 5, "part": 1 })");
  EXPECT_TRUE(record.matches("…", R"({"id":5,"part":1})"));
  EXPECT_FALSE(record.matches("…", R"({"id":5,"part":2})"));
}

bool matches(const std::vector<std::string>& options, const kafka::Message& message) {
  OptionParser parser;
  RecordSelection selection;
  selection.declare(parser);
  EXPECT_TRUE(parser.parse(options));
  EXPECT_TRUE(selection.check());
  const auto matched = selection.matches(message);
  EXPECT_TRUE(matched);
  return matched.value_or(false);
}

TEST(RecordSelection, HeadersMustAllBeThere) {
  kafka::Message message;
  message.headers = {{"a", "1"}, {"a", "2"}, {"b", std::nullopt}};
  EXPECT_TRUE(matches({}, message));
  EXPECT_TRUE(matches({"--header", "a"}, message));
  EXPECT_TRUE(matches({"--header", "a=2", "--header", "b"}, message));
  EXPECT_FALSE(matches({"--header", "a=3"}, message));
  EXPECT_FALSE(matches({"--header", "b="}, message));
  EXPECT_FALSE(matches({"--header", "a", "--header", "c"}, message));
}

TEST(RecordSelection, ARecordWithoutKeyHasNoKey) { EXPECT_FALSE(matches({"--key", "null"}, kafka::Message{})); }

TEST(RecordSelection, AHeaderHasAName) {
  OptionParser parser;
  RecordSelection selection;
  selection.declare(parser);
  ASSERT_TRUE(parser.parse(std::vector<std::string>{"--header", "=x"}));
  EXPECT_FALSE(selection.check());
}

}  // namespace
}  // namespace omashu::cli
