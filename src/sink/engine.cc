#include "sink/engine.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <random>
#include <utility>

#include "base/time_point_text.h"
#include "kafka/message_batch.h"
#include "sink/retry_place.h"
#include "sink/write_job.h"

namespace omashu::sink {

using kafka::Offset;
using kafka::TopicPartition;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr size_t kMaxEvents = 1'000;             // of one read
constexpr milliseconds kLongestWait{500};        // so that what is told of the engine is fresh
constexpr milliseconds kCallTimeout{5'000};      // of a call to Kafka, which polls meanwhile nothing
constexpr milliseconds kRevocationWait{10'000};  // for a batch of partitions that another member is to have
constexpr milliseconds kAheadPatience{30'000};   // for a new leader to know all that its predecessor had

SetAsideOptions set_aside_options(const EngineOptions& options) {
  return {.sink = options.name,
          .kind = options.kind,
          .topics = options.topics,
          .dead_letters = options.dead_letters,
          .delays = options.retry_delays,
          .now_ms = current_time_ms};
}

}  // namespace

std::string_view state_name(EngineStats::State state) {
  switch (state) {
    case EngineStats::State::kStarting: return "starting";
    case EngineStats::State::kRunning: return "running";
    case EngineStats::State::kTryingAgain: return "trying again";
    case EngineStats::State::kStopping: return "stopping";
    case EngineStats::State::kStopped: return "stopped";
    case EngineStats::State::kFailed: break;
  }
  return "failed";
}

std::vector<std::pair<std::string, std::string>> consumer_defaults() {
  return {{"partition.assignment.strategy", "cooperative-sticky"},
          // How long the partitions of a process that was killed wait for another one.
          {"session.timeout.ms", "10000"},
          {"queued.max.messages.kbytes", "16384"},
          {"queued.min.messages", "20000"}};
}

// One call of run().
class Engine::Loop {
 public:
  explicit Loop(Engine& engine)
      : engine_(engine),
        consumer_(*engine.consumer_),
        state_(engine.options_.limits, [this] { return std::uniform_real_distribution<>(0, 1)(random_); }),
        worker_([this] { consumer_.wake(); }) {}

  Result<void> run(const std::stop_token& stop);

 private:
  void on_revoked(std::span<const TopicPartition> partitions, bool is_lost);
  void take(Outcome outcome);
  void check_stop(const std::stop_token& stop);
  // False where nothing is left to do.
  bool perform(Action action);
  void start_write(action::Write write);
  void locate(const action::Locate& locate);
  Result<Positions> find_starts(const action::Locate& locate);
  void commit(const Positions& positions);
  void wait(const action::Wait& wait);
  void read(Clock::time_point until);
  void tell(std::optional<EngineStats::State> state = std::nullopt);

  Engine& engine_;
  kafka::Consumer& consumer_;
  std::mt19937_64 random_{std::random_device{}()};
  EngineState state_;
  kafka::MessageBatch batch_;
  uint64_t records_in_batch_ = 0;
  Clock::time_point write_started_;
  std::optional<Clock::time_point> stopping_until_;
  std::optional<Clock::time_point> ahead_since_;
  std::optional<Error> read_failure_;
  Clock::time_point next_tell_;
  std::optional<Error> failure_;
  SinkWorker worker_;  // last: its thread uses the sink and wakes the consumer
};

Result<void> Engine::Loop::run(const std::stop_token& stop) {
  std::vector<std::string> topics = engine_.options_.topics;
  for (std::string& topic : engine_.set_aside_.retry_topics()) topics.push_back(std::move(topic));
  auto joined = consumer_.subscribe(
      topics, {.on_assigned = [this](std::span<const TopicPartition> partitions) { state_.assigned(partitions); },
               .on_revoked = [this](std::span<const TopicPartition> partitions,
                                    bool is_lost) { on_revoked(partitions, is_lost); },
               .assigns_paused = true});
  if (!joined) return joined;
  const std::stop_callback wake(stop, [this] { consumer_.wake(); });
  for (;;) {
    check_stop(stop);
    if (auto outcome = worker_.take()) take(*std::move(outcome));
    if (!perform(state_.next(Clock::now()))) break;
    if (Clock::now() >= next_tell_) tell();
  }
  // Commits what is durable of each partition, as for any revocation.
  if (auto closed = consumer_.close(); !closed && !failure_) failure_ = std::move(closed.error());
  tell(failure_ ? EngineStats::State::kFailed : EngineStats::State::kStopped);
  if (failure_) return fail(*failure_);
  return {};
}

// Once the grace is over, the sink is asked to give the batch up.
void Engine::Loop::check_stop(const std::stop_token& stop) {
  if (!stop.stop_requested()) return;
  if (!stopping_until_) {
    state_.stop();
    stopping_until_ = Clock::now() + engine_.options_.grace;
    tell();
  } else if (Clock::now() >= *stopping_until_) {
    worker_.interrupt();
  }
}

bool Engine::Loop::perform(Action action) {
  if (auto* begin = std::get_if<action::Begin>(&action)) {
    worker_.start([this, partitions = std::move(begin->partitions)](const std::stop_token& stop) -> Outcome {
      return Begun{engine_.sink_->begin(partitions, stop)};
    });
  } else if (auto* end = std::get_if<action::End>(&action)) {
    worker_.start([this, partitions = std::move(end->partitions)](const std::stop_token&) -> Outcome {
      engine_.sink_->end(partitions);
      return Ended{};
    });
  } else if (auto* write = std::get_if<action::Write>(&action)) {
    start_write(std::move(*write));
  } else if (const auto* wanted = std::get_if<action::Locate>(&action)) {
    locate(*wanted);
  } else if (const auto* seek = std::get_if<action::Seek>(&action)) {
    state_.sought(consumer_.seek(seek->offsets, kCallTimeout), Clock::now());
  } else if (const auto* wanted_commit = std::get_if<action::Commit>(&action)) {
    commit(wanted_commit->positions);
  } else if (const auto* pause = std::get_if<action::Pause>(&action)) {
    if (auto paused = consumer_.pause(pause->partitions); !paused) state_.fail_with(std::move(paused.error()));
  } else if (const auto* resume = std::get_if<action::Resume>(&action)) {
    if (auto resumed = consumer_.resume(resume->partitions); !resumed) state_.fail_with(std::move(resumed.error()));
  } else if (const auto* waits = std::get_if<action::Wait>(&action)) {
    wait(*waits);
  } else if (auto* failed = std::get_if<action::Failed>(&action)) {
    failure_ = std::move(failed->error);
    return false;
  } else {
    return false;  // action::Finished
  }
  return true;
}

void Engine::Loop::start_write(action::Write write) {
  records_in_batch_ = write.messages.size();
  write_started_ = Clock::now();
  worker_.start([this, write = std::move(write)](const std::stop_token& stop) -> Outcome {
    return Written{write_batch(*engine_.sink_, engine_.decoder_, engine_.set_aside_, write.messages, write.next, stop)};
  });
}

void Engine::Loop::take(Outcome outcome) {
  const auto now = Clock::now();
  if (auto* begun = std::get_if<Begun>(&outcome)) {
    state_.begun(std::move(begun->positions), now);
  } else if (auto* written = std::get_if<Written>(&outcome)) {
    {
      const MutexLock lock(engine_.stats_mutex_);
      EngineStats& stats = engine_.stats_;
      stats.write_seconds += std::chrono::duration<double>(now - write_started_).count();
      if (written->result) {
        stats.records += records_in_batch_;
        ++stats.batches;
      } else {
        ++stats.failures;
      }
    }
    state_.written(std::move(written->result), now);
  } else {
    state_.ended();
  }
}

// Another member waits for these: what is being written of them gets a moment to become durable, and is committed.
void Engine::Loop::on_revoked(std::span<const TopicPartition> partitions, bool is_lost) {
  if (!is_lost) {
    const auto deadline = Clock::now() + kRevocationWait;
    while (state_.is_writing(partitions)) {
      auto outcome = worker_.wait(deadline);
      if (!outcome) break;
      take(*std::move(outcome));
    }
    const Positions positions = state_.uncommitted(partitions);
    if (!positions.empty()) state_.committed(positions, consumer_.commit(positions), Clock::now());
  }
  state_.revoked(partitions);
}

void Engine::Loop::commit(const Positions& positions) {
  auto done = consumer_.commit(positions);
  state_.committed(positions, done, Clock::now());
}

// ---- Where reading starts

void Engine::Loop::locate(const action::Locate& locate) { state_.located(find_starts(locate), Clock::now()); }

Result<Positions> Engine::Loop::find_starts(const action::Locate& locate) {
  std::vector<TopicPartition> all = locate.unknown;
  for (const auto& [place, offset] : locate.known) all.push_back(place);
  auto committed = locate.unknown.empty() ? Positions() : consumer_.committed(locate.unknown, kCallTimeout);
  if (!committed) return fail(std::move(committed.error()));
  const auto marks = consumer_.all_watermarks(all, kCallTimeout);
  if (!marks) return fail(marks.error());
  Positions starts;
  for (const TopicPartition& place : all) {
    const kafka::Watermarks& there = marks->at(place);
    const auto known = locate.known.find(place);
    const auto of_group = committed->find(place);
    const bool is_known = known != locate.known.end();
    if (!is_known && of_group == committed->end()) {
      // Records in a retry topic were put there for this sink: none of them is passed over.
      const bool from_beginning = engine_.options_.from_beginning || engine_.set_aside_.is_retry_topic(place.topic);
      starts[place] = from_beginning ? there.low : there.high;
      continue;
    }
    const Offset position = is_known ? known->second : of_group->second;
    if (position > there.high) {
      if (!ahead_since_) ahead_since_ = Clock::now();
      const bool may_pass = Clock::now() - *ahead_since_ < kAheadPatience;
      return fail(may_pass ? ErrorCode::kUnavailable : ErrorCode::kConflict,
                  fmt::format("{} stands at {} in {}-{}, whose log ends at {}: the topic was deleted and made anew, or "
                              "its log was cut. Remove the position, or use another {}",
                              is_known ? "the sink" : "the group", position, place.topic, place.partition, there.high,
                              is_known ? "target" : "group"));
    }
    if (position < there.low && engine_.options_.warn) {
      engine_.options_.warn(fmt::format("{}-{}: {} records were removed by retention before they were read",
                                        place.topic, place.partition, there.low - position));
    }
    starts[place] = std::max(position, there.low);
  }
  ahead_since_.reset();
  return starts;
}

// ---- Reading

void Engine::Loop::wait(const action::Wait& wait) {
  auto until = Clock::now() + kLongestWait;
  if (wait.until) until = std::min(until, *wait.until);
  if (stopping_until_) until = std::min(until, std::max(*stopping_until_, Clock::now() + milliseconds(50)));
  if (wait.may_read && !read_failure_) return read(until);
  read_failure_.reset();
  if (auto outcome = worker_.wait(until)) take(*std::move(outcome));
}

void Engine::Loop::read(Clock::time_point until) {
  const auto timeout = std::max(milliseconds(0), std::chrono::ceil<milliseconds>(until - Clock::now()));
  if (auto read = consumer_.read_batch(batch_, kMaxEvents, timeout); !read) {
    const ErrorCode code = read.error().code;
    if (code != ErrorCode::kUnavailable && code != ErrorCode::kTimeout)
      return state_.fail_with(std::move(read.error()));
    read_failure_ = std::move(read.error());
    return;
  }
  const auto now = Clock::now();
  for (const kafka::PartitionEnd& end : batch_.ends()) state_.check_end(end.partition, end.offset);
  for (const kafka::Message& message : batch_.messages()) {
    std::optional<Time> due;
    if (engine_.set_aside_.is_retry_topic(message.topic)) {
      due = now + milliseconds(std::max<int64_t>(0, retry_at_ms(message) - current_time_ms()));
    }
    state_.read(kafka::Message(message), now, due);
  }
  for (const kafka::PartitionEnd& end : batch_.ends()) state_.reached_end(end.partition, end.offset);
}

// ---- What is told

void Engine::Loop::tell(std::optional<EngineStats::State> state) {
  const auto now = Clock::now();
  next_tell_ = now + kLongestWait;
  std::map<TopicPartition, PartitionStats> partitions;
  for (const auto& [place, position] : state_.durable_positions()) {
    PartitionStats& partition = partitions[place];
    partition.position = position;
    if (const auto end = state ? std::nullopt : consumer_.fetched_end(place)) {
      partition.lag = std::max<int64_t>(0, *end - position);
    }
  }
  std::vector<SinkMetric> metrics = engine_.sink_->metrics();
  std::optional<Error> failure = failure_ ? failure_ : state_.last_failure();
  if (!failure && !state) failure = consumer_.outage();
  const MutexLock lock(engine_.stats_mutex_);
  EngineStats& stats = engine_.stats_;
  stats.state = state                  ? *state
                : stopping_until_      ? EngineStats::State::kStopping
                : failure              ? EngineStats::State::kTryingAgain
                : !state_.is_reading() ? EngineStats::State::kStarting
                                       : EngineStats::State::kRunning;
  stats.last_failure = failure ? failure->message : "";
  stats.partitions = std::move(partitions);
  stats.held_bytes = state_.held_bytes();
  stats.sink = std::move(metrics);
}

Engine::Engine(EngineOptions options, std::unique_ptr<Sink> sink, std::unique_ptr<kafka::Consumer> consumer,
               std::unique_ptr<kafka::Producer> producer, schema_registry::Client& registry)
    : options_(std::move(options)),
      sink_(std::move(sink)),
      set_aside_(set_aside_options(options_), std::move(producer)),
      decoder_(registry, options_.formats,
               [this](const std::string& topic) { return set_aside_.is_retry_topic(topic); }),
      consumer_(std::move(consumer)) {}

Engine::~Engine() = default;

Result<void> Engine::run(const std::stop_token& stop) { return Loop(*this).run(stop); }

EngineStats Engine::stats() const {
  EngineStats stats;
  {
    const MutexLock lock(stats_mutex_);
    stats = stats_;
  }
  stats.dead_letters = set_aside_.dead_letter_count();
  stats.retries = set_aside_.retry_count();
  return stats;
}

}  // namespace omashu::sink
