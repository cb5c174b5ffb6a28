// Admin over librdkafka; its calls are spread over admin.cc, admin_topics.cc, admin_configs.cc,
// admin_log_dirs.cc and admin_reassignments.cc.
// Private to this folder.

#pragma once

#include "kafka/admin.h"
#include "kafka/client_handle.h"

namespace omashu::kafka {

class AdminClient : public Admin {
 public:
  AdminClient(std::unique_ptr<ClientHandle> client, std::chrono::milliseconds timeout)
      : client_(std::move(client)), timeout_(timeout) {}

  Result<ClusterDescription> describe_cluster() override;
  Result<std::vector<TopicDescription>> list_topics(bool with_internal) override;

  std::vector<Result<TopicDescription>> describe_topics(std::span<const std::string> topics) override;
  std::vector<Result<void>> create_topics(std::span<const NewTopic> topics, bool validate_only) override;
  std::vector<Result<void>> create_partitions(std::span<const NewPartitions> topics, bool validate_only) override;
  std::vector<Result<void>> delete_topics(std::span<const std::string> topics) override;
  Result<void> wait_until_ready(std::span<const std::string> topics, std::chrono::milliseconds timeout) override;

  std::vector<Result<TopicConfigs>> describe_configs(std::span<const std::string> topics,
                                                     std::span<const std::string> names = {}) override;
  std::vector<Result<void>> alter_configs(std::span<const ConfigChange> changes, bool validate_only) override;

  std::vector<Result<std::vector<LogDir>>> describe_log_dirs(std::span<const int32_t> brokers,
                                                             std::span<const TopicPartition> partitions) override;

  std::vector<Result<void>> move_replicas(std::span<const ReplicaMove> moves) override;
  Result<OngoingMoves> ongoing_moves() override;
  Result<void> throttle_moves(std::span<const int32_t> brokers, std::optional<int64_t> bytes_per_second) override;

 private:
  Clock::time_point deadline() const { return Clock::now() + timeout_; }

  const std::unique_ptr<ClientHandle> client_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace omashu::kafka
