#include "schema_registry/server/subject_name.h"

#include <gtest/gtest.h>

namespace omashu::schema_registry::server {
namespace {

TEST(SubjectName, HasOneSpelling) {
  EXPECT_EQ(normalized_subject("orders"), "orders");
  EXPECT_EQ(normalized_subject(":.team:orders"), ":.team:orders");
  EXPECT_EQ(normalized_subject(":.:orders"), "orders");
  EXPECT_EQ(normalized_subject(":.team"), ":.team:");
  EXPECT_EQ(normalized_subject(":.:"), "");
  EXPECT_EQ(normalized_subject(":."), "");
  EXPECT_EQ(normalized_subject("a:.b:c"), "a:.b:c");
  EXPECT_EQ(normalized_subject(":team:orders"), ":team:orders");
}

TEST(SubjectName, BelongsToAContext) {
  EXPECT_EQ(context_of("orders"), "");
  EXPECT_EQ(context_of(":.team:orders"), ":.team:");
  EXPECT_EQ(context_of(":.team:"), ":.team:");
  EXPECT_EQ(context_of(":.a:b:c"), ":.a:");
  EXPECT_EQ(qualified_subject(":.team:", "orders"), ":.team:orders");
  EXPECT_EQ(qualified_subject(":.team:", ":.other:orders"), ":.other:orders");
  EXPECT_EQ(qualified_subject(":.team:", ":.:orders"), "orders");
  EXPECT_EQ(qualified_subject("", "orders"), "orders");
}

TEST(SubjectName, ContextsHaveNames) {
  EXPECT_EQ(context_name(""), ".");
  EXPECT_EQ(context_name(":.team:"), ".team");
  for (const char* name : {".team", "team", ":.team:", ":.team"}) EXPECT_EQ(context_from_name(name), ":.team:") << name;
  for (const char* name : {".", ":.:"}) EXPECT_EQ(context_from_name(name), "") << name;
}

TEST(SubjectName, HasPrefixes) {
  EXPECT_TRUE(has_subject_prefix("orders", ""));
  EXPECT_TRUE(has_subject_prefix("orders", "ord"));
  EXPECT_FALSE(has_subject_prefix("orders", "s"));
  EXPECT_FALSE(has_subject_prefix(":.team:orders", ""));
  EXPECT_TRUE(has_subject_prefix(":.team:orders", ":.team:ord"));
  EXPECT_FALSE(has_subject_prefix(":.other:orders", ":.team:"));
  EXPECT_TRUE(has_subject_prefix(":.team:orders", ":*:"));
  EXPECT_TRUE(has_subject_prefix(":.team:orders", ":*:ord"));
  EXPECT_TRUE(has_subject_prefix("orders", ":*:ord"));
}

TEST(SubjectName, SomeNamesAreRefused) {
  for (const char* name : {"orders", ":.team:orders", "a/b c:d%", "größer", "__OTHER"}) {
    EXPECT_TRUE(is_valid_subject(name)) << name;
  }
  for (const char* name :
       {"", ":.team:", "__GLOBAL", "__EMPTY", ":.team:__EMPTY", "a\nb", "a\x7f", "\xc2\x85", "\xff"}) {
    EXPECT_FALSE(is_valid_subject(name)) << name;
  }
  for (const char* name : {"", ":.team:", ":.__GLOBAL:", "orders"}) EXPECT_TRUE(is_valid_scope(name)) << name;
  EXPECT_FALSE(is_valid_scope("a\tb"));
}

}  // namespace
}  // namespace omashu::schema_registry::server
