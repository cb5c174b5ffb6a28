// Records of a topic, page by page, in both directions, as far as a filter lets them pass.
//
// A page is a part of each partition, [lower, upper), so that the pages before and after it are found without gap or
// double. Within a page records are merged by time as far as each partition's own order allows.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "inspect/page_start.h"
#include "kafka/consumer.h"

namespace omashu::inspect {

struct PageQuery {
  std::string topic = {};
  std::optional<kafka::PartitionId> partition = {};  // absent: all
  PageStart start = {};
  bool is_older =
      true;  // what is before the start, the newest first; else what is at it and after it, the oldest first
  size_t limit = 50;
  // kCorrupt where it cannot be asked of the record; another error ends the page. Absent: every record.
  std::function<Result<bool>(const kafka::Message&)> matches = {};

  // What bounds one page, whatever the filter finds.
  int64_t max_scanned = 100'000;             // offsets
  size_t max_kept_bytes = size_t{64} << 20;  // of keys, values and headers
  std::chrono::milliseconds max_time{3'000};
  std::chrono::milliseconds timeout{10'000};  // of each question to the brokers
};

struct RecordPage {
  std::vector<kafka::Message> records;
  std::map<kafka::PartitionId, kafka::Offset> lower;  // the first offset of the page, of each partition
  std::map<kafka::PartitionId, kafka::Offset> upper;  // one past its last
  bool has_older = false;                             // something lies before it
  bool is_complete = true;                            // false: a bound was met before the page was full
  int64_t scanned = 0;                                // offsets
  int64_t unreadable = 0;                             // records of which the filter could not be asked

  // Starts of the pages before and after this one.
  std::optional<std::string> older_start(const std::string& topic) const;  // nothing where there is nothing older
  std::string newer_start(const std::string& topic) const;
};

// The consumer is assigned to the partitions; it is best told fetch.wait.max.ms of a few milliseconds. kNotFound where
// there is no such topic.
Result<RecordPage> read_page(kafka::Consumer& consumer, const PageQuery& query);

}  // namespace omashu::inspect
