// What the store keeps of a logical key: the bytes of a row (docs/table-store.md).
//
// A row is the last record of each byte encoding of the key in each partition, as LatestTable has them
// (latest_table.h says which of them is shown). The shown one comes first and the others in the order of partitions and
// encodings, so that the same records give the same bytes, whatever the order of partitions in which they were applied,
// and however often. Bytes that are no row are kCorrupt.

#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"
#include "table/row.h"

namespace omashu::table {

// One record of the key. Views into the row.
struct RowVersion {
  Position position;
  int64_t timestamp_ms = -1;
  std::string_view key_bytes;
  std::optional<std::string_view> value = {};  // a StoredValue (stored_value.h); absent: a tombstone
  std::vector<kafka::Offset> earlier = {};     // of the same encoding and partition, the newest first
};

// The record that the row shows; `value` is absent where the key is deleted.
Result<RowVersion> read_latest(std::string_view row);

// The same where the row has no others, as most do; nothing where it has.
Result<std::optional<RowVersion>> read_only_version(std::string_view row);

// All of them, the shown one first.
Result<std::vector<RowVersion>> read_versions(std::string_view row);

struct RowOptions {
  size_t max_earlier_offsets = 9;  // that each version remembers
};

struct RowUpdate {
  bool is_stored = false;   // the row's bytes are others than before: they have to be kept
  bool is_changed = false;  // what the row shows is: readers hear of it (what LatestTable::apply() returns)
  int live = 0;             // +1: a row is there now and was not; -1: the other way round

  bool operator==(const RowUpdate&) const = default;
};

// Puts a record of the key into the row, which is empty where the key was never seen.
Result<RowUpdate> apply_record(std::string& row, const Record& record, const RowOptions& options = {});

// The record that the row shows gets another value, which is no view into the row.
Result<void> replace_latest_value(std::string& row, std::string_view value);

// The row as it would be without the records of these partitions; empty where it has no others.
Result<std::string> without_partitions(std::string_view row, const std::set<kafka::PartitionId>& partitions);

// Whether nothing but tombstones older than that is left: then the row may be forgotten.
Result<bool> is_forgettable(std::string_view row, int64_t before_ms);

}  // namespace omashu::table
