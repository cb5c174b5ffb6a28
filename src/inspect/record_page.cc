#include "inspect/record_page.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <numeric>
#include <utility>

#include "table/read_progress.h"

namespace omashu::inspect {

namespace {

using kafka::Message;
using kafka::Offset;
using kafka::PartitionId;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using Offsets = std::map<PartitionId, Offset>;

constexpr size_t kBatch = 1'000;  // records taken from the consumer at once
constexpr milliseconds kPoll{100};
constexpr Offset kMaxChunk = 25'000;  // offsets of a partition that are read backwards at once
constexpr Offset kMinFilteredChunk = 1'000;

size_t bytes_of(const Message& message) {
  size_t bytes = sizeof(Message) + message.topic.size();
  bytes += (message.key ? message.key->size() : 0) + (message.value ? message.value->size() : 0);
  for (const kafka::Header& header : message.headers) {
    bytes += header.name.size() + (header.value ? header.value->size() : 0);
  }
  return bytes;
}

struct Partition {
  Offset low = 0, high = 0;     // what the partition has now
  Offset lower = 0, upper = 0;  // the page's part of it
  Offset chunk = 0;             // read backwards at once
  std::deque<Message> matched;  // by offset
};

enum class Next : uint8_t { kGoOn, kLeavePartition, kStop };

class PageReader {
 public:
  PageReader(kafka::Consumer& consumer, const PageQuery& query) : consumer_(consumer), query_(query) {}

  Result<RecordPage> read() {
    if (auto found = find_partitions(); !found) return fail(std::move(found.error()));
    deadline_ = Clock::now() + query_.max_time;
    if (auto done = query_.is_older ? read_older() : read_newer(); !done) return fail(std::move(done.error()));
    if (query_.is_older) {
      take_newest_first();
    } else {
      take_oldest_first();
    }
    page_.is_complete = page_.is_complete || page_.records.size() == query_.limit;
    for (const auto& [id, partition] : partitions_) {
      page_.lower[id] = partition.lower;
      page_.upper[id] = partition.upper;
      if (partition.lower > partition.low) page_.has_older = true;
    }
    return std::move(page_);
  }

 private:
  Result<void> find_partitions() {
    const auto ids = consumer_.partitions_of(query_.topic, query_.timeout);
    if (!ids) return fail(ids.error());
    std::vector<kafka::TopicPartition> places;
    for (const PartitionId id : *ids) {
      if (!query_.partition || id == *query_.partition) places.push_back({query_.topic, id});
    }
    if (places.empty()) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{} has no partition {}: it has {}", query_.topic,
                                                           query_.partition.value_or(0), ids->size()));
    }
    const auto marks = consumer_.all_watermarks(places, query_.timeout);
    if (!marks) return fail(marks.error());
    std::map<kafka::TopicPartition, Offset> at_time;
    if (query_.start.kind == PageStart::Kind::kTime) {
      auto found = consumer_.offsets_for_time(places, query_.start.value, query_.timeout);
      if (!found) return fail(std::move(found.error()));
      at_time = *std::move(found);
    }
    for (const auto& [place, mark] : *marks) {
      Partition& partition = partitions_[place.partition];
      partition.low = mark.low;
      partition.high = mark.high;
      const auto time = at_time.find(place);
      const Offset start = start_of(place.partition, mark, time == at_time.end() ? kafka::kOffsetEnd : time->second);
      partition.lower = partition.upper = std::clamp(start, mark.low, mark.high);
      partition.chunk = static_cast<Offset>(query_.limit);
      if (query_.matches) partition.chunk = std::max(partition.chunk, kMinFilteredChunk);
    }
    return {};
  }

  Offset start_of(PartitionId id, const kafka::Watermarks& marks, Offset at_time) const {
    switch (query_.start.kind) {
      case PageStart::Kind::kBeginning: return marks.low;
      case PageStart::Kind::kEnd: return marks.high;
      case PageStart::Kind::kOffset: return query_.start.value;
      case PageStart::Kind::kTime: return at_time < 0 ? marks.high : at_time;
      case PageStart::Kind::kPositions: break;
    }
    // A partition that is not among them had no record yet.
    const auto found = query_.start.positions.offsets.find(id);
    if (found == query_.start.positions.offsets.end()) return 0;
    return query_.is_older || found->second >= marks.high ? found->second : found->second + 1;
  }

  bool is_in_time() const { return Clock::now() < deadline_; }

  // Reads from each start to its end, as far as `visit` goes on; false where the time was up before.
  template <class Visit>
  Result<bool> read_ranges(const std::map<PartitionId, std::pair<Offset, Offset>>& ranges, const Visit& visit) {
    std::map<kafka::TopicPartition, Offset> starts;
    table::ReadProgress progress;
    for (const auto& [id, range] : ranges) {
      starts[{query_.topic, id}] = range.first;
      progress.add(id, range.first, range.second);
    }
    if (progress.is_complete()) return true;
    if (auto assigned = consumer_.assign(starts); !assigned) return fail(std::move(assigned.error()));
    while (!progress.is_complete()) {
      if (!is_in_time()) return false;
      if (auto read = consumer_.read_batch(batch_, kBatch, kPoll); !read) return fail(std::move(read.error()));
      for (const Message& message : batch_.messages()) {
        const auto range = ranges.find(message.partition);
        if (range == ranges.end()) continue;
        progress.on_record(message.partition, message.offset);
        if (message.offset < range->second.first || message.offset >= range->second.second) continue;
        const Result<Next> next = visit(message);
        if (!next) return fail(next.error());
        if (*next == Next::kStop) return true;
        if (*next == Next::kLeavePartition) progress.on_partition_end(message.partition);
      }
      for (const kafka::PartitionEnd& end : batch_.ends()) progress.on_partition_end(end.partition.partition);
    }
    return true;
  }

  Result<bool> is_wanted(const Message& message) {
    if (!query_.matches) return true;
    auto matches = query_.matches(message);
    if (!matches && matches.error().code == ErrorCode::kCorrupt) {
      ++page_.unreadable;
      return false;
    }
    return matches;
  }

  // ---- Backwards: the part before `lower`, again and again, twice as large each time and more where nothing is found.

  // What is read next of each partition that is not done; empty where all are, or what may be scanned is used up.
  std::map<PartitionId, std::pair<Offset, Offset>> next_ranges() {
    std::vector<std::pair<PartitionId, Partition*>> open;
    for (auto& [id, partition] : partitions_) {
      if (partition.lower > partition.low && partition.matched.size() < query_.limit) open.emplace_back(id, &partition);
    }
    std::map<PartitionId, std::pair<Offset, Offset>> ranges;
    if (open.empty()) return ranges;
    const Offset share = (query_.max_scanned - page_.scanned) / static_cast<Offset>(open.size());
    if (share <= 0 || are_too_many_bytes_ || !is_in_time()) {
      page_.is_complete = false;
      return ranges;
    }
    for (const auto& [id, partition] : open) {
      const Offset size = std::min({partition->chunk, share, partition->lower - partition->low});
      ranges[id] = {partition->lower - size, partition->lower};
      partition->chunk = std::min(partition->chunk * 4, kMaxChunk);
    }
    return ranges;
  }

  Result<void> read_older() {
    for (auto ranges = next_ranges(); !ranges.empty(); ranges = next_ranges()) {
      std::map<PartitionId, std::deque<Message>> found;
      Offsets lower;
      for (const auto& [id, range] : ranges) lower[id] = range.first;
      const auto unreadable = page_.unreadable;
      const auto read = read_ranges(ranges, [&](const Message& message) -> Result<Next> {
        const auto wanted = is_wanted(message);
        if (!wanted) return fail(wanted.error());
        if (*wanted) keep_newest(found[message.partition], message, lower[message.partition]);
        return Next::kGoOn;
      });
      if (!read) return fail(read.error());
      if (!*read) {
        // The newest of a part come last: what was read of it is no page.
        page_.unreadable = unreadable;
        page_.is_complete = false;
        if (page_.scanned == 0) {
          return fail(ErrorCode::kTimeout, fmt::format("{}: its records did not come in time", query_.topic));
        }
        return {};
      }
      for (const auto& [id, range] : ranges) {
        Partition& partition = partitions_[id];
        page_.scanned += range.second - lower[id];
        partition.lower = lower[id];
        std::deque<Message>& messages = found[id];
        partition.matched.insert(partition.matched.begin(), std::make_move_iterator(messages.begin()),
                                 std::make_move_iterator(messages.end()));
      }
    }
    return {};
  }

  // What falls out lies before the page.
  void keep_newest(std::deque<Message>& found, const Message& message, Offset& lower) {
    const size_t kept = partitions_[message.partition].matched.size();
    found.push_back(message);
    kept_bytes_ += bytes_of(message);
    while (found.size() + kept > query_.limit || (kept_bytes_ > query_.max_kept_bytes && found.size() > 1)) {
      if (kept_bytes_ > query_.max_kept_bytes) are_too_many_bytes_ = true;
      kept_bytes_ -= bytes_of(found.front());
      lower = found.front().offset + 1;
      found.pop_front();
    }
  }

  void take_newest_first() {
    while (page_.records.size() < query_.limit) {
      Partition* best = nullptr;
      for (auto& [id, partition] : partitions_) {
        if (partition.matched.empty()) continue;
        if (!best || partition.matched.back().timestamp_ms > best->matched.back().timestamp_ms) best = &partition;
      }
      if (best == nullptr) return;
      page_.records.push_back(std::move(best->matched.back()));
      best->matched.pop_back();
      if (page_.records.size() < query_.limit) continue;
      for (auto& [id, partition] : partitions_) {
        if (!partition.matched.empty()) partition.lower = partition.matched.back().offset + 1;
      }
    }
  }

  // ---- Forwards: all partitions at once.

  Result<void> read_newer() {
    std::map<PartitionId, std::pair<Offset, Offset>> ranges;
    for (const auto& [id, partition] : partitions_) ranges[id] = {partition.upper, partition.high};
    bool was_bounded = false;
    const auto read = read_ranges(ranges, [&](const Message& message) -> Result<Next> {
      Partition& partition = partitions_[message.partition];
      if (partition.matched.size() == query_.limit) return Next::kLeavePartition;
      if (page_.scanned >= query_.max_scanned || kept_bytes_ > query_.max_kept_bytes) {
        was_bounded = true;
        return Next::kStop;
      }
      const auto wanted = is_wanted(message);
      if (!wanted) return fail(wanted.error());
      page_.scanned += message.offset + 1 - partition.upper;
      partition.upper = message.offset + 1;
      if (*wanted) {
        kept_bytes_ += bytes_of(message);
        partition.matched.push_back(message);
      }
      return partition.matched.size() == query_.limit ? Next::kLeavePartition : Next::kGoOn;
    });
    if (!read) return fail(read.error());
    page_.is_complete = *read && !was_bounded;
    for (auto& [id, partition] : partitions_) {
      // Marks of transactions, and what compaction took, stand between the last record and the end.
      if (page_.is_complete && partition.matched.size() < query_.limit) {
        page_.scanned += partition.high - partition.upper;
        partition.upper = partition.high;
      }
    }
    if (!page_.is_complete && page_.scanned == 0) {
      return fail(ErrorCode::kTimeout, fmt::format("{}: its records did not come in time", query_.topic));
    }
    return {};
  }

  void take_oldest_first() {
    while (page_.records.size() < query_.limit) {
      Partition* best = nullptr;
      for (auto& [id, partition] : partitions_) {
        if (partition.matched.empty()) continue;
        if (!best || partition.matched.front().timestamp_ms < best->matched.front().timestamp_ms) best = &partition;
      }
      if (best == nullptr) return;
      page_.records.push_back(std::move(best->matched.front()));
      best->matched.pop_front();
      if (page_.records.size() < query_.limit) continue;
      for (auto& [id, partition] : partitions_) {
        if (!partition.matched.empty()) partition.upper = partition.matched.front().offset;
      }
    }
  }

  kafka::Consumer& consumer_;
  const PageQuery& query_;
  Clock::time_point deadline_;
  std::map<PartitionId, Partition> partitions_;
  kafka::MessageBatch batch_;
  size_t kept_bytes_ = 0;
  bool are_too_many_bytes_ = false;  // some that would have been on the page were let go
  RecordPage page_;
};

}  // namespace

std::optional<std::string> RecordPage::older_start(const std::string& topic) const {
  if (!has_older) return std::nullopt;
  return table::position_set_text({.topic = topic, .offsets = lower});
}

std::string RecordPage::newer_start(const std::string& topic) const {
  table::PositionSet seen{.topic = topic, .offsets = {}};
  for (const auto& [partition, end] : upper) {
    if (end > 0) seen.offsets[partition] = end - 1;
  }
  return table::position_set_text(seen);
}

Result<RecordPage> read_page(kafka::Consumer& consumer, const PageQuery& query) {
  return PageReader(consumer, query).read();
}

}  // namespace omashu::inspect
