// A sparse index of a segment, in a file as Kafka's: entries of (key, value), both growing, both big-endian.
//
//   .index      int32 offset - base offset of the segment, int32 position in the .log    (key of 4 bytes)
//   .timeindex  int64 timestamp in ms,                     int32 offset - base offset    (key of 8 bytes)
//
// An entry is a hint that saves a walk through the .log. Entries are written in runs; the latest are in memory only,
// until write() or until the run is full. The run of the file that was read last stays in memory, for whoever reads on
// from there. Not thread-safe: the partition's lock guards it.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "broker/log/open_files.h"
#include "omashu/result.h"

namespace omashu::broker {

class SparseIndex {
 public:
  struct Entry {
    int64_t key = 0;
    int32_t value = 0;
  };
  enum class KeyBytes : uint8_t { kFour = 4, kEight = 8 };

  SparseIndex(OpenFiles& files, std::string path, KeyBytes key_bytes);

  // The key must be greater than the last one. Fails where the run cannot be written; the entry is kept all the same.
  Result<void> append(Entry entry);

  // The entry with the greatest key that is not above this one.
  Result<std::optional<Entry>> floor(int64_t key);
  Result<std::optional<Entry>> last();

  // Keeps the entries up to the first one that is not in order or that `is_kept` refuses: what comes after it was
  // written before a crash and means nothing.
  Result<void> cut(const std::function<bool(const Entry&)>& is_kept);

  // Writes what is in memory only. The file, to be synced without the lock; nullptr where there are no entries.
  Result<std::shared_ptr<File>> write();

  // Of the file once everything is written.
  Result<uint64_t> size_bytes();
  size_t entry_bytes() const { return static_cast<size_t>(key_bytes_) + sizeof(int32_t); }

  const std::string& path() const { return path_; }

 private:
  uint64_t count_in(const std::string& entries) const { return entries.size() / entry_bytes(); }
  Entry decode(const char* from) const;

  // Makes written_ known. The file of an index without entries need not be there.
  Result<void> look();
  Result<Entry> read(uint64_t number);
  // Its bytes in buffered_ or cached_; nullptr where the file has to be read.
  const char* find_in_memory(uint64_t number) const;

  OpenFiles& files_;
  const std::string path_;
  const KeyBytes key_bytes_;

  std::optional<uint64_t> written_;  // entries in the file; nothing until somebody asks
  std::string buffered_;             // entries after them
  std::string cached_;               // the run of entries in the file that was read last
  uint64_t cached_from_ = 0;         // the number of its first
};

}  // namespace omashu::broker
