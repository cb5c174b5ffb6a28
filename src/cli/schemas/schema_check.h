// What is wrong with a schema file for a subject: mistakes in the text, and where its versions do not go with it.

#pragma once

#include <string>
#include <vector>

#include "avro/compatibility.h"
#include "avro/schema.h"
#include "base/json.h"
#include "schema_registry/client/client.h"

namespace omashu::cli {

// The text with references for the types that it uses and does not define: those that `latest` (may be null) has for
// them, else the latest version of a subject that has the type's name. Fails where there is neither.
Result<schema_registry::SchemaText> with_references(schema_registry::Client& registry, std::string text,
                                                    const schema_registry::SubjectVersion* latest);

struct SchemaConflict {
  int version = 0;                   // of the subject
  bool new_schema_reads_old = true;  // false: that version cannot read what is written with the file
  std::string type;                  // "READER_FIELD_MISSING_DEFAULT_VALUE"
  std::string location;              // a JSON pointer into the reader: the file, or that version
  std::string message;
  std::optional<TextPosition> position;  // in the file, where that is the reader
};

// `text` is that of the file; `schema` the same with its references.
std::vector<SchemaConflict> find_conflicts(avro::CompatibilityLevel level, const std::string& text,
                                           const avro::Schema& schema, std::span<const avro::VersionedSchema> versions);

// "status.avsc:4:12: version 3: READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1: …"
std::string conflict_text(const std::string& file, const SchemaConflict& conflict);
json::Value conflict_json(const SchemaConflict& conflict);

}  // namespace omashu::cli
