// The administrative calls, batched: one request for many topics. Thread-safe.

#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kafka/reassignments.h"
#include "kafka/types.h"

namespace omashu::kafka {

struct Broker {
  int32_t id = 0;
  std::string host;
  int port = 0;
  std::string rack = {};  // "" where it is in none
};

struct ClusterDescription {
  std::string cluster_id;
  std::vector<Broker> brokers;
  std::optional<int32_t> controller = {};  // the id of a broker; absent where there is none now
};

struct PartitionDescription {
  PartitionId id = 0;
  std::optional<int32_t> leader = {};  // the id of a broker; absent where there is none now
  std::vector<int32_t> replicas = {};
  std::vector<int32_t> in_sync_replicas = {};
};

struct TopicDescription {
  std::string name;
  std::string id = {};  // of this topic and none before or after it of the same name; "" before Kafka 2.8
  int partitions = 0;
  int replication_factor = 0;                                     // of the first partition
  int leaderless_partitions = 0;                                  // those that can be neither written nor read now
  std::vector<PartitionDescription> partition_descriptions = {};  // by id
};

struct NewTopic {
  std::string name;
  int partitions = 1;
  int replication_factor = 1;
  std::map<std::string, std::string> configs = {};
};

enum class ConfigSource : uint8_t {
  kUnknown,
  kTopic,           // set on the topic itself
  kDynamicBroker,   // set on one broker while it runs
  kDynamicDefault,  // set on all brokers while they run
  kStaticBroker,    // from the broker's properties file
  kDefault,         // Kafka's own
};

struct ConfigEntry {
  std::string value;
  bool is_default = false;  // not set on the topic itself
  bool is_read_only = false;
  bool is_sensitive = false;  // the value is withheld
  ConfigSource source = ConfigSource::kUnknown;
};

using TopicConfigs = std::map<std::string, ConfigEntry>;

struct ConfigChange {
  std::string topic;
  std::map<std::string, std::optional<std::string>> set = {};  // absent value: back to the default
};

// A folder of logs of one broker.
struct LogDir {
  std::string path;                                            // on the broker
  std::optional<int64_t> total_bytes = {}, usable_bytes = {};  // of its volume, where the broker tells them (Kafka 3.3)
  std::map<TopicPartition, int64_t> replica_bytes = {};        // without those that are being moved into it
};

// Errors carry the broker's own name and words: "INVALID_CONFIG: Unknown topic config name: no.such.key". What passes
// (an election, a quota, a lost connection) is tried again within the time. A broker that was never there is given up
// after two seconds; a refused login at once.
class Admin {
 public:
  // Connects lazily. `timeout` bounds each call.
  static Result<std::unique_ptr<Admin>> open(const ClientConfig& config, std::chrono::milliseconds timeout);
  virtual ~Admin() = default;

  virtual Result<ClusterDescription> describe_cluster() = 0;
  virtual Result<std::vector<TopicDescription>> list_topics(bool with_internal = false) = 0;

  // One answer for each question, in its order. kNotFound where the topic does not exist. A refused write is told in
  // the broker's own words.
  virtual std::vector<Result<TopicDescription>> describe_topics(std::span<const std::string> topics) = 0;
  // The settings of these names; all of them where none is named, which takes a broker several times as long.
  virtual std::vector<Result<TopicConfigs>> describe_configs(std::span<const std::string> topics,
                                                             std::span<const std::string> names = {}) = 0;
  // The folders of each broker, with what these partitions take in them; all brokers are asked at once.
  virtual std::vector<Result<std::vector<LogDir>>> describe_log_dirs(std::span<const int32_t> brokers,
                                                                     std::span<const TopicPartition> partitions) = 0;
  virtual std::vector<Result<void>> create_topics(std::span<const NewTopic> topics, bool validate_only) = 0;
  struct NewPartitions {
    std::string topic;
    int total = 0;
  };
  virtual std::vector<Result<void>> create_partitions(std::span<const NewPartitions> topics, bool validate_only) = 0;
  virtual std::vector<Result<void>> alter_configs(std::span<const ConfigChange> changes, bool validate_only) = 0;
  virtual std::vector<Result<void>> delete_topics(std::span<const std::string> topics) = 0;

  // Begins to move replicas, which the brokers go on with by themselves. One answer for each move, in its order; those
  // that are refused leave the others under way.
  virtual std::vector<Result<void>> move_replicas(std::span<const ReplicaMove> moves) = 0;
  virtual Result<OngoingMoves> ongoing_moves() = 0;
  // What each of these brokers may send and take a second for the replicas that their topics' settings name
  // (leader.replication.throttled.replicas); nothing lifts the limit.
  virtual Result<void> throttle_moves(std::span<const int32_t> brokers, std::optional<int64_t> bytes_per_second) = 0;

  // Waits until every partition of these topics can be written and read: Kafka answers CreateTopics seconds before the
  // logs of many topics exist.
  virtual Result<void> wait_until_ready(std::span<const std::string> topics, std::chrono::milliseconds timeout) = 0;
};

}  // namespace omashu::kafka
