// Hands batches of records to a program, as a member of a consumer group, until every one of them is dealt with: at
// least once, in order within each partition. Back-off, dead letters, retries and commits are the same as those of
// `omashu sink` (docs/sinks.md).

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "omashu/client_options.h"
#include "omashu/result.h"
#include "omashu/typed_record.h"

namespace omashu {

struct SinkOptions {
  std::string group = {};
  std::vector<std::string> topics = {};
  std::string name = "sink";   // in dead letters and messages
  bool from_beginning = true;  // where the group has no committed offset: else only what comes from now on

  // A topic for records that do not decode or that are rejected; without it such a record ends run(). It must be there.
  std::optional<std::string> dead_letters = {};
  // Before that, rejected records wait so long in the topics TOPIC.retry.1m, TOPIC.retry.10m …, which must be there.
  std::vector<std::chrono::milliseconds> retry_delays = {};

  size_t batch_records = 3'000;
  size_t batch_bytes = 4 << 20;
  std::chrono::milliseconds batch_wait{100};  // how long a record waits for others of its batch
  size_t max_bytes = 32 << 20;                // of records that were read and are not dealt with; then reading pauses
  std::chrono::milliseconds grace{10'000};    // for the batch under way when run() is to stop

  // Told by run(), on its thread: what a person should know.
  std::function<void(const std::string& message)> on_warning = {};
};

// A record of a batch that can never be written, and why.
struct RejectedRecord {
  size_t index = 0;
  std::string reason;
};

// What became of a batch.
class BatchOutcome {
 public:
  // Every record is durable.
  static BatchOutcome done() { return BatchOutcome(Kind::kDone); }
  // Every record is durable but these, which are set aside.
  static BatchOutcome rejected(std::vector<RejectedRecord> records) {
    BatchOutcome outcome(Kind::kDone);
    outcome.rejected_ = std::move(records);
    return outcome;
  }
  // Nothing is believed to be written: the same records come again after a pause, which grows up to 30 s.
  static BatchOutcome try_again(std::string reason) { return BatchOutcome(Kind::kTryAgain, std::move(reason)); }
  // No repetition mends it: run() ends with this.
  static BatchOutcome stop(std::string reason) { return BatchOutcome(Kind::kStop, std::move(reason)); }

 private:
  friend class Sink;
  enum class Kind { kDone, kTryAgain, kStop };
  explicit BatchOutcome(Kind kind, std::string reason = "") : kind_(kind), reason_(std::move(reason)) {}

  Kind kind_;
  std::string reason_;
  std::vector<RejectedRecord> rejected_;
};

struct SinkStats {
  uint64_t records = 0;  // dealt with
  uint64_t dead_letters = 0;
  uint64_t retries = 0;
  std::optional<int64_t> lag;  // records that are not dealt with yet, where that is known
  std::string failure;         // why it does not get on now; "" where it does
};

class Sink {
 public:
  // Called on a thread of the sink's own, one batch at a time; it may take its time. A record that waited in a retry
  // topic has the topic, partition and offset where it was written first.
  using BatchHandler = std::function<BatchOutcome(std::span<const TypedRecord> batch)>;

  static Result<Sink> open(const ClientOptions& options, const SinkOptions& sink, BatchHandler handler);
  ~Sink();
  Sink(Sink&&) noexcept;
  Sink& operator=(Sink&&) noexcept;

  // Until a stop is requested, or an error that no repetition mends. Called once.
  Result<void> run(const std::stop_token& stop);

  // From any thread.
  SinkStats stats() const;

 private:
  class Adapter;
  struct State;
  explicit Sink(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace omashu
