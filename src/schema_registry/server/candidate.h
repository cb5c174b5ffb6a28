// A schema that a request brings, understood: parsed with what it refers to, and spelled as it would be stored.

#pragma once

#include <string_view>
#include <vector>

#include "avro/schema.h"
#include "schema_registry/server/api_error.h"
#include "schema_registry/server/guid.h"
#include "schema_registry/server/schema_request.h"
#include "schema_registry/server/store.h"

namespace omashu::schema_registry::server {

struct Candidate {
  SchemaText text;  // as Avro Java writes it
  Annotations annotations;
  Guid guid;
  avro::Schema schema;
};

// 42201 where the schema is none, is not Avro, or refers to what is not there.
Answer<Candidate> make_candidate(const Store& store, std::string_view subject, const SchemaText& text,
                                 const Annotations& annotations, bool normalize);

// 42201 where a default does not suit its type. What is stored may have such: it is readable, and stays so.
Answer<void> check_defaults(const Store& store, std::string_view subject, const Candidate& candidate);

// A text with the schemas that it refers to, as seen from a context.
Answer<avro::Schema> parse_with_references(const Store& store, std::string_view context, const SchemaText& text);

// The text as a request wants it (?format=resolved writes out what it refers to); nothing where that is as it is
// stored.
Answer<std::optional<std::string>> formatted_text(const Store& store, const Content& content, std::string_view format);

// The version of the subject that is the candidate: by its content; or the same schema spelled otherwise; or the same
// with its references written out. The newest of several; null where there is none.
const VersionEntry* find_same(const Store& store, std::string_view subject, const Candidate& candidate,
                              bool deleted_too);

// The schema of the context that is the candidate, or is it but for the order of custom properties; null where there is
// none.
const Content* find_content(const Store& store, std::string_view context, const Candidate& candidate);

// What a candidate without annotations takes over from the latest version.
Annotations inherited_annotations(const Store& store, std::string_view subject, const Annotations& own);

// With what the configuration in force has by default and in any case.
Annotations configured_annotations(const Store& store, std::string_view subject, const Annotations& own);

}  // namespace omashu::schema_registry::server
