// GroupAdmin over librdkafka; its calls are spread over group_admin.cc and group_offsets.cc. Private to this folder.

#pragma once

#include "kafka/client_handle.h"
#include "kafka/group_admin.h"

namespace omashu::kafka {

class GroupAdminClient : public GroupAdmin {
 public:
  GroupAdminClient(std::unique_ptr<ClientHandle> client, std::chrono::milliseconds timeout)
      : client_(std::move(client)), timeout_(timeout) {}

  Result<std::vector<GroupDescription>> list_groups() override;
  std::vector<Result<GroupDescription>> describe_groups(std::span<const std::string> groups) override;
  std::vector<Result<void>> delete_groups(std::span<const std::string> groups) override;

  std::vector<Result<std::map<TopicPartition, Offset>>> committed_offsets(std::span<const std::string> groups) override;
  Result<std::map<TopicPartition, Result<void>>> alter_committed_offsets(
      const std::string& group, const std::map<TopicPartition, Offset>& offsets) override;
  std::map<TopicPartition, Result<ListedOffset>> list_offsets(
      const std::map<TopicPartition, int64_t>& timestamps) override;

 private:
  Clock::time_point deadline() const { return Clock::now() + timeout_; }

  const std::unique_ptr<ClientHandle> client_;
  const std::chrono::milliseconds timeout_;
};

}  // namespace omashu::kafka
