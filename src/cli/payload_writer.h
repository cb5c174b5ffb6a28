// The key or the value of records that are produced: from JSON to the bytes of Confluent's framing, or of plain text.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/serializer.h"

namespace omashu::cli {

// What the command line says of one part.
struct PayloadWriterOptions {
  std::string format = "auto";  // "avro", "string", or "auto": avro where there is a schema
  std::optional<std::string> schema_file;
  std::optional<std::string> schema_text;
  std::optional<int64_t> schema_id;
  std::optional<std::string> references;  // JSON: [{"name":…,"subject":…,"version":…}]
  std::optional<bool> auto_register_schemas;
  bool use_latest_version = false;
  bool normalize_schemas = false;
  std::optional<std::string> subject_name_strategy;

  // A property of Confluent's console producer ("value.schema"). Whether it is one of this part's.
  Result<bool> set(serde::RecordPart part, const std::string& name, const std::string& value);
  static std::vector<std::string> names();
};

class PayloadWriter {
 public:
  static Result<PayloadWriter> open(schema_registry::Client& registry, const std::string& topic, serde::RecordPart part,
                                    const PayloadWriterOptions& options);

  // A key may also be the bare value of a record of one field.
  Result<std::string> write(std::string_view json) const;

 private:
  PayloadWriter(serde::RecordPart part, std::optional<serde::Serializer> serializer)
      : part_(part), serializer_(std::move(serializer)) {}

  serde::RecordPart part_;
  std::optional<serde::Serializer> serializer_;  // absent: plain text
};

}  // namespace omashu::cli
