#include "provision/ssv_file.h"
#include "base/shown.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> mistakes_in(std::string_view text) {
  std::vector<std::string> texts;
  for (const Mistake& mistake : parse_ssv(text, "f").mistakes) texts.push_back(mistake_text(mistake));
  return texts;
}

TEST(SsvFile, ReadsARow) {
  const SsvFile file = parse_ssv("t 3 2 s.avsc yes compact,delete 1 retention.ms=1000 preallocate=true\n", "f");
  EXPECT_THAT(file.mistakes, IsEmpty());
  ASSERT_EQ(file.rows.size(), 1u);
  const SsvRow& row = file.rows.front();
  EXPECT_EQ(row.topic_name.value, "t");
  EXPECT_EQ(row.partitions.value, 3);
  EXPECT_EQ(row.replication_factor.value, 2);
  EXPECT_EQ(row.schema_file.value, "s.avsc");
  EXPECT_TRUE(row.has_key_schema.value);
  EXPECT_EQ(row.cleanup_policy.value, "compact,delete");
  EXPECT_TRUE(row.make_it_topic.value);
  ASSERT_EQ(row.configs.size(), 2u);
  EXPECT_EQ(row.configs[0].first, "retention.ms");
  EXPECT_EQ(row.configs[0].second.value, "1000");
  EXPECT_EQ(row.configs[0].second.position, (TextPosition{1, 35}));
  EXPECT_EQ(row.configs[1].first, "preallocate");
}

TEST(SsvFile, WhatATableIsServedWithStandsInItsRow) {
  const SsvFile file = parse_ssv("t 3 1 t.avsc true compact true index=status,source.url ttl=7d,updatedAt\n", "f");
  EXPECT_THAT(file.mistakes, IsEmpty());
  ASSERT_EQ(file.rows.size(), 1u);
  EXPECT_EQ(file.rows[0].index->value, "status,source.url");
  EXPECT_EQ(file.rows[0].ttl->value, "7d,updatedAt");
  EXPECT_THAT(file.rows[0].configs, IsEmpty());
  EXPECT_THAT(mistakes_in("t 3 1 t.avsc true compact true index= ttl=soon\n"),
              ElementsAre(HasSubstr("f:1:32: index is ''"), HasSubstr("f:1:39: ttl is 'soon'")));
  EXPECT_THAT(mistakes_in("t 3 1 t.avsc true compact true index=a,a ttl=7d,\n"),
              ElementsAre(HasSubstr("index names 'a' twice"), HasSubstr("ttl ends in a comma")));
  EXPECT_EQ(parse_ssv("t 3 1 t.avsc true compact true board=status,-,-,at\n", "f").rows[0].board->value,
            "status,-,-,at");
  EXPECT_THAT(mistakes_in("t 3 1 t.avsc true compact true board=a,b,c,d,e,f\n"),
              ElementsAre(HasSubstr("board has 6 fields, and there are 5")));
  EXPECT_THAT(mistakes_in("t 3 1 t.avsc true delete true index=a\n"),
              ElementsAre(HasSubstr("a compacted topic makes, and cleanup_policy is delete")));
}

TEST(SsvFile, TheSameInEverySpelling) {
  const std::string header(kHeader);
  for (const std::string& text : {
           std::string("t 1 1 s.avsc false delete true"),              // no final newline
           std::string("t 1 1 s.avsc false delete true\n"),            //
           std::string("t 1 1 s.avsc false delete true\r\n"),          // CRLF
           std::string("t 1 1 s.avsc false delete true\r"),            //
           std::string("\xef\xbb\xbft 1 1 s.avsc false delete true"),  // byte-order mark
           std::string("\t t  1\t1 s.avsc false delete true \t\n"),    // tabs, many spaces, at both ends
           header + "\nt 1 1 s.avsc false delete true\n",              // a header
           "\xef\xbb\xbf# c\r\n\r\n" + header + "\r\n\r\nt 1 1 s.avsc false delete true\r\n",
           std::string("# c\n  # c\n\n \t\nt 1 1 s.avsc false delete true # a comment\n"),
           std::string("t 1 1 s.avsc FALSE delete True"),
           std::string("t 1 1 s.avsc 0 delete 1"),
           std::string("t 1 1 s.avsc No delete YES"),
       }) {
    const SsvFile file = parse_ssv(text, "f");
    EXPECT_THAT(file.mistakes, IsEmpty()) << text;
    ASSERT_EQ(file.rows.size(), 1u) << text;
    const SsvRow& row = file.rows.front();
    EXPECT_EQ(
        fmt::format("{} {} {} {} {} {} {}", row.topic_name.value, row.partitions.value, row.replication_factor.value,
                    row.schema_file.value, row.has_key_schema.value, row.cleanup_policy.value, row.make_it_topic.value),
        "t 1 1 s.avsc false delete true")
        << text;
    EXPECT_THAT(row.configs, IsEmpty());
  }
}

TEST(SsvFile, NoRowsAreNoMistake) {
  for (const std::string& text : {std::string(), std::string("\n"), std::string("# c"), std::string(kHeader)}) {
    const SsvFile file = parse_ssv(text, "f");
    EXPECT_THAT(file.mistakes, IsEmpty()) << text;
    EXPECT_THAT(file.rows, IsEmpty()) << text;
  }
}

TEST(SsvFile, NamesThePlaceOfEachMistake) {
  const std::pair<const char*, const char*> cases[] = {
      {"t 1 1 s.avsc false delete", "f:1:20: 6 columns, expected 7: make_it_topic is missing"},
      {"t 1",
       "f:1:3: 2 columns, expected 7: replication_factor, schema_file, has_key_schema, cleanup_policy, "
       "make_it_topic is missing"},
      {"a/b 1 1 s.avsc 0 delete 1", "f:1:1: illegal topic name 'a/b': use letters, digits, '.', '_' and '-' only"},
      {"t 0 1 s.avsc 0 delete 1",
       "f:1:3: partitions is 0: it must be from 1 to 2147483647, or -1 for as many as the brokers give topics by "
       "themselves"},
      {"t -2 1 s.avsc 0 delete 1",
       "f:1:3: partitions is -2: it must be from 1 to 2147483647, or -1 for as many as the brokers give topics by "
       "themselves"},
      {"t x 1 s.avsc 0 delete 1", "f:1:3: partitions is 'x': it must be a whole number"},
      {"t 1.0 1 s.avsc 0 delete 1", "f:1:3: partitions is '1.0': it must be a whole number"},
      {"t 1 0 s.avsc 0 delete 1",
       "f:1:5: replication_factor is 0: it must be from 1 to 32767, or -1 for as many as the brokers give topics by "
       "themselves"},
      {"t 1 32768 s.avsc 0 delete 1",
       "f:1:5: replication_factor is 32768: it must be from 1 to 32767, or -1 for as many as the brokers give topics "
       "by themselves"},
      {"t 1 99999999999999999999 s.avsc 0 delete 1",
       "f:1:5: replication_factor is '99999999999999999999': it must be a whole number"},
      {"t 1 1 s.avsc maybe delete 1",
       "f:1:14: has_key_schema is 'maybe': it must be true or false (1, 0, yes and no do as well)"},
      {"t 1 1 s.avsc 0 remove 1", "f:1:16: unknown cleanup policy 'remove': use delete, compact or compact,delete"},
      {"t 1 1 s.avsc 0 Compact 1", "f:1:16: unknown cleanup policy 'Compact': use delete, compact or compact,delete"},
      {"t 1 1 s.avsc 0 delete 2",
       "f:1:23: make_it_topic is '2': it must be true or false (1, 0, yes and no do as well)"},
      {"t 1 1 s.avsc 0 delete 1 extra",
       "f:1:25: 'extra' after the 7 columns: only topic settings may follow, as key=value"},
      {"t 1 1 s.avsc 0 delete 1 =1", "f:1:25: '=1' after the 7 columns: only topic settings may follow, as key=value"},
      {"t 1 1 s.avsc 0 delete 1 retention.mss=1", "f:1:25: unknown setting retention.mss: did you mean retention.ms?"},
      {"t 1 1 s.avsc 0 delete 1 retention.ms=x",
       "f:1:25: retention.ms is 'x': it takes a whole number of milliseconds, or a time as 7d, 12h, 30m, 10s or 500ms"},
      {"t 1 1 s.avsc 0 delete 1 retention.ms=1 retention.ms=1", "f:1:40: the setting retention.ms is given twice"},
      {"t 1 1 s.avsc 0 delete 1 cleanup.policy=compact", "f:1:25: cleanup.policy has a column of its own: the sixth"},
      {"t 1 1 /etc/s.avsc 0 delete 1",
       "f:1:7: schema_file '/etc/s.avsc' is an absolute path: name a file beside this one, or give --schemas DIR"},
      {"t 1 1 a/../../s.avsc 0 delete 1",
       "f:1:7: schema_file 'a/../../s.avsc' leaves the folder of the schemas: give --schemas DIR instead"},
      {"topic_name partitions replicas schema_file has_key_schema cleanup_policy make_it_topic",
       "f:1:23: column 3 is called 'replicas': it must be replication_factor"},
      {"topic_name partitions",
       "f:1:12: the header ends here: the columns are topic_name partitions replication_factor schema_file "
       "has_key_schema cleanup_policy make_it_topic"},
      {"\n\nt\x01 1 1 s.avsc 0 delete 1", "f:3:2: the byte 0x01 is not text: the file must be UTF-8"},
      {"t\xff 1 1 s.avsc 0 delete 1", "f:1:2: the byte 0xff is not text: the file must be UTF-8"},
  };
  for (const auto& [text, mistake] : cases) EXPECT_THAT(mistakes_in(text), ElementsAre(mistake)) << text;
}

TEST(SsvFile, ReportsEveryMistakeInOneRun) {
  EXPECT_THAT(mistakes_in("a/b 0 x s.avsc 0 zip 3\n"
                          "t 1\n"
                          "u 1 1 s.avsc 0 compact, delete 1\n"),
              ElementsAre("f:1:1: illegal topic name 'a/b': use letters, digits, '.', '_' and '-' only",
                          "f:1:5: partitions is 0: it must be from 1 to 2147483647, or -1 for as many as the brokers "
                          "give topics by themselves",
                          "f:1:7: replication_factor is 'x': it must be a whole number",
                          "f:1:18: unknown cleanup policy 'zip': use delete, compact or compact,delete",
                          "f:1:22: make_it_topic is '3': it must be true or false (1, 0, yes and no do as well)",
                          "f:2:3: 2 columns, expected 7: replication_factor, schema_file, has_key_schema, "
                          "cleanup_policy, make_it_topic is missing",
                          "f:3:16: cleanup_policy 'compact,' ends in a comma: write compact,delete without a space",
                          "f:3:25: make_it_topic is 'delete': it must be true or false (1, 0, yes and no do as well)",
                          "f:3:32: '1' after the 7 columns: only topic settings may follow, as key=value"));
}

TEST(SsvFile, ATopicMayBeCalledLikeTheFirstColumn) {
  const SsvFile file = parse_ssv("topic_name 1 1 s.avsc 0 delete 1", "f");
  EXPECT_THAT(file.mistakes, IsEmpty());
  EXPECT_EQ(file.rows.size(), 1u);
}

TEST(SsvFile, IsBounded) {
  EXPECT_THAT(mistakes_in(std::string((16 << 20) + 1, ' ')),
              ElementsAre("f:1:1: the file has 16777217 bytes: at most 16777216 are read"));
  std::string rows;
  for (int i = 0; i <= 100'000; ++i) rows += "t 1 1 s.avsc 0 delete 1\n";
  EXPECT_THAT(mistakes_in(rows), ElementsAre("f:100001:1: more than 100000 rows"));
}

TEST(SsvFile, LongAndUnprintableTextIsShownSafely) {
  EXPECT_EQ(shown(std::string(200, 'x')), "'" + std::string(80, 'x') + "…'");
  EXPECT_EQ(shown("a\x1b[31m\xff"), "'a\\x1b[31m\\xff'");
}

}  // namespace
}  // namespace omashu::provision
