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

Result<ConsoleRecord> read(const ConsoleInput& format, std::string_view line) {
  const auto reader = ConsoleLineReader::open(format);
  if (!reader) return fail(reader.error());
  return reader->read(line);
}

std::optional<std::string> header_text(const kafka::Header& header) { return header.value; }

TEST(ConsoleFormat, ALineIsAValueAlone) {
  const auto record = read(input({}), "a\tb");
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
  const auto record = read(format, "a:1,b:NULL,c:x:y\t\"k\"|{\"v\":\"|\"}");
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(record->key, "\"k\"");
  EXPECT_EQ(record->value, "{\"v\":\"|\"}");
  ASSERT_EQ(record->headers.size(), 3u);
  EXPECT_EQ(record->headers[0].value, "1");
  EXPECT_EQ(record->headers[1].value, std::nullopt);
  EXPECT_EQ(record->headers[2].value, "x:y");
  EXPECT_EQ(read(format, "NULL\tk|NULL")->value, std::nullopt);
  EXPECT_EQ(read(format, "\tNULL|v")->key, std::nullopt);
}

TEST(ConsoleFormat, AMissingSeparatorIsAnErrorUnlessItIsIgnored) {
  EXPECT_FALSE(read(input({{"parse.key", "true"}}), "v"));
  EXPECT_EQ(read(input({{"parse.key", "true"}, {"ignore.error", "true"}}), "v")->value, "v");
  EXPECT_FALSE(read(input({{"parse.headers", "true"}}), "v"));
  EXPECT_FALSE(read(input({{"parse.headers", "true"}}), "nocolon\tv"));
}

TEST(ConsoleFormat, TheSeparatorOfHeadersIsARegularExpressionInJavasToolsAlone) {
  const auto java = ConsoleInput::of_java({{"parse.headers", "true"}, {"headers.separator", "[,;]"}});
  EXPECT_EQ(read(java, "a:1,b:2;c:3\tv")->headers.size(), 3u);
  for (const char* separator : {"|", ".", "[,;]", "*", "^", "{2}"}) {
    const auto format = input({{"parse.headers", "true"}, {"headers.separator", separator}});
    const auto record = read(format, std::string("a:1") + separator + "b:2\tv");
    ASSERT_TRUE(record) << separator << ": " << record.error().message;
    EXPECT_EQ(record->headers.size(), 2u) << separator;
  }
}

TEST(ConsoleFormat, SeparatorsThatAreEqualAreRefused) {
  EXPECT_FALSE(read(input({{"headers.separator", ":"}}), "v"));
  EXPECT_FALSE(read(input({{"null.marker", "|"}, {"key.separator", "|"}}), "v"));
}

TEST(ConsoleFormat, JavasToolsTakeSeparatorsAsTheyStand) {
  const auto format = ConsoleInput::of_java({{"parse.key", " True "}, {"key.separator", "\\t"}, {"other", "x"}});
  EXPECT_TRUE(format.parse_key);
  EXPECT_EQ(format.key_separator, "\\t");
  EXPECT_FALSE(ConsoleInput::of_java({{"parse.key", "yes"}}).parse_key);
  EXPECT_EQ(input({{"key.separator", "\\t"}}).key_separator, "\t");
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
  append_console_record(format, message, header_text, {"\"k\"", "3"}, {std::nullopt, ""}, out);
  EXPECT_EQ(out, "CreateTime:1000\tPartition:2\tOffset:7\tNO_HEADERS\t\"k\"\t3\tnull\n");
  message.headers = {{"a", "1"}, {"b", std::nullopt}};
  ConsoleOutput headers;
  EXPECT_TRUE(*headers.set("print.headers", "true"));
  EXPECT_TRUE(*headers.set("key.separator", " - "));
  out.clear();
  append_console_record(headers, message, header_text, {"k", ""}, {"v", ""}, out);
  EXPECT_EQ(out, "a:1,b:null - v\n");
}

TEST(ConsoleFormat, KnowsItsProperties) {
  ConsoleInput format;
  EXPECT_FALSE(*format.set("value.schema", "x"));
  EXPECT_FALSE(format.set("parse.key", "yes"));
}

}  // namespace
}  // namespace omashu::cli
