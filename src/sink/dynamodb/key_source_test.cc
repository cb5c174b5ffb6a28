#include "sink/dynamodb/key_source.h"

#include <gtest/gtest.h>

namespace omashu::sink::dynamodb {
namespace {

using Kind = KeySource::Kind;

TEST(KeySource, NamesWhereAKeyComesFrom) {
  EXPECT_EQ(parse_key_source("key").value(), (KeySource{Kind::kKey, "", ""}));
  EXPECT_EQ(parse_key_source("id=key").value(), (KeySource{Kind::kKey, "", "id"}));
  EXPECT_EQ(parse_key_source("partition").value(), (KeySource{Kind::kPartition, "", ""}));
  EXPECT_EQ(parse_key_source("offset").value(), (KeySource{Kind::kOffset, "", ""}));
  EXPECT_EQ(parse_key_source("position").value(), (KeySource{Kind::kPosition, "", ""}));
  EXPECT_EQ(parse_key_source("source.url").value(), (KeySource{Kind::kField, "source.url", ""}));
}

TEST(KeySource, WhatIsNoneIsRefused) {
  for (const char* text : {"", "=key", "id=", ".a", "a.", "a..b", "a b", "a=b=c"}) {
    EXPECT_FALSE(parse_key_source(text).has_value()) << text;
  }
}

TEST(KeySource, ATableThatIsMadeHasPlainNames) {
  EXPECT_EQ(parse_key_source("key").value().default_attribute(), "key");
  EXPECT_EQ(parse_key_source("id=key").value().default_attribute(), "id");
  EXPECT_EQ(parse_key_source("source.url").value().default_attribute(), "url");
  EXPECT_EQ(parse_key_source("offset").value().default_type(), 'N');
}

}  // namespace
}  // namespace omashu::sink::dynamodb
