// Looking for offsets by time in a partition's log.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "broker/log/log_results.h"
#include "broker/log/log_state.h"

namespace omashu::broker {

class LogTimeSearch {
 public:
  explicit LogTimeSearch(LogState& state) : state_(state) {}

  // The first record that is not older than the timestamp; nothing where all are.
  Result<std::optional<TimestampOffset>> offset_for_timestamp(int64_t timestamp) EXCLUDES(state_.mutex);

  // The first of the newest records; nothing where there is none that has a timestamp.
  Result<std::optional<TimestampOffset>> offset_of_max_timestamp() EXCLUDES(state_.mutex);

 private:
  // A part of a segment in which the record that is looked for may be; it is read without the mutex.
  struct SearchRange {
    std::shared_ptr<File> file;
    uint64_t position = 0;
    uint64_t end = 0;
    int64_t from_offset = 0;
    int64_t next_segment_offset = 0;
  };
  Result<std::optional<SearchRange>> search_range(int64_t timestamp, int64_t from_offset) EXCLUDES(state_.mutex);
  Result<int64_t> max_timestamp() EXCLUDES(state_.mutex);  // -1: there is none

  LogState& state_;
};

}  // namespace omashu::broker
