#include "table/store/change_writer.h"

#include <rocksdb/sst_file_writer.h>

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

// A RocksDB batch, or a writer of a file, as what entries are given to. A failure stays until the end.
class BatchTarget {
 public:
  explicit BatchTarget(rocksdb::WriteBatch& to) : to_(to) {}
  void put(std::string_view key, std::string_view value) { to_.Put(slice_of(key), slice_of(value)); }
  void merge(std::string_view key, std::string_view value) { to_.Merge(slice_of(key), slice_of(value)); }
  void remove(std::string_view key) { to_.Delete(slice_of(key)); }

 private:
  rocksdb::WriteBatch& to_;
};

class FileTarget {
 public:
  explicit FileTarget(rocksdb::SstFileWriter& to) : to_(to) {}
  void put(std::string_view key, std::string_view value) {
    if (status_.ok()) status_ = to_.Put(slice_of(key), slice_of(value));
  }
  void merge(std::string_view key, std::string_view value) {
    if (status_.ok()) status_ = to_.Merge(slice_of(key), slice_of(value));
  }
  void remove(std::string_view key) {
    if (status_.ok()) status_ = to_.Delete(slice_of(key));
  }
  const rocksdb::Status& status() const { return status_; }

 private:
  rocksdb::SstFileWriter& to_;
  rocksdb::Status status_;
};

void write_indexes(const ValueChanges& changes, auto& to) {
  for (const auto& [counter, change] : changes) {
    if (change.count != 0) to.merge(counter, encode_counter(change.count));
  }
  std::string entry;
  for (const auto& [counter, change] : changes) {
    entry.clear();
    append_index_entry(entry, static_cast<unsigned char>(counter[1]), std::string_view(counter).substr(2), "");
    const size_t prefix = entry.size();
    for (const auto& [key, is_there] : change.entries) {
      entry.resize(prefix);
      entry += key;
      if (is_there) {
        to.put(entry, {});
      } else {
        to.remove(entry);
      }
    }
  }
}

void write_notes(const ChangeBatch& batch, auto& to) {
  std::map<std::string_view, const std::optional<std::string>*> notes;
  for (const auto& [name, note] : batch.notes) notes[name] = &note;
  for (const auto& [name, note] : notes) {
    if (*note) {
      to.put(note_key(name), **note);
    } else {
      to.remove(note_key(name));
    }
  }
}

void write_rows(const std::vector<const RowChange*>& rows, auto& to) {
  std::string key;
  for (const RowChange* row : rows) {
    key.assign(1, kRowPrefix).append(row->key);
    if (row->row) {
      to.put(key, *row->row);
    } else {
      to.remove(key);
    }
  }
}

// In the order of the keys' first bytes: c, i, m, n, p, r.
void write_changes(const ChangeBatch& batch, const std::vector<const RowChange*>& rows,
                   std::optional<int64_t> live_rows, auto& to) {
  write_indexes(value_changes_of(rows), to);
  if (live_rows) to.put(kLiveRowsKey, encode_counter(*live_rows));
  write_notes(batch, to);
  for (const auto& [partition, offset] : batch.next_offsets) to.put(next_offset_key(partition), encode_counter(offset));
  write_rows(rows, to);
}

}  // namespace

std::vector<const RowChange*> rows_by_key(const ChangeBatch& batch) {
  std::vector<const RowChange*> rows(batch.rows.size());
  std::ranges::transform(batch.rows, rows.begin(), [](const RowChange& row) { return &row; });
  if (!std::ranges::is_sorted(rows, {}, key_of)) std::ranges::sort(rows, {}, key_of);
  return rows;
}

rocksdb::WriteBatch write_batch_of(const ChangeBatch& batch, const std::vector<const RowChange*>& rows,
                                   std::optional<int64_t> live_rows) {
  rocksdb::WriteBatch batch_of_rocks(bytes_of(batch));
  BatchTarget to(batch_of_rocks);
  write_changes(batch, rows, live_rows, to);
  return batch_of_rocks;
}

rocksdb::Status write_file_of(const ChangeBatch& batch, const std::vector<const RowChange*>& rows,
                              std::optional<int64_t> live_rows, const rocksdb::Options& options,
                              const std::string& path) {
  // Its pages stay in the system's cache: rows are looked up there when they are met again.
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options, nullptr, /*invalidate_page_cache=*/false);
  if (auto opened = writer.Open(path); !opened.ok()) return opened;
  FileTarget to(writer);
  write_changes(batch, rows, live_rows, to);
  return to.status().ok() ? writer.Finish() : to.status();
}

}  // namespace omashu::table
