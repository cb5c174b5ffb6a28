// What a table reader asks of the world, so that tests can put something else in its place.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "kafka/consumer.h"
#include "kafka/producer.h"
#include "omashu/result.h"
#include "table/live/table_folder.h"
#include "table/live/table_reader.h"

namespace omashu::table {

struct TopicFacts {
  std::string id;  // "" where the broker has none
  int partitions = 0;
  int64_t delete_retention_ms = 0;
};

struct TableSources {
  // For reading much at once, for hearing of each record at once, or for looking single ones up.
  enum class Pace : uint8_t { kCatchUp, kFollow, kLookUp };
  std::function<Result<std::unique_ptr<kafka::Consumer>>(Pace)> open_consumer;
  // One answer for each topic: kNotFound where it is not there. For the start, which waits for brokers, and for a look
  // now and then, which a reader that is to stop has to wait for.
  std::function<std::vector<Result<TopicFacts>>(std::span<const std::string>)> describe, look;
  std::function<Result<std::unique_ptr<kafka::Producer>>()> open_producer;
  OpenStore open_store;
};

// Kafka and the disk.
Result<TableSources> real_table_sources(const TableReaderOptions& options);

Result<std::unique_ptr<TableReader>> open_table_reader(TableReaderOptions options, schema_registry::Client& registry,
                                                       TableSources sources);

}  // namespace omashu::table
