#include "omashu/record_jobs.h"

#include <algorithm>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/thread_signals.h"
#include "client/job_queue.h"

namespace omashu {

namespace {

using Clock = std::chrono::steady_clock;
using client::JobPtr;

constexpr std::chrono::milliseconds kPollTime{100};
constexpr std::chrono::milliseconds kAfterAnError{500};

// The threads that handle records, and what they have finished.
class Workers {
 public:
  Workers(const JobOptions& options, const JobHandler& handler)
      : handler_(handler), queue_(options.parallel_of_a_group) {
    for (size_t i = 0; i < std::max<size_t>(options.parallel, 1); ++i) threads_.emplace_back([this] { work(); });
  }

  // Waits for the handlers to leave off.
  ~Workers() {
    give_up([](const TypedRecord&) { return true; });
    {
      const MutexLock lock(mutex_);
      is_stopping_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void add(JobPtr job) {
    std::string group = handler_.group ? handler_.group(job->record) : "";
    const MutexLock lock(mutex_);
    queue_.add(std::move(job), std::move(group));
    changed_.notify_all();
  }

  void give_up(const std::function<bool(const TypedRecord&)>& is_lost) {
    const MutexLock lock(mutex_);
    queue_.give_up(is_lost);
  }

  size_t size() const {
    const MutexLock lock(mutex_);
    return queue_.size();
  }

  std::vector<JobPtr> take_finished() {
    const MutexLock lock(mutex_);
    return std::exchange(finished_, {});
  }

 private:
  void work() {
    block_signals();
    MutexLock lock(mutex_);
    while (!is_stopping_) {
      const JobPtr job = queue_.next(Clock::now());
      if (job == nullptr) {
        const auto time = queue_.next_time();
        // One that is due now waits for another of its key or its group, whose end is told.
        if (time && *time > Clock::now()) {
          (void)changed_.wait_until(lock, *time);
        } else {
          changed_.wait(lock);
        }
        continue;
      }
      lock.unlock();
      const auto again = handler_.handle(*job);
      lock.lock();
      queue_.on_handled(job, again ? std::optional(Clock::now() + *again) : std::nullopt);
      if (!again && !job->is_given_up) finished_.push_back(job);
      changed_.notify_all();
    }
  }

  const JobHandler& handler_;
  mutable Mutex mutex_;
  ConditionVariable changed_;
  client::JobQueue queue_ GUARDED_BY(mutex_);
  std::vector<JobPtr> finished_ GUARDED_BY(mutex_);
  bool is_stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace

Result<void> run_jobs(const ClientOptions& options, const ConsumerOptions& consumer_options, const JobOptions& jobs,
                      const JobHandler& handler, const std::function<bool()>& is_stopping,
                      const std::function<void(const Error&)>& on_error) {
  auto consumer = TypedConsumer::open(options, consumer_options);
  if (!consumer) return fail(std::move(consumer.error()));
  Workers workers(jobs, handler);
  const auto commit = [&] {
    for (const JobPtr& job : workers.take_finished()) consumer->finish(job->record);
    return consumer->commit_finished();
  };
  while (!is_stopping()) {
    auto record = consumer->poll(kPollTime);
    workers.give_up([&](const TypedRecord& one) { return !consumer->holds(one); });
    if (record && *record) workers.add(std::make_shared<RecordJob>(**std::move(record), consumer->assignments()));
    if (!record && record.error().code == ErrorCode::kInvalidArgument) return fail(std::move(record.error()));
    if (!record) on_error(record.error());
    if (!record && record.error().code != ErrorCode::kCorrupt) std::this_thread::sleep_for(kAfterAnError);
    if (auto committed = commit(); !committed) on_error(committed.error());
    workers.size() < jobs.max_records ? consumer->resume() : consumer->pause();
  }
  (void)commit();  // what was not committed is handled again
  return {};
}

}  // namespace omashu
