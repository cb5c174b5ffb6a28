// Moves of replicas between brokers; librdkafka carries their requests by scripts/librdkafka.patch.

#include <librdkafka/rdkafka.h>

#include <fmt/core.h>

#include "kafka/admin_call.h"
#include "kafka/admin_client.h"
#include "kafka/error_codes.h"
#include "kafka/reassignment_messages.h"

namespace omashu::kafka {
namespace {

constexpr int16_t kVersion = 0;  // of both requests

Result<std::string> ask_controller(ClientHandle& client, int16_t key, const std::string& body,
                                   Clock::time_point deadline) {
  const auto answer =
      call(client, {.operation = RD_KAFKA_ADMIN_OP_CONTROLLERREQUEST,
                    .deadline = deadline,
                    .send = [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                      rd_kafka_ControllerRequest(client.get(), key, kVersion, body.data(), body.size(), options, queue);
                    }});
  if (!answer) return fail(answer.error());
  size_t size = 0;
  const void* bytes =
      rd_kafka_ControllerRequest_result_body(rd_kafka_event_ControllerRequest_result(answer->event.get()), &size);
  return std::string(static_cast<const char*>(bytes), size);
}

Result<void> throttle_broker(ClientHandle& client, int32_t broker, std::optional<int64_t> bytes_per_second,
                             Clock::time_point deadline) {
  const std::string id = std::to_string(broker);
  const std::string rate = bytes_per_second ? std::to_string(*bytes_per_second) : "";
  rd_kafka_ConfigResource_t* resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_BROKER, id.c_str());
  const auto operation = bytes_per_second ? RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET : RD_KAFKA_ALTER_CONFIG_OP_TYPE_DELETE;
  for (const char* name : {"leader.replication.throttled.rate", "follower.replication.throttled.rate"}) {
    // Its only error is a name that is missing.
    rd_kafka_error_t* error = rd_kafka_ConfigResource_add_incremental_config(resource, name, operation,
                                                                             bytes_per_second ? rate.c_str() : nullptr);
    if (error != nullptr) rd_kafka_error_destroy(error);
  }
  const auto answer = call(client, {.operation = RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS,
                                    .deadline = deadline,
                                    .send = [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                                      rd_kafka_IncrementalAlterConfigs(client.get(), &resource, 1, options, queue);
                                    }});
  rd_kafka_ConfigResource_destroy(resource);
  if (!answer) return fail(Error(answer.error()).within(fmt::format("broker {}", broker)));
  size_t count = 0;
  const rd_kafka_ConfigResource_t** results = rd_kafka_IncrementalAlterConfigs_result_resources(
      rd_kafka_event_IncrementalAlterConfigs_result(answer->event.get()), &count);
  for (size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t code = rd_kafka_ConfigResource_error(results[i]);
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    const char* words = rd_kafka_ConfigResource_error_string(results[i]);
    return fail(broker_error(code, words == nullptr ? "" : words).within(fmt::format("broker {}", broker)));
  }
  return {};
}

}  // namespace

std::vector<Result<void>> AdminClient::move_replicas(std::span<const ReplicaMove> moves) {
  const auto body =
      ask_controller(*client_, kAlterPartitionReassignments, alter_reassignments_request(moves, timeout_), deadline());
  if (!body) return {moves.size(), fail(body.error())};
  const auto found = parse_alter_reassignments_response(*body);
  if (!found) return {moves.size(), fail(found.error())};
  std::vector<Result<void>> answers;
  for (const ReplicaMove& move : moves) {
    const auto answer = found->find(move.partition);
    answers.push_back(answer != found->end()
                          ? answer->second
                          : fail(ErrorCode::kInternal, "the controller's answer leaves the partition out"));
  }
  return answers;
}

Result<OngoingMoves> AdminClient::ongoing_moves() {
  const auto body =
      ask_controller(*client_, kListPartitionReassignments, list_reassignments_request(timeout_), deadline());
  if (!body) return fail(body.error());
  return parse_list_reassignments_response(*body);
}

Result<void> AdminClient::throttle_moves(std::span<const int32_t> brokers, std::optional<int64_t> bytes_per_second) {
  const Clock::time_point end = deadline();
  for (const int32_t broker : brokers) {
    if (auto done = throttle_broker(*client_, broker, bytes_per_second, end); !done) return done;
  }
  return {};
}

}  // namespace omashu::kafka
