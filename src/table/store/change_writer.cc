#include "table/store/change_writer.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "table/store/rocks_options.h"
#include "table/store/store_format.h"

namespace omashu::table {

namespace {

std::string_view key_of(const RowChange* row) { return row->key; }

size_t bytes_of(const ChangeBatch& batch) {
  size_t bytes = 4'096;
  for (const RowChange& row : batch.rows) {
    const size_t row_bytes = row.row ? row.row->size() : 0;
    bytes += row.key.size() + row_bytes + row.indexes.size() * (2 * row.key.size() + 64) + 16;
  }
  return bytes;
}

// The rows that come to a value of an index, and those that leave it, by their keys.
struct ValueChange {
  struct Entry {
    std::string_view key;
    bool is_there = false;
  };
  std::vector<Entry> entries;
  int64_t count = 0;
};

// By the counter of the value: in the order of indexes and values, which is that of the entries too.
using ValueChanges = std::map<std::string, ValueChange, std::less<>>;

ValueChanges value_changes_of(const std::vector<const RowChange*>& rows) {
  ValueChanges changes;
  std::string counter;
  const auto add = [&](size_t index, const std::optional<std::string>& value, std::string_view key, bool is_there) {
    if (!value) return;
    counter.assign({kCounterPrefix, static_cast<char>(index)}).append(*value);
    ValueChange& change = changes[counter];
    change.entries.push_back({.key = key, .is_there = is_there});
    change.count += is_there ? 1 : -1;
  };
  for (const RowChange* row : rows) {
    for (const auto& [index, before, after] : row->indexes) {
      add(index, before, row->key, false);
      add(index, after, row->key, true);
    }
  }
  return changes;
}

void write_rows(const std::vector<const RowChange*>& rows, rocksdb::WriteBatch& to) {
  std::string key;
  for (const RowChange* row : rows) {
    key.assign(1, kRowPrefix).append(row->key);
    if (row->row) {
      to.Put(key, *row->row);
    } else {
      to.Delete(key);
    }
  }
}

void write_indexes(const ValueChanges& changes, rocksdb::WriteBatch& to) {
  std::string entry;
  for (const auto& [counter, change] : changes) {
    entry.clear();
    append_index_entry(entry, static_cast<unsigned char>(counter[1]), std::string_view(counter).substr(2), "");
    const size_t prefix = entry.size();
    for (const auto& [key, is_there] : change.entries) {
      entry.resize(prefix);
      entry += key;
      if (is_there) {
        to.Put(entry, {});
      } else {
        to.Delete(entry);
      }
    }
  }
  for (const auto& [counter, change] : changes) {
    if (change.count != 0) to.Merge(counter, encode_counter(change.count));
  }
}

}  // namespace

std::vector<const RowChange*> rows_by_key(const ChangeBatch& batch) {
  std::vector<const RowChange*> rows(batch.rows.size());
  std::ranges::transform(batch.rows, rows.begin(), [](const RowChange& row) { return &row; });
  if (!std::ranges::is_sorted(rows, {}, key_of)) std::ranges::sort(rows, {}, key_of);
  return rows;
}

rocksdb::WriteBatch write_batch_of(const ChangeBatch& batch, const std::vector<const RowChange*>& rows) {
  rocksdb::WriteBatch to(bytes_of(batch));
  write_rows(rows, to);
  write_indexes(value_changes_of(rows), to);
  for (const auto& [name, note] : batch.notes) {
    if (note) {
      to.Put(note_key(name), *note);
    } else {
      to.Delete(note_key(name));
    }
  }
  for (const auto& [partition, offset] : batch.next_offsets) to.Put(next_offset_key(partition), encode_counter(offset));
  return to;
}

}  // namespace omashu::table
