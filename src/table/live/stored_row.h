// What the stored bytes of a row say: the record that it shows, and what belongs to it beside.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "omashu/result.h"
#include "table/live/live_row.h"
#include "table/live/live_table.h"
#include "table/store/row_format.h"

namespace omashu::table {

// Views into the bytes.
struct StoredRow {
  RowVersion shown;
  bool is_live = false;           // neither deleted nor hidden
  std::string_view stored_value;  // of a live row
  std::optional<int64_t> expires_ms;
  std::vector<std::string_view> index_values;  // of a live row

  LiveRow live_row(std::string_view key) const;
  // What readers find: deleted too where the ttl is over by `now_ms`, which the store may not know yet.
  Lookup lookup(std::string_view key, int64_t now_ms) const;
};
Result<StoredRow> read_stored_row(std::string_view bytes);

// What those who change a row have to know besides. An empty text is a row that is not there.
struct WholeRow {
  std::optional<StoredRow> row;
  size_t live_records = 0;  // that are no tombstones, in any encoding and partition: more than one is a duplicate

  bool is_live() const { return row && row->is_live; }
  // When something must be done about the row: it is hidden, where it has a ttl, or forgotten, where it is deleted. A
  // deleted row with a live record in another encoding or partition stays for ever, since that record would be taken
  // for the latest otherwise.
  std::optional<int64_t> due_ms(int64_t delete_retention_ms) const;
};
Result<WholeRow> read_whole_row(std::string_view bytes);

// The value under which a row stands in the index of what is due, in the order of the times.
std::string due_value(int64_t due_ms);
int64_t due_ms_of(std::string_view value);

}  // namespace omashu::table
