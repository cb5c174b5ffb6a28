// Records as lines of JSON, as `consume` prints and `produce` takes them:
//
//   {"partition":0,"offset":42,"timestamp":"2024-02-29T23:59:59.999Z","headers":[{"name":"trace","value":"abc"}],
//    "key":{"omashuId":"om-1"},"value":{"status":"QUEUED"}}
//
// `value` is null for a tombstone, `key` is null or absent where there is none (line_payload.h). A header's value that
// is no text stands in "base64" instead of "value". A line with Avro's own JSON says so: "form":"avro-json".

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/records/line_payload.h"
#include "kafka/types.h"
#include "omashu/result.h"

namespace omashu::cli {

// `key` and `value` are as they stand in a line. Timestamps are ISO 8601, or milliseconds where `is_avro_json`.
void append_record(std::string& out, const kafka::Message& message, const std::optional<std::string>& key,
                   const std::optional<std::string>& value, bool is_avro_json);

struct InputRecord {
  std::optional<LinePayload> key;
  std::optional<LinePayload> value;  // absent: a tombstone
  std::vector<kafka::Header> headers;
  std::optional<kafka::PartitionId> partition;
  std::optional<int64_t> timestamp_ms;
  bool is_avro_json = false;  // the line says so
  bool was_consumed = false;  // it has an offset
};

// The line of a record: an object with `value`, and what else is told of it. Topic and offset are passed over, so that
// what was consumed can be produced. Headers may also be an object of names and texts.
Result<InputRecord> parse_record(std::string_view line);

}  // namespace omashu::cli
