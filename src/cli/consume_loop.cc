#include "cli/consume_loop.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "cli/diagnostics.h"
#include "cli/outage_notice.h"
#include "cli/output.h"
#include "cli/stop_signal.h"

namespace omashu::cli {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kPoll{200};              // how long a poll may keep a stop waiting
constexpr milliseconds kCommitInterval{1'000};  // at most so much is read again after a crash
constexpr size_t kBatch = 1'000;                // records
constexpr size_t kMaxBatches = 16;              // under way
constexpr size_t kSmallBatch = 16;              // records that are not worth another thread's wake-up

// One core is for librdkafka, which takes the brokers' answers apart.
size_t worker_count() { return std::clamp<size_t>(std::thread::hardware_concurrency(), 2, 5) - 1; }

}  // namespace

ConsumeLoop::ConsumeLoop(Context& context, kafka::Consumer& consumer, RecordFormatter& formatter,
                         const ConsumeLimits& limits)
    : context_(context),
      consumer_(consumer),
      formatter_(formatter),
      limits_(limits),
      problems_(context.messages),
      workers_(worker_count(), kMaxBatches) {}

Result<void> ConsumeLoop::subscribe(std::span<const std::string> topics) {
  const auto on_revoked = [this](std::span<const kafka::TopicPartition> partitions, bool is_lost) {
    // What was read of them is printed now: later, another member prints it too.
    if (auto printed = print_all_batches(); !printed) context_.messages.warning(printed.error().message);
    if (is_lost) return progress_.forget(partitions);
    if (auto committed = flush_and_commit(); !committed) context_.messages.warning(committed.error().message);
  };
  return consumer_.subscribe(topics, {.on_assigned = nullptr, .on_revoked = on_revoked});
}

bool ConsumeLoop::is_done() const {
  return context_.stop.is_requested() || context_.out.is_broken() ||
         (limits_.max_messages && counted() >= *limits_.max_messages);
}

Result<void> ConsumeLoop::read_all() {
  OutageNotice outage(context_.messages);
  Clock::time_point last_record = Clock::now(), last_commit = Clock::now();
  while (!is_done()) {
    const auto was_there = read_batch(milliseconds(0));
    if (!was_there) return fail(was_there.error());
    // Without more to read, what is under way comes before any wait.
    if (auto printed = print_batches(!*was_there || workers_.is_full()); !printed) return printed;
    const Clock::time_point now = Clock::now();
    if (*was_there) last_record = now;
    const bool is_idle = !*was_there && workers_.is_empty();
    if (is_idle || now - last_commit >= kCommitInterval) {
      if (auto committed = flush_and_commit(); !committed) return committed;
      last_commit = now;
    }
    if (!is_idle || is_done()) continue;
    if (context_.out.is_reader_gone()) break;
    outage.observe(consumer_.outage());
    if (limits_.idle_timeout && now - last_record >= *limits_.idle_timeout) break;
    const auto has_come = read_batch(kPoll);
    if (!has_come) return fail(has_come.error());
    if (*has_come) last_record = Clock::now();
  }
  problems_.finish();
  return {};
}

std::unique_ptr<FormatJob> ConsumeLoop::make_job() {
  if (free_jobs_.empty()) return std::make_unique<FormatJob>(formatter_, !limits_.is_skipping);
  std::unique_ptr<FormatJob> job = std::move(free_jobs_.back());
  free_jobs_.pop_back();
  return job;
}

Result<bool> ConsumeLoop::read_batch(milliseconds timeout) {
  std::unique_ptr<FormatJob> job = make_job();
  // Records beyond --max-messages are not read, unless a filter has so many pass by that more at once pay.
  size_t max_records = kBatch;
  if (limits_.max_messages) {
    const auto left = static_cast<size_t>(*limits_.max_messages - counted());
    max_records = std::min(kBatch, std::max(left, read_));
  }
  if (auto read = consumer_.read_batch(job->batch, max_records, timeout); !read) return fail(std::move(read.error()));
  const size_t size = job->batch.messages().size();
  read_ += size;
  if (size > 0 && size <= kSmallBatch && workers_.is_empty()) {
    job->run();
    if (auto printed = print(*job); !printed) return fail(std::move(printed.error()));
  } else if (size > 0) {
    workers_.give(std::move(job));
    return true;
  }
  free_jobs_.push_back(std::move(job));
  return size > 0;
}

Result<void> ConsumeLoop::print_batches(bool waits) {
  while (auto job = workers_.take(waits)) {
    waits = false;
    auto& formatted = static_cast<FormatJob&>(*job);
    auto printed = print(formatted);
    free_jobs_.emplace_back(static_cast<FormatJob*>(job.release()));
    if (!printed) return printed;
  }
  return {};
}

Result<void> ConsumeLoop::print_all_batches() {
  while (!workers_.is_empty()) {
    if (auto printed = print_batches(true); !printed) return printed;
  }
  return {};
}

Result<void> ConsumeLoop::finish() {
  auto finished = flush_and_commit();
  if (auto closed = consumer_.close(); finished && !closed) finished = std::move(closed);
  return finished;
}

// Commits nothing that did not reach the reader.
Result<void> ConsumeLoop::flush_and_commit() {
  if (auto flushed = context_.out.flush(); !flushed) return flushed;
  if (!context_.out.is_broken()) progress_.on_flushed();
  if (!limits_.is_committing || progress_.to_commit().empty()) return {};
  if (auto committed = consumer_.commit(progress_.to_commit()); !committed) return committed;
  progress_.on_committed();
  return {};
}

// Record by record, since the last one that is asked for, or one that cannot be printed, may be in the middle.
Result<void> ConsumeLoop::print(const FormatJob& job) {
  const std::string_view text = job.text();
  auto error = job.errors().begin();
  size_t start = 0;
  for (size_t i = 0; i < job.text_ends().size(); ++i) {
    if (limits_.max_messages && counted() >= *limits_.max_messages) break;
    ++processed_;
    const size_t end = job.text_ends()[i];
    const bool is_printed = end > start;
    if (error != job.errors().end() && error->first == i) {
      if (!is_printed && (!limits_.is_skipping || error->second.code != ErrorCode::kCorrupt)) {
        context_.out.text(text.substr(0, start));
        return fail(error->second);
      }
      problems_.add(is_printed ? "printed as bytes" : "skipped", error->second);
      if (is_printed) ++flawed_;
      ++error;
    }
    if (is_printed) ++printed_;
    start = end;
    if (limits_.is_committing) progress_.on_printed(job.batch.messages()[i]);
  }
  context_.out.text(text.substr(0, start));
  return {};
}

}  // namespace omashu::cli
