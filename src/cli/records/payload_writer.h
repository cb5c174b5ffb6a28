// The key or the value of records that are produced: from JSON to the bytes of Confluent's framing, or of a format
// without schemas.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "avro/codec.h"
#include "cli/records/line_payload.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/payload_format.h"
#include "serde/serializer.h"

namespace omashu::cli {

// What the command line says of one part.
struct PayloadWriterOptions {
  serde::PayloadFormat format = serde::PayloadFormat::kAuto;  // auto: Avro where there is a schema
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

  // Of a line of JSON. A key may also be the bare value of a record of one field.
  Result<std::string> write(const LinePayload& payload, avro::JsonForm form) const;

  // Of a line of the console format, where Avro data is Avro's own JSON. Nothing for "null" where that is no datum.
  Result<std::optional<std::string>> write_console(std::string_view text) const;

  // Whether the payload carries a schema's id.
  bool is_avro() const { return serializer_.has_value(); }

 private:
  PayloadWriter(serde::RecordPart part, serde::PayloadFormat format) : part_(part), format_(format) {}

  std::string bare_key_completed(const std::string& json) const;
  Result<std::string> serialize(std::string_view json, avro::JsonForm form) const;
  Error in_part(Error error) const;

  serde::RecordPart part_;
  serde::PayloadFormat format_;
  std::optional<serde::Serializer> serializer_;
  std::string missing_subject_ = {};  // under which the schema was looked for
};

}  // namespace omashu::cli
