#include "table/live/record_fetcher.h"

#include <utility>

#include "base/thread_signals.h"

namespace omashu::table {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds kPoll{100};
constexpr milliseconds kAfterError{50};

}  // namespace

std::unique_ptr<RecordJob> RecordJobPool::take() {
  {
    const MutexLock lock(mutex_);
    if (!free_.empty()) {
      std::unique_ptr<RecordJob> job = std::move(free_.back());
      free_.pop_back();
      return job;
    }
  }
  return std::make_unique<RecordJob>(source_);
}

void RecordJobPool::give_back(std::unique_ptr<RecordJob> job) {
  if (job->is_worn()) return;
  const MutexLock lock(mutex_);
  if (free_.size() < kMaxFree) free_.push_back(std::move(job));
}

RecordFetcher::RecordFetcher(kafka::Consumer& consumer, RecordJobPool& jobs)
    : consumer_(consumer), jobs_(jobs), thread_([this] {
        block_signals();
        run();
      }) {}

RecordFetcher::~RecordFetcher() {
  {
    const MutexLock lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  consumer_.wake();
  thread_.join();
}

std::optional<RecordFetcher::Batch> RecordFetcher::take(milliseconds wait) {
  const auto until = std::chrono::steady_clock::now() + wait;
  MutexLock lock(mutex_);
  while (ready_.empty()) {
    if (wait <= milliseconds(0) || !changed_.wait_until(lock, until)) break;
  }
  if (ready_.empty()) return std::nullopt;
  Batch batch = std::move(ready_.front());
  ready_.pop_front();
  ready_bytes_ -= batch.job->bytes();
  changed_.notify_all();
  return batch;
}

void RecordFetcher::forget() {
  const MutexLock lock(mutex_);
  ready_.clear();
  ready_bytes_ = 0;
}

RecordFetcher::Pause::Pause(RecordFetcher* fetcher) : fetcher_(fetcher) {
  if (fetcher_ == nullptr) return;
  MutexLock lock(fetcher_->mutex_);
  ++fetcher_->pauses_;
  if (fetcher_->is_fetching_) fetcher_->consumer_.wake();
  while (fetcher_->is_fetching_) fetcher_->changed_.wait(lock);
}

RecordFetcher::Pause::~Pause() {
  if (fetcher_ == nullptr) return;
  {
    const MutexLock lock(fetcher_->mutex_);
    --fetcher_->pauses_;
  }
  fetcher_->changed_.notify_all();
}

void RecordFetcher::run() {
  std::unique_ptr<RecordJob> empty;  // nothing came for it
  MutexLock lock(mutex_);
  while (!is_ending_) {
    if (pauses_ > 0 || ready_.size() >= kMaxReady || ready_bytes_ >= kMaxReadyBytes) {
      changed_.wait(lock);
      continue;
    }
    is_fetching_ = true;
    lock.unlock();
    Batch batch{.job = empty != nullptr ? std::move(empty) : jobs_.take(), .error = std::nullopt};
    if (auto read = batch.job->read(consumer_, kMaxRecords, kPoll); !read) batch.error = std::move(read.error());
    lock.lock();
    is_fetching_ = false;
    const bool has_failed = batch.error.has_value();
    if (has_failed || !batch.job->batch.is_empty()) {
      ready_bytes_ += batch.job->bytes();
      ready_.push_back(std::move(batch));
    } else {
      empty = std::move(batch.job);
    }
    changed_.notify_all();
    // The owner is to hear of it before the next attempt.
    if (has_failed && !is_ending_) changed_.wait_until(lock, std::chrono::steady_clock::now() + kAfterError);
  }
}

}  // namespace omashu::table
