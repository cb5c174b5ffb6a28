// The keys or the values of a topic as the latest schema of their subject sees them: defaults filled in, fields that it
// no longer has left out. Where there is no subject, the schema of the first record takes its place.
//
// Belongs to one thread.

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "avro/arena.h"
#include "avro/datum.h"
#include "avro/schema.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/schema_loader.h"
#include "serde/wire_format.h"
#include "sink/sink.h"

namespace omashu::sink::postgres {

class PartSchema {
 public:
  // The registry must outlive it.
  PartSchema(schema_registry::Client& registry, const std::string& topic, serde::RecordPart part);

  const std::optional<avro::Schema>& latest() const { return latest_; }

  // Asks the registry. Whether latest() is another one now.
  Result<bool> refresh();

  // Whether read() has met the writer's schema. Where it has not, it may be newer than latest(): refresh() first.
  bool knows(const SinkPart& part) const { return writers_.contains(part.writer.get()); }
  // Makes read() ready for it. Whether latest() is another one now, as the first record's where there is no subject.
  bool learn(const SinkPart& part);

  // What was learned. kCorrupt where the latest schema cannot read the datum. It lives as long as the arena's content,
  // which is that of the last call, and the record do.
  Result<avro::Datum> read(const SinkPart& part, avro::Arena& arena) const;

 private:
  struct Reading {
    std::shared_ptr<const serde::Deserializer::Writer> writer;  // keeps the address its own
    bool is_latest = false;
    std::optional<avro::GenericDecoder> decoder = std::nullopt;
    std::optional<Error> mismatch = std::nullopt;
  };

  serde::SchemaLoader loader_;
  const std::string subject_;
  std::optional<avro::Schema> latest_;
  std::optional<serde::SchemaId> latest_id_;
  std::map<const void*, Reading> writers_;
};

}  // namespace omashu::sink::postgres
