// How long the registry takes to read its topic at the start, and what it keeps in memory: 100,000 subjects with a
// small schema each, a tenth of them deleted.

#include <fmt/core.h>

#include <chrono>
#include <fstream>
#include <string>
#include <vector>

#include "schema_registry/server/store.h"

using namespace omashu::schema_registry;
using namespace omashu::schema_registry::server;

namespace {

constexpr int kSchemas = 100'000;

std::string schema_of(int number) {
  return fmt::format(R"({{"type":"record","name":"Status{}","namespace":"org.example.downloads","fields":[)"
                     R"({{"name":"omashuId","type":"string"}},{{"name":"bytesSoFar","type":"long"}},)"
                     R"({{"name":"updatedAt","type":{{"type":"long","logicalType":"timestamp-millis"}}}},)"
                     R"({{"name":"reason","type":["null","string"],"default":null}}]}})",
                     number);
}

size_t resident_bytes() {
  size_t total = 0;
  size_t resident = 0;
  std::ifstream("/proc/self/statm") >> total >> resident;
  return resident * 4096;
}

}  // namespace

int main() {
  std::vector<TopicRecord> records;
  size_t text_bytes = 0;
  for (int i = 1; i <= kSchemas; ++i) {
    const std::string subject = fmt::format("topic-number-{}-value", i);
    records.push_back(
        schema_record({.subject = subject, .version = 1, .id = SchemaId{i}, .text = {.schema = schema_of(i)}}));
    if (i % 10 == 0) records.push_back(delete_subject_record(subject, 1));
    text_bytes += schema_of(i).size();
  }

  const size_t bytes_before = resident_bytes();
  const auto start = std::chrono::steady_clock::now();
  Store store;
  int64_t offset = 0;
  for (const TopicRecord& record : records) store.apply({offset++, record.key, record.value, "1-bench"});
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  const size_t bytes = resident_bytes() - bytes_before;
  fmt::print("{} schemas in {:.3f} s; {} bytes each beyond {} of text\n", store.max_id(""), took.count(),
             (bytes - text_bytes) / kSchemas, text_bytes / kSchemas);
}
