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

ConsumeLoop::ConsumeLoop(Context& context, const ConsumeOptions& options, kafka::Consumer& consumer,
                         RecordDecoder& decoder)
    : context_(context), options_(options), consumer_(consumer), decoder_(decoder) {}

Result<void> ConsumeLoop::subscribe() {
  const auto on_revoked = [this](std::span<const kafka::TopicPartition> partitions, bool is_lost) {
    if (is_lost) return progress_.forget(partitions);
    if (auto committed = flush_and_commit(); !committed) context_.messages.warning(committed.error().message);
  };
  return consumer_.subscribe(std::vector{*options_.topic}, {.on_assigned = nullptr, .on_revoked = on_revoked});
}

Result<void> ConsumeLoop::read_all() {
  ProblemReport problems(context_.messages);
  Clock::time_point last_record = Clock::now(), last_commit = Clock::now();
  while (!context_.stop.is_requested() && !context_.out.is_broken() &&
         !(options_.max_messages && printed_ >= *options_.max_messages)) {
    auto event = consumer_.poll(milliseconds(0));
    const Clock::time_point now = Clock::now();
    const bool is_idle = event && std::holds_alternative<std::monostate>(*event);
    if (is_idle || now - last_commit >= kCommitInterval) {
      if (auto committed = flush_and_commit(); !committed) return committed;
      last_commit = now;
    }
    if (is_idle) {
      if (context_.out.is_reader_gone()) break;
      if (options_.timeout_ms && now - last_record >= milliseconds(*options_.timeout_ms)) break;
      event = consumer_.poll(kPoll);
    }
    if (!event) return fail(std::move(event.error()));
    const auto* message = std::get_if<kafka::Message>(&*event);
    if (message == nullptr) continue;
    last_record = Clock::now();
    const auto printed = print(*message);
    if (!printed && (!options_.is_skipping || printed.error().code != ErrorCode::kCorrupt)) return printed;
    if (!printed) problems.add("skipped", printed.error());
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
  if (!options_.group || progress_.to_commit().empty()) return {};
  if (auto committed = consumer_.commit(progress_.to_commit()); !committed) return committed;
  progress_.on_committed();
  return {};
}

Result<void> ConsumeLoop::print(const kafka::Message& message) {
  const auto decoded = decoder_.decode(message);
  if (!decoded) return fail(decoded.error());
  ++printed_;
  text_.clear();
  print_record(options_, message, *decoded, text_);
  context_.out.text(text_);
  return {};
}

}  // namespace omashu::cli
