// What a broker has acknowledged of some of everything that it keeps: topics, configs, records with and without a
// producer id, deleted records, committed offsets; and whether it still serves all that, or has reported what is lost.

#pragma once

#include <fmt/core.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/offset.h"
#include "base/partition_id.h"
#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/kafka_error.h"
#include "broker/protocol/producer_id.h"

namespace omashu::broker {

class AcknowledgedData : public BrokerFixture {
 public:
  AcknowledgedData();

  void write(unsigned seed);

  // `cut_partition`, which is TOPIC-PARTITION or "", may have lost its end without a report.
  void check(const std::string& cut_partition);

  // After check() and a clean stop.
  void check_that_logs_go_on();

  std::vector<std::string> take_reports();

 private:
  struct Record {
    std::string key, value;
    bool operator==(const Record&) const = default;
  };
  struct PartitionData {
    std::string topic;
    PartitionId index{0};
    bool is_compacted = false;
    std::map<Offset, Record> records = {};  // by offset
    Offset start{0};
    Offset end{0};
    // Of its idempotent producer.
    ProducerId producer_id = kNoProducerId;
    int32_t next_sequence = 0;
    std::string last_batch = {};
    Offset last_batch_offset = kNoOffset;

    std::string name() const { return fmt::format("{}-{}", topic, index); }
  };
  struct Produced {
    KafkaError error = KafkaError::kNone;
    Offset base_offset = kNoOffset;
    std::string message;
  };
  struct Committed {
    std::string group, topic;
    PartitionId partition{0};
    auto operator<=>(const Committed&) const = default;
  };
  class StoppedClock : public Clock {
   public:
    int64_t wall_ms() override { return 1'700'000'000'000; }
    int64_t steady_ms() override { return 1'700'000'000'000; }
  };

  int64_t uniform(int64_t bound) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound)); }
  void note(const std::string& report) EXCLUDES(reports_mutex_);

  void create_topics();
  void delete_topic(std::string_view topic);
  void alter_broker_config();
  void delete_records(PartitionData& partition);
  void compact(std::string_view topic);
  void produce_some(PartitionData& partition);
  void commit_some();
  ProducerId new_producer_id();
  Produced produce(const PartitionData& partition, const std::string& batch);
  Produced produce_one(const PartitionData& partition);
  std::vector<std::string> topics_with_ids();
  std::string broker_config();
  Offset committed_offset(const Committed& committed);

  void check_topics();
  void check_broker_config();
  void check_records(const PartitionData& partition, bool is_cut);
  void read_all(const PartitionData& partition, std::map<Offset, Record>& served);
  void check_producer(const PartitionData& partition, const std::map<Offset, Record>& served);
  void check_next_offset(const PartitionData& partition, bool is_cut);
  void check_committed(bool is_cut);
  std::vector<std::string> reports_of(std::string_view name) EXCLUDES(reports_mutex_);

  StoppedClock stopped_clock_;
  std::mt19937 random_;
  int count_ = 0;
  std::vector<PartitionData> partitions_;
  std::vector<std::string> topics_with_ids_;
  std::map<Committed, std::vector<Offset>> committed_;  // all, the latest is the last
  std::set<ProducerId> producer_ids_;

  std::map<std::string, Offset> appended_;  // the offset of check()'s own record, by partition

  Mutex reports_mutex_;
  std::vector<std::string> reports_ GUARDED_BY(reports_mutex_);
};

}  // namespace omashu::broker
