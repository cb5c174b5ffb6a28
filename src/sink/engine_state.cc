#include "sink/engine_state.h"

#include <fmt/core.h>

#include <algorithm>

namespace omashu::sink {

using kafka::Offset;
using kafka::TopicPartition;
using std::chrono::milliseconds;

namespace {

// What a record takes beside its bytes.
constexpr size_t kRecordOverhead = 200;

size_t bytes_of(const kafka::Message& message) {
  size_t bytes = kRecordOverhead + message.key.value_or("").size() + message.value.value_or("").size();
  for (const kafka::Header& header : message.headers) bytes += header.name.size() + header.value.value_or("").size();
  return bytes;
}

TopicPartition place_of(const kafka::Message& message) { return {message.topic, message.partition}; }

}  // namespace

EngineState::Partition* EngineState::find(const TopicPartition& partition, uint64_t assignment) {
  const auto found = partitions_.find(partition);
  return found != partitions_.end() && found->second.assignment == assignment ? &found->second : nullptr;
}

void EngineState::fail_with(Error error) {
  if (!failed_) failed_ = std::move(error);
}

// Half of the pause is a matter of chance, so that members that failed together do not come back together.
void EngineState::back_off(Error error, Time now) {
  last_failure_ = std::move(error);
  milliseconds pause = limits_.max_backoff;
  if (failures_ < 20) pause = std::min(pause, limits_.first_backoff * (int64_t{1} << failures_));
  ++failures_;
  const auto half = pause / 2;
  not_before_ = now + half + milliseconds(static_cast<int64_t>(random_() * static_cast<double>(half.count())));
}

// ---- The group

void EngineState::assigned(std::span<const TopicPartition> partitions) {
  for (const TopicPartition& place : partitions) {
    partitions_[place] = {};
    partitions_[place].assignment = ++assignments_;
  }
}

void EngineState::revoked(std::span<const TopicPartition> partitions) {
  for (const TopicPartition& place : partitions) {
    const auto found = partitions_.find(place);
    if (found == partitions_.end()) continue;
    drop_buffered(place, std::nullopt);
    if (found->second.is_begun) to_end_.insert(place);
    partitions_.erase(found);
  }
}

bool EngineState::is_writing(std::span<const TopicPartition> partitions) const {
  return job_ == Job::kWrite && std::ranges::any_of(partitions, [&](const TopicPartition& place) {
           return batch_partitions_.contains(place);
         });
}

Positions EngineState::uncommitted(std::span<const TopicPartition> partitions) const {
  Positions positions;
  for (const TopicPartition& place : partitions) {
    const auto found = partitions_.find(place);
    if (found == partitions_.end() || found->second.phase != Phase::kReading) continue;
    if (found->second.committed != found->second.durable) positions[place] = found->second.durable;
  }
  return positions;
}

bool EngineState::is_reading() const {
  return !partitions_.empty() &&
         std::ranges::all_of(partitions_, [](const auto& one) { return one.second.phase == Phase::kReading; });
}

Positions EngineState::durable_positions() const {
  Positions positions;
  for (const auto& [place, partition] : partitions_) {
    if (partition.phase == Phase::kReading) positions[place] = partition.durable;
  }
  return positions;
}

// ---- The sink

void EngineState::begun(std::expected<Positions, WriteFailure> positions, Time now) {
  job_ = Job::kNone;
  if (!positions) {
    if (positions.error().kind == WriteFailure::Kind::kStop) return fail_with(std::move(positions.error().error));
    return back_off(std::move(positions.error().error), now);
  }
  must_begin_again_ = false;
  last_failure_.reset();
  for (const auto& [place, assignment] : beginning_) {
    Partition* partition = find(place, assignment);
    if (partition == nullptr) continue;
    const auto known = positions->find(place);
    if (partition->phase == Phase::kReading) {
      if (known != positions->end()) take_position(place, *partition, known->second);
      continue;
    }
    partition->phase = Phase::kLocating;
    partition->sink_position.reset();
    if (known != positions->end()) partition->sink_position = known->second;
  }
}

void EngineState::ended() { job_ = Job::kNone; }

// Where the sink stands after a batch of which nobody knew whether it was written.
void EngineState::take_position(const TopicPartition& place, Partition& partition, Offset position) {
  if (position == partition.durable) return;
  const bool is_ahead = position > partition.durable;
  partition.durable = position;
  partition.floor = position;
  if (is_ahead) {
    drop_buffered(place, position);
    return;
  }
  drop_buffered(place, std::nullopt);
  partition.read_to = position;
  partition.seek_to = position;
}

void EngineState::written(WriteResult result, Time now) {
  job_ = Job::kNone;
  if (!result) {
    put_back_batch();
    if (result.error().kind == WriteFailure::Kind::kStop) return fail_with(std::move(result.error().error));
    must_begin_again_ = true;
    return back_off(std::move(result.error().error), now);
  }
  failures_ = 0;
  not_before_.reset();
  last_failure_.reset();
  for (const auto& [place, part] : batch_partitions_) {
    Partition* partition = find(place, part.assignment);
    if (partition == nullptr) continue;
    partition->pending -= part.count;
    partition->durable = std::max(partition->durable, part.next);
    partition->floor = std::max(partition->floor, partition->durable);
  }
  batch_.clear();
  batch_partitions_.clear();
  batch_bytes_ = 0;
}

// In front of what was read since, in its order; records of partitions that have gone meanwhile are dropped.
void EngineState::put_back_batch() {
  for (auto pending = batch_.rbegin(); pending != batch_.rend(); ++pending) {
    if (find(place_of(pending->message), pending->assignment) == nullptr) continue;
    buffered_bytes_ += pending->bytes;
    buffered_.push_front(std::move(*pending));
  }
  batch_.clear();
  batch_partitions_.clear();
  batch_bytes_ = 0;
}

// ---- The consumer

void EngineState::read(kafka::Message&& message, Time now, std::optional<Time> due) {
  Partition* found = is_stopping_ ? nullptr : find_reading(place_of(message));
  if (found == nullptr || message.offset < found->read_to) return;
  Partition& partition = *found;
  if (due && *due > now) {
    partition.held_until = due;
    partition.seek_to = message.offset;
    return;
  }
  partition.read_to = message.offset + 1;
  if (message.offset < partition.floor) return;
  const size_t bytes = bytes_of(message);
  buffered_.push_back({std::move(message), partition.assignment, now, bytes});
  buffered_bytes_ += bytes;
  ++partition.pending;
}

// Null where what comes of the partition is not taken now.
EngineState::Partition* EngineState::find_reading(const TopicPartition& place) {
  const auto found = partitions_.find(place);
  if (found == partitions_.end()) return nullptr;
  Partition& partition = found->second;
  const bool is_reading = partition.phase == Phase::kReading && !partition.seek_to && !partition.held_until;
  return is_reading ? &partition : nullptr;
}

void EngineState::check_end(const TopicPartition& place, Offset offset) {
  const Partition* partition = find_reading(place);
  if (partition == nullptr || offset >= partition->read_to) return;
  fail_with({ErrorCode::kConflict,
             fmt::format("{}-{} ends at {}, but was read up to {}: its log was cut, or the topic was deleted and made "
                         "anew while the sink ran",
                         place.topic, place.partition, offset, partition->read_to),
             std::nullopt});
}

void EngineState::reached_end(const TopicPartition& place, Offset offset) {
  Partition* partition = find_reading(place);
  if (partition == nullptr || offset < partition->read_to) return;
  partition->read_to = offset;
  if (partition->pending == 0) partition->durable = std::max(partition->durable, offset);
}

void EngineState::located(Result<Positions> starts, Time now) {
  if (!starts) {
    if (starts.error().code != ErrorCode::kUnavailable && starts.error().code != ErrorCode::kTimeout) {
      return fail_with(std::move(starts.error()));
    }
    last_failure_ = std::move(starts.error());
    call_again_at_ = now + limits_.commit_interval;
    return;
  }
  last_failure_.reset();
  for (const auto& [place, offset] : *starts) {
    const auto found = partitions_.find(place);
    if (found == partitions_.end() || found->second.phase != Phase::kLocating) continue;
    Partition& partition = found->second;
    partition.phase = Phase::kReading;
    partition.seek_to = partition.read_to = partition.floor = partition.durable = offset;
  }
}

void EngineState::sought(Result<void> done, Time now) {
  if (!done) {
    if (done.error().code != ErrorCode::kUnavailable && done.error().code != ErrorCode::kTimeout) {
      return fail_with(std::move(done.error()));
    }
    call_again_at_ = now + milliseconds(20);  // the assignment comes through in a moment
    return;
  }
  for (auto& [place, partition] : partitions_) {
    if (!partition.held_until || *partition.held_until <= now) {
      partition.seek_to.reset();
      partition.held_until.reset();
    }
  }
}

void EngineState::committed(const Positions& positions, const Result<void>& done, Time now) {
  last_commit_ = now;
  if (!done) {
    if (done.error().code == ErrorCode::kUnauthorized) return fail_with(done.error());
    return;  // tried again, or the group takes the partitions away
  }
  for (const auto& [place, offset] : positions) {
    if (const auto found = partitions_.find(place); found != partitions_.end()) found->second.committed = offset;
  }
}

void EngineState::drop_buffered(const TopicPartition& place, std::optional<Offset> before) {
  Partition& partition = partitions_.at(place);
  std::erase_if(buffered_, [&](const Pending& pending) {
    if (pending.message.topic != place.topic || pending.message.partition != place.partition) return false;
    if (before && pending.message.offset >= *before) return false;
    buffered_bytes_ -= pending.bytes;
    --partition.pending;
    return true;
  });
}

// ---- What is next

Action EngineState::next(Time now) {
  if (failed_ && job_ == Job::kNone) return action::Failed{*failed_};
  if (auto job = next_job(now)) return *std::move(job);
  if (auto call = next_call(now)) return *std::move(call);
  if (is_stopping_ && job_ == Job::kNone) return action::Finished{};
  return wait(now);
}

std::optional<Action> EngineState::next_job(Time now) {
  if (job_ != Job::kNone || is_stopping_ || failed_) return std::nullopt;
  if (!to_end_.empty()) {
    job_ = Job::kEnd;
    action::End end{.partitions = {to_end_.begin(), to_end_.end()}};
    to_end_.clear();
    return end;
  }
  if (not_before_ && now < *not_before_) return std::nullopt;
  if (auto begin = next_begin()) return begin;
  return next_write(now);
}

std::optional<Action> EngineState::next_begin() {
  action::Begin begin;
  beginning_.clear();
  for (auto& [place, partition] : partitions_) {
    if (!must_begin_again_ && partition.phase != Phase::kNew) continue;
    begin.partitions.push_back(place);
    beginning_.emplace_back(place, partition.assignment);
    partition.is_begun = true;
  }
  if (begin.partitions.empty()) {
    must_begin_again_ = false;
    return std::nullopt;
  }
  job_ = Job::kBegin;
  return begin;
}

std::optional<Action> EngineState::next_write(Time now) {
  if (buffered_.empty()) return std::nullopt;
  const bool is_due = buffered_.size() >= limits_.batch_records || buffered_bytes_ >= limits_.batch_bytes ||
                      now - buffered_.front().since >= limits_.batch_wait || is_full();
  if (!is_due) return std::nullopt;
  batch_bytes_ = 0;
  while (!buffered_.empty() && batch_.size() < limits_.batch_records &&
         (batch_.empty() || batch_bytes_ + buffered_.front().bytes <= limits_.batch_bytes)) {
    Pending& pending = buffered_.front();
    batch_bytes_ += pending.bytes;
    buffered_bytes_ -= pending.bytes;
    BatchPartition& part = batch_partitions_[place_of(pending.message)];
    part.assignment = pending.assignment;
    part.next = pending.message.offset + 1;
    ++part.count;
    batch_.push_back(std::move(pending));
    buffered_.pop_front();
  }
  action::Write write;
  write.messages.reserve(batch_.size());
  for (const Pending& pending : batch_) write.messages.push_back(&pending.message);
  for (auto& [place, part] : batch_partitions_) {
    const Partition& partition = partitions_.at(place);
    if (partition.pending == part.count) part.next = std::max(part.next, partition.read_to);
    write.next[place] = part.next;
  }
  job_ = Job::kWrite;
  return write;
}

std::optional<Action> EngineState::next_call(Time now) {
  if (failed_) return std::nullopt;
  if (!is_stopping_ && !(call_again_at_ && now < *call_again_at_)) {
    call_again_at_.reset();
    action::Locate locate;
    action::Seek seek;
    for (const auto& [place, partition] : partitions_) {
      if (partition.phase == Phase::kLocating) {
        if (partition.sink_position) {
          locate.known[place] = *partition.sink_position;
        } else {
          locate.unknown.push_back(place);
        }
      }
      const bool is_held = partition.held_until && *partition.held_until > now;
      if (partition.phase == Phase::kReading && partition.seek_to && !is_held) seek.offsets[place] = *partition.seek_to;
    }
    if (!locate.known.empty() || !locate.unknown.empty()) return locate;
    if (!seek.offsets.empty()) return seek;
  }
  if (auto commit = next_commit(now)) return commit;
  return is_stopping_ ? std::nullopt : next_pause(now);
}

std::optional<Action> EngineState::next_commit(Time now) {
  if (is_stopping_) {
    if (job_ != Job::kNone || is_final_commit_tried_) return std::nullopt;
    is_final_commit_tried_ = true;
  } else if (last_commit_ && now - *last_commit_ < limits_.commit_interval) {
    return std::nullopt;
  }
  action::Commit commit;
  for (const auto& [place, partition] : partitions_) {
    if (partition.phase == Phase::kReading && partition.committed != partition.durable) {
      commit.positions[place] = partition.durable;
    }
  }
  if (commit.positions.empty()) return std::nullopt;
  last_commit_ = now;
  return commit;
}

bool EngineState::wants_pause(const Partition& partition, Time now) const {
  if (is_holding_back_ || partition.phase != Phase::kReading) return true;
  return partition.seek_to.has_value() || (partition.held_until && *partition.held_until > now);
}

std::optional<Action> EngineState::next_pause(Time now) {
  if (!is_full()) full_since_.reset();
  if (is_full() && !full_since_) full_since_ = now;
  if (full_since_ && now - *full_since_ >= limits_.pause_after) is_holding_back_ = true;
  if (held_bytes() < limits_.max_bytes / 2) is_holding_back_ = false;
  action::Pause pause;
  action::Resume resume;
  for (auto& [place, partition] : partitions_) {
    const bool wants = wants_pause(partition, now);
    if (wants && !partition.is_paused) pause.partitions.push_back(place);
    if (!wants && partition.is_paused) resume.partitions.push_back(place);
  }
  for (const TopicPartition& place : pause.partitions) partitions_.at(place).is_paused = true;
  if (!pause.partitions.empty()) return pause;
  for (const TopicPartition& place : resume.partitions) partitions_.at(place).is_paused = false;
  if (!resume.partitions.empty()) return resume;
  return std::nullopt;
}

// While it is full and not paused yet nothing is read: what was fetched ahead waits in the consumer.
Action EngineState::wait(Time now) const {
  action::Wait wait{.until = std::nullopt, .may_read = !is_full() || is_holding_back_};
  const auto at = [&](std::optional<Time> time) {
    if (time && *time > now && (!wait.until || *time < *wait.until)) wait.until = time;
  };
  if (job_ == Job::kNone) {
    at(not_before_);
    if (!buffered_.empty()) at(buffered_.front().since + limits_.batch_wait);
  }
  at(call_again_at_);
  if (full_since_ && !is_holding_back_) at(*full_since_ + limits_.pause_after);
  for (const auto& [place, partition] : partitions_) {
    at(partition.held_until);
    if (last_commit_ && partition.phase == Phase::kReading && partition.committed != partition.durable) {
      at(*last_commit_ + limits_.commit_interval);
    }
  }
  return wait;
}

}  // namespace omashu::sink
