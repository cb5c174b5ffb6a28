#include "serde/subject_name.h"

#include <gtest/gtest.h>

namespace omashu::serde {
namespace {

constexpr auto kTopicName = SubjectNameStrategy::kTopicName;
constexpr auto kRecordName = SubjectNameStrategy::kRecordName;
constexpr auto kTopicRecordName = SubjectNameStrategy::kTopicRecordName;

TEST(SubjectName, ConfluentsThreeStrategies) {
  const avro::Schema record =
      avro::Schema::parse(R"({"type":"record","name":"Status","namespace":"org.omashu","fields":[]})").value();
  EXPECT_EQ(subject_name(kTopicName, "t", RecordPart::kKey, nullptr).value(), "t-key");
  EXPECT_EQ(subject_name(kTopicName, "t", RecordPart::kValue, &record).value(), "t-value");
  EXPECT_EQ(subject_name(kRecordName, "t", RecordPart::kValue, &record).value(), "org.omashu.Status");
  EXPECT_EQ(subject_name(kTopicRecordName, "t", RecordPart::kKey, &record).value(), "t-org.omashu.Status");
}

TEST(SubjectName, TheStrategiesByRecordNeedAName) {
  const avro::Schema text = avro::Schema::parse("\"string\"").value();
  for (const auto strategy : {kRecordName, kTopicRecordName}) {
    EXPECT_EQ(subject_name(strategy, "t", RecordPart::kValue, nullptr).error().code, ErrorCode::kInvalidArgument);
    const Error error = subject_name(strategy, "t", RecordPart::kValue, &text).error();
    EXPECT_NE(error.message.find("value of topic t"), std::string::npos) << error.message;
    EXPECT_NE(error.message.find("string"), std::string::npos) << error.message;
  }
}

TEST(SubjectName, StrategiesHaveTheirNamesInEveryDialect) {
  for (const auto strategy : {kTopicName, kRecordName, kTopicRecordName}) {
    EXPECT_EQ(parse_subject_name_strategy(subject_name_strategy_name(strategy)), strategy);
  }
  EXPECT_EQ(parse_subject_name_strategy("io.confluent.kafka.serializers.subject.RecordNameStrategy"), kRecordName);
  EXPECT_EQ(parse_subject_name_strategy("topic-record-name"), kTopicRecordName);
  EXPECT_EQ(parse_subject_name_strategy("TOPIC_NAME"), kTopicName);
  EXPECT_EQ(parse_subject_name_strategy("name"), std::nullopt);
  EXPECT_EQ(parse_subject_name_strategy(""), std::nullopt);
}

}  // namespace
}  // namespace omashu::serde
