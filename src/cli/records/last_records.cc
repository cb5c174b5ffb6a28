#include "cli/records/last_records.h"

#include <fmt/core.h>

#include "base/duration.h"
#include "cli/diagnostics.h"
#include "cli/output/progress.h"
#include "cli/records/read_range.h"
#include "cli/stop_signal.h"
#include "table/read_progress.h"

namespace omashu::cli {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// How long a poll may keep a stop waiting.
constexpr milliseconds kPoll{200};
constexpr size_t kBatch = 1'000;  // events taken from the consumer at once

}  // namespace

Result<std::unique_ptr<LastRecords>> LastRecords::open(Context& context, const kafka::ClientConfig& config,
                                                       milliseconds timeout) {
  // A broker asked for a partition that was read to its end would keep the others waiting for the usual 500 ms.
  kafka::ClientConfig with_defaults{{{"fetch.wait.max.ms", "50"}}};
  with_defaults.properties.insert(with_defaults.properties.end(), config.properties.begin(), config.properties.end());
  auto consumer = kafka::Consumer::open(with_defaults);
  if (!consumer) return fail(std::move(consumer).error());
  return std::unique_ptr<LastRecords>(new LastRecords(context, *std::move(consumer), timeout));
}

Result<void> LastRecords::read_last(const std::string& topic, std::optional<int64_t> count,
                                    const std::function<Result<void>(const kafka::Message&)>& visit) {
  ReadRangeOptions options{.topic = topic, .is_to_present_end = true};
  options.start = count ? StartPosition{StartPosition::Kind::kBeforeEnd, *count}
                        : StartPosition{StartPosition::Kind::kBeginning, 0};
  const auto ranges = find_read_ranges(options, *consumer_, timeout_);
  if (!ranges) return fail(ranges.error());
  table::ReadProgress progress;
  for (const auto& [place, start] : ranges->starts) progress.add(place.partition, start, ranges->ends.at(place));
  if (progress.is_complete()) return {};
  if (auto assigned = consumer_->assign(ranges->starts); !assigned) return assigned;

  ProgressPace pace(Clock::now());
  Clock::time_point last_advance = Clock::now();
  while (!progress.is_complete()) {
    if (context_.stop.is_requested()) return fail(ErrorCode::kCancelled, "stopped before the data was checked");
    const auto events = consumer_->poll_batch(kBatch, kPoll);
    if (!events) return fail(events.error());
    const int64_t before = progress.done();
    for (const kafka::ConsumerEvent& event : *events) {
      if (const auto* record = std::get_if<kafka::Message>(&event)) {
        const bool is_newer = record->offset >= ranges->ends.at({record->topic, record->partition});
        progress.on_record(record->partition, record->offset);
        if (is_newer) continue;
        if (auto visited = visit(*record); !visited) return visited;
      } else if (const auto* end = std::get_if<kafka::PartitionEnd>(&event)) {
        progress.on_partition_end(end->partition.partition);
      }
    }
    const Clock::time_point now = Clock::now();
    if (pace.is_due(now)) {
      context_.messages.progress(
          progress_line(topic, progress.done(), progress.total(),
                        fmt::format("checking {} of {} offsets", grouped(progress.done()), grouped(progress.total()))));
    }
    if (progress.done() != before) {
      last_advance = now;
    } else if (now - last_advance > timeout_) {
      return fail(ErrorCode::kTimeout,
                  fmt::format("{}: no record came for {}: is a broker away?", topic, duration_text(timeout_)));
    }
  }
  context_.messages.clear_progress();
  return {};
}

}  // namespace omashu::cli
