#include "schema_registry/server/guid.h"

#include <fmt/core.h>

#include "base/digest.h"

namespace omashu::schema_registry::server {

namespace {

constexpr size_t kDigits = 32;
constexpr size_t kHyphens[] = {8, 13, 18, 23};

std::optional<uint8_t> hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

void append_references(std::string& out, const std::vector<Reference>& references) {
  for (const Reference& reference : references) {
    out.append(reference.name).append(reference.subject);
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(reference.version >> shift & 0xff);
  }
}

}  // namespace

Guid guid_of(const SchemaText& text, const Annotations& annotations) {
  if (text.references.empty() && annotations.empty()) return Guid{md5(text.schema)};
  std::string hashed = text.schema;
  append_references(hashed, text.references);
  append_hashed(hashed, annotations);
  return Guid{md5(hashed)};
}

std::string guid_text(const Guid& guid) {
  std::string text;
  for (const uint8_t byte : guid.bytes) {
    text += fmt::format("{:02x}", byte);
    if (text.size() == 8 || text.size() == 13 || text.size() == 18 || text.size() == 23) text += '-';
  }
  return text;
}

std::optional<Guid> parse_guid(std::string_view text) {
  std::string digits(text);
  if (text.size() == kDigits + std::size(kHyphens)) {
    for (size_t i = std::size(kHyphens); i-- > 0;) {
      if (digits[kHyphens[i]] != '-') return std::nullopt;
      digits.erase(kHyphens[i], 1);
    }
  }
  if (digits.size() != kDigits) return std::nullopt;
  Guid guid;
  for (size_t i = 0; i < guid.bytes.size(); ++i) {
    const auto high = hex_value(digits[2 * i]);
    const auto low = hex_value(digits[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    guid.bytes[i] = static_cast<uint8_t>(*high << 4 | *low);
  }
  return guid;
}

}  // namespace omashu::schema_registry::server
