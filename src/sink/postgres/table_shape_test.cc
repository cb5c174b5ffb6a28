#include "sink/postgres/table_shape.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::sink::postgres {
namespace {

using ::testing::HasSubstr;

avro::Schema schema(const std::string& text) { return *avro::Schema::parse(text); }

std::string record(const std::string& fields) {
  return fmt::format(R"({{"type":"record","name":"R","fields":[{}]}})", fields);
}

std::string described(const Result<TableShape>& shape) {
  if (!shape) return shape.error().message;
  std::string text;
  for (const Column& column : shape->columns) {
    if (column.name.starts_with("kafka_")) continue;
    text += fmt::format("{}{} {}{}", text.empty() ? "" : ", ", column.name, sql_type(column.type),
                        column.is_nullable ? "" : " NOT NULL");
  }
  return text;
}

std::string shape(const std::string& key, const std::string& value, const ShapeOptions& options = {}) {
  return described(shape_of({.schema = "", .name = "t"}, schema(key), schema(value), options));
}

std::string type_of(const std::string& text) { return sql_type(column_type(schema(text).root())); }

TEST(ColumnType, OfEachType) {
  EXPECT_EQ(type_of(R"("boolean")"), "boolean");
  EXPECT_EQ(type_of(R"("int")"), "integer");
  EXPECT_EQ(type_of(R"("long")"), "bigint");
  EXPECT_EQ(type_of(R"("float")"), "real");
  EXPECT_EQ(type_of(R"("double")"), "double precision");
  EXPECT_EQ(type_of(R"("string")"), "text");
  EXPECT_EQ(type_of(R"("bytes")"), "bytea");
  EXPECT_EQ(type_of(R"({"type":"fixed","name":"F","size":3})"), "bytea");
  EXPECT_EQ(type_of(R"({"type":"enum","name":"E","symbols":["A"]})"), "text");
  EXPECT_EQ(type_of(R"({"type":"map","values":"int"})"), "jsonb");
  EXPECT_EQ(type_of(record("")), "jsonb");
}

TEST(ColumnType, OfLogicalTypes) {
  const auto logical = [](const char* type, const char* name, const char* more = "") {
    return type_of(fmt::format(R"({{"type":"{}","logicalType":"{}"{}}})", type, name, more));
  };
  EXPECT_EQ(logical("bytes", "decimal", R"(,"precision":9,"scale":2)"), "numeric(9,2)");
  EXPECT_EQ(logical("bytes", "decimal", R"(,"precision":1001,"scale":2)"), "numeric");
  EXPECT_EQ(logical("bytes", "big-decimal"), "numeric");
  EXPECT_EQ(logical("string", "uuid"), "uuid");
  EXPECT_EQ(logical("int", "date"), "date");
  EXPECT_EQ(logical("int", "time-millis"), "time without time zone");
  EXPECT_EQ(logical("long", "time-micros"), "time without time zone");
  EXPECT_EQ(logical("long", "timestamp-millis"), "timestamp with time zone");
  EXPECT_EQ(logical("long", "timestamp-micros"), "timestamp with time zone");
  EXPECT_EQ(logical("long", "timestamp-nanos"), "bigint");
  EXPECT_EQ(logical("long", "local-timestamp-millis"), "timestamp without time zone");
  EXPECT_EQ(logical("fixed", "duration", R"(,"name":"D","size":12)"), "interval");
}

TEST(ColumnType, OfUnionsAndArrays) {
  EXPECT_EQ(type_of(R"(["null","int"])"), "integer");
  EXPECT_EQ(type_of(R"(["int"])"), "integer");
  EXPECT_EQ(type_of(R"(["null","int","string"])"), "jsonb");
  EXPECT_EQ(type_of(R"({"type":"array","items":"string"})"), "text[]");
  EXPECT_EQ(type_of(R"(["null",{"type":"array","items":["null","long"]}])"), "bigint[]");
  EXPECT_EQ(type_of(R"({"type":"array","items":{"type":"array","items":"int"}})"), "jsonb");
  EXPECT_EQ(type_of(R"({"type":"array","items":{"type":"map","values":"int"}})"), "jsonb");
}

TEST(TableShape, HasTheKeysColumnsFirstAndOneForWhatBothHave) {
  EXPECT_EQ(shape(record(R"({"name":"id","type":"string"})"),
                  record(R"({"name":"n","type":["null","int"]},{"name":"id","type":"string"})")),
            "id text NOT NULL, n integer");
}

TEST(TableShape, OfAKeyOrAValueThatIsNoRecord) {
  EXPECT_EQ(shape(R"("long")", R"("string")"), "key bigint NOT NULL, value text NOT NULL");
  EXPECT_EQ(shape(R"("long")", R"(["null","string"])", {.key_column = "id", .key_prefix = "k_"}),
            "k_id bigint NOT NULL, value text");
}

TEST(TableShape, FlattensRecordsWhereThatIsAsked) {
  const std::string value = record(
      R"({"name":"a","type":{"type":"record","name":"A","fields":[{"name":"b","type":"int"},{"name":"c","type":
      ["null",{"type":"record","name":"C","fields":[{"name":"d","type":"int"},{"name":"again","type":["null","A"]}]}]}]}})");
  EXPECT_EQ(shape(R"("int")", value), "key integer NOT NULL, a jsonb NOT NULL");
  EXPECT_EQ(shape(R"("int")", value, {.flattens_records = true}),
            "key integer NOT NULL, a_b integer NOT NULL, a_c_d integer, a_c_again jsonb");
}

TEST(TableShape, ThatKeepsTombstonesHasNullableValues) {
  const std::string value = record(R"({"name":"n","type":"int"})");
  EXPECT_EQ(shape(R"("int")", value, {.flags_tombstones = true}), "key integer NOT NULL, n integer");
  EXPECT_EQ(shape(R"("int")", value, {.mode = Mode::kHistory}), "key integer, n integer");
}

TEST(TableShape, NamesItsPrimaryKey) {
  const auto latest =
      shape_of({.schema = "", .name = "t"}, schema(record(R"({"name":"a","type":"int"},{"name":"b","type":"int"})")),
               schema(R"("int")"), {});
  EXPECT_THAT(latest->primary_key, ::testing::ElementsAre("a", "b"));
  const auto history =
      shape_of({.schema = "", .name = "t"}, std::nullopt, schema(R"("int")"), {.mode = Mode::kHistory});
  EXPECT_THAT(history->primary_key, ::testing::ElementsAre("kafka_topic", "kafka_partition", "kafka_offset"));
}

TEST(TableShape, RefusesTwoColumnsOfOneName) {
  EXPECT_THAT(shape(record(R"({"name":"id","type":"string"})"), record(R"({"name":"id","type":"int"})")),
              HasSubstr("key and value both have 'id', text and integer: give the key's columns other names with "
                        "--key-prefix"));
  const std::string flat = record(
      R"({"name":"a","type":{"type":"record","name":"A","fields":[{"name":"b","type":"int"}]}},{"name":"a_b","type":"int"})");
  EXPECT_THAT(shape(R"("int")", flat, {.flattens_records = true}),
              HasSubstr("two fields of the value become the column 'a_b'"));
  EXPECT_THAT(shape(R"("int")", record(R"({"name":"kafka_offset","type":"long"})")), HasSubstr("rename the field"));
}

TEST(TableShape, OfARowPerKeyNeedsAKey) {
  EXPECT_THAT(described(shape_of({.schema = "", .name = "t"}, std::nullopt, schema(R"("int")"), {})),
              HasSubstr("needs a key"));
  EXPECT_THAT(shape(record(""), R"("int")"), HasSubstr("a record without fields"));
}

}  // namespace
}  // namespace omashu::sink::postgres
