// The operations that a client may do to a resource, as Metadata, DescribeCluster, DescribeGroups and
// DescribeTopicPartitions tell them: a bit for each, by the code of Kafka's AclOperation. There is no authorizer here,
// so these are all operations that Kafka (4.3) knows for the kind of resource.

#pragma once

#include <cstdint>
#include <initializer_list>

namespace omashu::broker {

enum class AclOperation : int8_t {
  kRead = 3,
  kWrite = 4,
  kCreate = 5,
  kDelete = 6,
  kAlter = 7,
  kDescribe = 8,
  kClusterAction = 9,
  kDescribeConfigs = 10,
  kAlterConfigs = 11,
  kIdempotentWrite = 12,
};

constexpr int32_t operation_bits(std::initializer_list<AclOperation> operations) {
  int32_t bits = 0;
  for (const AclOperation operation : operations) bits |= 1 << static_cast<int>(operation);
  return bits;
}

inline constexpr int32_t kTopicOperations = operation_bits(
    {AclOperation::kRead, AclOperation::kWrite, AclOperation::kCreate, AclOperation::kDelete, AclOperation::kAlter,
     AclOperation::kDescribe, AclOperation::kDescribeConfigs, AclOperation::kAlterConfigs});

inline constexpr int32_t kGroupOperations =
    operation_bits({AclOperation::kRead, AclOperation::kDelete, AclOperation::kDescribe, AclOperation::kDescribeConfigs,
                    AclOperation::kAlterConfigs});

inline constexpr int32_t kClusterOperations =
    operation_bits({AclOperation::kCreate, AclOperation::kAlter, AclOperation::kDescribe, AclOperation::kClusterAction,
                    AclOperation::kDescribeConfigs, AclOperation::kAlterConfigs, AclOperation::kIdempotentWrite});

}  // namespace omashu::broker
