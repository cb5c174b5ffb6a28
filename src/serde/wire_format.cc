#include "serde/wire_format.h"

#include <fmt/core.h>

#include <algorithm>

namespace omashu::serde {

namespace {

constexpr unsigned char kMagicId = 0;
constexpr unsigned char kMagicGuid = 1;
constexpr size_t kGuidFrameBytes = 17;

std::unexpected<Error> corrupt(std::string message) { return fail(ErrorCode::kCorrupt, std::move(message)); }

// `bytes` holds at least kIdFrameBytes.
Result<SchemaId> parse_id(std::string_view bytes) {
  uint32_t id = 0;
  for (size_t i = 1; i < kIdFrameBytes; ++i) id = id << 8 | static_cast<unsigned char>(bytes[i]);
  if (id > INT32_MAX) return corrupt(fmt::format("{} is no schema id", id));
  return SchemaId{static_cast<int32_t>(id)};
}

Result<SchemaKey> parse_header(std::string_view header) {
  if (header.size() == kGuidFrameBytes && static_cast<unsigned char>(header[0]) == kMagicGuid) {
    Guid guid;
    std::copy(header.begin() + 1, header.end(), guid.bytes.begin());
    return guid;
  }
  if (header.size() == kIdFrameBytes && static_cast<unsigned char>(header[0]) == kMagicId) {
    const Result<SchemaId> id = parse_id(header);
    if (!id) return fail(id.error());
    return *id;
  }
  return corrupt(fmt::format("the schema id header has {} bytes where 01 and a guid, or 00 and an id, are expected",
                             header.size()));
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_dash_place(size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

}  // namespace

std::string_view record_part_name(RecordPart part) { return part == RecordPart::kKey ? "key" : "value"; }

std::string_view schema_id_header_name(RecordPart part) {
  return part == RecordPart::kKey ? "__key_schema_id" : "__value_schema_id";
}

std::optional<Guid> parse_guid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  Guid guid;
  size_t digits = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (is_dash_place(i)) {
      if (text[i] != '-') return std::nullopt;
      continue;
    }
    const int digit = hex_digit(text[i]);
    if (digit < 0) return std::nullopt;
    uint8_t& byte = guid.bytes[digits++ / 2];
    byte = static_cast<uint8_t>(byte << 4 | digit);
  }
  return guid;
}

std::string to_text(const Guid& guid) {
  std::string text;
  for (const uint8_t byte : guid.bytes) {
    if (is_dash_place(text.size())) text += '-';
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

std::string to_text(const SchemaKey& key) {
  if (const SchemaId* id = std::get_if<SchemaId>(&key)) return fmt::format("schema id {}", static_cast<int32_t>(*id));
  return "schema guid " + to_text(std::get<Guid>(key));
}

Result<Frame> parse_frame(std::string_view payload, std::optional<std::string_view> schema_id_header) {
  if (schema_id_header) {
    Result<SchemaKey> key = parse_header(*schema_id_header);
    if (!key) return fail(std::move(key.error()));
    return Frame{*key, payload};
  }
  if (payload.empty()) return corrupt("the payload is empty: there is no schema id in it");
  if (const auto magic = static_cast<unsigned char>(payload[0]); magic != kMagicId) {
    return corrupt(fmt::format(
        "the payload starts with byte 0x{:02x} where 0x00 is expected: it was not written with a schema registry",
        magic));
  }
  if (payload.size() < kIdFrameBytes) {
    return corrupt(fmt::format("the payload has {} bytes, too few for a schema id", payload.size()));
  }
  const Result<SchemaId> id = parse_id(payload);
  if (!id) return fail(id.error());
  return Frame{*id, payload.substr(kIdFrameBytes)};
}

void append_id_frame(std::string& out, SchemaId id) {
  const auto number = static_cast<uint32_t>(id);
  out += static_cast<char>(kMagicId);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 0xFF);
}

std::string guid_header_value(const Guid& guid) {
  std::string value(1, static_cast<char>(kMagicGuid));
  value.append(guid.bytes.begin(), guid.bytes.end());
  return value;
}

}  // namespace omashu::serde
