#include "sink/dynamodb/table_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::sink::dynamodb {
namespace {

using ::testing::HasSubstr;

KeySource source(const char* text) { return parse_key_source(text).value(); }

TEST(TableCheck, TheTablesOwnNamesAndTypesHold) {
  const TableKey key = match_key("t", {"ACTIVE", {"pk", 'B'}, {"sk", 'N'}}, source("key"), source("offset")).value();
  EXPECT_EQ(key.hash.name, "pk");
  EXPECT_EQ(key.hash.type, 'B');
  EXPECT_EQ(key.sort->name, "sk");
  EXPECT_EQ(key.sort->type, 'N');
}

TEST(TableCheck, AnotherKeyThanIsAskedForIsRefused) {
  const auto refusal = [](const TableDescription& table, const char* hash, std::optional<const char*> sort) {
    const auto key = match_key("t", table, source(hash), sort ? std::optional(source(*sort)) : std::nullopt);
    return key ? std::string("none") : key.error().message;
  };
  EXPECT_THAT(refusal({"ACTIVE", {"pk", 'S'}, {"sk", 'S'}}, "key", std::nullopt), HasSubstr("--sort"));
  EXPECT_THAT(refusal({"ACTIVE", {"pk", 'S'}, {"", 'S'}}, "key", "offset"), HasSubstr("no sort key"));
  EXPECT_THAT(refusal({"ACTIVE", {"pk", 'S'}, {"", 'S'}}, "id=key", std::nullopt), HasSubstr("--hash names id"));
  EXPECT_THAT(refusal({"ACTIVE", {"pk", 'B'}, {"", 'S'}}, "partition", std::nullopt), HasSubstr("type B"));
}

TEST(TableCheck, ATableIsMadeOnDemandWithTheKeysThatAreAskedFor) {
  EXPECT_EQ(create_table("t", source("id=key"), source("offset")).body,
            R"({"TableName":"t","AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"},)"
            R"({"AttributeName":"offset","AttributeType":"N"}],"KeySchema":[{"AttributeName":"id","KeyType":"HASH"},)"
            R"({"AttributeName":"offset","KeyType":"RANGE"}],"BillingMode":"PAY_PER_REQUEST"})");
}

}  // namespace
}  // namespace omashu::sink::dynamodb
