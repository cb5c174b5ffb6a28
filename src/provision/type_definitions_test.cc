#include "provision/type_definitions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::provision {
namespace {

std::vector<std::string> names_in(std::string_view text) {
  const json::Value schema = json::parse(text).value();
  std::vector<std::string> names;
  for (const TypeDefinition& definition : find_type_definitions(schema)) names.push_back(definition.full_name);
  return names;
}

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TypeDefinitions, PrimitivesAndNamesDefineNothing) {
  EXPECT_THAT(names_in(R"("string")"), IsEmpty());
  EXPECT_THAT(names_in(R"({"type": "long", "logicalType": "timestamp-millis"})"), IsEmpty());
  EXPECT_THAT(names_in(R"({"type": "array", "items": "a.B"})"), IsEmpty());
  EXPECT_THAT(names_in(R"(["null", "a.B"])"), IsEmpty());
}

TEST(TypeDefinitions, NamespacesAreInheritedAndOverridden) {
  EXPECT_THAT(names_in(R"({"type": "record", "name": "R", "namespace": "a.b", "fields": [
      {"name": "x", "type": {"type": "enum", "name": "E", "symbols": []}},
      {"name": "y", "type": {"type": "fixed", "name": "c.F", "size": 1}},
      {"name": "z", "type": {"type": "record", "name": "S", "namespace": "d", "fields": [
          {"name": "t", "type": {"type": "fixed", "name": "T", "size": 1}}]}},
      {"name": "u", "type": {"type": "fixed", "name": "U", "namespace": "", "size": 1}}]})"),
              ElementsAre("a.b.R", "a.b.E", "c.F", "d.S", "d.T", "U"));
}

TEST(TypeDefinitions, LooksIntoArraysMapsUnionsAndWrappedTypes) {
  EXPECT_THAT(names_in(R"({"type": "record", "name": "n.R", "fields": [
      {"name": "a", "type": {"type": "array", "items": {"type": "fixed", "name": "A", "size": 1}}},
      {"name": "b", "type": {"type": "map", "values": ["null", {"type": "error", "name": "B", "fields": []}]}},
      {"name": "c", "type": {"type": {"type": "enum", "name": "C", "symbols": []}}}]})"),
              ElementsAre("n.R", "n.A", "n.B", "n.C"));
}

TEST(TypeDefinitions, NonsenseIsNoDefinition) {
  EXPECT_THAT(names_in(R"({"type": 1})"), IsEmpty());
  EXPECT_THAT(names_in(R"({})"), IsEmpty());
  EXPECT_THAT(names_in(R"([1, null, {"type": "array"}])"), IsEmpty());
}

}  // namespace
}  // namespace omashu::provision
