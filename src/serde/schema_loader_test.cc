#include "serde/schema_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/client/testing/memory_registry.h"

namespace omashu::serde {
namespace {

using schema_registry::Reference;
using schema_registry::SchemaText;
using schema_registry::testing::MemoryRegistry;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// A record `name` with a field of each type.
SchemaText record_of(const std::string& name, const std::vector<Reference>& references) {
  std::string fields;
  for (const Reference& reference : references) {
    fields +=
        (fields.empty() ? "" : ",") + ("{\"name\":\"" + reference.name + "\",\"type\":\"" + reference.name + "\"}");
  }
  return {.schema = "{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[" + fields + "]}",
          .references = references};
}

class SchemaLoaderTest : public ::testing::Test {
 protected:
  // Registers it as the first version of the subject `name`.
  Reference add(const std::string& name, const std::vector<Reference>& references) {
    EXPECT_TRUE(registry_.register_schema(name, record_of(name, references), false).has_value());
    return {name, name, 1};
  }

  Error error_of(const SchemaText& text) {
    const Result<avro::Schema> schema = loader_.load_registered(text);
    EXPECT_FALSE(schema.has_value());
    return schema ? Error{} : schema.error();
  }

  MemoryRegistry registry_;
  SchemaLoader loader_{registry_};
};

TEST_F(SchemaLoaderTest, ADiamondOfReferencesIsOneGraph) {
  const Reference d = add("D", {});
  const Reference b = add("B", {d});
  const Reference c = add("C", {d});
  const avro::Schema a = loader_.load_registered(record_of("A", {b, c})).value();
  const avro::Node* d_of_b = a.root().find_field("B")->type->find_field("D")->type;
  EXPECT_EQ(d_of_b->full_name, "D");
  EXPECT_EQ(a.root().find_field("C")->type->find_field("D")->type, d_of_b);
  EXPECT_EQ(std::ranges::count(registry_.calls(), "GET D/1"), 1);
}

TEST_F(SchemaLoaderTest, ByIdAndByGuid) {
  add("A", {add("B", {})});
  EXPECT_EQ(loader_.load(SchemaKey(SchemaId{2})).value().root().full_name, "A");
  const Guid guid = parse_guid(MemoryRegistry::guid_of(SchemaId{2})).value();
  EXPECT_EQ(loader_.load(SchemaKey(guid)).value().root().full_name, "A");
  EXPECT_EQ(loader_.load(SchemaKey(SchemaId{3})).error().code, ErrorCode::kNotFound);
}

TEST_F(SchemaLoaderTest, ACycleShowsItsPath) {
  add("A", {Reference{"B", "B", 1}});
  add("B", {Reference{"A", "A", 1}});
  EXPECT_THAT(error_of(record_of("X", {Reference{"A", "A", 1}})).message,
              HasSubstr("cycle: A version 1 → B version 1 → A version 1"));
}

TEST_F(SchemaLoaderTest, AMissingReferenceIsNamed) {
  add("A", {Reference{"B", "b-value", 7}});
  const Error error = error_of(record_of("X", {Reference{"A", "A", 1}}));
  EXPECT_EQ(error.code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(error.message, HasSubstr("schema reference b-value version 7"));
}

TEST_F(SchemaLoaderTest, DepthAndNumberAreBounded) {
  Reference deepest = add("R0", {});
  for (size_t i = 1; i < kMaxReferenceDepth; ++i) deepest = add("R" + std::to_string(i), {deepest});
  EXPECT_TRUE(loader_.load_registered(record_of("X", {deepest})).has_value());
  deepest = add("TooDeep", {deepest});
  EXPECT_THAT(error_of(record_of("X", {deepest})).message, HasSubstr("deeper than 64"));

  std::vector<Reference> many;
  for (size_t i = 0; i <= kMaxReferences; ++i) many.push_back(add("M" + std::to_string(i), {}));
  EXPECT_THAT(error_of(record_of("X", many)).message, HasSubstr("more than 1000"));
}

TEST_F(SchemaLoaderTest, OtherTypesOfSchemaAreRefused) {
  EXPECT_THAT(error_of({.schema = "{}", .schema_type = "JSON"}).message, HasSubstr("of type JSON"));
}

TEST_F(SchemaLoaderTest, ADefaultThatDoesNotSuitIsRefusedInNewSchemasOnly) {
  const SchemaText text{.schema = R"({"type":"record","name":"A","fields":[{"name":"f","type":"int","default":"x"}]})"};
  EXPECT_TRUE(loader_.load_registered(text).has_value());
  EXPECT_FALSE(loader_.load_new(text).has_value());
}

}  // namespace
}  // namespace omashu::serde
