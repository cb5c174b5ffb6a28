#include "cli/console/console_format.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

ConsoleInput input(std::vector<std::pair<std::string, std::string>> properties) {
  ConsoleInput format;
  for (const auto& [name, value] : properties) {
    const auto set = format.set(name, value);
    EXPECT_TRUE(set && *set) << name;
  }
  return format;
}

TEST(ConsoleFormat, ALineIsAValueAlone) {
  const auto record = parse_console_record(input({}), "a\tb");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->key, std::nullopt);
  EXPECT_EQ(record->value, "a\tb");
}

TEST(ConsoleFormat, ReadsKeysAndHeaders) {
  const auto format = input({{"parse.key", "true"},
                             {"key.separator", "|"},
                             {"parse.headers", "true"},
                             {"headers.delimiter", "\\t"},
                             {"null.marker", "NULL"}});
  const auto record = parse_console_record(format, "a:1,b:NULL,c:x:y\t\"k\"|{\"v\":\"|\"}");
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(record->key, "\"k\"");
  EXPECT_EQ(record->value, "{\"v\":\"|\"}");
  ASSERT_EQ(record->headers.size(), 3u);
  EXPECT_EQ(record->headers[0].value, "1");
  EXPECT_EQ(record->headers[1].value, std::nullopt);
  EXPECT_EQ(record->headers[2].value, "x:y");
  EXPECT_EQ(parse_console_record(format, "NULL\tk|NULL")->value, std::nullopt);
  EXPECT_EQ(parse_console_record(format, "\tNULL|v")->key, std::nullopt);
}

TEST(ConsoleFormat, AMissingSeparatorIsAnErrorUnlessItIsIgnored) {
  EXPECT_FALSE(parse_console_record(input({{"parse.key", "true"}}), "v"));
  EXPECT_EQ(parse_console_record(input({{"parse.key", "true"}, {"ignore.error", "true"}}), "v")->value, "v");
  EXPECT_FALSE(parse_console_record(input({{"parse.headers", "true"}}), "v"));
  EXPECT_FALSE(parse_console_record(input({{"parse.headers", "true"}}), "nocolon\tv"));
}

TEST(ConsoleFormat, PrintsInTheOrderOfTheConsoleTools) {
  ConsoleOutput format;
  for (const char* name :
       {"print.timestamp", "print.partition", "print.offset", "print.headers", "print.key", "print.schema.ids"}) {
    EXPECT_TRUE(*format.set(name, "true"));
  }
  kafka::Message message;
  message.partition = 2;
  message.offset = 7;
  message.timestamp_ms = 1000;
  std::string out;
  append_console_record(format, message, {"\"k\"", "3"}, {std::nullopt, ""}, out);
  EXPECT_EQ(out, "CreateTime:1000\tPartition:2\tOffset:7\tNO_HEADERS\t\"k\"\t3\tnull\n");
  message.headers = {{"a", "1"}, {"b", std::nullopt}};
  ConsoleOutput headers;
  EXPECT_TRUE(*headers.set("print.headers", "true"));
  EXPECT_TRUE(*headers.set("key.separator", " - "));
  out.clear();
  append_console_record(headers, message, {"k", ""}, {"v", ""}, out);
  EXPECT_EQ(out, "a:1,b:null - v\n");
}

TEST(ConsoleFormat, KnowsItsProperties) {
  ConsoleInput format;
  EXPECT_FALSE(*format.set("value.schema", "x"));
  EXPECT_FALSE(format.set("parse.key", "yes"));
}

}  // namespace
}  // namespace omashu::cli
