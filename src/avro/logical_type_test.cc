#include "avro/logical_type.h"

#include <gtest/gtest.h>

#include <string>

namespace omashu::avro {
namespace {

Node parse(const std::string& text) {
  const auto schema = Schema::parse(text);
  EXPECT_TRUE(schema.has_value()) << text;
  return schema ? schema->root() : Node();
}

LogicalType of(const std::string& type, const std::string& logical) {
  return parse(R"({"type":")" + type + R"(","logicalType":")" + logical + "\"}").logical_type;
}

LogicalType of_fixed(int size, const std::string& rest) {
  return parse(R"({"type":"fixed","name":"F","size":)" + std::to_string(size) + "," + rest + "}").logical_type;
}

TEST(LogicalType, HoldsOnItsUnderlyingTypeOnly) {
  const struct {
    const char* name;
    const char* type;
    LogicalType expected;
  } kCases[] = {
      {"big-decimal", "bytes", LogicalType::kBigDecimal},
      {"uuid", "string", LogicalType::kUuid},
      {"date", "int", LogicalType::kDate},
      {"time-millis", "int", LogicalType::kTimeMillis},
      {"time-micros", "long", LogicalType::kTimeMicros},
      {"timestamp-millis", "long", LogicalType::kTimestampMillis},
      {"timestamp-micros", "long", LogicalType::kTimestampMicros},
      {"timestamp-nanos", "long", LogicalType::kTimestampNanos},
      {"local-timestamp-millis", "long", LogicalType::kLocalTimestampMillis},
      {"local-timestamp-micros", "long", LogicalType::kLocalTimestampMicros},
      {"local-timestamp-nanos", "long", LogicalType::kLocalTimestampNanos},
  };
  for (const auto& c : kCases) {
    for (const char* type : {"int", "long", "string", "bytes", "double", "boolean"}) {
      const bool valid = std::string_view(type) == c.type;
      EXPECT_EQ(of(type, c.name), valid ? c.expected : LogicalType::kNone) << c.name << " on " << type;
    }
    EXPECT_EQ(logical_type_name(c.expected), c.name);
  }
  EXPECT_EQ(of("int", "unheard-of"), LogicalType::kNone);
}

TEST(LogicalType, FixedOnesNeedTheirSize) {
  EXPECT_EQ(of_fixed(16, R"("logicalType":"uuid")"), LogicalType::kUuid);
  EXPECT_EQ(of_fixed(15, R"("logicalType":"uuid")"), LogicalType::kNone);
  EXPECT_EQ(of_fixed(12, R"("logicalType":"duration")"), LogicalType::kDuration);
  EXPECT_EQ(of_fixed(13, R"("logicalType":"duration")"), LogicalType::kNone);
}

TEST(LogicalType, DecimalNeedsAPrecisionThatFits) {
  const Node decimal = parse(R"({"type":"bytes","logicalType":"decimal","precision":9,"scale":2})");
  EXPECT_EQ(decimal.logical_type, LogicalType::kDecimal);
  EXPECT_EQ(decimal.precision, 9);
  EXPECT_EQ(decimal.scale, 2);
  const auto on_bytes = [](const std::string& rest) {
    return parse(R"({"type":"bytes","logicalType":"decimal")" + rest + "}").logical_type;
  };
  EXPECT_EQ(on_bytes(R"(,"precision":1)"), LogicalType::kDecimal);
  EXPECT_EQ(on_bytes(""), LogicalType::kNone);
  EXPECT_EQ(on_bytes(R"(,"precision":0)"), LogicalType::kNone);
  EXPECT_EQ(on_bytes(R"(,"precision":"4")"), LogicalType::kNone);
  EXPECT_EQ(on_bytes(R"(,"precision":4,"scale":5)"), LogicalType::kNone);
  EXPECT_EQ(on_bytes(R"(,"precision":4,"scale":-1)"), LogicalType::kNone);
  EXPECT_EQ(on_bytes(R"(,"precision":4,"scale":1.0)"), LogicalType::kNone);
  // Eight bytes hold every number of 18 digits, but not every one of 19.
  EXPECT_EQ(of_fixed(8, R"("logicalType":"decimal","precision":18)"), LogicalType::kDecimal);
  EXPECT_EQ(of_fixed(8, R"("logicalType":"decimal","precision":19)"), LogicalType::kNone);
  EXPECT_EQ(of_fixed(0, R"("logicalType":"decimal","precision":1)"), LogicalType::kNone);
}

}  // namespace
}  // namespace omashu::avro
