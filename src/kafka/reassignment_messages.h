// The bytes of AlterPartitionReassignments (45) and ListPartitionReassignments (46), version 0 of each (Kafka 2.4), as
// rd_kafka_ControllerRequest() takes them: without headers, and a request without the tagged fields at its end. Private
// to this folder.

#pragma once

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "kafka/reassignments.h"

namespace omashu::kafka {

constexpr int16_t kAlterPartitionReassignments = 45;
constexpr int16_t kListPartitionReassignments = 46;

std::string alter_reassignments_request(std::span<const ReplicaMove> moves, std::chrono::milliseconds timeout);
// An answer for each partition; an error where the request as a whole was refused, or the bytes are no such response.
Result<std::map<TopicPartition, Result<void>>> parse_alter_reassignments_response(std::string_view bytes);

// All moves that are under way.
std::string list_reassignments_request(std::chrono::milliseconds timeout);
Result<OngoingMoves> parse_list_reassignments_response(std::string_view bytes);

}  // namespace omashu::kafka
