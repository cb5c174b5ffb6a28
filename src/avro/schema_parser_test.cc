#include <gtest/gtest.h>

#include "avro/schema.h"

namespace omashu::avro {
namespace {

TEST(SchemaParser, ReadsARecord) {
  const auto schema =
      Schema::parse(R"({"type":"record","name":"a.b.R","fields":[{"name":"x","type":["null","int"],"default":null}]})");
  ASSERT_TRUE(schema.has_value()) << schema.error().message;
  EXPECT_EQ(schema->root().full_name, "a.b.R");
  ASSERT_NE(schema->root().find_field("x"), nullptr);
  EXPECT_EQ(schema->root().find_field("x")->type->branches.size(), 2u);
}

}  // namespace
}  // namespace omashu::avro
