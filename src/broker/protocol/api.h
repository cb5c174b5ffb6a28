// The APIs of Kafka's protocol: their keys, and what a declaration tells of one.

#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

namespace omashu::broker {

// Those that clients ask a broker for. The ones that are spoken here are in api_list.h.
enum class ApiKey : int16_t {
  kProduce = 0,
  kFetch = 1,
  kListOffsets = 2,
  kMetadata = 3,
  kOffsetCommit = 8,
  kOffsetFetch = 9,
  kFindCoordinator = 10,
  kJoinGroup = 11,
  kHeartbeat = 12,
  kLeaveGroup = 13,
  kSyncGroup = 14,
  kDescribeGroups = 15,
  kListGroups = 16,
  kSaslHandshake = 17,
  kApiVersions = 18,
  kCreateTopics = 19,
  kDeleteTopics = 20,
  kDeleteRecords = 21,
  kInitProducerId = 22,
  kOffsetForLeaderEpoch = 23,
  kAddPartitionsToTxn = 24,
  kAddOffsetsToTxn = 25,
  kEndTxn = 26,
  kTxnOffsetCommit = 28,
  kDescribeAcls = 29,
  kCreateAcls = 30,
  kDeleteAcls = 31,
  kDescribeConfigs = 32,
  kAlterConfigs = 33,
  kAlterReplicaLogDirs = 34,
  kDescribeLogDirs = 35,
  kSaslAuthenticate = 36,
  kCreatePartitions = 37,
  kDeleteGroups = 42,
  kElectLeaders = 43,
  kIncrementalAlterConfigs = 44,
  kAlterPartitionReassignments = 45,
  kListPartitionReassignments = 46,
  kOffsetDelete = 47,
  kDescribeClientQuotas = 48,
  kAlterClientQuotas = 49,
  kDescribeQuorum = 55,
  kDescribeCluster = 60,
  kDescribeProducers = 61,
  kListTransactions = 66,
  kDescribeTopicPartitions = 75,
};

struct VersionRange {
  int16_t min = 0;
  int16_t max = 0;

  constexpr bool contains(int16_t version) const { return min <= version && version <= max; }
  bool operator==(const VersionRange&) const = default;
};

inline constexpr int16_t kNeverFlexible = std::numeric_limits<int16_t>::max();

struct Api {
  ApiKey key = {};
  std::string_view name = {};  // "Metadata"
  VersionRange versions = {};  // that are read and written here
  int16_t first_flexible = 0;  // from here on with compact lengths and tagged fields (KIP-482)

  constexpr bool is_flexible(int16_t version) const { return version >= first_flexible; }
};

}  // namespace omashu::broker
