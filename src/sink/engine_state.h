// What the engine of a sink does next: a state machine without I/O, threads or clock. What happens is told to it, and
// next() says what is to be done; engine.cc does it.
//
// A partition goes through these steps:
//
//   assigned()  ->  begin the sink  ->  locate: where reading starts  ->  start: seek there, resume  ->  read
//
// and leaves with revoked(), after which the sink is told to end() it.
//
// Invariants:
//   - One job of the sink (begin, write, end) is under way at a time. A partition is ended before it is begun again.
//   - A record stays here from read() until the batch that holds it is durable. Records of a partition are written in
//     the order of its log.
//   - `durable` of a partition is what may be committed: all records before it are durable or set aside.
//   - What comes back of a batch counts only for partitions that have been held without a break since it was given out.
//   - No more than max_bytes and what one read() adds to it are held. Beyond that next() asks for a pause of all
//     partitions, so that the group's member may go on polling while the sink takes its time.

#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "kafka/types.h"
#include "omashu/result.h"
#include "sink/sink.h"

namespace omashu::sink {

using Time = std::chrono::steady_clock::time_point;

struct EngineLimits {
  size_t batch_records = 3'000;
  size_t batch_bytes = 4 << 20;
  std::chrono::milliseconds batch_wait{100};  // how long a record waits for others to fill its batch
  size_t max_bytes = 32 << 20;                // read, but not durable yet
  std::chrono::milliseconds commit_interval{500};
  std::chrono::milliseconds pause_after{1'000};   // of being full: a pause drops what was fetched ahead
  std::chrono::milliseconds first_backoff{100};   // doubles with each failure, with jitter,
  std::chrono::milliseconds max_backoff{30'000};  // up to this
};

// What there is to do. Jobs are answered with begun(), ended() and written(), maybe later; the others are done at once,
// and those that can fail are answered at once.
namespace action {
struct Begin {
  std::vector<kafka::TopicPartition> partitions;
};
struct End {
  std::vector<kafka::TopicPartition> partitions;
};
struct Write {
  std::vector<const kafka::Message*> messages;  // they stay until written()
  Positions next;
};
struct Locate {                                // answered with located()
  Positions known;                             // where the sink stands
  std::vector<kafka::TopicPartition> unknown;  // for which the group's committed offsets hold
};
struct Seek {  // answered with sought()
  Positions offsets;
};
struct Commit {  // answered with committed()
  Positions positions;
};
struct Pause {
  std::vector<kafka::TopicPartition> partitions;
};
struct Resume {
  std::vector<kafka::TopicPartition> partitions;
};
struct Wait {  // for an event, or until then; reading meanwhile where may_read
  std::optional<Time> until;
  bool may_read = true;
};
struct Finished {};  // all is done after stop()
struct Failed {
  Error error;
};
}  // namespace action

using Action = std::variant<action::Begin, action::End, action::Write, action::Locate, action::Seek, action::Commit,
                            action::Pause, action::Resume, action::Wait, action::Finished, action::Failed>;

class EngineState {
 public:
  // `random` gives numbers from 0 to 1, for the jitter.
  EngineState(EngineLimits limits, std::function<double()> random) : limits_(limits), random_(std::move(random)) {}

  // The group's part.
  void assigned(std::span<const kafka::TopicPartition> partitions);
  void revoked(std::span<const kafka::TopicPartition> partitions);
  // Before revoked(): whether a batch with records of them is being written, and what may be committed of them.
  bool is_writing(std::span<const kafka::TopicPartition> partitions) const;
  Positions uncommitted(std::span<const kafka::TopicPartition> partitions) const;

  // The sink's part.
  void begun(std::expected<Positions, WriteFailure> positions, Time now);
  void ended();
  void written(WriteResult result, Time now);

  // The consumer's part. `due`: the record is not to be written before; nothing of its partition is read until then.
  void read(kafka::Message&& message, Time now, std::optional<Time> due = std::nullopt);
  // The end of a partition, seen behind some of the records that are told next, or behind all that were: check_end()
  // before them finds a log that was cut, reached_end() after them moves the position past markers of transactions.
  void check_end(const kafka::TopicPartition& partition, kafka::Offset offset);
  void reached_end(const kafka::TopicPartition& partition, kafka::Offset offset);
  void located(Result<Positions> starts, Time now);
  void sought(Result<void> done, Time now);
  void committed(const Positions& positions, const Result<void>& done, Time now);

  // Finishes the batch that is being written, commits, and drops the rest, which the group reads again.
  void stop() { is_stopping_ = true; }
  void fail_with(Error error);

  Action next(Time now);

  // For those who watch.
  Positions durable_positions() const;
  size_t held_bytes() const { return buffered_bytes_ + batch_bytes_; }
  bool is_running_job() const { return job_ != Job::kNone; }
  // Whether it has partitions, and is past the start of all of them.
  bool is_reading() const;
  // Why it does not get on now; nothing while it does.
  const std::optional<Error>& last_failure() const { return last_failure_; }

 private:
  enum class Phase : uint8_t { kNew, kLocating, kReading };
  enum class Job : uint8_t { kNone, kBegin, kEnd, kWrite };

  struct Partition {
    uint64_t assignment = 0;  // tells two assignments of the same partition apart
    Phase phase = Phase::kNew;
    bool is_begun = false;                       // begin() was called with it, so end() will be
    std::optional<kafka::Offset> sink_position;  // answered by begin(), until reading starts
    std::optional<kafka::Offset> seek_to;        // to be sought; nothing is taken until then
    kafka::Offset floor{};                       // records before it are durable already
    kafka::Offset read_to{};                     // all before it was read
    kafka::Offset durable{};
    std::optional<kafka::Offset> committed;
    std::optional<Time> held_until;
    size_t pending = 0;  // records here that are not durable
    bool is_paused = true;
  };
  struct Pending {
    kafka::Message message;
    uint64_t assignment = 0;
    Time since;
    size_t bytes = 0;
  };
  struct BatchPartition {
    uint64_t assignment = 0;
    kafka::Offset next{};
    size_t count = 0;
  };

  Partition* find(const kafka::TopicPartition& partition, uint64_t assignment);
  Partition* find_reading(const kafka::TopicPartition& partition);
  void back_off(Error error, Time now);
  void take_position(const kafka::TopicPartition& place, Partition& partition, kafka::Offset position);
  void drop_buffered(const kafka::TopicPartition& place, std::optional<kafka::Offset> before);
  void put_back_batch();
  bool is_full() const { return held_bytes() >= limits_.max_bytes; }
  bool wants_pause(const Partition& partition, Time now) const;

  std::optional<Action> next_job(Time now);
  std::optional<Action> next_begin();
  std::optional<Action> next_write(Time now);
  std::optional<Action> next_call(Time now);
  std::optional<Action> next_commit(Time now);
  std::optional<Action> next_pause(Time now);
  Action wait(Time now) const;

  const EngineLimits limits_;
  const std::function<double()> random_;

  std::map<kafka::TopicPartition, Partition> partitions_;
  uint64_t assignments_ = 0;
  std::set<kafka::TopicPartition> to_end_;

  std::deque<Pending> buffered_;
  size_t buffered_bytes_ = 0;
  std::optional<Time> full_since_;
  bool is_holding_back_ = false;  // full for so long that partitions are paused

  Job job_ = Job::kNone;
  std::vector<Pending> batch_;                                         // of the job kWrite
  std::vector<std::pair<kafka::TopicPartition, uint64_t>> beginning_;  // of the job kBegin
  std::map<kafka::TopicPartition, BatchPartition> batch_partitions_;
  size_t batch_bytes_ = 0;

  bool must_begin_again_ = false;  // write() answered kTryAgain since the last begin()
  int failures_ = 0;               // in a row
  std::optional<Error> last_failure_;
  std::optional<Time> not_before_;     // the sink's next job
  std::optional<Time> call_again_at_;  // locating or seeking failed
  std::optional<Time> last_commit_;
  bool is_final_commit_tried_ = false;

  bool is_stopping_ = false;
  std::optional<Error> failed_;
};

}  // namespace omashu::sink
