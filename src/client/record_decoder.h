// A record that was read, as programs see it: JSON text.

#pragma once

#include <optional>
#include <string>

#include "kafka/types.h"
#include "omashu/result.h"
#include "omashu/typed_record.h"
#include "schema_registry/client/client.h"
#include "serde/deserializer.h"

namespace omashu::client {

class RecordDecoder {
 public:
  // The registry's client must outlive it.
  explicit RecordDecoder(schema_registry::Client& registry) : deserializer_(registry) {}

  // kCorrupt where it is the record's own fault.
  Result<TypedRecord> decode(const kafka::Message& message);

 private:
  Result<std::optional<std::string>> decode_part(const kafka::Message& message, serde::RecordPart part);

  serde::Deserializer deserializer_;
};

}  // namespace omashu::client
