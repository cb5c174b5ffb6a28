// The administrative calls about consumer groups and the offsets of partitions, batched: one request, or requests that
// are in flight together. Thread-safe.

#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "kafka/types.h"

namespace omashu::kafka {

struct GroupMember {
  std::string member_id;
  std::optional<std::string> group_instance_id;  // of a static member
  std::string client_id;
  std::string host;                        // as the broker saw it: "/127.0.0.1"
  std::vector<TopicPartition> assignment;  // from describe_groups() alone
};

struct GroupDescription {
  std::string id = {};
  std::string state = {};          // "Stable", "Empty", "PreparingRebalance"… in the broker's words
  std::string protocol_type = {};  // "consumer", "connect"…; empty where offsets were committed without membership
  std::string type = {};           // "Classic" or "Consumer" (KIP-848); "" where the broker is too old to tell
  std::string assignor = {};       // "range"…; from describe_groups() alone
  int32_t coordinator = -1;        // the id of a broker
  std::vector<GroupMember> members = {};
  // The members of a group of the new protocol (KIP-848) cannot be had through librdkafka 2.8.
  bool has_unknown_members = false;
};

class GroupAdmin {
 public:
  // Connects lazily. `timeout` bounds each call.
  static Result<std::unique_ptr<GroupAdmin>> open(const ClientConfig& config, std::chrono::milliseconds timeout);
  virtual ~GroupAdmin() = default;

  // All groups of all brokers, by id.
  virtual Result<std::vector<GroupDescription>> list_groups() = 0;

  // One answer for each question, in its order. kNotFound where there is no such group.
  virtual std::vector<Result<GroupDescription>> describe_groups(std::span<const std::string> groups) = 0;
  // What each group has committed; a group that does not exist has committed nothing.
  virtual std::vector<Result<std::map<TopicPartition, Offset>>> committed_offsets(
      std::span<const std::string> groups) = 0;
  // kConflict where the group has members.
  virtual std::vector<Result<void>> delete_groups(std::span<const std::string> groups) = 0;

  // The next offset that the group will read, for each partition; a group that does not exist is created. kConflict
  // where the group has members.
  virtual Result<std::map<TopicPartition, Result<void>>> alter_committed_offsets(
      const std::string& group, const std::map<TopicPartition, Offset>& offsets) = 0;

  // Of each partition the first offset at or after the timestamp (ms), or that of kEarliestTimestamp,
  // kLatestTimestamp or kMaxTimestamp.
  virtual std::map<TopicPartition, Result<ListedOffset>> list_offsets(
      const std::map<TopicPartition, int64_t>& timestamps) = 0;
};

}  // namespace omashu::kafka
