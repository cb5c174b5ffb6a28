#include "sink/postgres/names.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::sink::postgres {
namespace {

using ::testing::HasSubstr;

TEST(Names, AreQuoted) {
  EXPECT_EQ(quoted("status-download"), R"("status-download")");
  EXPECT_EQ(quoted(R"(a"b)"), R"("a""b")");
  EXPECT_EQ(quoted_text("it's"), "'it''s'");
  EXPECT_EQ(quoted_text(R"(a\b)"), R"(E'a\\b')");
}

TEST(Names, ThatAreTooLongKeepTheirBeginningAndTakeADigest) {
  const std::string longest(63, 'a');
  EXPECT_EQ(usable_name(longest), longest);
  const std::string first = usable_name(longest + "1");
  const std::string second = usable_name(longest + "2");
  EXPECT_EQ(first.size(), 63u);
  EXPECT_EQ(first.substr(0, 54), longest.substr(0, 54));
  EXPECT_NE(first, second);
  EXPECT_EQ(first, usable_name(longest + "1"));
}

TEST(Names, AreNotCutWithinACharacter) {
  std::string name(53, 'a');
  for (int i = 0; i < 10; ++i) name += "\xc3\xa9";
  const std::string usable = usable_name(name);
  EXPECT_EQ(usable.size(), 62u);
  EXPECT_EQ(usable[53], '_');
}

TEST(Names, OfSystemColumnsTakeAnUnderscore) {
  EXPECT_EQ(usable_name("xmin"), "xmin_");
  EXPECT_EQ(usable_name("ctid"), "ctid_");
  EXPECT_EQ(usable_name("oid"), "oid");
}

TEST(TableName, IsATableOrASchemaAndATable) {
  EXPECT_EQ(TableName::parse("status-download")->quoted(), R"("status-download")");
  EXPECT_EQ(TableName::parse("public.Downloads")->quoted(), R"("public"."Downloads")");
  EXPECT_EQ(TableName::parse(R"("a.b"."c""d")")->quoted(), R"("a.b"."c""d")");
  EXPECT_EQ(TableName::parse("s.t")->quoted_sibling("other"), R"("s"."other")");
}

TEST(TableName, OfAnotherKindIsRefused) {
  for (const char* text : {"", ".", "a.", ".a", "a.b.c", "\"a", "a\"b", "\"a\"b", "\"\"", "a..b"}) {
    EXPECT_FALSE(TableName::parse(text)) << text;
  }
  EXPECT_FALSE(TableName::parse(std::string("a\0b", 3)));
  EXPECT_FALSE(TableName::parse("\xff"));
  EXPECT_THAT(TableName::parse(std::string(64, 'a')).error().message, HasSubstr("behind 63 bytes"));
}

}  // namespace
}  // namespace omashu::sink::postgres
