#include "table/stored_value.h"

namespace omashu::table {

namespace {

// Bits of the first byte. With kHasHeader, the header's size is the second: headers that name a schema have 5 or 17
// bytes, and no other one is read.
constexpr unsigned char kIsMatch = 1, kIsAsWritten = 2, kHasHeader = 4;

}  // namespace

void append_stored_value(const StoredValue& value, std::string& out) {
  const bool has_header = value.schema_id_header && value.schema_id_header->size() <= 255;
  const unsigned flags =
      (value.is_match ? kIsMatch : 0u) | (value.is_as_written ? kIsAsWritten : 0u) | (has_header ? kHasHeader : 0u);
  out += static_cast<char>(flags);
  if (has_header) {
    out += static_cast<char>(value.schema_id_header->size());
    out += *value.schema_id_header;
  }
  out += value.payload;
}

StoredValue read_stored_value(std::string_view bytes) {
  const auto flags = static_cast<unsigned char>(bytes.front());
  StoredValue value{.is_match = (flags & kIsMatch) != 0, .is_as_written = (flags & kIsAsWritten) != 0};
  bytes.remove_prefix(1);
  if ((flags & kHasHeader) != 0) {
    const size_t size = static_cast<unsigned char>(bytes.front());
    value.schema_id_header = bytes.substr(1, size);
    bytes.remove_prefix(1 + size);
  }
  value.payload = bytes;
  return value;
}

}  // namespace omashu::table
