// What a live table keeps as the value of a record: when its ttl is over, its values for the indexes, and the
// StoredValue that readers are given. The index values are those that stand in the indexes, so that an entry is found
// again when the row changes, whatever the schemas are by then.
//
//   when it is over   0, or 1 and milliseconds since 1970 (varint)
//   index values      their count, and each with its length before it
//   the StoredValue   the rest; nothing where the row is hidden, since its ttl is over
//
// What makes no sense reads as kCorrupt.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"

namespace omashu::table {

struct KeptValue {
  std::optional<int64_t> expires_ms;
  std::vector<std::string_view> index_values;
  std::string_view stored_value;

  bool is_hidden() const { return stored_value.empty(); }
};

// Everything but the StoredValue, which is appended behind it.
void append_kept_value_start(std::optional<int64_t> expires_ms, std::span<const std::string> index_values,
                             std::string& out);

// Of a row whose ttl was over then.
std::string hidden_value(int64_t expired_ms);

// Views into `bytes`.
Result<KeptValue> read_kept_value(std::string_view bytes);

}  // namespace omashu::table
