#include "cli/consume_loop.h"

#include <chrono>
#include <span>
#include <vector>

#include "cli/diagnostics.h"
#include "cli/output.h"
#include "cli/problem_report.h"
#include "cli/stop_signal.h"

namespace omashu::cli {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kPoll{200};              // how long a poll may keep a stop waiting
constexpr milliseconds kCommitInterval{1'000};  // at most so much is read again after a crash

}  // namespace

ConsumeLoop::ConsumeLoop(Context& context, kafka::Consumer& consumer, RecordFormatter& formatter,
                         const ConsumeLimits& limits)
    : context_(context), consumer_(consumer), formatter_(formatter), limits_(limits) {}

Result<void> ConsumeLoop::subscribe(std::span<const std::string> topics) {
  const auto on_revoked = [this](std::span<const kafka::TopicPartition> partitions, bool is_lost) {
    if (is_lost) return progress_.forget(partitions);
    if (auto committed = flush_and_commit(); !committed) context_.messages.warning(committed.error().message);
  };
  return consumer_.subscribe(topics, {.on_assigned = nullptr, .on_revoked = on_revoked});
}

bool ConsumeLoop::is_done() const {
  return context_.stop.is_requested() || context_.out.is_broken() ||
         (limits_.max_messages && printed_ >= *limits_.max_messages);
}

Result<void> ConsumeLoop::read_all() {
  ProblemReport problems(context_.messages);
  Clock::time_point last_record = Clock::now(), last_commit = Clock::now();
  while (!is_done()) {
    auto event = consumer_.poll(milliseconds(0));
    const Clock::time_point now = Clock::now();
    const bool is_idle = event && std::holds_alternative<std::monostate>(*event);
    if (is_idle || now - last_commit >= kCommitInterval) {
      if (auto committed = flush_and_commit(); !committed) return committed;
      last_commit = now;
    }
    if (is_idle) {
      if (context_.out.is_reader_gone()) break;
      if (limits_.idle_timeout && now - last_record >= *limits_.idle_timeout) break;
      event = consumer_.poll(kPoll);
    }
    if (!event) return fail(std::move(event.error()));
    const auto* message = std::get_if<kafka::Message>(&*event);
    if (message == nullptr) continue;
    last_record = Clock::now();
    const auto printed = print(*message);
    if (!printed && (!limits_.is_skipping || printed.error().code != ErrorCode::kCorrupt)) return printed;
    if (!printed) {
      problems.add("skipped", printed.error());
      ++skipped_;
    }
    progress_.on_printed(*message);
  }
  problems.finish();
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

Result<void> ConsumeLoop::print(const kafka::Message& message) {
  text_.clear();
  const auto is_printed = formatter_.append(message, text_);
  if (!is_printed) return fail(is_printed.error());
  if (!*is_printed) return {};
  ++printed_;
  context_.out.text(text_);
  return {};
}

}  // namespace omashu::cli
