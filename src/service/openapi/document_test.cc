#include "service/openapi/document.h"

#include <gtest/gtest.h>

#include "service/openapi/table_schemas.h"

namespace omashu::service {
namespace {

Operation count_operation() {
  return {.pattern = "/v1/things/{thing}",
          .id = "getThing",
          .tag = "Things",
          .summary = "A thing",
          .parameters = {{.name = "thing", .place = Parameter::Place::kPath},
                         {.name = "where", .is_repeated = true},
                         {.name = "limit", .schema = R"({"type":"integer","maximum":10})"}},
          .answers = {{200, {"It", {{"application/json", R"({"type":"object"})"}}}}},
          .problems = {ProblemType::kNotFound}};
}

const json::Value& at(const json::Value& value, std::initializer_list<const char*> path) {
  static const json::Value none;
  const json::Value* found = &value;
  for (const char* step : path) {
    if (found != nullptr) found = found->find(step);
  }
  return found == nullptr ? none : *found;
}

TEST(OpenApi, AnOperationIsDescribedWithItsProblems) {
  const auto document = json::parse(openapi_document({count_operation()}, Tables({}), "1.2"));
  ASSERT_TRUE(document);
  EXPECT_EQ(at(*document, {"openapi"}).text(), "3.1.0");
  const json::Value& get = at(*document, {"paths", "/v1/things/{thing}", "get"});
  EXPECT_EQ(at(get, {"operationId"}).text(), "getThing");
  ASSERT_EQ(at(get, {"parameters"}).items().size(), 3u);
  EXPECT_EQ(json::to_text(at(get, {"parameters"}).items()[0]),
            R"({"name":"thing","in":"path","required":true,"schema":{"type":"string","minLength":1}})");
  EXPECT_EQ(json::to_text(at(at(get, {"parameters"}).items()[1], {"schema"})),
            R"({"type":"array","items":{"type":"string"}})");
  EXPECT_EQ(at(get, {"responses", "404", "description"}).text(), "There is nothing at this path");
  EXPECT_EQ(json::to_text(at(get, {"responses", "400", "content"})),
            R"({"application/problem+json":{"schema":{"$ref":"#/components/schemas/Problem"}}})");
  EXPECT_TRUE(at(get, {"responses", "415"}).is_null());
}

TEST(OpenApi, ReferencesToARowAreThoseOfTheTable) {
  const auto schema =
      json::parse(R"({"items":[{"$ref":"#/components/schemas/Row"},{"$ref":"#/components/schemas/X"}]})");
  EXPECT_EQ(json::to_text(with_table_references(*schema, "jobs")),
            R"({"items":[{"$ref":"#/components/schemas/jobs-row"},{"$ref":"#/components/schemas/X"}]})");
}

}  // namespace
}  // namespace omashu::service
