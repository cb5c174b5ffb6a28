#include "table/live/kafka_table_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/thread_signals.h"
#include "table/live/resume_check.h"

namespace omashu::table {

namespace {

using std::chrono::milliseconds;

constexpr size_t kBatch = 1'000;                       // records
constexpr size_t kSmallBatch = 32;                     // decoding them is quicker than handing them over
constexpr size_t kMaxPendingBytes = size_t{16} << 20;  // of their records; a first batch is always taken
constexpr size_t kManyRecords = 32'768, kManyBytes = size_t{16} << 20;  // that are applied at once
constexpr milliseconds kMoreMayCome{20};
constexpr milliseconds kLongestWait{1'000};  // for records, so that an outage is noticed
constexpr milliseconds kLongestFetchWait{50};
constexpr milliseconds kFactsAfterError{1'000};
constexpr milliseconds kRetry{500};

}  // namespace

KafkaTableReader::KafkaTableReader(TableReaderOptions options, schema_registry::Client& registry, TableSources sources)
    : options_(std::move(options)),
      registry_(registry),
      sources_(std::move(sources)),
      schemas_(registry),
      tombstones_(sources_.open_producer) {}

KafkaTableReader::~KafkaTableReader() {
  for (const Table& table : tables_) {
    if (table.live != nullptr) table.live->stop();
  }
  {
    const MutexLock lock(mutex_);
    is_stopping_ = true;
    has_stopped_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) {
    consumer_->wake();
    thread_.join();
  }
  keeper_->stop();
  workers_.reset();
  for (const Table& table : tables_) {
    if (table.live == nullptr) continue;
    if (!table.is_gone) static_cast<void>(table.live->note_current());
    if (auto flushed = table.live->flush(); !flushed) options_.report(flushed.error().message);
  }
}

// ---- the thread

void KafkaTableReader::run() {
  if (pace_ == TableSources::Pace::kCatchUp) fetcher_ = std::make_unique<RecordFetcher>(*consumer_, jobs_);
  while (!has_stopped_) {
    do_what_is_due();
    if (must_settle_) {
      if (auto settled = settle(); !settled) handle_read_error(settled.error());
    } else if (fetcher_ != nullptr) {
      catch_up();
    } else {
      const bool was_there = read();
      apply_done(!was_there);
    }
  }
  fetcher_.reset();
  drop_jobs();
}

void KafkaTableReader::catch_up() {
  decode_fetched(milliseconds(0));
  collect_decoded(false);
  if (decoded_records_ >= kManyRecords || decoded_bytes_ >= kManyBytes) return apply_decoded();
  if (!workers_->is_empty()) return collect_decoded(true);
  // Nothing is under way. Behind the end of a partition there may be no more.
  const bool has_ends = std::ranges::any_of(decoded_, [](const auto& job) { return !job->batch.ends().empty(); });
  if (!decoded_.empty()) {
    if (has_ends || !decode_fetched(kMoreMayCome)) apply_decoded();
  } else if (!decode_fetched(std::min(kLongestFetchWait, std::chrono::ceil<milliseconds>(time_to_wait())))) {
    observe_outage();
  }
}

bool KafkaTableReader::decode_fetched(milliseconds wait) {
  bool was_there = false;
  while (!workers_->is_full() && (workers_->is_empty() || pending_bytes_ < kMaxPendingBytes)) {
    auto fetched = fetcher_->take(was_there ? milliseconds(0) : wait);
    if (!fetched) break;
    was_there = true;
    if (fetched->error) handle_read_error(*fetched->error);
    pending_bytes_ += fetched->job->bytes();
    workers_->give(std::move(fetched->job));
  }
  return was_there;
}

void KafkaTableReader::collect_decoded(bool waits) {
  while (auto done = workers_->take(waits)) {
    waits = false;
    std::unique_ptr<RecordJob> job(static_cast<RecordJob*>(done.release()));
    pending_bytes_ -= job->bytes();
    decoded_bytes_ += job->bytes();
    decoded_records_ += job->batch.messages().size();
    decoded_.push_back(std::move(job));
  }
}

void KafkaTableReader::apply_decoded() {
  std::vector<std::unique_ptr<RecordJob>> jobs = std::exchange(decoded_, {});
  decoded_records_ = decoded_bytes_ = 0;
  apply(jobs);
  for (std::unique_ptr<RecordJob>& job : jobs) jobs_.give_back(std::move(job));
}

bool KafkaTableReader::read() {
  if (workers_->is_full() || (!workers_->is_empty() && pending_bytes_ >= kMaxPendingBytes)) return false;
  std::unique_ptr<RecordJob> job = jobs_.take();
  const auto wait = workers_->is_empty() ? std::chrono::ceil<milliseconds>(time_to_wait()) : milliseconds(0);
  const auto got = job->read(*consumer_, kBatch, wait);
  if (!got) handle_read_error(got.error());
  if (job->batch.is_empty()) {
    jobs_.give_back(std::move(job));
    if (got && wait > milliseconds(0)) observe_outage();
    return false;
  }
  if (workers_->is_empty() && job->batch.messages().size() <= kSmallBatch) {
    job->run();
    apply({&job, 1});
    jobs_.give_back(std::move(job));
  } else {
    pending_bytes_ += job->bytes();
    workers_->give(std::move(job));
  }
  return true;
}

void KafkaTableReader::apply_done(bool waits) {
  while (auto done = workers_->take(waits)) {
    waits = false;
    std::unique_ptr<RecordJob> job(static_cast<RecordJob*>(done.release()));
    pending_bytes_ -= job->bytes();
    if (!must_settle_) apply({&job, 1});
    jobs_.give_back(std::move(job));
  }
}

void KafkaTableReader::drop_jobs() {
  while (workers_->take(true) != nullptr) {
  }
  pending_bytes_ = 0;
  if (fetcher_ != nullptr) fetcher_->forget();
  decoded_.clear();
  decoded_records_ = decoded_bytes_ = 0;
}

std::map<size_t, NextOffsets> KafkaTableReader::next_offsets_of(Jobs jobs) const {
  std::map<size_t, NextOffsets> next;
  const kafka::Message* last = nullptr;
  kafka::Offset* offset = nullptr;
  for (const auto& job : jobs) {
    for (const kafka::Message& message : job->batch.messages()) {
      if (last == nullptr || last->partition != message.partition || last->topic != message.topic) {
        const auto number = schemas_.table_of(message.topic);
        if (!number) continue;
        offset = &next[*number][message.partition];
        last = &message;
      }
      *offset = message.offset + 1;
    }
  }
  return next;
}

void KafkaTableReader::apply(Jobs jobs) {
  for (const auto& job : jobs) {
    while (job->failure()) {
      set_outage(job->failure()->message);
      if (!pause(kRetry)) return;
      job->run();
      if (!job->failure()) set_outage(std::nullopt);
    }
  }
  for (const auto& [number, next] : next_offsets_of(jobs)) {
    if (!apply_to(number, jobs, next)) return;
  }
  for (const auto& job : jobs) {
    for (const kafka::PartitionEnd& end : job->batch.ends()) {
      const auto number = schemas_.table_of(end.partition.topic);
      if (number) tables_[*number].live->on_partition_end(end.partition.partition, end.offset);
    }
  }
  follow_when_caught_up();
}

// False where what is under way is not to be applied any more.
bool KafkaTableReader::apply_to(size_t number, Jobs jobs, const NextOffsets& next) {
  Table& table = tables_[number];
  if (schemas_.needs_rebuild(number)) {
    schemas_.clear_rebuild(number);
    rebuild(number, "its keys, or the values of an index, are read by another schema");
    return false;
  }
  std::vector<RecordRun> runs;
  for (const auto& job : jobs) {
    for (const auto& [partition, end] : job->high_watermarks()) {
      if (partition.topic == table.topic) table.live->on_end(partition.partition, end);
    }
    if (number >= job->tables().size()) continue;
    RecordJob::TableRecords& records = job->tables()[number];
    if (!records.unreadable.empty()) table.live->add_unreadable(std::move(records.unreadable));
    if (records.size > 0) runs.push_back({.records = records.records(), .by_key = records.by_key});
  }
  for (;;) {
    const auto applied = table.live->apply(runs, next);
    if (applied) break;
    report_once(fmt::format("{}: {}", table.topic, applied.error().message));
    if (applied.error().code == ErrorCode::kCorrupt) {
      rebuild(number, applied.error().message);
      return false;
    }
    table.live->set_outage(applied.error().message);
    if (!pause(kRetry)) return false;
  }
  if (!table.flush_due) table.flush_due = Clock::now() + options_.flush_every;
  return true;
}

// The consumer that reads much at once asks the brokers a hundred times a second.
void KafkaTableReader::follow_when_caught_up() {
  if (pace_ == TableSources::Pace::kFollow) return;
  // What a partial table holds first may be much.
  if (options_.is_partial && std::ranges::all_of(tables_, [](const Table& table) { return table.held.empty(); }))
    return;
  if (std::ranges::any_of(tables_, [](const Table& table) { return !table.is_gone && table.live->is_restoring(); })) {
    return;
  }
  auto consumer = open_consumer(TableSources::Pace::kFollow);
  if (!consumer) return report_once(consumer.error().message);
  fetcher_.reset();
  {
    const MutexLock lock(mutex_);
    consumer_.swap(*consumer);
  }
  pace_ = TableSources::Pace::kFollow;
  must_settle_ = true;
  // Closing it takes its time.
  keeper_->post([old = *std::move(consumer)]() mutable { old.reset(); });
}

// ---- what goes wrong

bool KafkaTableReader::pause(milliseconds time) {
  const auto until = Clock::now() + time;
  MutexLock lock(mutex_);
  while (!is_stopping_ && changed_.wait_until(lock, until)) {
  }
  return !is_stopping_;
}

void KafkaTableReader::report_once(const std::string& line) {
  if (line == last_report_) return;
  last_report_ = line;
  options_.report(line);
}

void KafkaTableReader::set_outage(const std::optional<std::string>& outage) {
  for (const Table& table : tables_) {
    if (!table.is_gone) table.live->set_outage(outage);
  }
}

void KafkaTableReader::observe_outage() {
  const auto now = Clock::now();
  if (now < next_outage_check_) return;
  next_outage_check_ = now + kLongestWait / 2;
  const RecordFetcher::Pause pause(fetcher_.get());
  const auto outage = consumer_->outage();
  set_outage(outage ? std::optional(outage->message) : std::nullopt);
}

// An offset that the log does not have, or a topic that is not there: whether it was cut, or made anew, is asked.
void KafkaTableReader::handle_read_error(const Error& error) {
  if (error.code == ErrorCode::kNotFound) {
    must_check_offsets_ = true;
    next_facts_ = std::min(next_facts_, facts_asked_ + kFactsAfterError);
  } else {
    report_once(error.message);
    set_outage(error.message);
  }
  static_cast<void>(pause(milliseconds(50)));
}

// ---- what is due

KafkaTableReader::Clock::duration KafkaTableReader::time_to_wait() const {
  Clock::duration wait = kLongestWait;
  const int64_t now_ms = std::chrono::floor<milliseconds>(options_.now().time_since_epoch()).count();
  const auto now = Clock::now();
  wait = std::min(wait, next_facts_ - now);
  for (const Table& table : tables_) {
    if (table.flush_due) wait = std::min(wait, *table.flush_due - now);
    if (table.next_due_ms) wait = std::min<Clock::duration>(wait, milliseconds(*table.next_due_ms - now_ms));
  }
  return std::max<Clock::duration>(wait, milliseconds(1));
}

void KafkaTableReader::do_what_is_due() {
  const auto now = Clock::now();
  for (Table& table : tables_) {
    auto due = table.live->expire();
    if (due) table.next_due_ms = *due;
    if (!due) report_once(fmt::format("{}: {}", table.topic, due.error().message));
    if (auto noted = table.live->note_if_current(); !noted) report_once(noted.error().message);
    if (!table.flush_due && table.live->needs_flush()) table.flush_due = now + options_.flush_every;
    if (!table.flush_due || now < *table.flush_due) continue;
    table.flush_due.reset();
    keeper_->post([live = table.live, report = options_.report, topic = table.topic] {
      if (auto flushed = live->flush(); !flushed) report(fmt::format("{}: {}", topic, flushed.error().message));
    });
  }
  if (has_wanted_) must_settle_ = true;
  if (has_facts_) handle_facts();
  if (now >= next_facts_) ask_for_facts();
}

void KafkaTableReader::ask_for_facts() {
  facts_asked_ = Clock::now();
  next_facts_ = facts_asked_ + options_.look_every;
  if (asks_facts_.exchange(true)) return;
  keeper_->post([this] {
    std::vector<std::string> topics;
    for (const Table& table : tables_) topics.push_back(table.topic);
    Facts facts = sources_.look(topics);
    {
      const MutexLock lock(mutex_);
      facts_ = std::move(facts);
      has_facts_ = true;
      asks_facts_ = false;
      consumer_->wake();
    }
  });
}

void KafkaTableReader::refresh_schemas(size_t number) {
  if (auto refreshed = schemas_.refresh(number); !refreshed) {
    options_.report(fmt::format("{}: {}", tables_[number].topic, refreshed.error().message));
  }
}

void KafkaTableReader::write_tombstones(size_t number, std::vector<HiddenRow> rows) {
  const Table& table = tables_[number];
  std::erase_if(rows, [&](const HiddenRow& row) {
    return !options_.owns({.topic = table.topic, .partition = row.position.partition});
  });
  if (rows.empty()) return;
  if (auto written = tombstones_.write(*table.live, rows); !written) {
    options_.report(fmt::format("{}: rows whose ttl is over were hidden, and not deleted from the topic: {}",
                                table.topic, written.error().message));
  }
}

void KafkaTableReader::handle_facts() {
  Facts facts;
  {
    const MutexLock lock(mutex_);
    has_facts_ = false;
    if (!facts_) return;
    facts = std::move(*facts_);
    facts_.reset();
  }
  for (size_t i = 0; i < tables_.size(); ++i) handle_facts_of(i, facts[i]);
  if (must_check_offsets_) check_offsets();
}

void KafkaTableReader::handle_facts_of(size_t number, const Result<TopicFacts>& facts) {
  Table& table = tables_[number];
  if (!facts) {
    if (facts.error().code != ErrorCode::kNotFound) return;
    table.is_gone = true;
    table.live->set_outage(fmt::format("the topic {} was deleted", table.topic));
    next_facts_ = std::min(next_facts_, facts_asked_ + kFactsAfterError);
    return;
  }
  const bool is_other = !facts->id.empty() && facts->id != table.facts.id;
  const bool was_gone = std::exchange(table.is_gone, false);
  if (was_gone) table.live->set_outage(std::nullopt);
  if (is_other || (was_gone && facts->id.empty()) || facts->partitions < table.facts.partitions) {
    table.facts = *facts;
    rebuild(number, "the topic was made anew");
  } else if (facts->partitions > table.facts.partitions) {
    table.facts = *facts;
    must_settle_ = true;
  }
}

void KafkaTableReader::check_offsets() {
  must_check_offsets_ = false;
  std::vector<size_t> numbers;
  for (size_t i = 0; i < tables_.size(); ++i) {
    if (!tables_[i].is_gone && !tables_[i].must_begin) numbers.push_back(i);
  }
  const auto marks = ask_watermarks(numbers, kWatermarksTimeout);
  if (!marks) {
    must_check_offsets_ = true;
    return handle_read_error(marks.error());
  }
  for (const size_t number : numbers) {
    const Table& table = tables_[number];
    const auto why = why_rebuild({.next_offsets = table.live->next_offsets(), .current_at_ms = 0},
                                 marks->at(table.topic), INT64_MAX, 0);
    if (why) rebuild(number, *why);
  }
  must_settle_ = true;
}

}  // namespace omashu::table
