#include "sink/dead_letter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::sink {
namespace {

using kafka::Offset;
using kafka::PartitionId;

std::string header(const kafka::Record& record, std::string_view name) {
  std::string found;
  for (const kafka::Header& candidate : record.headers) {
    if (candidate.name == name) found += candidate.value.value_or("null");
  }
  return found;
}

kafka::Message message() {
  return {.topic = "status",
          .partition = PartitionId{2},
          .offset = Offset{41},
          .timestamp_ms = 1'700'000'000'123,
          .key = std::string("\0\0\0\0\1k", 6),
          .value = std::nullopt,
          .headers = {{"trace", "a"}, {"trace", std::nullopt}}};
}

Failure failure(FailedStage stage = FailedStage::kTaskPut) {
  return {.partition = {"status", PartitionId{2}},
          .offset = Offset{41},
          .sink = "downloads",
          .kind = "postgres",
          .stage = stage,
          .reason = {ErrorCode::kInvalidArgument, "value too long", std::nullopt}};
}

TEST(DeadLetter, IsTheRecordAsItWasWithConnectsHeadersBehind) {
  const kafka::Record record = make_dead_letter(message(), "dead", failure());
  EXPECT_EQ(record.topic, "dead");
  EXPECT_EQ(record.key, message().key);
  EXPECT_EQ(record.value, std::nullopt);
  EXPECT_EQ(record.timestamp_ms, 1'700'000'000'123);
  EXPECT_FALSE(record.partition);
  ASSERT_EQ(record.headers.size(), 11u);
  EXPECT_EQ(record.headers[0].value, "a");
  EXPECT_EQ(record.headers[1].value, std::nullopt);
  EXPECT_EQ(header(record, "__connect.errors.topic"), "status");
  EXPECT_EQ(header(record, "__connect.errors.partition"), "2");
  EXPECT_EQ(header(record, "__connect.errors.offset"), "41");
  EXPECT_EQ(header(record, "__connect.errors.connector.name"), "downloads");
  EXPECT_EQ(header(record, "__connect.errors.task.id"), "0");
  EXPECT_EQ(header(record, "__connect.errors.stage"), "TASK_PUT");
  EXPECT_EQ(header(record, "__connect.errors.class.name"), "omashu.sink.postgres");
  EXPECT_EQ(header(record, "__connect.errors.exception.class.name"), "omashu.InvalidArgument");
  EXPECT_EQ(header(record, "__connect.errors.exception.message"), "value too long");
}

TEST(DeadLetter, SaysWhichPartDidNotDecode) {
  const auto stage = [](FailedStage which) {
    return header(make_dead_letter(message(), "dead", failure(which)), kErrorStageHeader);
  };
  EXPECT_EQ(stage(FailedStage::kKeyConverter), "KEY_CONVERTER");
  EXPECT_EQ(stage(FailedStage::kValueConverter), "VALUE_CONVERTER");
}

TEST(DeadLetter, TheLastFailureIsTheOneThatIsTold) {
  kafka::Message failed_before = message();
  failed_before.headers.push_back({std::string(kErrorMessageHeader), "an earlier one"});
  const kafka::Record record = make_dead_letter(failed_before, "dead", failure());
  EXPECT_EQ(header(record, kErrorMessageHeader), "value too long");
}

}  // namespace
}  // namespace omashu::sink
