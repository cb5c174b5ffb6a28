#include "cli/table_loader.h"

#include <fmt/core.h>

#include "base/duration.h"
#include "cli/diagnostics.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/stop_signal.h"

namespace omashu::cli {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

// How long a poll may keep a stop waiting.
constexpr milliseconds kPoll{200};

}  // namespace

TableLoader::TableLoader(Context& context, Cluster& cluster, kafka::TopicDescription description,
                         table::TypedTopic typed)
    : context_(&context),
      cluster_(&cluster),
      description_(std::move(description)),
      typed_(std::move(typed)),
      problems_(std::make_unique<ProblemReport>(context.messages)) {}

Result<TableLoader> TableLoader::open(Context& context, Cluster& cluster, const std::string& topic) {
  auto description = cluster.topic(topic);
  if (!description) return fail(std::move(description.error()));
  const auto registry = cluster.registry();
  if (!registry) return fail(registry.error());
  auto typed = table::TypedTopic::open(**registry, topic);
  if (!typed) return fail(std::move(typed.error()));
  return TableLoader(context, cluster, *std::move(description), *std::move(typed));
}

Result<std::optional<std::string>> TableLoader::apply(const kafka::Message& message,
                                                      const std::optional<std::string>& key,
                                                      table::LatestTable& table) {
  const auto judge = [&](Error error) -> Result<std::optional<std::string>> {
    if (error.code != ErrorCode::kCorrupt) return fail(std::move(error));
    problems_->add(fmt::format("{}-{}-{}", message.topic, message.partition, message.offset), error);
    return std::nullopt;
  };
  if (key) {
    auto message_key = typed_.read_key(message);
    if (!message_key) return judge(std::move(message_key.error()));
    if (*message_key != *key) return std::nullopt;
  }
  auto record = typed_.read(message);
  if (!record) return judge(std::move(record.error()));
  std::string changed = record->key;
  if (!table.apply(*std::move(record))) return std::nullopt;
  return changed;
}

void TableLoader::show_progress(const table::ReadProgress& progress) {
  context_->messages.progress(
      progress_line(description_.name, progress.done(), progress.total(),
                    fmt::format("{} of {} offsets", grouped(progress.done()), grouped(progress.total()))));
}

Result<void> TableLoader::load(table::LatestTable& table, const std::set<kafka::PartitionId>& partitions,
                               const std::optional<std::string>& key) {
  // A broker asked for a partition that was read to its end, alone, would keep the others waiting for the usual 500 ms.
  auto consumer = cluster_->consumer({{"fetch.wait.max.ms", "50"}});
  if (!consumer) return fail(std::move(consumer.error()));
  auto reader = table::TopicReader::open(*std::move(consumer), description_.name, partitions, cluster_->timeout());
  if (!reader) return fail(std::move(reader.error()));
  reader_ = std::make_unique<table::TopicReader>(*std::move(reader));

  ProgressPace pace(Clock::now());
  Clock::time_point last_advance = Clock::now();
  int64_t last_done = 0;
  while (!reader_->progress().is_complete()) {
    if (context_->stop.is_requested()) return fail(ErrorCode::kCancelled, "stopped before the table was read");
    const auto message = reader_->next(kPoll);
    if (!message) return fail(message.error());
    if (*message) {
      const auto applied = apply(**message, key, table);
      if (!applied) return fail(applied.error());
    }
    const Clock::time_point now = Clock::now();
    if (pace.is_due(now)) show_progress(reader_->progress());
    if (reader_->progress().done() != last_done) {
      last_done = reader_->progress().done();
      last_advance = now;
    } else if (now - last_advance > cluster_->timeout()) {
      return fail(ErrorCode::kTimeout,
                  fmt::format("{}: no record came from {} for {}: is a broker away?", description_.name,
                              cluster_->bootstrap_servers(), duration_text(cluster_->timeout())));
    }
  }
  context_->messages.clear_progress();
  return {};
}

Result<void> TableLoader::follow(table::LatestTable& table, const std::function<void(const table::Row&)>& on_change) {
  while (!context_->stop.is_requested() && !context_->out.is_broken()) {
    auto message = reader_->next(milliseconds(0));
    if (message && !*message) {
      // About to wait: what was printed must be out, and somebody must still be reading it.
      if (auto flushed = context_->out.flush(); !flushed) return flushed;
      if (context_->out.is_reader_gone()) return {};
      message = reader_->next(kPoll);
    }
    if (!message) return fail(std::move(message.error()));
    if (!*message) continue;
    const auto changed = apply(**message, std::nullopt, table);
    if (!changed) return fail(changed.error());
    if (*changed) on_change(*table.find(**changed));
  }
  return {};
}

void TableLoader::report(const table::LatestTable& table) {
  problems_->finish();
  constexpr size_t kNamed = 20;
  const auto duplicates = table.duplicates();
  for (size_t i = 0; i < std::min(duplicates.size(), kNamed); ++i) {
    std::string places;
    for (const table::Position& position : duplicates[i].positions) {
      places +=
          fmt::format("{}{}-{}-{}", places.empty() ? "" : ", ", description_.name, position.partition, position.offset);
    }
    context_->messages.warning(
        fmt::format("key {} has {} live records under different bytes or in different "
                    "partitions ({}): the first is shown",
                    duplicates[i].key, duplicates[i].positions.size(), places));
  }
  if (duplicates.size() > kNamed) {
    context_->messages.warning(fmt::format("and {} more keys like these", grouped(duplicates.size() - kNamed)));
  }
}

}  // namespace omashu::cli
