// A table's store by itself: how fast records become rows, what it takes in memory and on the disk, how fast rows are
// found, how long opening takes.
//
//   table_store_bench [--rows 10000000] [--value-bytes 100] [--batch 2000] [--memory-mb 256] [--keys random|ascending]
//                     [--only restore] [--folder DIR]
//
// Each record goes the way of a restore: the batch's keys are sorted and looked up, each record is put into its row,
// and the batch is applied with an index on a field of five values.

#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>

#include "table/store/ordered_bytes.h"
#include "table/store/row_format.h"
#include "table/store/table_store.h"

namespace {

using namespace omashu;
using namespace omashu::table;
using Clock = std::chrono::steady_clock;

struct Settings {
  uint64_t rows = 10'000'000;
  size_t value_bytes = 100;
  size_t batch = 2'000;
  size_t memory_mb = 256;
  bool ascending = false;
  bool restore_only = false;
  std::string folder;
};

template <class T>
T value_of(Result<T> result) {
  if (!result) {
    fmt::print(stderr, "table_store_bench: {}\n", result.error().message);
    std::exit(1);
  }
  return *std::move(result);
}
void check(const Result<void>& result) {
  if (!result) {
    fmt::print(stderr, "table_store_bench: {}\n", result.error().message);
    std::exit(1);
  }
}

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

uint64_t resident_mb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::strtoull(line.c_str() + 6, nullptr, 10) / 1024;
  }
  return 0;
}
uint64_t peak_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) / 1024;
}

uint64_t scattered(uint64_t number) {
  number = (number ^ number >> 30) * 0xbf58476d1ce4e5b9u;
  number = (number ^ number >> 27) * 0x94d049bb133111ebu;
  return number ^ number >> 31;
}

std::string id_of(const Settings& settings, uint64_t number) {
  return settings.ascending ? fmt::format("om-{:013}", number) : fmt::format("{:016x}", scattered(number));
}
std::string key_of(const std::string& id) { return "{\"omashuId\":\"" + id + "\"}"; }

const std::string kStatuses[] = {"QUEUED", "RUNNING", "DONE", "FAILED", "CANCELLED"};

// Records of the rows from `first` on, as a reader of the topic hands them to the store.
void write_batch(TableStore& store, const Settings& settings, uint64_t first, uint64_t last) {
  const auto count = static_cast<size_t>(last - first);
  std::vector<std::string> keys(count), ids(count);
  std::vector<std::string_view> views(count);
  for (size_t i = 0; i < count; ++i) ids[i] = id_of(settings, first + i);
  std::ranges::sort(ids);
  for (size_t i = 0; i < count; ++i) {
    keys[i] = key_of(ids[i]);
    views[i] = keys[i];
  }
  auto found = value_of(store.get_many(views));
  ChangeBatch batch;
  batch.rows.reserve(count);
  std::string value(settings.value_bytes, 'v');
  for (size_t i = 0; i < count; ++i) {
    for (size_t j = 0; j < 16 && j < value.size(); ++j) value[value.size() - 1 - j] = ids[i][j];
    const std::string key_bytes = std::string("\0\0\0\0\1 ", 6) + ids[i];
    std::string row = std::move(found[i]).value_or(std::string());
    const bool was_there = !row.empty();
    const auto update = value_of(apply_record(row, {.key_bytes = key_bytes,
                                                    .key = keys[i],
                                                    .value = value,
                                                    .position = {0, static_cast<int64_t>(first + i)},
                                                    .timestamp_ms = 1'700'000'000'000}));
    RowChange change{.key = std::move(keys[i]), .row = std::move(row), .live = update.live, .indexes = {}};
    if (!was_there) {
      change.indexes.push_back(
          {.index = 0, .before = std::nullopt, .after = ordered_bytes(OrderedKind::kText, kStatuses[(first + i) % 5])});
    }
    batch.rows.push_back(std::move(change));
  }
  batch.next_offsets[0] = static_cast<int64_t>(last);
  check(store.apply(batch));
}

void gets(const TableStore& store, const Settings& settings, const char* name, uint64_t count, uint64_t among) {
  std::mt19937_64 random(1);
  uint64_t from_disk = 0;
  const auto start = Clock::now();
  const double cpu = cpu_seconds();
  for (uint64_t i = 0; i < count; ++i) {
    const std::string key = key_of(id_of(settings, random() % among));
    auto row = store.get(key, Reach::kMemory);
    if (!row) {
      ++from_disk;
      row = store.get(key, Reach::kDisk);
    }
    if (!row || !*row) {
      fmt::print(stderr, "table_store_bench: a row is missing\n");
      std::exit(1);
    }
  }
  const double seconds = seconds_since(start), processors = cpu_seconds() - cpu;
  fmt::print("{}: {:.0f} gets/s of {} rows, {:.1f} us of processors each, {:.1f} % from files, resident {} MB\n", name,
             static_cast<double>(count) / seconds, among, 1e6 * processors / static_cast<double>(count),
             100.0 * static_cast<double>(from_disk) / static_cast<double>(count), resident_mb());
}

void run(const Settings& settings) {
  const StoreIdentity identity{.topic = "t", .topic_id = "i", .key_schema = "k", .indexes = {"status"}};
  const auto open = [&] {
    return value_of(TableStore::open(
        {.folder = settings.folder, .memory = std::make_shared<StoreMemory>(settings.memory_mb << 20)}, identity));
  };
  auto store = open();
  fmt::print("idle: resident {} MB\n", resident_mb());

  auto start = Clock::now();
  const double cpu = cpu_seconds();
  store->begin_restore();
  uint64_t next_report = settings.rows / 5;
  for (uint64_t first = 0; first < settings.rows; first += settings.batch) {
    write_batch(*store, settings, first, std::min(settings.rows, first + settings.batch));
    if (first + settings.batch >= next_report) {
      fmt::print("  {} rows after {:.2f} s, resident {} MB\n", first + settings.batch, seconds_since(start),
                 resident_mb());
      next_report += settings.rows / 5;
    }
  }
  const double applied = seconds_since(start);
  check(store->end_restore());
  const double ended = seconds_since(start);
  fmt::print(
      "restore: {:.0f} records/s, {:.2f} s of which {:.2f} s at the end; {:.2f} s of processors; disk {} MB; resident "
      "{} MB\n",
      static_cast<double>(settings.rows) / ended, ended, ended - applied, cpu_seconds() - cpu,
      store->disk_bytes() >> 20, resident_mb());

  if (settings.restore_only) return;

  start = Clock::now();
  const auto counts = value_of(store->snapshot()->counts(0));
  fmt::print("count by status: {} values in {:.3f} ms\n", counts.size(), 1e3 * seconds_since(start));

  start = Clock::now();
  store.reset();
  fmt::print("close: {:.3f} s\n", seconds_since(start));
  start = Clock::now();
  store = open();
  fmt::print("open: {:.3f} s, {} rows\n", seconds_since(start), store->snapshot()->live_rows());
  gets(*store, settings, "cold", 100'000, settings.rows);
  gets(*store, settings, "again", 100'000, settings.rows);
  gets(*store, settings, "hot", 1'000'000, std::min<uint64_t>(settings.rows, 100'000));

  start = Clock::now();
  const uint64_t updates = std::min<uint64_t>(settings.rows, 1'000'000);
  for (uint64_t first = 0; first < updates; first += 100) write_batch(*store, settings, first, first + 100);
  fmt::print("updates, 100 a batch: {:.0f} records/s, resident {} MB\n",
             static_cast<double>(updates) / seconds_since(start), resident_mb());

  start = Clock::now();
  uint64_t rows = 0;
  check(store->snapshot()->scan({}, false, [&](std::string_view, std::string_view) { return ++rows > 0; }));
  fmt::print("scan: {:.0f} rows/s, resident {} MB\n", static_cast<double>(rows) / seconds_since(start), resident_mb());
  fmt::print("peak resident {} MB\n", peak_mb());
}

}  // namespace

int main(int argc, char** argv) {
  Settings settings;
  settings.folder = (std::filesystem::temp_directory_path() / "omashu-table-store-bench").string();
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--rows") settings.rows = std::strtoull(value.c_str(), nullptr, 10);
    if (name == "--value-bytes") settings.value_bytes = std::strtoull(value.c_str(), nullptr, 10);
    if (name == "--batch") settings.batch = std::strtoull(value.c_str(), nullptr, 10);
    if (name == "--memory-mb") settings.memory_mb = std::strtoull(value.c_str(), nullptr, 10);
    if (name == "--keys") settings.ascending = value == "ascending";
    if (name == "--only") settings.restore_only = value == "restore";
    if (name == "--folder") settings.folder = value;
  }
  std::filesystem::remove_all(settings.folder);
  run(settings);
  std::filesystem::remove_all(settings.folder);
}
