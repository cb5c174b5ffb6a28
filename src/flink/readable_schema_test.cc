#include "flink/readable_schema.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/compatibility.h"
#include "avro/testing/random_avro.h"

namespace omashu::flink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A schema that lives as long as what is made of it.
struct Readable {
  explicit Readable(const std::string& text) : parsed(avro::Schema::parse(text).value()), readable(parsed.root()) {}

  std::string type_of(std::string_view field) const {
    return readable.sql_type(*parsed.root().find_field(field)->type);
  }

  std::vector<std::string> notes() const {
    std::vector<std::string> texts;
    for (const FieldNote& note : readable.notes()) texts.push_back(note.path + " " + note.text);
    return texts;
  }

  avro::Schema parsed;
  ReadableSchema readable;
};

Readable record_with(const std::string& type) {
  return Readable(R"({"type":"record","name":"R","fields":[{"name":"id","type":"int"},{"name":"f","type":)" + type +
                  "}]}");
}

std::string sql_of(const std::string& type) { return record_with(type).type_of("f"); }

std::string reader_of(const std::string& type) {
  const std::string text = record_with(type).readable.reader_schema();
  const std::string_view before = R"({"name":"f","type":)";
  const size_t start = text.find(before) + before.size();
  return text.substr(start, text.size() - start - std::string_view("}]}").size());
}

TEST(ReadableSchema, EachTypeIsTheOneThatFlinkDerivesFromTheReadersSchema) {
  EXPECT_EQ(sql_of(R"("boolean")"), "BOOLEAN NOT NULL");
  EXPECT_EQ(sql_of(R"("int")"), "INT NOT NULL");
  EXPECT_EQ(sql_of(R"("long")"), "BIGINT NOT NULL");
  EXPECT_EQ(sql_of(R"("float")"), "FLOAT NOT NULL");
  EXPECT_EQ(sql_of(R"("double")"), "DOUBLE NOT NULL");
  EXPECT_EQ(sql_of(R"("bytes")"), "BYTES NOT NULL");
  EXPECT_EQ(sql_of(R"("string")"), "STRING NOT NULL");
  EXPECT_EQ(sql_of(R"({"type":"fixed","name":"F","size":3})"), "VARBINARY(3) NOT NULL");
  EXPECT_EQ(sql_of(R"({"type":"enum","name":"E","symbols":["A"]})"), "STRING NOT NULL");
  EXPECT_EQ(sql_of(R"(["null","int"])"), "INT");
  EXPECT_EQ(sql_of(R"(["int","null"])"), "INT");
  EXPECT_EQ(sql_of(R"(["int"])"), "INT NOT NULL");
  EXPECT_EQ(sql_of(R"({"type":"array","items":["null","string"]})"), "ARRAY<STRING> NOT NULL");
  EXPECT_EQ(sql_of(R"(["null",{"type":"map","values":"long"}])"), "MAP<STRING NOT NULL, BIGINT NOT NULL>");
  EXPECT_EQ(
      sql_of(
          R"({"type":"record","name":"S","fields":[{"name":"end","type":"int"},{"name":"u","type":["null","string"]}]})"),
      "ROW<`end` INT NOT NULL, `u` STRING> NOT NULL");
}

TEST(ReadableSchema, LogicalTypesThatFlinkReadsRightStay) {
  const std::string date = R"({"type":"int","logicalType":"date"})";
  EXPECT_EQ(sql_of(date), "DATE NOT NULL");
  EXPECT_EQ(reader_of(date), date);
  const std::string millis = R"({"type":"long","logicalType":"timestamp-millis"})";
  EXPECT_EQ(sql_of(millis), "TIMESTAMP(3) NOT NULL");
  EXPECT_EQ(reader_of(millis), millis);
  const std::string decimal = R"({"type":"bytes","logicalType":"decimal","precision":38,"scale":2})";
  EXPECT_EQ(sql_of(decimal), "DECIMAL(38, 2) NOT NULL");
  EXPECT_EQ(reader_of(decimal), decimal);
  EXPECT_EQ(reader_of(R"({"type":"fixed","name":"D","size":3,"logicalType":"decimal","precision":4,"scale":2})"),
            R"({"type":"fixed","name":"D","namespace":"","size":3,"logicalType":"decimal","precision":4,"scale":2})");
}

TEST(ReadableSchema, OtherLogicalTypesAreReadAsWhatIsBelowThemAndRemarkedUpon) {
  const Readable micros = record_with(R"(["null",{"type":"long","logicalType":"timestamp-micros"}])");
  EXPECT_EQ(micros.type_of("f"), "BIGINT");
  EXPECT_THAT(micros.notes(), ElementsAre("f is the number of microseconds since 1970 in UTC"));
  EXPECT_EQ(reader_of(R"({"type":"long","logicalType":"timestamp-micros"})"), R"("long")");
  EXPECT_EQ(sql_of(R"({"type":"int","logicalType":"time-millis"})"), "INT NOT NULL");
  EXPECT_EQ(sql_of(R"({"type":"long","logicalType":"time-micros"})"), "BIGINT NOT NULL");
  EXPECT_EQ(sql_of(R"({"type":"bytes","logicalType":"decimal","precision":39,"scale":2})"), "BYTES NOT NULL");
  EXPECT_EQ(reader_of(R"({"type":"bytes","logicalType":"decimal","precision":39,"scale":2})"), R"("bytes")");
  EXPECT_EQ(sql_of(R"({"type":"bytes","logicalType":"big-decimal"})"), "BYTES NOT NULL");
  EXPECT_EQ(sql_of(R"({"type":"fixed","name":"D","size":12,"logicalType":"duration"})"), "VARBINARY(12) NOT NULL");
  EXPECT_EQ(sql_of(R"({"type":"string","logicalType":"uuid"})"), "STRING NOT NULL");
  // What Flink takes for the time in UTC is a time without a zone to it.
  EXPECT_EQ(reader_of(R"({"type":"long","logicalType":"local-timestamp-millis"})"),
            R"({"type":"long","logicalType":"timestamp-millis"})");
}

TEST(ReadableSchema, WhatHasNoSqlTypeIsLeftOutAndTheRestIsRead) {
  const Readable readable(
      R"({"type":"record","name":"R","fields":[{"name":"u","type":["string","long"]},{"name":"n","type":"null"},)"
      R"({"name":"s","type":{"type":"record","name":"S","fields":[{"name":"x","type":"int"},)"
      R"({"name":"l","type":{"type":"array","items":["null","int","long"]}}]}},)"
      R"({"name":"e","type":{"type":"record","name":"E","fields":[]}}]})");
  EXPECT_THAT(readable.notes(), ElementsAre("u is left out: the union [string, long] has no SQL type",
                                            "n is left out: null alone has no SQL type",
                                            "s.l is left out: the union [null, int, long] has no SQL type",
                                            "e is left out: E has no field that can be read"));
  EXPECT_EQ(readable.readable.reader_schema(),
            R"({"type":"record","name":"R","namespace":"","fields":[{"name":"s","type":)"
            R"({"type":"record","name":"S","namespace":"","fields":[{"name":"x","type":"int"}]}}]})");
}

TEST(ReadableSchema, RecordsThatContainThemselvesAreReadUpToThere) {
  const Readable tree(R"({"type":"record","name":"Tree","fields":[{"name":"size","type":"int"},)"
                      R"({"name":"children","type":{"type":"array","items":"Tree"}}]})");
  EXPECT_THAT(tree.notes(), ElementsAre("children is left out: Tree contains itself, and SQL has no such type"));
  const Readable pair(R"({"type":"record","name":"A","fields":[{"name":"x","type":"int"},{"name":"b","type":)"
                      R"(["null",{"type":"record","name":"B","fields":[{"name":"y","type":"int"},)"
                      R"({"name":"a","type":["null","A"]}]}]}]})");
  EXPECT_THAT(pair.notes(), ElementsAre("b is left out: B contains itself, and SQL has no such type"));
}

TEST(ReadableSchema, NamesDefaultsAndAliasesStaySinceAvroResolvesByThem) {
  const Readable readable(
      R"({"type":"record","name":"a.R","doc":"d","aliases":["a.Q"],"fields":[)"
      R"({"name":"e","type":{"type":"enum","name":"b.E","symbols":["A","B"],"default":"A","transitions":{}}},)"
      R"({"name":"again","type":"b.E","default":"B","aliases":["before"]},)"
      R"({"name":"bare","type":{"type":"fixed","name":"F","namespace":"","size":2}},)"
      R"({"name":"nan","type":"double","default":"NaN"}]})");
  EXPECT_EQ(readable.readable.reader_schema(),
            R"({"type":"record","name":"R","namespace":"a","aliases":["a.Q"],"fields":[)"
            R"({"name":"e","type":{"type":"enum","name":"E","namespace":"b","symbols":["A","B"],"default":"A"}},)"
            R"({"name":"again","type":"b.E","default":"B","aliases":["before"]},)"
            R"({"name":"bare","type":{"type":"fixed","name":"F","namespace":"","size":2}},)"
            R"({"name":"nan","type":"double"}]})");
}

TEST(ReadableSchema, WhatIsNoRecordIsNoRow) {
  EXPECT_EQ(Readable(R"("string")").readable.problem(), "its schema is string, and Flink makes rows of records alone");
  EXPECT_EQ(Readable(R"({"type":"record","name":"E","fields":[]})").readable.problem(),
            "E has no field that can be read");
}

// Each record has the next one twice, so that the SQL type of the outermost one has 2^40 fields.
TEST(ReadableSchema, ASmallSchemaThatIsAHugeSqlTypeIsCut) {
  std::string inner = R"({"type":"record","name":"R0","fields":[{"name":"x","type":"int"}]})";
  for (int i = 1; i <= 40; ++i) {
    inner =
        fmt::format(R"({{"type":"record","name":"R{}","fields":[{{"name":"id","type":"int"}},{{"name":"a","type":{}}},)"
                    R"({{"name":"b","type":"R{}"}}]}})",
                    i, inner, i - 1);
  }
  const Readable readable(inner);
  EXPECT_EQ(readable.readable.problem(), "");
  EXPECT_LT(readable.readable.reader_schema().size(), 100'000u);
  EXPECT_LT(readable.readable.sql_type(readable.parsed.root()).size(), 200'000u);
  EXPECT_THAT(readable.notes(), testing::Each(HasSubstr("its type has more than 2000 fields")));
}

// No text is nested here: each schema refers to the one before.
TEST(ReadableSchema, RecordsThatAreNestedDeeplyAreRefused) {
  std::vector<avro::Schema> schemas = {
      avro::Schema::parse(R"({"type":"record","name":"R0","fields":[{"name":"x","type":"int"}]})").value()};
  for (int i = 1; i <= 250; ++i) {
    const std::string text =
        fmt::format(R"({{"type":"record","name":"R{}","fields":[{{"name":"x","type":"R{}"}}]}})", i, i - 1);
    schemas.push_back(avro::Schema::parse(text, {.references = std::span(&schemas.back(), 1)}).value());
  }
  EXPECT_EQ(ReadableSchema(schemas[100].root()).problem(), "");
  EXPECT_EQ(ReadableSchema(schemas[250].root()).problem(), "its records are nested deeper than 200 levels");
}

// What Flink is told to read with can read what writers of the schema write, and means to Flink the very types that the
// columns have.
TEST(ReadableSchemaProperty, TheReadersSchemaOfRandomOnesReadsThem) {
  size_t readable_ones = 0;
  for (uint64_t seed = 0; seed < 3000; ++seed) {
    avro::testing::RandomAvro random(seed);
    const auto parsed = avro::Schema::parse(random.schema(4));
    ASSERT_TRUE(parsed) << seed << ": " << parsed.error().message;
    const ReadableSchema readable(parsed->root());
    if (!readable.problem().empty()) continue;
    ++readable_ones;
    const std::string text = readable.reader_schema();
    const auto reader = avro::Schema::parse(text);
    ASSERT_TRUE(reader) << seed << ": " << reader.error().message << ": " << text;
    EXPECT_THAT(avro::find_incompatibilities(*reader, *parsed), IsEmpty()) << seed << ": " << text;
    const ReadableSchema again(reader->root());
    EXPECT_EQ(again.reader_schema(), text) << seed;
    EXPECT_EQ(again.sql_type(reader->root()), readable.sql_type(parsed->root())) << seed;
  }
  EXPECT_GT(readable_ones, 200u);
}

}  // namespace
}  // namespace omashu::flink
