#include "cli/records/consume_loop.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "cli/connection/outage_notice.h"
#include "cli/diagnostics.h"
#include "cli/output/output.h"
#include "cli/stop_signal.h"

namespace omashu::cli {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kPoll{200};              // how long a poll may keep a stop waiting
constexpr milliseconds kCommitInterval{1'000};  // at most so much is read again after a crash
constexpr milliseconds kPatience{1'000};        // before it is said what is waited for
constexpr size_t kBatch = 1'000;                // records
constexpr size_t kMaxBatches = 16;              // under way
constexpr size_t kSmallBatch = 16;              // records that are not worth another thread's wake-up

// The command's thread and librdkafka's, which takes the brokers' answers apart, leave room on each core.
size_t worker_count() { return std::clamp<size_t>(std::thread::hardware_concurrency(), 1, 4); }

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
    group_ends_.on_revoked(partitions);
    if (is_lost) return progress_.forget(partitions);
    if (auto committed = flush_and_commit(); !committed) context_.messages.warning(committed.error().message);
  };
  const auto on_assigned = [this](std::span<const kafka::TopicPartition> partitions) {
    group_ends_.on_assigned(partitions);
  };
  return consumer_.subscribe(topics, {.on_assigned = on_assigned, .on_revoked = on_revoked});
}

bool ConsumeLoop::is_done() const {
  return context_.stop.is_requested() || context_.out.is_broken() ||
         (limits_.max_messages && counted() >= *limits_.max_messages);
}

bool ConsumeLoop::is_at_end() const {
  return (ends_ && ends_->are_reached()) || (limits_.is_to_group_end && group_ends_.are_reached());
}

void ConsumeLoop::note_ends(const kafka::MessageBatch& batch) {
  for (const kafka::PartitionEnd& end : batch.ends()) {
    group_ends_.on_end(end.partition);
    if (ends_) ends_->on_end(end.partition);
  }
  if (!ends_) return;
  for (const kafka::Message& message : batch.messages()) ends_->on_message(message);
}

void ConsumeLoop::say_what_it_waits_for(Clock::duration waited) {
  if (limits_.waiting_note.empty() || has_said_what_it_waits_for_ || printed_ > 0) return;
  if (waited < kPatience && !context_.messages.is_terminal()) return;
  context_.messages.note(limits_.waiting_note);
  has_said_what_it_waits_for_ = true;
}

Result<void> ConsumeLoop::read_all() {
  OutageNotice outage(context_.messages);
  Clock::time_point last_record = Clock::now(), last_commit = Clock::now();
  while (!is_done()) {
    const auto was_there = is_at_end() ? Result<bool>(false) : read_batch(milliseconds(0));
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
    if (is_at_end()) break;
    if (sink_ != nullptr) sink_->on_idle();
    say_what_it_waits_for(now - last_record);
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
  note_ends(job->batch);
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

// Record by record, since the last one that is asked for, or one that cannot be printed, may be in the middle. What
// stands together goes out together.
Result<void> ConsumeLoop::print(const FormatJob& job) {
  auto error = job.errors().begin();
  size_t printed_to = 0, start = 0;
  const auto print_up_to = [&](size_t end) {
    if (sink_ == nullptr) context_.out.text(std::string_view(job.text()).substr(printed_to, end - printed_to));
  };
  for (size_t i = 0; i < job.text_ends().size(); ++i) {
    if (limits_.max_messages && counted() >= *limits_.max_messages) break;
    const kafka::Message& message = job.batch.messages()[i];
    const size_t before = std::exchange(start, job.text_ends()[i]);
    const std::string_view text = std::string_view(job.text()).substr(before, start - before);
    const Error* flaw = error != job.errors().end() && error->first == i ? &(error++)->second : nullptr;
    if (ends_ && !ends_->wants(message)) {
      print_up_to(before);
      printed_to = start;
      continue;
    }
    ++processed_;
    if (flaw != nullptr) {
      if (auto told = tell_flaw(*flaw, !text.empty()); !told) {
        print_up_to(before);
        return told;
      }
    }
    if (!text.empty()) ++printed_;
    if (!text.empty() && sink_ != nullptr) sink_->add(message, text);
    if (limits_.is_committing) progress_.on_printed(message);
  }
  print_up_to(start);
  return {};
}

// Fails where the record ends the command.
Result<void> ConsumeLoop::tell_flaw(const Error& flaw, bool is_printed) {
  if (!is_printed && (!limits_.is_skipping || flaw.code != ErrorCode::kCorrupt)) return fail(flaw);
  problems_.add(is_printed ? "printed as bytes" : "skipped", flaw);
  if (is_printed) ++flawed_;
  return {};
}

}  // namespace omashu::cli
