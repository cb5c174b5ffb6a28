// Registered schemas as parsed ones: what they refer to is fetched from the registry, however deep.
//
// The references of one depth are asked for together. Cycles, more than kMaxReferences references and chains longer
// than kMaxReferenceDepth are errors; a reference that is not there is kInvalidArgument, so that it is not taken for
// the absence of the schema itself. Thread-safe as the client is; the client's cache makes repetition cheap.

#pragma once

#include <cstddef>
#include <string>

#include "avro/schema.h"
#include "omashu/result.h"
#include "schema_registry/client/client.h"
#include "serde/wire_format.h"

namespace omashu::serde {

inline constexpr size_t kMaxReferences = 1000;
inline constexpr size_t kMaxReferenceDepth = 64;

class SchemaLoader {
 public:
  // The client must outlive the loader.
  explicit SchemaLoader(schema_registry::Client& client) : client_(&client) {}

  schema_registry::Client& client() const { return *client_; }

  // Defaults that do not suit their type are let pass in what the registry holds, and refused in a text that is new.
  Result<avro::Schema> load_registered(const schema_registry::SchemaText& text) const;
  Result<avro::Schema> load_new(const schema_registry::SchemaText& text) const;

  Result<avro::Schema> load(const SchemaKey& key) const;

 private:
  Result<avro::Schema> load(const schema_registry::SchemaText& text, bool is_new) const;

  schema_registry::Client* client_;
};

}  // namespace omashu::serde
