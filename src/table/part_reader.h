// Keys or values of a topic as data: seen through the latest schema of their subject, with its defaults filled in.
//
// What the latest schema cannot read, and what has no schema, is JSON as it was written. Thread-safe; each thread has a
// Scratch of its own.

#pragma once

#include <optional>
#include <string>

#include "avro/datum.h"
#include "avro/schema.h"
#include "base/json.h"
#include "kafka/types.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/deserializer.h"
#include "serde/wire_format.h"
#include "table/filter.h"
#include "table/payload_reader.h"

namespace omashu::table {

class PartReader {
 public:
  // `latest` is absent where the subject does not exist. `format` is what the payload is where it cannot be seen
  // through that schema. The registry must outlive it.
  PartReader(schema_registry::Client& registry, serde::RecordPart part, const std::optional<avro::Schema>& latest,
             PayloadFormat format);

  // What a part that was read lives in, until the next one is read into it.
  class Scratch {
    friend class PartReader;
    avro::Arena arena_;
    std::optional<serde::Deserializer::Datum> bytes_;
    std::optional<avro::Datum> datum_;
    json::Value json_;
  };

  // The part of the message; null where it is not there. JSON although there is a latest schema: see above. kCorrupt
  // where the message is at fault: another one may be read.
  Result<FilterPart> read(const kafka::Message& message, Scratch& scratch);
  Result<FilterPart> read(const Payload& payload, Scratch& scratch);

  struct Json {
    std::string text;
    std::optional<Error> unresolved = std::nullopt;  // why the latest schema cannot read it: it is as it was written
  };
  // As plain JSON; the part must be there.
  Result<Json> read_json(const Payload& payload);

  // Whether read_json() need not ask the registry for that payload's schema.
  bool knows_schema_of(const Payload& payload);

  bool has_schema() const { return resolved_.has_value(); }

 private:
  bool read_resolved(const Payload& payload, Scratch& scratch);
  Result<std::string> read_as_written(const Payload& payload);

  serde::RecordPart part_;
  PayloadFormat format_;
  std::optional<serde::Deserializer> resolved_;
  std::optional<PayloadReader> resolved_json_;
  PayloadReader as_written_;
};

}  // namespace omashu::table
