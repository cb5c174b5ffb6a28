// What the broker's log costs by itself, without a network: MB/s of appends to eight partitions in turn, beside bare
// pwrite of the same bytes; syncs; reads; compaction; and how long many partitions take to open.
//
//   broker_log_bench FOLDER [MEGABYTES]     on FOLDER's disk, which is left as it was; MEGABYTES of each append (1000)

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/offset.h"
#include "broker/log/partition_log.h"
#include "broker/log/record_batch_builder.h"

using namespace omashu;
using namespace omashu::broker;

namespace {

constexpr int kPartitions = 8;
constexpr int64_t kNow_ms = 1'700'000'000'000;

struct Shape {
  const char* name;
  size_t batch_bytes;
  size_t record_bytes;
};
constexpr Shape kShapes[] = {{"16 KB batches of 1 KB records", 16 << 10, 1000},
                             {"16 KB batches of 100 B records", 16 << 10, 100},
                             {"1 KB batches of 100 B records", 1 << 10, 100}};

std::string make_batch(const Shape& shape, int64_t key) {
  RecordBatchBuilder builder(kNow_ms);
  const std::string value(shape.record_bytes, 'v');
  while (builder.size_bytes() + shape.record_bytes < shape.batch_bytes) {
    builder.add(fmt::format("{:08}", key++), value, kNow_ms);
  }
  return builder.build();
}

// Of the wall and of the processor.
class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_).count(); }
  double cpu_seconds() const { return static_cast<double>(std::clock() - cpu_) / CLOCKS_PER_SEC; }

 private:
  const std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
  const std::clock_t cpu_ = std::clock();
};

void say(const std::string& what, uint64_t bytes, const Stopwatch& watch) {
  const double megabytes = static_cast<double>(bytes) / 1e6;
  fmt::print("{:55} {:6.0f} MB/s   {:.2f} CPU s/GB\n", what, megabytes / watch.seconds(),
             watch.cpu_seconds() / megabytes * 1000);
}

template <class T>
void must(const Result<T>& result) {
  if (result) return;
  fmt::print(stderr, "broker_log_bench: {}\n", result.error().message);
  std::exit(1);
}

class Bench {
 public:
  explicit Bench(std::string folder) : folder_(std::move(folder)) { std::filesystem::create_directories(folder_); }
  ~Bench() { std::filesystem::remove_all(folder_); }

  std::unique_ptr<PartitionLog> open(const std::string& name, LogConfig config = {}) {
    return std::make_unique<PartitionLog>(*files_, folder_ + "/" + name, TopicId{1}, config);
  }

  static uint64_t append(PartitionLog& log, std::string& batch) {
    const auto result = log.append(batch, {.now_ms = kNow_ms});
    if (result.error == KafkaError::kNone) return batch.size();
    fmt::print(stderr, "broker_log_bench: {}\n", result.message);
    std::exit(1);
  }

  void bare(const Shape& shape, uint64_t total) {
    const std::string batch = make_batch(shape, 0);
    std::vector<std::shared_ptr<File>> files;
    for (int i = 0; i < kPartitions; ++i) {
      files.push_back(*files_->open(fmt::format("{}/bare-{}", folder_, i), FileSystem::OpenMode::kCreate));
    }
    const Stopwatch watch;
    uint64_t written = 0;
    for (uint64_t position = 0; written < total; position += batch.size()) {
      for (const auto& file : files) must(file->write_all(position, batch));
      written += batch.size() * kPartitions;
    }
    say(fmt::format("pwrite, {}", shape.name), written, watch);
    clear();
  }

  void appends(const Shape& shape, uint64_t total) {
    std::string batch = make_batch(shape, 0);
    std::vector<std::unique_ptr<PartitionLog>> logs;
    for (int i = 0; i < kPartitions; ++i) logs.push_back(open(fmt::format("t-{}", i)));
    const Stopwatch watch;
    uint64_t written = 0;
    while (written < total) {
      for (const auto& log : logs) written += append(*log, batch);
    }
    say(fmt::format("append, {}", shape.name), written, watch);
    const Stopwatch reading;
    uint64_t read = 0;
    for (const auto& log : logs) read += read_all(*log);
    say(fmt::format("read by slices of 1 MB, {}", shape.name), read, reading);
    clear();
  }

  // What a fetch does before the bytes are sent.
  static uint64_t read_all(PartitionLog& log) {
    std::string bytes(1 << 20, '\0');
    uint64_t total = 0;
    for (Offset offset{0};;) {
      const ReadResult result = log.read(offset, {.max_bytes = 1 << 20});
      if (result.records.size_bytes == 0) return total;
      must(result.records.file->read_all(result.records.position, std::span(bytes).first(result.records.size_bytes)));
      std::string_view rest(bytes.data(), result.records.size_bytes);
      while (const auto batch = RecordBatchView::parse(rest)) {
        offset = batch->header.next_offset();
        total += batch->bytes.size();
        rest.remove_prefix(batch->bytes.size());
      }
    }
  }

  void syncs(int count) {
    std::string batch = make_batch(kShapes[0], 0);
    const auto log = open("t-0");
    append(*log, batch);
    must(log->flush());
    const Stopwatch watch;
    uint64_t written = 0;
    for (int i = 0; i < count; ++i) {
      written += append(*log, batch);
      must(log->flush());
    }
    say("append and flush each, 16 KB batches", written, watch);
    clear();
  }

  void compaction(uint64_t total) {
    LogConfig config;
    config.is_compacted = true;
    config.is_deleted = false;
    config.segment_bytes = 64 << 20;
    const auto log = open("t-0", config);
    uint64_t written = 0;
    for (int64_t key = 0; written < total; key = (key + 160) % 160'000) {
      std::string batch = make_batch(kShapes[1], key);
      written += append(*log, batch);
    }
    must(log->flush());
    const Stopwatch watch;
    const auto result = log->compact({.now_ms = kNow_ms});
    must(result);
    say(fmt::format("compact 160,000 keys, 100 B, to {} MB", result->bytes_after / 1'000'000), result->bytes_before,
        watch);
    clear();
  }

  void opening(int count, uint64_t total) {
    std::string batch = make_batch({"", 1 << 20, 1000}, 0);
    for (int i = 0; i < count; ++i) {
      const auto log = open(fmt::format("t-{}", i));
      for (uint64_t written = 0; written < total / static_cast<uint64_t>(count);) written += append(*log, batch);
      must(log->close());
    }
    const auto open_all = [&](const char* how) {
      std::vector<std::unique_ptr<PartitionLog>> logs;
      const Stopwatch watch;
      for (int i = 0; i < count; ++i) logs.push_back(open(fmt::format("t-{}", i)));
      const double made_s = watch.seconds();
      for (const auto& log : logs) must(log->offsets());
      fmt::print("{} partitions, {} MB, {}: made in {:.1f} ms, all opened in {:.1f} ms\n", count, total / 1'000'000,
                 how, made_s * 1000, watch.seconds() * 1000);
    };
    open_all("after a clean stop");
    for (int i = 0; i < count; ++i) {
      for (const auto& entry : std::filesystem::directory_iterator(fmt::format("{}/t-{}", folder_, i))) {
        if (entry.path().extension() == ".snapshot") std::filesystem::remove(entry.path());
      }
    }
    open_all("all read, as without recovery points");
    clear();
  }

 private:
  void clear() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    files_ = std::make_unique<OpenFiles>(real_file_system(), 256);
  }

  const std::string folder_;
  std::unique_ptr<OpenFiles> files_ = std::make_unique<OpenFiles>(real_file_system(), 256);
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "broker_log_bench FOLDER [MEGABYTES]\n");
    return 2;
  }
  const uint64_t total = (argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1000) * 1'000'000;
  Bench bench(std::string(argv[1]) + "/broker_log_bench");
  for (const Shape& shape : kShapes) {
    bench.bare(shape, total);
    bench.appends(shape, total);
  }
  bench.syncs(500);
  bench.compaction(total);
  bench.opening(1000, 10 * total);
  return 0;
}
