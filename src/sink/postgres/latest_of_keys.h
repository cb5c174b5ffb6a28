// The records of a batch by their keys, the latest of each first: one statement may not write a row twice.
//
// Which is the latest: in one partition the one behind; between partitions the later timestamp, then the higher
// partition. It is the rule of the statements' guard (statements.h).

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "kafka/types.h"

namespace omashu::sink::postgres {

class LatestOfKeys {
 public:
  struct Entry {
    size_t record = 0;  // its number in the batch
    kafka::PartitionId partition{};
    kafka::Offset offset{};
    int64_t timestamp_ms = -1;
  };

  void add(std::string key, const Entry& entry);

  // The records that are the latest of their keys, in the order of the keys: a statement that meets the index in its
  // order is nearly twice as fast, and two statements do not wait for each other crosswise.
  std::vector<size_t> latest() const;

  // The next older one of the same key, where there is one: for when a record turns out to be none that can be written.
  std::vector<size_t> before(const std::vector<size_t>& records) const;

 private:
  static constexpr size_t kNone = SIZE_MAX;
  static bool is_later(const Entry& a, const Entry& b);

  struct Link {
    Entry entry;
    size_t older = kNone;  // in links_
  };
  std::unordered_map<std::string, size_t> heads_;  // of each key, in links_
  std::vector<Link> links_;
};

}  // namespace omashu::sink::postgres
