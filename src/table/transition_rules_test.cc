#include "table/transition_rules.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/codec.h"

namespace omashu::table {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr const char* kEnum = R"({"type":"enum","name":"Status","symbols":["QUEUED","RUNNING","DONE"],
  "transitions":{"QUEUED":["RUNNING"],"RUNNING":["DONE","QUEUED"]},"initial":["QUEUED"]})";

class Rules {
 public:
  explicit Rules(const std::string& schema) : schema_(avro::Schema::parse(schema).value()) {
    auto compiled = TransitionRules::compile(schema_);
    EXPECT_TRUE(compiled) << compiled.error().message;
    rules_ = *std::move(compiled);
  }

  bool is_empty() const { return rules_.is_empty(); }

  // Of JSON texts; "" before is no row.
  std::optional<ImpossibleTransition> check(std::string_view before, std::string_view after) const {
    const auto decoder = avro::GenericDecoder::compile(schema_).value();
    avro::Arena before_arena, after_arena;
    const std::string before_bytes = encoded(before), after_bytes = encoded(after);
    std::optional<avro::Datum> before_datum;
    if (!before.empty()) before_datum = decoder.decode(before_bytes, before_arena).value();
    const avro::Datum after_datum = decoder.decode(after_bytes, after_arena).value();
    return rules_.check(before_datum ? &*before_datum : nullptr, after_datum);
  }

  // "" where the change is possible.
  std::string text(std::string_view before, std::string_view after) const {
    const auto impossible = check(before, after);
    return impossible ? impossible->text() : "";
  }

 private:
  std::string encoded(std::string_view json) const {
    std::string bytes;
    if (json.empty()) return bytes;
    const auto done = avro::Encoder::compile(schema_)->from_json(json, bytes);
    EXPECT_TRUE(done) << done.error().message;
    return bytes;
  }

  avro::Schema schema_;
  TransitionRules rules_;
};

std::string record(std::string_view fields) {
  return fmt::format(R"({{"type":"record","name":"R","fields":[{}]}})", fields);
}

std::string field(std::string_view name, std::string_view type) {
  return fmt::format(R"({{"name":"{}","type":{}}})", name, type);
}

TEST(TransitionRules, AChangeIsCheckedFieldByField) {
  const Rules rules(record(field("id", R"("int")") + "," + field("status", kEnum)));
  EXPECT_EQ(rules.text(R"({"id":1,"status":"QUEUED"})", R"({"id":2,"status":"RUNNING"})"), "");
  EXPECT_EQ(rules.text(R"({"id":1,"status":"RUNNING"})", R"({"id":2,"status":"RUNNING"})"), "");
  EXPECT_EQ(rules.text(R"({"id":1,"status":"QUEUED"})", R"({"id":1,"status":"DONE"})"),
            "status cannot go from QUEUED to DONE: from QUEUED it may go to RUNNING");
  EXPECT_EQ(rules.text(R"({"id":1,"status":"DONE"})", R"({"id":1,"status":"QUEUED"})"),
            "status cannot go from DONE to QUEUED: DONE is final");
}

TEST(TransitionRules, WhatARowBeginsWith) {
  const Rules rules(record(field("status", kEnum)));
  EXPECT_EQ(rules.text("", R"({"status":"QUEUED"})"), "");
  EXPECT_EQ(rules.text("", R"({"status":"DONE"})"), "status cannot begin as DONE: it may begin as QUEUED");
}

TEST(TransitionRules, WhatIsImpossibleIsToldInParts) {
  const Rules rules(record(field("status", kEnum)));
  const auto impossible = rules.check(R"({"status":"RUNNING"})", R"({"status":"RUNNING"})");
  EXPECT_FALSE(impossible);
  const auto found = rules.check(R"({"status":"DONE"})", R"({"status":"RUNNING"})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->field, "status");
  EXPECT_EQ(found->from, "DONE");
  EXPECT_EQ(found->to, "RUNNING");
  EXPECT_THAT(found->possible, IsEmpty());
}

TEST(TransitionRules, FieldsOfRecordsInside) {
  const std::string inner = R"(["null",{"type":"record","name":"I","fields":[)" + field("state", kEnum) + "]}]";
  const Rules rules(record(field("inner", inner)));
  EXPECT_EQ(rules.text(R"({"inner":null})", R"({"inner":{"state":"QUEUED"}})"), "");
  EXPECT_EQ(rules.text(R"({"inner":{"state":"QUEUED"}})", R"({"inner":{"state":"DONE"}})"),
            "inner.state cannot go from QUEUED to DONE: from QUEUED it may go to RUNNING");
  EXPECT_EQ(rules.text(R"({"inner":{"state":"QUEUED"}})", R"({"inner":null})"),
            "inner.state cannot go from QUEUED to null: from QUEUED it may go to RUNNING");
}

TEST(TransitionRules, ItemsAndEntriesAreNotCompared) {
  EXPECT_TRUE(Rules(record(field("all", fmt::format(R"({{"type":"array","items":{}}})", kEnum)))).is_empty());
  EXPECT_TRUE(Rules(record(field("all", fmt::format(R"({{"type":"map","values":{}}})", kEnum)))).is_empty());
}

TEST(TransitionRules, ARecordInsideItselfEnds) {
  const Rules rules(record(field("status", kEnum) + R"(,{"name":"next","type":["null","R"]})"));
  EXPECT_NE(rules.text(R"({"status":"DONE","next":null})", R"({"status":"QUEUED","next":null})"), "");
}

TEST(TransitionRules, AValueThatIsAnEnum) {
  const Rules rules(kEnum);
  EXPECT_EQ(rules.text(R"("DONE")", R"("QUEUED")"), "the value cannot go from DONE to QUEUED: DONE is final");
}

TEST(TransitionRules, ThoseThatAreNotWellFormedAreAnError) {
  const auto rules = TransitionRules::compile(
      avro::Schema::parse(
          record(field("status", R"({"type":"enum","name":"E","symbols":["A"],"transitions":{"B":[]}})")))
          .value());
  ASSERT_FALSE(rules);
  EXPECT_EQ(rules.error().message, "transitions: field status: the enum E has no symbol 'B': did you mean A?");
}

}  // namespace
}  // namespace omashu::table
