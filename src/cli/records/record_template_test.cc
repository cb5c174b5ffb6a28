#include "cli/records/record_template.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

kafka::Message message() {
  kafka::Message message;
  message.topic = "t";
  message.partition = 2;
  message.offset = 17;
  message.timestamp_ms = 1709251199999;
  message.key = "raw";
  message.headers = {{"a", "1"}, {"b", std::nullopt}};
  return message;
}

std::string text(std::string_view format, const std::optional<std::string>& value = "v") {
  const auto parsed = RecordTemplate::parse(format);
  EXPECT_TRUE(parsed) << format;
  std::string out;
  if (parsed) parsed->append(message(), "k", value, out);
  return out;
}

std::string error(std::string_view format) {
  const auto parsed = RecordTemplate::parse(format);
  return parsed ? "" : parsed.error().message;
}

TEST(RecordTemplate, HasKcatsLetters) {
  EXPECT_EQ(text("%t [%p] at %o: %k=%v\\n"), "t [2] at 17: k=v\n");
  EXPECT_EQ(text("%T %K %S %h %s%%"), "1709251199999 3 -1 a=1,b=NULL v%");
  EXPECT_EQ(text("%k|%v|", std::nullopt), "k||");
}

TEST(RecordTemplate, HasTheEscapesOfC) {
  EXPECT_EQ(text("\\t\\r\\n\\\\\\x41\\x0a"), "\t\r\n\\A\n");
  EXPECT_EQ(text("a\\0b"), std::string("a\0b", 3));
}

TEST(RecordTemplate, SaysWhereItIsWrong) {
  EXPECT_TRUE(error("%k %q").starts_with("column 4: '%q' is not known: write %t topic"));
  EXPECT_EQ(error("%k %"), "column 4: a % at the end: write %% for one");
  EXPECT_EQ(error("a\\"), "column 2: a backslash at the end: write \\\\ for one");
  EXPECT_EQ(error("\\q"), "column 1: '\\q' is not known: write \\n, \\t, \\r, \\0, \\\\ or \\xHH");
  EXPECT_EQ(error("\\x4"), "column 1: \\x needs two hexadecimal digits: \\x1f");
  EXPECT_EQ(error("\\xg0"), "column 1: \\x needs two hexadecimal digits: \\x1f");
}

TEST(RecordTemplate, KnowsWhatHasToBeDecoded) {
  EXPECT_TRUE(RecordTemplate::parse("%k")->has_key());
  EXPECT_FALSE(RecordTemplate::parse("%K %S %o")->has_key());
  EXPECT_FALSE(RecordTemplate::parse("%K %S %o")->has_value());
  EXPECT_TRUE(RecordTemplate::parse("%s")->has_value());
}

}  // namespace
}  // namespace omashu::cli
