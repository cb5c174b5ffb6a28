#include "sink/dynamodb/item.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sink/dynamodb/statements.h"
#include "sink/dynamodb/testing/made_records.h"

namespace omashu::sink::dynamodb {
namespace {

using ::testing::HasSubstr;
using testing::MadeRecords;

constexpr const char* kKeySchema = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kValueSchema =
    R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},{"name":"n","type":"long"}]})";

TableKey key_of(const std::string& hash, char type = 'S', const std::string& sort = "", char sort_type = 'S') {
  TableKey key{{"id", type, parse_key_source(hash).value()}, std::nullopt};
  if (!sort.empty()) key.sort = KeyAttribute{"at", sort_type, parse_key_source(sort).value()};
  return key;
}

Result<Item> map(const SinkRecord& record, const TableKey& key, ItemOptions options = {}) {
  return ItemMapper(key, std::move(options)).map(record, "T", 99);
}

TEST(Item, HasTheKeyThePositionAndTheFieldsOfTheValue) {
  MadeRecords records("t", kKeySchema, kValueSchema);
  const Item item = map(records.add(2, 7, R"({"id":"om-1"})", R"({"id":"om-1","n":5})"), key_of("key")).value();
  EXPECT_EQ(item.key, R"("id":{"S":"om-1"})");
  EXPECT_EQ(item.attributes,
            R"("id":{"S":"om-1"},"_position":{"M":{"topic":{"S":"T"},"partition":{"N":"2"},"offset":{"N":"7"},)"
            R"("timestamp":{"N":"1000"}}},"n":{"N":"5"})");
}

TEST(Item, ATombstoneKeepsKeyAndPositionAndExpires) {
  MadeRecords records("t", kKeySchema, kValueSchema);
  const Item item = map(records.add(2, 7, R"({"id":"om-1"})", std::nullopt), key_of("key")).value();
  EXPECT_TRUE(item.is_tombstone);
  EXPECT_THAT(item.attributes, HasSubstr(R"("_deleted":{"BOOL":true},"_expires":{"N":"99"})"));
}

TEST(Item, KeysComeFromPartitionOffsetPositionAndFields) {
  MadeRecords records("t", kKeySchema, R"({"type":"record","name":"V","fields":[{"name":"n","type":"long"}]})");
  const SinkRecord record = records.add(2, 7, R"({"id":"om-1"})", R"({"n":5})");
  EXPECT_EQ(map(record, key_of("partition", 'N', "offset", 'N')).value().key, R"("id":{"N":"2"},"at":{"N":"7"})");
  EXPECT_EQ(map(record, key_of("key", 'S', "position")).value().key,
            R"("id":{"S":"om-1"},"at":{"S":"1970-01-01T00:00:01.000Z-2-00000000000000000007"})");
  ItemOptions history;
  history.key_from_record_key = false;
  EXPECT_EQ(map(record, key_of("key", 'S', "n", 'N'), history).value().key, R"("id":{"S":"om-1"},"at":{"N":"5"})");
  const auto of_value = map(record, key_of("n", 'N'));
  ASSERT_FALSE(of_value.has_value());
  EXPECT_THAT(of_value.error().message, HasSubstr("the record's key has no field n"));
}

TEST(Item, AKeyOfSeveralFieldsIsItsJson) {
  MadeRecords records(
      "t", R"({"type":"record","name":"K","fields":[{"name":"a","type":"string"},{"name":"b","type":"int"}]})",
      R"("string")");
  const SinkRecord record = records.add(0, 0, R"({"a":"x","b":1})", R"("v")");
  EXPECT_EQ(map(record, key_of("key")).value().key, R"("id":{"S":"{\"a\":\"x\",\"b\":1}"})");
  EXPECT_EQ(map(record, key_of("a", 'S', "b", 'N')).value().key, R"("id":{"S":"x"},"at":{"N":"1"})");
  EXPECT_THAT(map(record, key_of("key")).value().attributes, HasSubstr(R"("value":{"S":"v"})"));
}

TEST(Item, KeysThatDynamodbRefusesAreRefusedBefore) {
  MadeRecords records("t", kKeySchema, kValueSchema);
  const auto refusal = [&](const std::optional<std::string>& key, const TableKey& table_key) {
    const auto item = map(records.add(0, 0, key, std::nullopt), table_key);
    return item ? std::string("none") : item.error().message;
  };
  EXPECT_THAT(refusal(R"({"id":""})", key_of("key")), HasSubstr("it is empty"));
  EXPECT_THAT(refusal(R"({"id":")" + std::string(2049, 'x') + R"("})", key_of("key")), HasSubstr("2049 bytes"));
  EXPECT_THAT(refusal(R"({"id":"x"})", key_of("key", 'N')), HasSubstr("no number"));
  EXPECT_THAT(refusal(std::nullopt, key_of("key")), HasSubstr("has no key"));
  EXPECT_THAT(refusal(R"({"id":"12"})", key_of("key", 'N')), "none");
  EXPECT_THAT(refusal(R"({"id":"x"})", key_of("key", 'B')), "none");
}

TEST(Item, AFieldThatContradictsTheKeyOrIsReservedIsRefused) {
  MadeRecords records("t", kKeySchema, kValueSchema);
  const auto other = map(records.add(0, 0, R"({"id":"om-1"})", R"({"id":"om-2","n":5})"), key_of("key"));
  ASSERT_FALSE(other.has_value());
  EXPECT_THAT(other.error().message, HasSubstr("the field id"));
  ItemOptions options;
  options.position_attribute = "n";
  const auto reserved = map(records.add(0, 0, R"({"id":"om-1"})", R"({"id":"om-1","n":5})"), key_of("key"), options);
  ASSERT_FALSE(reserved.has_value());
  EXPECT_THAT(reserved.error().message, HasSubstr("--position-attribute"));
}

TEST(Item, AboveFourHundredKilobytesItIsRefused) {
  MadeRecords records("t", kKeySchema, R"("string")");
  const auto with = [&](size_t size) {
    return map(records.add(0, 0, R"({"id":"om-1"})", '"' + std::string(size, 'x') + '"'), key_of("key")).has_value();
  };
  EXPECT_TRUE(with(kMaxItemBytes - 200));
  EXPECT_FALSE(with(kMaxItemBytes));
}

TEST(Statements, ThePutIsGuardedByThePosition) {
  MadeRecords records("t", kKeySchema, kValueSchema);
  const Item item = map(records.add(2, 7, R"({"id":"om-1"})", R"({"id":"om-1","n":5})"), key_of("key")).value();
  const Statement statement = guarded_put("downloads", {}, item);
  EXPECT_EQ(statement.operation, "PutItem");
  EXPECT_TRUE(json::parse(statement.body).has_value()) << statement.body;
  EXPECT_THAT(statement.body, HasSubstr(R"("TableName":"downloads","Item":{"id":)"));
  EXPECT_THAT(statement.body, HasSubstr(R"(":offset":{"N":"7"})"));
  EXPECT_TRUE(json::parse(guarded_delete("downloads", {}, item).body).has_value());
  EXPECT_TRUE(json::parse(put("downloads", item).body).has_value());
  const std::vector<const Item*> items = {&item, &item};
  EXPECT_TRUE(json::parse(batch_put("downloads", items).body).has_value());
}

}  // namespace
}  // namespace omashu::sink::dynamodb
