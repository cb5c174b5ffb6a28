// Decoded records that are applied at once: several batches, each with its records in the order of their keys.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "table/live/table_schema.h"

namespace omashu::table {

struct RecordRun {
  std::span<const DecodedRecord> records;  // in the order of each partition
  std::span<const uint32_t> by_key;        // their numbers, in the order of their keys
};

struct RecordPlace {
  std::string_view key;  // of the record
  uint32_t run = 0, number = 0;
};

// All records of the runs in the order of their keys.
std::vector<RecordPlace> merge_by_key(std::span<const RecordRun> runs);

}  // namespace omashu::table
