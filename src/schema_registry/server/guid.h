// The identity of a schema's content, the same in every registry that holds it: clients may write it into a record's
// header in place of an id. It is Confluent's: the MD5 of text, references, metadata and rule set, shown as a UUID.

#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "schema_registry/server/annotations.h"
#include "schema_registry/types.h"

namespace omashu::schema_registry::server {

struct Guid {
  std::array<uint8_t, 16> bytes{};

  auto operator<=>(const Guid&) const = default;
};

struct GuidHash {
  size_t operator()(const Guid& guid) const {
    size_t hash = 0;
    std::memcpy(&hash, guid.bytes.data(), sizeof hash);
    return hash;
  }
};

Guid guid_of(const SchemaText& text, const Annotations& annotations);

// "0f54a7ac-…", and back; also without the hyphens.
std::string guid_text(const Guid& guid);
std::optional<Guid> parse_guid(std::string_view text);

}  // namespace omashu::schema_registry::server
