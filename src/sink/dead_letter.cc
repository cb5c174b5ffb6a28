#include "sink/dead_letter.h"

#include <fmt/core.h>

namespace omashu::sink {

namespace {

struct StageNames {
  std::string_view stage, class_name;
};

StageNames names_of(FailedStage stage) {
  switch (stage) {
    case FailedStage::kKeyConverter: return {"KEY_CONVERTER", "omashu.avro.Deserializer"};
    case FailedStage::kValueConverter: return {"VALUE_CONVERTER", "omashu.avro.Deserializer"};
    case FailedStage::kTaskPut: break;
  }
  return {"TASK_PUT", ""};
}

// What stands where Connect names the class of an exception.
std::string_view exception_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "omashu.InvalidArgument";
    case ErrorCode::kNotFound: return "omashu.NotFound";
    case ErrorCode::kAlreadyExists: return "omashu.AlreadyExists";
    case ErrorCode::kIncompatible: return "omashu.Incompatible";
    case ErrorCode::kCorrupt: return "omashu.Corrupt";
    case ErrorCode::kConflict: return "omashu.Conflict";
    case ErrorCode::kUnauthorized: return "omashu.Unauthorized";
    case ErrorCode::kUnavailable: return "omashu.Unavailable";
    case ErrorCode::kTimeout: return "omashu.Timeout";
    case ErrorCode::kCancelled: return "omashu.Cancelled";
    case ErrorCode::kIo: return "omashu.Io";
    case ErrorCode::kInternal: break;
  }
  return "omashu.Internal";
}

constexpr std::string_view kErrorPrefix = "__connect.errors.";

}  // namespace

kafka::Record make_dead_letter(const kafka::Message& message, const std::string& topic, const Failure& failure) {
  kafka::Record record{.topic = topic, .key = message.key, .value = message.value};
  if (message.timestamp_ms >= 0) record.timestamp_ms = message.timestamp_ms;
  for (const kafka::Header& header : message.headers) {
    if (!header.name.starts_with(kErrorPrefix)) record.headers.push_back(header);
  }
  const auto add = [&](std::string_view name, std::string value) {
    record.headers.push_back({std::string(name), std::move(value)});
  };
  const StageNames names = names_of(failure.stage);
  add(kErrorTopicHeader, failure.partition.topic);
  add(kErrorPartitionHeader, fmt::format("{}", failure.partition.partition));
  add(kErrorOffsetHeader, fmt::format("{}", failure.offset));
  add(kErrorConnectorHeader, std::string(failure.sink));
  add(kErrorTaskHeader, "0");
  add(kErrorStageHeader, std::string(names.stage));
  add(kErrorClassHeader,
      names.class_name.empty() ? fmt::format("omashu.sink.{}", failure.kind) : std::string(names.class_name));
  add(kErrorExceptionHeader, std::string(exception_name(failure.reason.code)));
  add(kErrorMessageHeader, failure.reason.message);
  return record;
}

}  // namespace omashu::sink
