// What a table keeps of a record's value: the payload as it stands on the topic, with the header that names its schema
// where there is one, and what was found out when it was read. Empty payloads are left out where nobody will ask.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace omashu::table {

struct StoredValue {
  bool is_match = true;        // the filter applies to the row
  bool is_as_written = false;  // the latest schema cannot read it
  std::optional<std::string_view> schema_id_header = {};
  std::string_view payload = {};
};

void append_stored_value(const StoredValue& value, std::string& out);

// Of bytes that append_stored_value() made.
StoredValue read_stored_value(std::string_view bytes);

}  // namespace omashu::table
