// The two ways in which Confluent's serializers say which schema a payload was written with.
//
//   id in the payload     00, id (4 bytes, big-endian), Avro data
//   in a header           payload: Avro data alone; header "__key_schema_id" or "__value_schema_id":
//                         01, guid (16 bytes)        or  00, id (4 bytes, big-endian)
//
// Readers accept both: where the header is there, it holds. Nothing here reads beyond the bytes given or keeps them.

#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "omashu/result.h"
#include "schema_registry/types.h"

namespace omashu::serde {

using schema_registry::SchemaId;

enum class RecordPart : uint8_t { kKey, kValue };

std::string_view record_part_name(RecordPart part);       // "key", "value"
std::string_view schema_id_header_name(RecordPart part);  // "__key_schema_id", "__value_schema_id"

struct Guid {
  std::array<uint8_t, 16> bytes{};

  auto operator<=>(const Guid&) const = default;
};

// "2f3f1fd0-8d0a-4d5e-8f3c-0d9f2b1c7a55", in any case.
std::optional<Guid> parse_guid(std::string_view text);
std::string to_text(const Guid& guid);

// What a payload says of its schema.
using SchemaKey = std::variant<SchemaId, Guid>;

std::string to_text(const SchemaKey& key);  // "schema id 7", "schema guid 2f3f…", for errors

struct Frame {
  SchemaKey schema;
  std::string_view data;  // of the payload
};

// kCorrupt where neither framing is there. An empty payload is an error: only an absent one is a tombstone.
Result<Frame> parse_frame(std::string_view payload, std::optional<std::string_view> schema_id_header);

inline constexpr size_t kIdFrameBytes = 5;
void append_id_frame(std::string& out, SchemaId id);

std::string guid_header_value(const Guid& guid);

}  // namespace omashu::serde
