// The key or value of a record as JSON, whether it carries a registered schema or not.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "avro/codec.h"
#include "avro/schema.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/deserializer.h"
#include "serde/wire_format.h"

namespace omashu::table {

enum class PayloadFormat : uint8_t {
  kAuto,  // Avro where Confluent's framing is there, else text
  kAvro,
  kText,  // a key is a JSON string; a value that is JSON stays so, other text is a JSON string
};

// The value of the header that names the part's schema, where there is one.
std::optional<std::string_view> schema_id_header(const kafka::Message& message, serde::RecordPart part);

class PayloadReader {
 public:
  // `reader` is the schema that Avro data is seen through; absent: the one that wrote it. The registry must outlive it.
  PayloadReader(schema_registry::Client& registry, const std::optional<avro::Schema>& reader, avro::JsonForm form);

  // The payload must be there. kCorrupt where the record is at fault: another one may decode. Any other error is the
  // registry's, and will meet other records too.
  Result<std::string> read(const kafka::Message& message, serde::RecordPart part, PayloadFormat format);

  // The id or guid of the schema that the payload was written with; nothing for text.
  static std::optional<serde::SchemaKey> schema_key(const kafka::Message& message, serde::RecordPart part);

 private:
  serde::Deserializer deserializer_;
  avro::JsonForm form_;
};

}  // namespace omashu::table
