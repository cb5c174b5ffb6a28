#include "table/live/record_runs.h"

#include <algorithm>

namespace omashu::table {

std::vector<RecordPlace> merge_by_key(std::span<const RecordRun> runs) {
  std::vector<RecordPlace> places;
  std::vector<size_t> ends = {0};  // of the sorted parts
  size_t size = 0;
  for (const RecordRun& run : runs) size += run.by_key.size();
  places.reserve(size);
  for (uint32_t run = 0; run < runs.size(); ++run) {
    for (const uint32_t number : runs[run].by_key) {
      places.push_back({.key = runs[run].records[number].key, .run = run, .number = number});
    }
    ends.push_back(places.size());
  }
  const auto at = [&](size_t end) { return places.begin() + static_cast<std::ptrdiff_t>(end); };
  // Two neighbours become one, until there is one.
  while (ends.size() > 2) {
    std::vector<size_t> merged = {0};
    for (size_t i = 1; i < ends.size(); i += 2) {
      const size_t end = ends[std::min(i + 1, ends.size() - 1)];
      std::ranges::inplace_merge(at(ends[i - 1]), at(ends[i]), at(end), {}, &RecordPlace::key);
      merged.push_back(end);
    }
    ends = std::move(merged);
  }
  return places;
}

}  // namespace omashu::table
