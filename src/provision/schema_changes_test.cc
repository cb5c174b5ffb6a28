#include "provision/schema_changes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::provision {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> changes(std::string_view before, std::string_view after) {
  return schema_changes(json::parse(before).value(), json::parse(after).value());
}

std::string record(const std::string& fields, const std::string& more = "") {
  return R"({"type":"record","name":"Status","namespace":"x",)" + more + R"("fields":[)" + fields + "]}";
}

constexpr const char* kId = R"({"name":"id","type":"string"})";

TEST(SchemaChanges, NamesEachFieldThatCameWentOrChanged) {
  EXPECT_THAT(changes(record(R"({"name":"id","type":"string"},{"name":"gone","type":"int"},{"name":"n","type":"int"})"),
                      record(R"({"name":"id","type":"string"},{"name":"n","type":["null","long"],"default":null},)"
                             R"({"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},)"
                             R"({"name":"tags","type":{"type":"array","items":"string"},"default":[]})")),
              ElementsAre("x.Status.n: int → null | long", "x.Status.n: default none → null",
                          "x.Status.at added: long (timestamp-millis), without a default",
                          "x.Status.tags added: array of string, default []", "x.Status.gone removed"));
}

TEST(SchemaChanges, AnAliasIsARename) {
  EXPECT_THAT(
      changes(record(R"({"name":"id","type":"string"})"), record(R"({"name":"key","aliases":["id"],"type":"string"})")),
      ElementsAre("x.Status.id renamed to key (alias)"));
}

TEST(SchemaChanges, NamesSymbolsSizesAndDecimals) {
  const auto with = [](const std::string& type) { return record(R"({"name":"f","type":)" + type + "}"); };
  EXPECT_THAT(changes(with(R"({"type":"enum","name":"E","symbols":["A","B","C"]})"),
                      with(R"({"type":"enum","name":"E","symbols":["B","A","D"],"default":"A"})")),
              ElementsAre("x.E: symbol D added", "x.E: symbol C removed", "x.E: the symbols have another order",
                          R"(x.E: default none → "A")"));
  EXPECT_THAT(changes(with(R"({"type":"fixed","name":"F","size":4})"), with(R"({"type":"fixed","name":"F","size":8})")),
              ElementsAre("x.F: 4 bytes → 8 bytes"));
  EXPECT_THAT(changes(with(R"({"type":"bytes","logicalType":"decimal","precision":10,"scale":2})"),
                      with(R"({"type":"bytes","logicalType":"decimal","precision":12,"scale":2})")),
              ElementsAre("x.Status.f: bytes (decimal 10,2) → bytes (decimal 12,2)"));
  EXPECT_THAT(
      changes(with(R"({"type":"enum","name":"E","symbols":["A"]})"), with(R"({"type":"fixed","name":"E","size":1})")),
      ElementsAre("x.E: enum → fixed"));
}

TEST(SchemaChanges, NamesTypesThatCameAndWent) {
  EXPECT_THAT(
      changes(record(R"({"name":"f","type":{"type":"enum","name":"Old","symbols":["A"]}})"),
              record(R"({"name":"f","type":{"type":"map","values":{"type":"record","name":"New","fields":[]}}})")),
      ElementsAre("x.Status.f: x.Old → map of x.New", "x.New added (record)", "x.Old removed (enum)"));
  EXPECT_THAT(changes(R"({"type":"record","name":"A","fields":[]})", R"({"type":"record","name":"B","fields":[]})"),
              ElementsAre("A renamed to B"));
  EXPECT_THAT(changes(R"("string")", R"({"type":"map","values":"string"})"), ElementsAre("string → map of string"));
}

TEST(SchemaChanges, SeesDocsAndTheOrderOfFields) {
  EXPECT_THAT(
      changes(record(R"({"name":"a","type":"int"},{"name":"b","type":"int"})"),
              record(R"({"name":"b","type":"int"},{"name":"a","type":"int","doc":"first"})", R"("doc":"d",)")),
      ElementsAre("x.Status: doc changed", "x.Status.a: doc changed", "x.Status: the fields have another order"));
}

TEST(SchemaChanges, SpellingIsNoChange) {
  EXPECT_THAT(changes(record(kId), record(kId)), IsEmpty());
  EXPECT_THAT(changes(record(R"({"name":"id","type":{"type":"string"}},{"name":"e","type":{"type":"enum","name":"E",)"
                             R"("symbols":["A"]}},{"name":"f","type":"x.E"})"),
                      record(R"({"name":"id","type":"string"},{"name":"e","type":{"type":"enum","name":"x.E",)"
                             R"("symbols":["A"]}},{"name":"f","type":"E"})")),
              IsEmpty());
  EXPECT_THAT(changes(R"("string")", R"({"type":"string"})"), IsEmpty());
}

TEST(SchemaChanges, WhatIsNoSchemaIsCompared) {
  for (const char* strange :
       {"null", "3", "{}", "[]", R"({"type":"record"})", R"({"type":"record","name":"A","fields":3})",
        R"({"type":"array"})", R"({"type":{"type":{}}})"}) {
    changes(strange, record(kId));
    changes(record(kId), strange);
  }
}

}  // namespace
}  // namespace omashu::provision
