// Clients of a broker whose disk may be full at any time: producers with acks=all that send again what was refused,
// groups that commit, and whoever creates, deletes and alters. They know what has been acknowledged, what was refused
// and may have happened all the same, and whether the broker serves it.
//
// What an answer says is held against these rules:
//   - With room on the disk nothing is refused; without, only with
//     KAFKA_STORAGE_ERROR (NOT_COORDINATOR in the words of groups).
//   - A record that was acknowledged is at its offset, or, in a compacted topic, a later one of its key is there. No
//     record is there twice, and none that nobody sent.
//   - A change that was refused has happened as a whole or not at all; what is acknowledged after it, holds.

#pragma once

#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/executor.h"
#include "broker/handler/testing/broker_fixture.h"
#include "broker/protocol/kafka_error.h"
#include "broker/protocol/producer_id.h"

namespace omashu::broker {

class FullDiskClients : public BrokerFixture {
 public:
  FullDiskClients();
  ~FullDiskClients() override;

  void begin(unsigned seed);  // opens the broker and creates the topics; there must be room
  void step();                // one request, or some upkeep of a log
  enum class Disk {
    kHasRoom,
    kIsFull,
    kWasFullAtStart,  // and still is: logs that have to be mended wait for room
    kIsGone,          // the process may be killed at any moment
  };
  void set_disk(Disk disk) { disk_ = disk; }

  // What was refused is sent again, and everything succeeds.
  void check_that_all_goes_on();

  // All that was acknowledged is served.
  void check();

  void wait_for_groups();

  // Of upkeep that goes on in its own thread.
  void wait_for_upkeep();
  void stop_upkeep();

 protected:
  std::mt19937 random_;
  int64_t uniform(int64_t bound) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound)); }

 private:
  struct Record {
    std::string key, value;
  };
  struct PartitionClient {
    std::string topic;
    PartitionId index{0};
    bool is_compacted = false;
    std::map<Offset, Record> acknowledged = {};
    std::map<std::string, std::string> sent = {};  // value → key; no value is sent twice
    Offset deleted_to{0};                          // by DeleteRecords, whether it was refused or not
    ProducerId producer_id = kNoProducerId;
    int32_t next_sequence = 0;
    std::vector<Record> unanswered = {};  // the batch that has to be sent again
  };
  // A topic that comes and goes.
  struct TopicClient {
    PartitionClient partition;
    std::string id = {};          // "" where it is not there
    bool may_be_deleted = false;  // since a deletion was refused
    bool may_be_created = false;
  };
  // A value that is replaced by others. What was refused after the last one may have happened.
  struct Replaced {
    int64_t acknowledged = -1;
    std::set<int64_t> refused = {};

    void note(int64_t value, bool is_acknowledged);
    bool may_be(int64_t value) const { return value == acknowledged || refused.contains(value); }
  };
  class StoppedClock : public Clock {
   public:
    int64_t wall_ms() override { return 1'700'000'000'000; }
    int64_t steady_ms() override { return 1'700'000'000'000; }
  };

  // Or refused, as it may be.
  bool is_done(KafkaError error, const std::string& what, KafkaError refusal = KafkaError::kKafkaStorageError);

  void produce(PartitionClient& client);
  void produce_to(TopicClient& client);
  bool send_unanswered(PartitionClient& client);
  void delete_records();
  void commit();
  void alter_config();
  void create_or_delete();
  void create(TopicClient& client);
  void remove(TopicClient& client);
  void resolve(TopicClient& client);
  void maintain();
  void compact(bool must_succeed);
  void read_some();
  PartitionLog& log_of(const PartitionClient& client);
  void check_records(const PartitionClient& client);
  void read_all(const PartitionClient& client, std::map<Offset, Record>& served);
  void check_reports();
  std::string topic_id(const std::string& topic);
  void note(const std::string& report) EXCLUDES(reports_mutex_);

  StoppedClock stopped_clock_;
  Disk disk_ = Disk::kHasRoom;
  int64_t count_ = 0;
  std::vector<PartitionClient> partitions_;
  std::vector<TopicClient> topics_;
  std::map<std::string, Replaced> committed_;  // by group
  Replaced config_;
  std::optional<Executor> upkeep_;

  Mutex reports_mutex_;
  std::vector<std::string> reports_ GUARDED_BY(reports_mutex_);
};

}  // namespace omashu::broker
