// The administrative calls, batched: one request for many topics. Thread-safe.

#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kafka/types.h"

namespace omashu::kafka {

struct Broker {
  int32_t id = 0;
  std::string host;
  int port = 0;
};

struct ClusterDescription {
  std::string cluster_id;
  std::vector<Broker> brokers;
};

struct TopicDescription {
  std::string name;
  int partitions = 0;
  int replication_factor = 0;  // of the first partition
};

struct NewTopic {
  std::string name;
  int partitions = 1;
  int replication_factor = 1;
  std::map<std::string, std::string> configs;
};

struct ConfigEntry {
  std::string value;
  bool is_default = false;  // not set on the topic itself
  bool is_read_only = false;
  bool is_sensitive = false;  // the value is withheld
};

using TopicConfigs = std::map<std::string, ConfigEntry>;

struct ConfigChange {
  std::string topic;
  std::map<std::string, std::optional<std::string>> set;  // absent value: back to the default
};

class Admin {
 public:
  // Connects lazily. `timeout` bounds each call.
  static Result<std::unique_ptr<Admin>> open(const ClientConfig& config, std::chrono::milliseconds timeout);
  virtual ~Admin() = default;

  virtual Result<ClusterDescription> describe_cluster() = 0;
  virtual Result<std::vector<TopicDescription>> list_topics() = 0;  // internal ones left out

  // One answer for each question, in its order. kNotFound where the topic does not exist.
  virtual std::vector<Result<TopicDescription>> describe_topics(std::span<const std::string> topics) = 0;
  virtual std::vector<Result<TopicConfigs>> describe_configs(std::span<const std::string> topics) = 0;
  virtual std::vector<Result<void>> create_topics(std::span<const NewTopic> topics, bool validate_only) = 0;
  struct NewPartitions {
    std::string topic;
    int total = 0;
  };
  virtual std::vector<Result<void>> create_partitions(std::span<const NewPartitions> topics, bool validate_only) = 0;
  virtual std::vector<Result<void>> alter_configs(std::span<const ConfigChange> changes, bool validate_only) = 0;
  virtual std::vector<Result<void>> delete_topics(std::span<const std::string> topics) = 0;
};

}  // namespace omashu::kafka
