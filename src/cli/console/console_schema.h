// The schema that kafka-avro-console-producer writes a part of its records with.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/serializer.h"

namespace omashu::cli {

// By the properties value.schema, value.schema.file, value.schema.id and value.refs, or the key's; how the registry is
// asked, by auto.register.schemas, use.latest.version, use.schema.id, normalize.schemas and
// value.subject.name.strategy. As with Confluent's serializer a schema must be given, and is registered unless
// auto.register.schemas=false.
Result<serde::Serializer> open_console_serializer(schema_registry::Client& registry, const std::string& topic,
                                                  serde::RecordPart part,
                                                  const std::map<std::string, std::string>& properties);

std::vector<std::string> console_schema_property_names();

}  // namespace omashu::cli
