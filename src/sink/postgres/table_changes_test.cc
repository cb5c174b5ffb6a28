#include "sink/postgres/table_changes.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::sink::postgres {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Of the key "id" and one field "f".
TableShape shape(const std::string& type, const ShapeOptions& options = {}) {
  const auto key = avro::Schema::parse(R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})");
  const auto value =
      avro::Schema::parse(fmt::format(R"({{"type":"record","name":"V","fields":[{{"name":"f","type":{}}}]}})", type));
  return *shape_of({.schema = "", .name = "t"}, *key, *value, options);
}

ActualTable table(std::vector<ActualColumn> columns) {
  ActualTable actual = {.columns = {{"id", "text", "text", true},
                                    {"kafka_partition", "integer", "integer", true},
                                    {"kafka_offset", "bigint", "bigint", true},
                                    {"kafka_timestamp", "timestamp with time zone", "timestamp with time zone", false}},
                        .unique_keys = {{"id"}},
                        .check_symbols = {}};
  actual.columns.insert(actual.columns.end(), columns.begin(), columns.end());
  return actual;
}

// The one statement, or the one refusal.
std::string change(const std::string& type, const ActualColumn& column) {
  const TableChanges changes = changes_for(shape(type), table({column}));
  if (changes.statements.size() + changes.refusals.size() > 1) return "more than one";
  if (!changes.refusals.empty()) return changes.refusals[0];
  return changes.statements.empty() ? "" : changes.statements[0];
}

constexpr const char* kEnum = R"({"type":"enum","name":"E","symbols":["A","B"]})";
constexpr const char* kDecimal = R"({"type":"bytes","logicalType":"decimal","precision":9,"scale":2})";

TEST(Creation, HasColumnsKeyAndChecks) {
  EXPECT_THAT(
      creation_statements(shape(kEnum)),
      ElementsAre(R"(CREATE TABLE "t" ("id" text NOT NULL, "f" text NOT NULL, "kafka_partition" integer NOT NULL, )"
                  R"("kafka_offset" bigint NOT NULL, "kafka_timestamp" timestamp with time zone, )"
                  R"(PRIMARY KEY ("id"), CONSTRAINT "f_symbols" CHECK ("f" IN ('A', 'B'))))"));
  EXPECT_THAT(creation_statements(shape(fmt::format(R"({{"type":"array","items":{}}})", kEnum)))[0],
              HasSubstr(R"(CHECK (array_remove("f", NULL) <@ ARRAY['A', 'B']::text[]))"));
}

TEST(Creation, OfNativeEnumsMakesTheirTypesFirst) {
  const auto statements = creation_statements(shape(kEnum, {.has_native_enums = true}));
  ASSERT_EQ(statements.size(), 2u);
  EXPECT_EQ(statements[0], R"(CREATE TYPE "t_f" AS ENUM ('A', 'B'))");
  EXPECT_THAT(statements[1], HasSubstr(R"("f" "t_f" NOT NULL)"));
}

TEST(Changes, AreNoneWhereTheTableHoldsEveryValue) {
  EXPECT_EQ(change(R"("int")", {"f", "integer", "integer", true}), "");
  EXPECT_EQ(change(R"("int")", {"f", "bigint", "bigint", true}), "");
  EXPECT_EQ(change(R"("float")", {"f", "double precision", "double precision", true}), "");
  EXPECT_EQ(change(R"("string")", {"f", "character varying(20)", "character varying", true}), "");
  EXPECT_EQ(change(kDecimal, {"f", "numeric(12,3)", "numeric", true}), "");
  EXPECT_EQ(change(kDecimal, {"f", "numeric", "numeric", true}), "");
  EXPECT_EQ(change(R"({"type":"map","values":"int"})", {"f", "jsonb", "jsonb", true}), "");
  EXPECT_EQ(change(R"({"type":"array","items":"int"})", {"f", "bigint[]", "bigint[]", true}), "");
}

TEST(Changes, WidenColumns) {
  EXPECT_EQ(change(R"("long")", {"f", "integer", "integer", true}), R"(ALTER TABLE "t" ALTER COLUMN "f" TYPE bigint)");
  EXPECT_EQ(change(R"("double")", {"f", "real", "real", true}),
            R"(ALTER TABLE "t" ALTER COLUMN "f" TYPE double precision)");
  EXPECT_EQ(change(kDecimal, {"f", "numeric(10,1)", "numeric", true}),
            R"(ALTER TABLE "t" ALTER COLUMN "f" TYPE numeric(11,2))");
  EXPECT_EQ(change(R"({"type":"array","items":"long"})", {"f", "integer[]", "integer[]", true}),
            R"(ALTER TABLE "t" ALTER COLUMN "f" TYPE bigint[])");
  EXPECT_EQ(change(R"(["null","int"])", {"f", "integer", "integer", true}),
            R"(ALTER TABLE "t" ALTER COLUMN "f" DROP NOT NULL)");
}

TEST(Changes, AddColumnsThatMayBeNull) {
  EXPECT_THAT(changes_for(shape(kEnum), table({})).statements,
              ElementsAre(R"(ALTER TABLE "t" ADD COLUMN "f" text)",
                          R"(ALTER TABLE "t" ADD CONSTRAINT "f_symbols" CHECK ("f" IN ('A', 'B')))"));
  EXPECT_THAT(changes_for(shape(R"("int")", {.flags_tombstones = true}), table({{"f", "integer", "integer", false}}))
                  .statements,
              ElementsAre(R"(ALTER TABLE "t" ADD COLUMN "kafka_deleted" boolean NOT NULL DEFAULT false)"));
}

TEST(Changes, NeedNoValueForAColumnThatTheSchemaNoLongerHas) {
  const auto changes =
      changes_for(shape(R"("int")"), table({{"f", "integer", "integer", true}, {"old", "text", "text", true}}));
  EXPECT_THAT(changes.statements, ElementsAre(R"(ALTER TABLE "t" ALTER COLUMN "old" DROP NOT NULL)"));
}

TEST(Changes, AddSymbols) {
  ActualTable actual = table({{"f", "text", "text", true}});
  actual.check_symbols["f_symbols"] = {"B", "OLD"};
  EXPECT_THAT(changes_for(shape(kEnum), actual).statements,
              ElementsAre(R"(ALTER TABLE "t" DROP CONSTRAINT "f_symbols", ADD CONSTRAINT "f_symbols" CHECK )"
                          R"(("f" IN ('B', 'OLD', 'A')))"));
  EXPECT_EQ(change(kEnum, {"f", "t_f", "t_f", true, {"A"}}), "ALTER TYPE t_f ADD VALUE IF NOT EXISTS 'B'");
}

TEST(Changes, ThatWouldLoseAreRefused) {
  for (const ActualColumn& column :
       {ActualColumn{"f", "smallint", "smallint", true}, ActualColumn{"f", "text", "text", true},
        ActualColumn{"f", "bigint[]", "bigint[]", true}, ActualColumn{"f", "boolean", "boolean", true}}) {
    const std::string refused = change(R"("double")", column);
    EXPECT_THAT(refused,
                HasSubstr(fmt::format("column 'f' is {} and the schema asks for double precision", column.type)));
  }
}

TEST(Changes, DoNotMakeUpAKey) {
  ActualTable without_key = table({{"f", "integer", "integer", true}});
  without_key.unique_keys = {{"id", "f"}};
  const auto changes = changes_for(shape(R"("int")"), without_key);
  ASSERT_EQ(changes.refusals.size(), 1u);
  EXPECT_THAT(changes.refusals[0], HasSubstr(R"(ALTER TABLE "t" ADD UNIQUE ("id"))"));
  ActualTable other = table({{"f", "integer", "integer", true}});
  other.columns.erase(other.columns.begin());
  EXPECT_THAT(changes_for(shape(R"("int")"), other).refusals[0], HasSubstr("the table has no column 'id'"));
}

}  // namespace
}  // namespace omashu::sink::postgres
