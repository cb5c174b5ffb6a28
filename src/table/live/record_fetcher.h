// Takes records from a consumer on a thread of its own, so that the thread that applies them need not: for reading much
// at once.
//
// Invariants:
//   - The consumer is the fetcher's, but for wake(); and the owner's alone while a Pause of it lives.
//   - What waits to be taken is bounded: by its batches and their bytes, to which one batch more may come, and that is
//     bounded by the consumer's queue.
//
// One owner calls; it outlives neither the consumer nor the pool.

#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <thread>

#include "base/mutex.h"
#include "kafka/consumer.h"
#include "table/live/record_job.h"

namespace omashu::table {

// Jobs that were done, to be used again. Thread-safe.
class RecordJobPool {
 public:
  // The source outlives the jobs.
  explicit RecordJobPool(SchemaSource& source) : source_(source) {}

  std::unique_ptr<RecordJob> take() EXCLUDES(mutex_);
  void give_back(std::unique_ptr<RecordJob> job) EXCLUDES(mutex_);

 private:
  static constexpr size_t kMaxFree = 32;

  SchemaSource& source_;
  Mutex mutex_;
  std::vector<std::unique_ptr<RecordJob>> free_ GUARDED_BY(mutex_);
};

class RecordFetcher {
 public:
  static constexpr size_t kMaxRecords = 4'096;  // of a batch
  static constexpr size_t kMaxReady = 4;        // batches
  static constexpr size_t kMaxReadyBytes = size_t{8} << 20;

  RecordFetcher(kafka::Consumer& consumer, RecordJobPool& jobs);
  ~RecordFetcher();
  RecordFetcher(const RecordFetcher&) = delete;
  RecordFetcher& operator=(const RecordFetcher&) = delete;

  struct Batch {
    std::unique_ptr<RecordJob> job;
    std::optional<Error> error;  // found behind its records
  };
  // Nothing where nothing came in that time.
  std::optional<Batch> take(std::chrono::milliseconds wait) EXCLUDES(mutex_);

  // Forgets what was fetched and not taken.
  void forget() EXCLUDES(mutex_);

  // Nothing is fetched while it lives.
  class Pause {
   public:
    explicit Pause(RecordFetcher* fetcher);  // may be null
    ~Pause();
    Pause(const Pause&) = delete;
    Pause& operator=(const Pause&) = delete;

   private:
    RecordFetcher* const fetcher_;
  };

 private:
  void run() EXCLUDES(mutex_);

  kafka::Consumer& consumer_;
  RecordJobPool& jobs_;

  Mutex mutex_;
  ConditionVariable changed_;
  std::deque<Batch> ready_ GUARDED_BY(mutex_);
  size_t ready_bytes_ GUARDED_BY(mutex_) = 0;
  bool is_ending_ GUARDED_BY(mutex_) = false;
  bool is_fetching_ GUARDED_BY(mutex_) = false;
  int pauses_ GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace omashu::table
