// Looking for offsets by time in a partition's log.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/offset.h"
#include "broker/log/log_results.h"
#include "broker/log/log_state.h"

namespace omashu::broker {

class LogTimeSearch {
 public:
  explicit LogTimeSearch(LogState& state) : state_(state) {}

  // The first record that is not older than the timestamp; nothing where all are.
  Result<std::optional<TimestampOffset>> offset_for_timestamp(int64_t timestamp)
      EXCLUDES(state_.maintenance_mutex, state_.mutex);

  // The first of the newest records; nothing where there is none that has a timestamp.
  Result<std::optional<TimestampOffset>> offset_of_max_timestamp() EXCLUDES(state_.maintenance_mutex, state_.mutex);

 private:
  // A part of a segment in which the record that is looked for may be; it is read without the mutex.
  struct SearchRange {
    std::shared_ptr<Segment> segment;
    std::shared_ptr<File> file;
    uint64_t position = 0;
    uint64_t end = 0;
    Offset from_offset{0};
    Offset next_segment_offset{0};
  };
  Result<std::optional<SearchRange>> search_range(int64_t timestamp, Offset from_offset) EXCLUDES(state_.mutex);
  Result<int64_t> max_timestamp() EXCLUDES(state_.mutex);  // -1: there is none

  using Found = Result<std::optional<TimestampOffset>>;
  Found try_to_find(int64_t timestamp) EXCLUDES(state_.mutex);
  // kCorrupt where a batch in the range does not hold.
  Found find_in_range(const SearchRange& range, int64_t timestamp) EXCLUDES(state_.mutex);
  std::unexpected<Error> damaged(const SearchRange& range, uint64_t position) EXCLUDES(state_.mutex);
  // What `find` gives, once what it met of damage is mended.
  template <class Find>
  Found find_and_mend(Find&& find) EXCLUDES(state_.maintenance_mutex, state_.mutex);

  LogState& state_;
};

}  // namespace omashu::broker
