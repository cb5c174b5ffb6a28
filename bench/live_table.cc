// How fast a live table reads its topic, is there again after a restart, and hears of a change.
//
//   live_table_bench BOOTSTRAP REGISTRY_URL FOLDER [RECORDS [KEYS]]     FOLDER: an empty one; 1,000,000 records
//
// "acknowledged to seen" begins when the producer's callback is called, on the thread that sends (acks=all, one record
// at a time for the first figure, 2,000 a second for the second), and ends when the table calls those who follow it.

#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "kafka/admin.h"
#include "kafka/producer.h"
#include "schema_registry/client/client.h"
#include "table/live/table_reader.h"

using namespace omashu;
using Clock = std::chrono::steady_clock;

namespace {

constexpr const char* kKey = R"({"type":"record","name":"Key","fields":[{"name":"omashuId","type":"string"}]})";
constexpr const char* kValue =
    R"({"type":"record","name":"Status","fields":[{"name":"omashuId","type":"string"},)"
    R"({"name":"status","type":{"type":"enum","name":"State","symbols":["QUEUED","RUNNING","COMPLETED","FAILED"]}},)"
    R"({"name":"bytesSoFar","type":"long"},{"name":"bytesTotal","type":"long"},)"
    R"({"name":"updatedAt","type":{"type":"long","logicalType":"timestamp-millis"}}]})";

[[noreturn]] void die(const std::string& what) {
  fmt::print(stderr, "live_table_bench: {}\n", what);
  std::exit(1);
}

template <class T>
T check(Result<T> result) {
  if (!result) die(result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

double ms_since(Clock::time_point begun) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begun).count();
}

double cpu_ms() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto ms = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
  };
  return ms(usage.ru_utime) + ms(usage.ru_stime);
}

void say(const std::string& what, std::vector<double> samples) {
  std::ranges::sort(samples);
  const auto at = [&](size_t per_mille) {
    return samples[std::min(samples.size() - 1, samples.size() * per_mille / 1000)];
  };
  fmt::print("{:<58} p50 {:7.3f}  p99 {:7.3f}  max {:8.3f} ms  ({})\n", what, at(500), at(990), samples.back(),
             samples.size());
}

struct Bench {
  kafka::ClientConfig kafka;
  std::unique_ptr<schema_registry::Client> registry;
  std::string folder;
  std::string topic = "bench-live-table";
  std::unique_ptr<table::TypedTopic> typed;
  std::unique_ptr<kafka::Producer> producer;

  kafka::Record record(size_t key, size_t number) const {
    const std::string id = fmt::format("om-{:09}", key);
    const std::string json = fmt::format(
        R"({{"omashuId":"{}","status":"{}","bytesSoFar":{},"bytesTotal":100000000,"updatedAt":"2026-11-30T08:00:00Z"}})",
        id,
        number % 4 == 0   ? "QUEUED"
        : number % 4 == 1 ? "RUNNING"
                          : "COMPLETED",
        number);
    return {.topic = topic,
            .key = check(typed->write_key(fmt::format(R"({{"omashuId":"{}"}})", id))),
            .value = check(typed->write_value(json))};
  }
};

std::unique_ptr<table::TableReader> open_tables(Bench& bench) {
  table::TableReaderOptions options{
      .kafka = bench.kafka, .data_folder = bench.folder, .tables = {{.topic = bench.topic, .indexes = {"status"}}}};
  options.report = [](const std::string& line) { fmt::print("  {}\n", line); };
  return check(table::TableReader::open(std::move(options), *bench.registry));
}

void wait_until_restored(const table::LiveTable& table) {
  while (table.status().is_restoring) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void fill(Bench& bench, size_t records, size_t keys) {
  auto admin = check(kafka::Admin::open(bench.kafka, std::chrono::seconds(30)));
  const std::vector<kafka::NewTopic> topics = {
      {.name = bench.topic, .partitions = 6, .configs = {{"cleanup.policy", "compact"}}}};
  check(admin->create_topics(topics, false).at(0));
  check(bench.registry->register_schema(bench.topic + "-key", {.schema = kKey}, false));
  check(bench.registry->register_schema(bench.topic + "-value", {.schema = kValue}, false));
  bench.typed = std::make_unique<table::TypedTopic>(check(table::TypedTopic::open(*bench.registry, bench.topic)));
  const auto begun = Clock::now();
  for (size_t i = 0; i < records; ++i) {
    check(bench.producer->send(bench.record(i % keys, i), [](const Result<kafka::RecordMetadata>& sent) {
      if (!sent) die(sent.error().message);
    }));
  }
  check(bench.producer->flush(std::chrono::minutes(5)));
  fmt::print("{} records of {} keys were written in {:.0f} ms\n", records, keys, ms_since(begun));
}

// Sends `count` records, one each `pace`, and tells how long after its acknowledgement each was seen.
void measure_changes(Bench& bench, table::LiveTable& table, size_t count, std::chrono::microseconds pace,
                     const std::string& what) {
  std::mutex mutex;
  std::map<std::pair<int, int64_t>, Clock::time_point> acknowledged, seen;
  auto next = table.changes().end();
  std::atomic<size_t> seen_count = 0;
  const auto listener = table.changes().add_listener([&] {
    const auto now = Clock::now();
    const auto changes = table.changes().read(next, 100'000);
    if (!changes) die("the feed is too short");
    next += changes->size();
    const std::lock_guard lock(mutex);
    for (const table::Change& change : *changes) seen[{change.cause.partition, change.cause.offset}] = now;
    seen_count += changes->size();
  });
  const auto begun = Clock::now();
  std::atomic<size_t> acknowledged_count = 0;
  for (size_t i = 0; i < count; ++i) {
    check(bench.producer->send(bench.record(i % 1'000, i + 7), [&](const Result<kafka::RecordMetadata>& sent) {
      const auto now = Clock::now();
      if (!sent) die(sent.error().message);
      const std::lock_guard lock(mutex);
      acknowledged[{sent->partition, sent->offset}] = now;
      ++acknowledged_count;
    }));
    if (pace.count() == 0) {
      while (acknowledged_count < i + 1) bench.producer->poll(std::chrono::milliseconds(10));
    } else {
      while (Clock::now() < begun + pace * (i + 1)) bench.producer->poll(std::chrono::milliseconds(0));
    }
  }
  check(bench.producer->flush(std::chrono::minutes(1)));
  while (seen_count < count) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  table.changes().remove_listener(listener);
  std::vector<double> samples;
  for (const auto& [place, at] : acknowledged) {
    samples.push_back(std::chrono::duration<double, std::milli>(seen.at(place) - at).count());
  }
  say(what, std::move(samples));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) die("usage: live_table_bench BOOTSTRAP REGISTRY_URL FOLDER [RECORDS [KEYS]]");
  const size_t records = argc > 4 ? std::stoul(argv[4]) : 1'000'000;
  const size_t keys = argc > 5 ? std::stoul(argv[5]) : records;
  Bench bench;
  bench.kafka.set("bootstrap.servers", argv[1]);
  schema_registry::ClientOptions registry;
  registry.urls = {argv[2]};
  bench.registry = check(schema_registry::Client::open(std::move(registry)));
  bench.folder = argv[3];
  kafka::ClientConfig producing = bench.kafka;
  producing.set("linger.ms", "0");
  bench.producer = check(kafka::Producer::open(producing));
  fill(bench, records, keys);

  {
    const auto begun = Clock::now();
    const double cpu_before = cpu_ms();
    const auto reader = open_tables(bench);
    const double opened = ms_since(begun);
    wait_until_restored(*reader->tables()[0]);
    const double ms = ms_since(begun);
    fmt::print("restored {} rows in {:.0f} ms (opened after {:.0f}): {:.0f} records/s, processor {:.0f} ms\n",
               reader->tables()[0]->status().rows, ms, opened, static_cast<double>(records) / ms * 1e3,
               cpu_ms() - cpu_before);
    measure_changes(bench, *reader->tables()[0], 2'000, std::chrono::microseconds(0),
                    "one at a time, acknowledged to seen");
    measure_changes(bench, *reader->tables()[0], 10'000, std::chrono::microseconds(500),
                    "2,000 a second, acknowledged to seen");
    bench.producer.reset();
    const double before_idle = cpu_ms();
    std::this_thread::sleep_for(std::chrono::seconds(5));
    fmt::print("idle: processor {:.1f} ms in 5 s\n", cpu_ms() - before_idle);
  }
  for (int i = 0; i < 3; ++i) {
    const auto begun = Clock::now();
    const auto reader = open_tables(bench);
    wait_until_restored(*reader->tables()[0]);
    const double ms = ms_since(begun);
    const auto status = reader->tables()[0]->status();
    fmt::print("restart: ready in {:.0f} ms, {} rows, {} MB on the disk\n", ms, status.rows, status.disk_bytes >> 20);
  }
  return 0;
}
