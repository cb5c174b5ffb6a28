// Versions that a registry holds, parsed with what they refer to.

#pragma once

#include <map>
#include <span>
#include <string>
#include <utility>

#include "avro/schema.h"
#include "schema_registry/client/client.h"
#include "schema_registry/types.h"

namespace omashu::provision {

class RegistrySchemas {
 public:
  void add(schema_registry::SubjectVersion version);
  bool contains(const std::string& subject, int version) const { return versions_.contains({subject, version}); }

  // Null where it is not here.
  const schema_registry::SubjectVersion* find(const std::string& subject, int version) const;

  // Asks the registry for all that the texts refer to and that is not here yet, and for what that refers to in its
  // turn. A version that the registry says it does not have is left out.
  Result<void> fetch_references(schema_registry::Client& registry,
                                std::span<const schema_registry::SchemaText* const> texts);

  // Fails where a reference is not here, or where the text is no Avro schema to us. Defaults need not suit their types:
  // registries hold older schemas whose defaults do not.
  Result<avro::Schema> parse(const schema_registry::SchemaText& text) const;

  Result<avro::Schema> parse(const schema_registry::Reference& reference) const { return parse_version(reference, 0); }

  // Whether any version here refers to the subject.
  bool is_referenced(const std::string& subject) const;

 private:
  using Key = std::pair<std::string, int>;

  Result<avro::Schema> parse(const schema_registry::SchemaText& text, int depth) const;
  Result<avro::Schema> parse_version(const schema_registry::Reference& reference, int depth) const;

  std::map<Key, schema_registry::SubjectVersion> versions_;
  mutable std::map<Key, Result<avro::Schema>> parsed_;  // what others refer to
};

// The text as Avro Java writes it with custom properties sorted: equal where two schemas mean the same to a registry.
std::string comparable_text(const avro::Schema& schema);

}  // namespace omashu::provision
