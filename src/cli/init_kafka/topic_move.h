// Copies a compacted topic into one with another number of partitions, by logical key: each key gets one encoding, that
// of its latest schema, and so one partition, in which its records stand in their order. Where a key was in several
// partitions, the one with its latest record counts, and the records of the others are left out.
//
// Keys are read twice, as they are found first, and copied then. One thread.

#pragma once

#include <map>
#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/connection/cluster.h"
#include "kafka/message_batch.h"
#include "kafka/producer.h"
#include "table/key_winners.h"
#include "table/topic_reader.h"
#include "table/typed_topic.h"

namespace omashu::cli {

class TopicMove {
 public:
  struct Counts {
    int64_t records = 0;     // that were copied
    int64_t superseded = 0;  // that were left out, since the key's latest record is in another partition
  };

  // The cluster must outlive the move. The target must exist, with so many partitions.
  static Result<TopicMove> open(Context& context, Cluster& cluster, const std::string& source);

  // Reads all keys. An error names the first record whose key does not decode.
  Result<void> find_keys();

  // Copies what was there when this was called. A stop cuts it short with kCancelled.
  Result<void> copy_to(const std::string& target, int partitions);
  // After copy_to(): what comes, until a stop is requested and nothing more is there.
  Result<void> follow();

  size_t keys() const { return winners_.keys(); }
  const Counts& counts() const { return counts_; }

 private:
  TopicMove(Context& context, Cluster& cluster, std::string source, table::TypedTopic typed, bool has_key_schema);
  Result<std::unique_ptr<kafka::Consumer>> consumer() const;
  Result<std::string> key_of(const kafka::Message& message);
  Result<void> copy(const kafka::Message& message);
  Result<void> flush();

  Context* context_;
  Cluster* cluster_;
  std::string source_;
  std::unique_ptr<table::TypedTopic> typed_;
  bool has_key_schema_;  // else keys are copied as they are
  table::KeyWinners winners_;
  std::map<kafka::PartitionId, kafka::Offset> known_to_;  // the next offsets behind those of find_keys()

  std::string target_;
  int partitions_ = 0;
  std::unique_ptr<kafka::Producer> producer_;
  std::unique_ptr<table::TopicReader> reader_;
  std::shared_ptr<std::optional<Error>> failure_;  // the first record that was not written
  Counts counts_;
};

}  // namespace omashu::cli
