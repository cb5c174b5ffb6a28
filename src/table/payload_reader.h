// The key or value of a record as JSON, whether it carries a registered schema or not.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "avro/codec.h"
#include "avro/schema.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/deserializer.h"
#include "serde/payload_format.h"
#include "serde/record_place.h"
#include "serde/wire_format.h"

namespace omashu::table {

using serde::PayloadFormat;

// The value of the header that names the part's schema, where there is one.
std::optional<std::string_view> schema_id_header(const kafka::Message& message, serde::RecordPart part);

// A key or value that is there, as it stands on a topic; a view.
struct Payload {
  std::string_view bytes;
  std::optional<std::string_view> schema_id_header = {};
  serde::RecordPlace place = {};
};

// The part of the message, which must be there.
Payload payload_of(const kafka::Message& message, serde::RecordPart part);

class PayloadReader {
 public:
  // `reader` is the schema that Avro data is seen through; absent: the one that wrote it. The registry must outlive it.
  PayloadReader(schema_registry::Client& registry, const std::optional<avro::Schema>& reader, avro::JsonForm form);

  // The payload must be there. kCorrupt where the record is at fault: another one may decode. Any other error is the
  // registry's, and will meet other records too.
  Result<std::string> read(const Payload& payload, PayloadFormat format);
  Result<std::string> read(const kafka::Message& message, serde::RecordPart part, PayloadFormat format) {
    return read(payload_of(message, part), format);
  }

  // As read() with kAuto; but a value that is the text of a JSON object or array is that one, so that its fields can be
  // asked for.
  Result<std::string> read_with_fields(const Payload& payload);

  // Whether the schema that a payload is framed with has been met, so that the registry need not be asked.
  bool knows(const serde::SchemaKey& key) { return deserializer_.knows(key); }

  // Whether read() takes the payload for Avro data.
  static bool is_avro(const kafka::Message& message, serde::RecordPart part, PayloadFormat format);

  // The id or guid of the schema that the payload was written with; nothing for text.
  static std::optional<serde::SchemaKey> schema_key(const kafka::Message& message, serde::RecordPart part);

 private:
  serde::Deserializer deserializer_;
  avro::JsonForm form_;
};

}  // namespace omashu::table
