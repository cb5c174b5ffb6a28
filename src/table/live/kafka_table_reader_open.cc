// How a reader's tables are opened, and made anew.

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/thread_signals.h"
#include "table/live/kafka_table_reader.h"
#include "table/live/resume_check.h"

namespace omashu::table {

namespace {

constexpr size_t kMaxBatches = 16;  // under way

// Somebody who asks for a table's schemas makes the registry be asked for newer ones, but not again and again.
class SchemaPace {
 public:
  bool is_due() {
    using Clock = std::chrono::steady_clock;
    const auto now = Clock::now().time_since_epoch().count();
    auto last = last_.load(std::memory_order_relaxed);
    if (Clock::duration(now - last) < std::chrono::seconds(30)) return false;
    return last_.compare_exchange_strong(last, now);
  }

 private:
  std::atomic<std::chrono::steady_clock::rep> last_ = std::chrono::steady_clock::now().time_since_epoch().count();
};

// One core is for the reading thread.
size_t worker_count() { return std::clamp<size_t>(std::thread::hardware_concurrency(), 2, 5) - 1; }

}  // namespace

Result<void> KafkaTableReader::start() {
  std::vector<std::string> topics;
  std::set<std::string> known;
  for (const TableOptions& table : options_.tables) {
    if (!known.insert(table.topic).second) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{} is named twice", table.topic));
    }
    topics.push_back(table.topic);
  }
  const Facts facts = sources_.describe(topics);
  tables_.resize(topics.size());
  std::vector<size_t> numbers;
  for (size_t i = 0; i < topics.size(); ++i) {
    if (auto opened = open_table(i, options_.tables[i], facts[i]); !opened) return opened;
    numbers.push_back(i);
  }
  auto consumer = open_consumer(TableSources::Pace::kCatchUp);
  if (!consumer) return fail(std::move(consumer.error()));
  consumer_ = *std::move(consumer);
  pace_ = TableSources::Pace::kCatchUp;
  const auto marks = ask_watermarks(numbers, options_.timeout);
  if (!marks) return fail(marks.error());
  for (const size_t number : numbers) {
    Table& table = tables_[number];
    const Watermarks& of_table = marks->at(table.topic);
    const StoredProgress stored = {.next_offsets = table.live->store()->snapshot()->next_offsets(),
                                   .current_at_ms = StoredTable::current_at_ms(*table.live->store())};
    const int64_t now_ms = std::chrono::floor<std::chrono::milliseconds>(options_.now().time_since_epoch()).count();
    if (options_.is_partial) {
      if (auto noted = table.live->note_all_left(); !noted) return noted;
    } else if (const auto why = why_rebuild(stored, of_table, table.facts.delete_retention_ms, now_ms)) {
      if (auto opened = open_next_store(number, *why); !opened) return opened;
    }
    begin(table, of_table);
  }
  workers_ = std::make_unique<OrderedWorkers>(worker_count(), kMaxBatches);
  if (auto assigned = assign(); !assigned) return assigned;
  next_facts_ = facts_asked_ = Clock::now();
  next_facts_ += options_.look_every;
  follow_when_caught_up();
  thread_ = std::thread([this] {
    block_signals();
    run();
  });
  return {};
}

StoredTable::Parts KafkaTableReader::parts_of(size_t number, const TableOptions& options) {
  StoredTable::Parts parts;
  parts.options = options;
  parts.timer = timer_;
  parts.is_partial = options_.is_partial;
  parts.delete_retention_ms = tables_[number].facts.delete_retention_ms;
  parts.now_ms = [now = options_.now] {
    return std::chrono::floor<std::chrono::milliseconds>(now().time_since_epoch()).count();
  };
  return parts;
}

Result<void> KafkaTableReader::open_table(size_t number, const TableOptions& options, const Result<TopicFacts>& facts) {
  if (!facts) return fail(facts.error());
  Table& table = tables_[number];
  table.topic = options.topic;
  table.facts = *facts;
  StoredTable::Parts parts = parts_of(number, options);
  auto schema = TableSchema::open(registry_, options);
  if (!schema) return fail(std::move(schema.error()));
  parts.schema = *std::move(schema);
  table.folder = std::make_unique<TableFolder>(options_.data_folder, options.topic, sources_.open_store);
  auto store = table.folder->open(StoredTable::store_identity(options, *parts.schema, facts->id));
  if (!store) return fail(std::move(store.error()).within(options.topic));
  if (const auto& why = (*store)->emptied_because()) options_.report(fmt::format("{}: {}", options.topic, *why));
  parts.store = *std::move(store);
  parts.on_typed = [this, number, keeper = std::weak_ptr(keeper_), pace = std::make_shared<SchemaPace>()] {
    const auto alive = keeper.lock();
    // The keeper drops what is posted once the reader has stopped.
    if (alive != nullptr && pace->is_due()) alive->post([this, number] { refresh_schemas(number); });
  };
  if (options.ttl && options.ttl->writes_tombstones) {
    parts.on_hidden = [this, number](std::vector<HiddenRow> rows) {
      keeper_->post([this, number, rows = std::move(rows)] { write_tombstones(number, rows); });
    };
  }
  parts.history = std::make_shared<TableHistory>(
      options.topic, [open = sources_.open_consumer] { return open(TableSources::Pace::kLookUp); }, options_.timeout);
  table.live = std::make_shared<StoredTable>(std::move(parts));
  live_.push_back(table.live);
  schemas_.add(table.live, options);
  return {};
}

Result<std::unique_ptr<kafka::Consumer>> KafkaTableReader::open_consumer(TableSources::Pace pace) {
  auto consumer = sources_.open_consumer(pace);
  if (!consumer) return consumer;
  // The records of a damaged batch are lost, and must not keep those behind them from being read.
  (*consumer)->pass_over_damage([this](const kafka::DamagedBatch& batch) {
    const auto number = schemas_.table_of(batch.partition.topic);
    if (!number) return;
    tables_[*number].live->add_unreadable(
        {{.position = {.partition = batch.partition.partition, .offset = batch.offset},
          .timestamp_ms = -1,
          .problem = "the batch of records that begins here is damaged: its CRC is wrong"}});
  });
  return consumer;
}

Result<std::map<std::string, KafkaTableReader::Watermarks>> KafkaTableReader::ask_watermarks(
    const std::vector<size_t>& numbers, std::chrono::milliseconds timeout) {
  std::map<std::string, Watermarks> marks;
  std::vector<kafka::TopicPartition> partitions;
  for (const size_t number : numbers) {
    const Table& table = tables_[number];
    marks[table.topic];
    for (kafka::PartitionId i = 0; i < table.facts.partitions; ++i) {
      partitions.push_back({.topic = table.topic, .partition = i});
    }
  }
  const RecordFetcher::Pause pause(fetcher_.get());
  const auto found = consumer_->all_watermarks(partitions, timeout);
  if (!found) return fail(found.error());
  for (const auto& [place, of_partition] : *found) marks[place.topic][place.partition] = of_partition;
  return marks;
}

void KafkaTableReader::begin(Table& table, const Watermarks& marks) {
  const NextOffsets stored = table.live->store()->snapshot()->next_offsets();
  NextOffsets starts, ends;
  for (const auto& [partition, of_partition] : marks) {
    if (!is_read(table, partition)) continue;
    const auto next = stored.find(partition);
    starts[partition] = std::max(of_partition.low, next == stored.end() ? 0 : next->second);
    ends[partition] = of_partition.high;
  }
  table.live->begin_reading(starts, ends);
}

Result<void> KafkaTableReader::assign() {
  std::map<kafka::TopicPartition, kafka::Offset> offsets;
  for (const Table& table : tables_) {
    if (table.is_gone || table.must_begin) continue;
    const NextOffsets next = table.live->next_offsets();
    for (kafka::PartitionId i = 0; i < table.facts.partitions; ++i) {
      if (!is_read(table, i)) continue;
      const auto known = next.find(i);
      offsets[{table.topic, i}] = known == next.end() ? kafka::kOffsetBeginning : known->second;
    }
  }
  const RecordFetcher::Pause pause(fetcher_.get());
  return consumer_->assign(offsets);
}

Result<void> KafkaTableReader::open_next_store(size_t number, const std::string& why) {
  Table& table = tables_[number];
  options_.report(fmt::format("{}: the table is made anew from its topic, since {}", table.topic, why));
  const auto schema = table.live->schema();
  auto store = table.folder->open_next(StoredTable::store_identity(options_.tables[number], *schema, table.facts.id));
  if (!store) return fail(std::move(store.error()).within(table.topic));
  table.live->replace_store(*std::move(store));
  return {};
}

void KafkaTableReader::rebuild(size_t number, const std::string& why) {
  tables_[number].rebuild_reason = why;
  must_settle_ = true;
}

Result<void> KafkaTableReader::settle() {
  const RecordFetcher::Pause pause(fetcher_.get());
  drop_jobs();
  std::vector<size_t> numbers;
  for (size_t i = 0; i < tables_.size(); ++i) {
    Table& table = tables_[i];
    if (table.rebuild_reason) {
      if (auto opened = open_next_store(i, *table.rebuild_reason); !opened) return opened;
      table.rebuild_reason.reset();
      table.must_begin = true;
    }
    if (table.must_begin && !table.is_gone) numbers.push_back(i);
  }
  if (!numbers.empty()) {
    const auto marks = ask_watermarks(numbers, kWatermarksTimeout);
    if (!marks) return fail(marks.error());
    for (const size_t number : numbers) {
      begin(tables_[number], marks->at(tables_[number].topic));
      tables_[number].must_begin = false;
    }
  }
  if (options_.is_partial) {
    if (auto held = settle_held(); !held) return held;
  }
  if (auto assigned = assign(); !assigned) return assigned;
  must_settle_ = false;
  return {};
}

Result<std::unique_ptr<TableReader>> open_table_reader(TableReaderOptions options, schema_registry::Client& registry,
                                                       TableSources sources) {
  auto reader = std::make_unique<KafkaTableReader>(std::move(options), registry, std::move(sources));
  if (auto started = reader->start(); !started) return fail(std::move(started.error()));
  return reader;
}

}  // namespace omashu::table
