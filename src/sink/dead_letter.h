// A record that is set aside, as a record of the dead-letter topic: key, value and headers as they were, and behind
// them where it came from and why, in the headers that Kafka Connect uses (KIP-298). What reads Connect's dead letters
// reads these.

#pragma once

#include <string>
#include <string_view>

#include "kafka/types.h"
#include "omashu/result.h"

namespace omashu::sink {

inline constexpr std::string_view kErrorTopicHeader = "__connect.errors.topic";
inline constexpr std::string_view kErrorPartitionHeader = "__connect.errors.partition";
inline constexpr std::string_view kErrorOffsetHeader = "__connect.errors.offset";
inline constexpr std::string_view kErrorConnectorHeader = "__connect.errors.connector.name";
inline constexpr std::string_view kErrorTaskHeader = "__connect.errors.task.id";
inline constexpr std::string_view kErrorStageHeader = "__connect.errors.stage";
inline constexpr std::string_view kErrorClassHeader = "__connect.errors.class.name";
inline constexpr std::string_view kErrorExceptionHeader = "__connect.errors.exception.class.name";
inline constexpr std::string_view kErrorMessageHeader = "__connect.errors.exception.message";

// Where it failed, in Connect's words.
enum class FailedStage : uint8_t { kKeyConverter, kValueConverter, kTaskPut };

struct Failure {
  kafka::TopicPartition partition;  // where the record was written first
  kafka::Offset offset{};
  std::string_view sink;  // its name
  std::string_view kind;  // "file", "postgres"
  FailedStage stage = FailedStage::kTaskPut;
  Error reason;
};

// The timestamp stays the record's. Headers of an earlier failure are replaced. The key chooses the partition.
kafka::Record make_dead_letter(const kafka::Message& message, const std::string& topic, const Failure& failure);

}  // namespace omashu::sink
