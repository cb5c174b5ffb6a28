#include "schema_registry/server/schema_tags.h"

#include <gtest/gtest.h>

namespace omashu::schema_registry::server {
namespace {

constexpr const char* kSchema =
    R"({"type":"record","name":"Outer","namespace":"n","fields":[{"name":"a","type":"int"},)"
    R"({"name":"b","type":["null",{"type":"array","items":{"type":"record","name":"Inner","fields":[)"
    R"({"name":"c","type":"string","confluent:tags":["OLD"]}]}}]}]})";

// The text, or the code of the error.
std::string tagged(const std::string& schema, const std::string& changes) {
  const auto parsed = parse_tag_changes(json::parse(changes).value(), "add", "remove");
  if (!parsed) return std::to_string(parsed.error().code);
  const auto text = with_tags(schema, *parsed);
  return text ? *text : std::to_string(text.error().code);
}

std::string change(const std::string& path, const char* type, const std::string& tags) {
  return R"([{"schemaEntity":{"entityPath":")" + path + R"(","entityType":")" + type + R"("},"tags":[)" + tags + "]}]";
}

TEST(SchemaTags, AreAddedToRecordsAndFields) {
  EXPECT_EQ(tagged(R"({"type":"record","name":"R","fields":[{"name":"f","type":"int"}]})",
                   R"({"add":)" + change("R", "sr_record", R"("X","Y","X")") + "}"),
            R"({"type":"record","name":"R","fields":[{"name":"f","type":"int"}],"confluent:tags":["X","Y"]})");
  const std::string field = R"({"add":)" + change(".n.Outer.a", "sr_field", R"("PII")") + "}";
  EXPECT_NE(tagged(kSchema, field).find(R"({"name":"a","type":"int","confluent:tags":["PII"]})"), std::string::npos);
  const std::string inner = R"({"add":)" + change("n.Inner.c", "sr_field", R"("NEW")") + "}";
  EXPECT_NE(tagged(kSchema, inner).find(R"("confluent:tags":["OLD","NEW"])"), std::string::npos);
}

TEST(SchemaTags, AreRemoved) {
  const std::string text = tagged(kSchema, R"({"remove":)" + change("Inner.c", "sr_field", R"("OLD")") + "}");
  EXPECT_EQ(text.find("confluent:tags"), std::string::npos) << text;
  EXPECT_EQ(tagged(kSchema, R"({"remove":)" + change("Inner.c", "sr_field", R"("OTHER")") + "}"), kSchema);
}

TEST(SchemaTags, NeedAPlace) {
  for (const char* path : {"n.Outer.z", "m.Outer.a", "Nobody", "n", "."}) {
    EXPECT_EQ(tagged(kSchema, R"({"add":)" + change(path, "sr_field", R"("X")") + "}"), "42201") << path;
  }
  EXPECT_EQ(tagged("{", R"({"add":)" + change("R", "sr_record", R"("X")") + "}"), "42201");
}

TEST(SchemaTags, HaveAShape) {
  for (const char* changes : {R"({"add":7})", R"({"add":[7]})", R"({"add":[{}]})", R"({"remove":[{"tags":[]}]})"}) {
    EXPECT_EQ(tagged(kSchema, changes), "422") << changes;
  }
  EXPECT_EQ(tagged(kSchema, R"({"add":)" + change("R", "sr_file", "") + "}"), "422");
  EXPECT_EQ(tagged(kSchema, R"({"add":)" + change("R", "sr_record", "7") + "}"), "422");
  EXPECT_EQ(tagged(kSchema, R"({"add":null,"remove":[]})"), kSchema);
}

}  // namespace
}  // namespace omashu::schema_registry::server
