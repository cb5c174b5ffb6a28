// Which partition of a topic has the latest record of each logical key, by the rules of latest_table.h: a key is in
// several where its encoding changed, or where writers partition differently.
//
// In memory, some 100 bytes and the key for each key. Not thread-safe.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "kafka/types.h"

namespace omashu::table {

class KeyWinners {
 public:
  // A record of the first reading: partitions one after the other, each in its order.
  void add(std::string_view key, kafka::PartitionId partition, int64_t timestamp_ms);

  // After the first reading: whether the records of this partition are the key's, and those of the others are not.
  bool is_winner(std::string_view key, kafka::PartitionId partition) const;

  // A record that was written since: whether it is the latest of its key now.
  bool replaces(std::string_view key, kafka::PartitionId partition, int64_t timestamp_ms);

  size_t keys() const { return keys_.size(); }

 private:
  struct Latest {
    kafka::PartitionId partition{};
    int64_t timestamp_ms = -1;  // of the partition's latest record of the key
  };
  struct Entry {
    Latest best;     // among the partitions before the current one
    Latest current;  // of the partition that was read last
  };

  static bool is_later(const Latest& one, const Latest& other);
  static const Latest& winner_of(const Entry& entry);

  std::unordered_map<std::string, Entry> keys_;
};

}  // namespace omashu::table
