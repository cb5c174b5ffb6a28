#include "service/write/writer.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "kafka/partitioner.h"
#include "serde/wire_format.h"
#include "service/table_head.h"
#include "service/write/record_batches.h"
#include "table/position_set.h"

namespace omashu::service {

namespace {

using std::chrono::milliseconds;
using SteadyClock = std::chrono::steady_clock;

// The records of one step, until all of them were acknowledged.
class Flight {
 public:
  explicit Flight(size_t records) : positions_(records), missing_(records) {}

  // Whether it was the last one.
  bool land(size_t index, const Result<kafka::RecordMetadata>& result) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    if (result) {
      positions_[index] = {.partition = result->partition, .offset = result->offset};
    } else if (!failure_) {
      failure_ = result.error();
    }
    return --missing_ == 0;
  }

  // Once all have landed.
  std::vector<table::Position> positions() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return positions_;
  }
  std::optional<Error> failure() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return failure_;
  }

 private:
  mutable Mutex mutex_;
  std::vector<table::Position> positions_ GUARDED_BY(mutex_);
  size_t missing_ GUARDED_BY(mutex_);
  std::optional<Error> failure_ GUARDED_BY(mutex_);
};

struct Write {
  std::shared_ptr<const WriteRequest> request;
  Writer::Done done;
  KeyWrite machine;
  std::vector<table::Change> changes = {};  // of the key since the row was looked up
  bool has_missed_changes = false;
  bool was_sent = false;  // a record of it
};

// One table's writes that are not done, by key; the first of each key is under way.
struct TableWrites {
  std::unordered_map<std::string, std::deque<std::unique_ptr<Write>>> keys = {};
  table::ChangeFeed::Sequence next_change = 0;
  bool was_complete = false;
  int partitions = 1;
};

constexpr size_t kMaxChanges = 10'000;  // of one key, while one write of it is under way
constexpr size_t kChangesAtOnce = 1'000;
constexpr milliseconds kPoll{100};

class KafkaWriter : public Writer {
 public:
  explicit KafkaWriter(Options options) : options_(std::move(options)), polling_([this] { poll(); }) {}

  ~KafkaWriter() override {
    inbox_->stop();  // from here on what is posted goes nowhere
    is_stopping_ = true;
    polling_.join();
    options_.producer.reset();
  }

  void submit(std::shared_ptr<const WriteRequest> request, Done done) override {
    inbox_->post([this, request = std::move(request), done = std::move(done)]() mutable {
      enqueue(std::move(request), std::move(done));
    });
  }

 private:
  void poll() {
    while (!is_stopping_) options_.producer->poll(kPoll);
  }

  // ---- on the writer's thread

  void enqueue(std::shared_ptr<const WriteRequest> request, Done done) {
    TableWrites& writes = tables_[request->table];
    // Nobody waits for changes: those from here on are enough.
    if (writes.keys.empty()) writes.next_change = request->table->changes().end();
    KeyWrite machine({.key = request->key_bytes.front(), .is_any_row_right = request->suits_any_row()});
    auto& queue = writes.keys[request->key];
    queue.push_back(std::make_unique<Write>(Write{std::move(request), std::move(done), std::move(machine)}));
    if (queue.size() == 1) begin(*queue.front());
  }

  void begin(Write& write) {
    table::LiveTable& table = *write.request->table;
    const std::vector<table::Position> named = write.request->conditions.positions(table.topic());
    table::PositionSet awaited{.topic = table.topic(), .offsets = {}};
    for (const table::Position& position : named) {
      kafka::Offset& offset = awaited.offsets[position.partition];
      offset = std::max(offset, position.offset);
    }
    if (named.empty() || table.positions().contains(awaited)) return look_up(write);
    table.when_read(awaited, SteadyClock::now() + options_.condition_timeout,
                    [this, inbox = inbox_, &write](bool) { inbox->post([this, &write] { look_up(write); }); });
  }

  void look_up(Write& write) {
    auto found = write.request->table->find(write.request->key, table::Reach::kMemory);
    if (found || found.error().code != ErrorCode::kUnavailable) return start(write, std::move(found));
    options_.executor.post([this, inbox = inbox_, request = write.request, &write] {
      inbox->post([this, &write, row = request->table->find(request->key, table::Reach::kDisk)]() mutable {
        start(write, std::move(row));
      });
    });
  }

  void start(Write& write, Result<table::Lookup> found) {
    if (!found) return finish(write, {std::unexpected(problem_of(found.error()))});
    table::LiveTable& table = *write.request->table;
    TableWrites& writes = tables_[&table];
    if (!writes.was_complete) {
      const table::TableStatus status = table.status();
      writes.was_complete = !status.is_restoring;
      writes.partitions = std::max<int>(1, static_cast<int>(status.partitions.size()));
    }
    if (!writes.was_complete || found->state == table::RowState::kNotYetSeen) {
      return finish(write, {std::unexpected(restoring(table, "the table takes writes once it was read"))});
    }
    RowPtr row;
    if (found->row) {
      if (found->state != table::RowState::kFound) found->row->value.reset();  // hidden by the table's ttl
      row = std::make_shared<table::LiveRow>(*std::move(found->row));
    }
    take(write, write.machine.start(std::move(row)));
  }

  void take(Write& write, KeyWrite::Step step) {
    while (auto* decide = std::get_if<KeyWrite::Decide>(&step)) {
      if (write.request->may_wait(decide->row)) return decide_elsewhere(write, std::move(decide->row));
      step = write.machine.on_decided(write.request->decide(decide->row));
    }
    if (auto* records = std::get_if<KeyWrite::Write>(&step)) return send(write, std::move(*records));
    finish(write, std::move(std::get<KeyWrite::Finish>(step)));
  }

  void decide_elsewhere(Write& write, RowPtr row) {
    options_.executor.post([this, inbox = inbox_, request = write.request, row = std::move(row), &write] {
      inbox->post([this, &write, decision = request->decide(row)]() mutable {
        take(write, write.machine.on_decided(std::move(decision)));
      });
    });
  }

  void send(Write& write, KeyWrite::Write step) {
    const auto& permit = write.request->permit;
    if (permit != nullptr && !permit->is_valid()) return lose(write);
    write.was_sent = true;
    const auto flight = std::make_shared<Flight>(step.records.size());
    const std::string& topic = write.request->table->topic();
    std::optional<int64_t> timestamp_ms;
    const auto now = std::chrono::duration_cast<milliseconds>(options_.now().time_since_epoch()).count();
    if (step.after_ms >= now) timestamp_ms = step.after_ms + 1;
    for (size_t i = 0; i < step.records.size(); ++i) {
      NewRecord& from = step.records[i];
      kafka::Record record{
          .topic = topic, .key = std::move(from.key), .value = std::move(from.value), .timestamp_ms = timestamp_ms};
      if (from.schema_id_header) {
        record.headers.push_back(
            {std::string(serde::schema_id_header_name(serde::RecordPart::kValue)), std::move(from.schema_id_header)});
      }
      const auto landed = [this, inbox = inbox_, &write, flight, i](const Result<kafka::RecordMetadata>& result) {
        if (flight->land(i, result)) on_landed(inbox, write, flight);
      };
      const auto partition = kafka::partition_of(*record.key, tables_[write.request->table].partitions);
      batches_.send(static_cast<size_t>(partition), std::move(record), landed);
    }
  }

  // Another server owns the key by now, or may own it.
  void lose(Write& write) {
    Problem problem{.type = ProblemType::kNotAcknowledged,
                    .detail = "another server took over the key while it was written: read the row"};
    if (!write.was_sent) {
      problem.type = ProblemType::kUnavailable;
      problem.detail = "another server takes over the key: nothing was written, ask again";
      problem.fields.push_back({"Retry-After", "1"});
    }
    take(write, write.machine.on_failed(std::move(problem)));
  }

  // On any thread: the write waits for nothing else.
  void on_landed(const std::shared_ptr<Executor>& inbox, Write& write, const std::shared_ptr<Flight>& flight) {
    if (flight->failure()) return inbox->post([this, &write, flight] { fail_write(write, *flight->failure()); });
    table::LiveTable& table = *write.request->table;
    table::PositionSet positions{.topic = table.topic(), .offsets = {}};
    for (const table::Position& position : flight->positions()) {
      kafka::Offset& offset = positions.offsets[position.partition];
      offset = std::max(offset, position.offset);
    }
    table.when_read(positions, SteadyClock::now() + options_.read_back_timeout,
                    [this, inbox, &write, flight](bool is_read) {
                      inbox->post([this, &write, flight, is_read] { on_read_back(write, *flight, is_read); });
                    });
  }

  void on_read_back(Write& write, const Flight& flight, bool is_read) {
    const std::vector<table::Position> positions = flight.positions();
    const std::string place = table::position_text(write.request->table->topic(), positions.front());
    if (!is_read) {
      Problem problem{.type = ProblemType::kNotReachedInTime,
                      .detail = fmt::format("the record was written to {}, and the table has not read it yet", place)};
      problem.members.push_back({"position", place});
      return take(write, write.machine.on_failed(std::move(problem)));
    }
    read_changes(*write.request->table);
    if (write.has_missed_changes && !write.request->suits_any_row()) {
      Problem problem{.type = ProblemType::kNotAcknowledged,
                      .detail = fmt::format("the record was written to {}, and what came before it could not be seen "
                                            "any more: read the row",
                                            place)};
      problem.members.push_back({"position", place});
      return take(write, write.machine.on_failed(std::move(problem)));
    }
    take(write, write.machine.on_read_back(positions, write.changes));
  }

  void fail_write(Write& write, const Error& error) {
    Problem problem = problem_of(error);
    if (error.code == ErrorCode::kInvalidArgument) problem.type = ProblemType::kBodyTooLarge;
    if (error.code == ErrorCode::kTimeout) problem.type = ProblemType::kNotAcknowledged;
    take(write, write.machine.on_failed(std::move(problem)));
  }

  // What the table has read, to the writes that are under way.
  void read_changes(table::LiveTable& table) {
    TableWrites& writes = tables_[&table];
    for (;;) {
      const auto changes = table.changes().read(writes.next_change, kChangesAtOnce);
      if (!changes) {
        writes.next_change = table.changes().end();
        for (auto& [key, queue] : writes.keys) queue.front()->has_missed_changes = true;
        return;
      }
      if (changes->empty()) return;
      writes.next_change += changes->size();
      for (const table::Change& change : *changes) {
        const auto found = writes.keys.find(change.after->key);
        if (found == writes.keys.end()) continue;
        Write& write = *found->second.front();
        if (write.changes.size() == kMaxChanges) write.has_missed_changes = true;
        if (!write.has_missed_changes) write.changes.push_back(change);
      }
    }
  }

  void finish(Write& write, KeyWrite::Finish outcome) {
    TableWrites& writes = tables_[write.request->table];
    const auto found = writes.keys.find(write.request->key);
    const std::unique_ptr<Write> held = std::move(found->second.front());
    found->second.pop_front();
    if (found->second.empty()) {
      writes.keys.erase(found);
    } else {
      inbox_->post([this, &next = *found->second.front()] { begin(next); });
    }
    held->done(*held->request, std::move(outcome));
  }

  Options options_;
  RecordBatches batches_{*options_.producer, [this](std::function<void()> send) { inbox_->post(std::move(send)); }};
  std::atomic<bool> is_stopping_ = false;
  // The writer's thread. Others hold it too, and may post to it when the writer is gone.
  const std::shared_ptr<Executor> inbox_ = std::make_shared<Executor>(1);
  std::unordered_map<table::LiveTable*, TableWrites> tables_;  // of the writer's thread
  std::thread polling_;
};

}  // namespace

std::unique_ptr<Writer> Writer::start(Options options) { return std::make_unique<KafkaWriter>(std::move(options)); }

}  // namespace omashu::service
