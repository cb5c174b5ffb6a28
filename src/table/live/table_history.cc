#include "table/live/table_history.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "table/live/kept_value.h"

namespace omashu::table {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr kafka::Offset kScanned = 50'000;  // offsets that are read in one go, backwards

// The records of one key in one partition, from the newest on.
class PartitionHistory {
 public:
  PartitionHistory(kafka::Consumer& consumer, kafka::TopicPartition place, kafka::Watermarks marks,
                   const HistoryQuestion& question, const HistoryQuestion::Partition& known, const TableSchema& schema,
                   Clock::time_point deadline)
      : consumer_(consumer),
        place_(std::move(place)),
        marks_(marks),
        question_(question),
        known_(known),
        schema_(schema),
        deadline_(deadline),
        scan_end_(known.offsets.empty() ? marks.high : known.offsets.back()) {}

  // The newest that was not taken yet; null where there is none.
  Result<const LiveRow*> newest() {
    while (found_.empty()) {
      if (next_known_ < known_.offsets.size()) {
        if (auto read = read_known(known_.offsets[next_known_++]); !read) return fail(std::move(read.error()));
      } else if (known_.is_all || scan_end_ <= marks_.low) {
        return nullptr;
      } else if (auto scanned = scan(); !scanned) {
        return fail(std::move(scanned.error()));
      }
    }
    return &found_.back();
  }
  LiveRow take() {
    LiveRow row = std::move(found_.back());
    found_.pop_back();
    return row;
  }
  bool was_scanned() const { return was_scanned_; }

 private:
  // Keeps the record where it is one of the key's and decodes.
  void add(const kafka::Message& message) {
    if (!message.key || !schema_.decode(message, scratch_, record_) || record_.key != question_.key) return;
    LiveRow row{
        .key = record_.key, .value = std::nullopt, .position = record_.position, .timestamp_ms = record_.timestamp_ms};
    if (question_.not_after_ms && row.timestamp_ms > *question_.not_after_ms) return;
    if (record_.has_value) {
      const auto kept = read_kept_value(record_.value);
      if (!kept) return;
      row.value = kept->stored_value;
    }
    found_.push_back(std::move(row));
  }

  // Reads from `begin` on, up to `end`, or to the end of what is there.
  Result<void> read(kafka::Offset begin, kafka::Offset end) {
    if (auto assigned = consumer_.assign({{place_, begin}}); !assigned) return assigned;
    const size_t max = end - begin == 1 ? 1 : 1'000;
    while (Clock::now() < deadline_) {
      if (auto got = consumer_.read_batch(batch_, max, milliseconds(100)); !got) {
        // What is not there any more is no error.
        if (got.error().code == ErrorCode::kNotFound) return {};
        return got;
      }
      for (const kafka::Message& message : batch_.messages()) {
        if (message.partition != place_.partition) continue;
        if (message.offset >= end) return {};
        add(message);
        if (message.offset == end - 1) return {};
      }
      if (!batch_.ends().empty()) return {};
    }
    return fail(ErrorCode::kTimeout, fmt::format("{}-{} was not read in time", place_.topic, place_.partition));
  }

  Result<void> read_known(kafka::Offset offset) {
    if (offset < marks_.low || offset >= marks_.high) return {};
    return read(offset, offset + 1);
  }

  Result<void> scan() {
    was_scanned_ = true;
    const kafka::Offset begin = std::max(marks_.low, scan_end_ - kScanned);
    auto done = read(begin, scan_end_);
    scan_end_ = begin;
    return done;
  }

  kafka::Consumer& consumer_;
  const kafka::TopicPartition place_;
  const kafka::Watermarks marks_;
  const HistoryQuestion& question_;
  const HistoryQuestion::Partition& known_;
  const TableSchema& schema_;
  const Clock::time_point deadline_;

  size_t next_known_ = 0;
  kafka::Offset scan_end_;
  bool was_scanned_ = false;
  std::vector<LiveRow> found_;  // by offset
  kafka::MessageBatch batch_;
  TableSchema::Scratch scratch_;
  DecodedRecord record_;
};

}  // namespace

Result<std::unique_ptr<kafka::Consumer>> TableHistory::take_consumer() {
  {
    const MutexLock lock(mutex_);
    if (idle_ != nullptr) return std::move(idle_);
  }
  return open_();
}

void TableHistory::give_back(std::unique_ptr<kafka::Consumer> consumer) {
  if (!consumer->assign({})) return;
  const MutexLock lock(mutex_);
  if (idle_ == nullptr) idle_ = std::move(consumer);
}

Result<LiveTable::History> TableHistory::find(const HistoryQuestion& question, const TableSchema& schema) {
  LiveTable::History history;
  history.is_complete = true;
  if (question.partitions.empty() || question.max_records == 0) return history;
  auto consumer = take_consumer();
  if (!consumer) return fail(std::move(consumer.error()));
  const auto deadline = Clock::now() + timeout_;
  std::vector<kafka::TopicPartition> places;
  for (const auto& partition : question.partitions) {
    places.push_back({.topic = topic_, .partition = partition.partition});
  }
  const auto marks = (*consumer)->all_watermarks(places, timeout_);
  if (!marks) return fail(marks.error());
  std::vector<PartitionHistory> partitions;
  for (size_t i = 0; i < places.size(); ++i) {
    partitions.emplace_back(**consumer, places[i], marks->at(places[i]), question, question.partitions[i], schema,
                            deadline);
  }
  // Between partitions the later timestamp is the newer record, as the table has it.
  for (;;) {
    PartitionHistory* newest = nullptr;
    std::tuple<int64_t, kafka::PartitionId> order;
    for (PartitionHistory& partition : partitions) {
      const auto row = partition.newest();
      if (!row) return fail(row.error());
      if (*row == nullptr) continue;
      const std::tuple of_row((*row)->timestamp_ms, (*row)->position.partition);
      if (newest != nullptr && of_row < order) continue;
      newest = &partition;
      order = of_row;
    }
    if (newest == nullptr) break;
    if (history.records.size() == question.max_records) {
      history.is_complete = false;
      break;
    }
    history.records.push_back(newest->take());
  }
  history.is_scanned = std::ranges::any_of(partitions, [](const auto& partition) { return partition.was_scanned(); });
  give_back(*std::move(consumer));
  return history;
}

}  // namespace omashu::table
