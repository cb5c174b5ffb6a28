// Schemas as the bodies of answers.
//
// Members that Confluent's servers of today add (guid, ts, deleted; schemaType where it is AVRO) break old clients, so
// they are told only to those that say they can do with them (header Confluent-Accept-Unknown-Properties).

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "schema_registry/server/store.h"

namespace omashu::schema_registry::server {

// What is told of a schema beside its text.
struct SchemaPlace {
  std::optional<std::string_view> subject = {};
  std::optional<int> version = {};
  std::optional<SchemaId> id = {};
  std::optional<int> max_id = {};
  const VersionEntry* entry = nullptr;             // whose time and whether it is deleted are told
  std::optional<std::string> text = std::nullopt;  // in place of the schema's own
};

// {"subject":…,"version":…,"id":…,"schema":…}, and what else there is.
std::string schema_json(const SchemaPlace& place, const SchemaText& text, const Annotations& annotations,
                        const Guid& guid, bool tells_all);
std::string schema_json(const SchemaPlace& place, const Content& content, bool tells_all);

std::string numbers_json(std::span<const int> numbers);
std::string strings_json(std::span<const std::string> strings);

}  // namespace omashu::schema_registry::server
