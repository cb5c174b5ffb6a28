#include "cli/tables/table_loader.h"

#include <fmt/core.h>

#include <algorithm>
#include <thread>

#include "base/duration.h"
#include "cli/connection/outage_notice.h"
#include "cli/diagnostics.h"
#include "cli/output/output.h"
#include "cli/output/progress.h"
#include "cli/stop_signal.h"
#include "table/stored_value.h"

namespace omashu::cli {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kPoll{200};  // how long a poll may keep a stop waiting
constexpr size_t kBatch = 1'000;    // records
constexpr size_t kMaxBatches = 16;  // under way

// Filling the table takes the command's thread as long as decoding takes: one core is for that.
size_t worker_count() { return std::clamp<size_t>(std::thread::hardware_concurrency(), 2, 5) - 1; }

}  // namespace

TableLoader::TableLoader(Context& context, Cluster& cluster, kafka::TopicDescription description,
                         table::TypedTopic typed)
    : context_(&context),
      cluster_(&cluster),
      description_(std::move(description)),
      typed_(std::make_unique<table::TypedTopic>(std::move(typed))),
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

std::string TableLoader::place_of(const table::Position& position) const {
  return fmt::format("{}-{}-{}", description_.name, position.partition, position.offset);
}

// ---- batches

std::unique_ptr<TableJob> TableLoader::make_job() {
  if (free_jobs_.empty()) return std::make_unique<TableJob>(*typed_, *view_);
  std::unique_ptr<TableJob> job = std::move(free_jobs_.back());
  free_jobs_.pop_back();
  return job;
}

Result<bool> TableLoader::read_batch(OrderedWorkers& workers, milliseconds timeout) {
  std::unique_ptr<TableJob> job = make_job();
  if (auto read = reader_->read(job->batch, kBatch, timeout); !read) return fail(std::move(read.error()));
  const bool was_there = !job->batch.messages().empty();
  if (was_there) {
    workers.give(std::move(job));
  } else {
    free_jobs_.push_back(std::move(job));
  }
  return was_there;
}

Result<void> TableLoader::apply(const TableJob& job, table::LatestTable& table,
                                const std::function<void(const table::Row&)>& on_change) {
  for (const auto& [index, error] : job.errors()) {
    if (error.code != ErrorCode::kCorrupt) return fail(error);
    const kafka::Message& message = job.batch.messages()[index];
    problems_->add(place_of({message.partition, message.offset}), error);
  }
  job.for_each_record([&](const table::Record& record) {
    if (table.apply(record) && on_change) on_change(*table.find(record.key));
  });
  return {};
}

Result<void> TableLoader::apply_done(OrderedWorkers& workers, bool waits, table::LatestTable& table) {
  while (auto job = workers.take(waits)) {
    waits = false;
    auto applied = apply(static_cast<TableJob&>(*job), table, nullptr);
    free_jobs_.emplace_back(static_cast<TableJob*>(job.release()));
    if (!applied) return applied;
  }
  return {};
}

void TableLoader::show_progress(const table::ReadProgress& progress) {
  context_->messages.progress(
      progress_line(description_.name, progress.done(), progress.total(),
                    fmt::format("{} of {} offsets", grouped(progress.done()), grouped(progress.total()))));
}

Result<void> TableLoader::load(table::LatestTable& table, TableView view,
                               const std::set<kafka::PartitionId>& partitions) {
  // A broker that is asked for partitions which were read to their end, while another one waits for room in the queue,
  // would keep that one waiting for the usual 500 ms. A queue of 100,000 records would hold more than a table does.
  auto consumer = cluster_->consumer({{"fetch.wait.max.ms", "10"}, {"queued.min.messages", "20000"}});
  if (!consumer) return fail(std::move(consumer.error()));
  auto reader = table::TopicReader::open(*std::move(consumer), description_.name, partitions, cluster_->timeout());
  if (!reader) return fail(std::move(reader.error()));
  reader_ = std::make_unique<table::TopicReader>(*std::move(reader));
  free_jobs_.clear();
  view_ = std::make_unique<TableView>(std::move(view));

  OrderedWorkers workers(worker_count(), kMaxBatches);
  ProgressPace pace(Clock::now());
  Clock::time_point last_advance = Clock::now();
  int64_t last_done = 0;
  while (!reader_->progress().is_complete() || !workers.is_empty()) {
    if (context_->stop.is_requested()) return fail(ErrorCode::kCancelled, "stopped before the table was read");
    bool was_there = false;
    if (!reader_->progress().is_complete() && !workers.is_full()) {
      const auto read = read_batch(workers, workers.is_empty() ? kPoll : milliseconds(0));
      if (!read) return fail(read.error());
      was_there = *read;
    }
    // Without more to read, what is under way comes before any wait.
    if (auto applied = apply_done(workers, !was_there, table); !applied) return applied;
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
  TableJob job(*typed_, *view_);
  OutageNotice outage(context_->messages);
  while (!context_->stop.is_requested() && !context_->out.is_broken()) {
    if (auto read = reader_->read(job.batch, kBatch, milliseconds(0)); !read) return read;
    if (job.batch.messages().empty()) {
      // About to wait: what was printed must be out, and somebody must still be reading it.
      if (auto flushed = context_->out.flush(); !flushed) return flushed;
      if (context_->out.is_reader_gone()) return {};
      outage.observe(reader_->outage());
      if (auto read = reader_->read(job.batch, kBatch, kPoll); !read) return read;
    }
    job.run();
    if (auto applied = apply(job, table, on_change); !applied) return applied;
  }
  return {};
}

// ---- rows

std::optional<table::Row> TableLoader::shown(const table::Row& row, std::string& json) {
  table::Row shown = row;
  if (!row.value) return shown;
  auto value = typed_->row_value(row);
  if (!value) {
    problems_->add(place_of(row.position), value.error());
    return std::nullopt;
  }
  if (value->unresolved) {
    problems_->add(
        place_of(row.position),
        std::move(*value->unresolved).within("shown as it was written, since the latest schema cannot read it"));
  }
  json = std::move(value->text);
  shown.value = json;
  return shown;
}

void TableLoader::note_as_written(const table::Row& row) {
  problems_->add(place_of(row.position),
                 {.code = ErrorCode::kCorrupt,
                  .message = "counted as it was written, since the latest schema cannot read it",
                  .position = std::nullopt});
}

void TableLoader::report(const table::LatestTable& table) {
  problems_->finish();
  constexpr size_t kNamed = 20;
  const auto duplicates = table.duplicates();
  for (size_t i = 0; i < std::min(duplicates.size(), kNamed); ++i) {
    std::string places;
    for (const table::Position& position : duplicates[i].positions) {
      places += (places.empty() ? "" : ", ") + place_of(position);
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
