// DescribeLogDirs, which librdkafka has by scripts/librdkafka.patch.

#include <librdkafka/rdkafka.h>

#include "kafka/admin_call.h"
#include "kafka/admin_client.h"
#include "kafka/error_codes.h"
#include "kafka/partition_list.h"

namespace omashu::kafka {
namespace {

std::optional<int64_t> told(int64_t bytes) { return bytes < 0 ? std::nullopt : std::optional(bytes); }

LogDir log_dir_of(const rd_kafka_LogDir_t& told_dir) {
  LogDir dir{.path = told_dir.path == nullptr ? "" : told_dir.path,
             .total_bytes = told(told_dir.total_bytes),
             .usable_bytes = told(told_dir.usable_bytes)};
  for (size_t i = 0; i < told_dir.replica_cnt; ++i) {
    const rd_kafka_LogDirReplica_t& replica = told_dir.replicas[i];
    if (replica.is_future == 0) dir.replica_bytes[{replica.topic, replica.partition}] = replica.size;
  }
  return dir;
}

Result<std::vector<LogDir>> log_dirs_in(const Result<AdminAnswer>& answer) {
  if (!answer) return fail(answer.error());
  size_t count = 0;
  const rd_kafka_LogDir_t** told_dirs =
      rd_kafka_DescribeLogDirs_result_log_dirs(rd_kafka_event_DescribeLogDirs_result(answer->event.get()), &count);
  // Before version 3 of the request there was no other way to say it.
  if (count == 0) return fail(broker_error(RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED, ""));
  std::vector<LogDir> dirs;
  for (size_t i = 0; i < count; ++i) {
    if (told_dirs[i]->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      dirs.push_back(log_dir_of(*told_dirs[i]));
    } else if (count == 1) {
      return fail(broker_error(told_dirs[i]->err, "").within(told_dirs[i]->path));
    }
  }
  return dirs;
}

}  // namespace

std::vector<Result<std::vector<LogDir>>> AdminClient::describe_log_dirs(std::span<const int32_t> brokers,
                                                                        std::span<const TopicPartition> partitions) {
  const Clock::time_point end = deadline();
  std::map<TopicPartition, Offset> wanted;
  for (const TopicPartition& partition : partitions) wanted[partition] = 0;
  const PartitionListPtr list = make_partition_list(wanted);
  std::vector<AdminCall> requests;
  for (const int32_t broker : brokers) {
    requests.push_back({.operation = RD_KAFKA_ADMIN_OP_DESCRIBELOGDIRS,
                        .deadline = end,
                        .broker = broker,
                        .send = [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                          rd_kafka_DescribeLogDirs(client_->get(), list.get(), options, queue);
                        }});
  }
  std::vector<Result<std::vector<LogDir>>> answers;
  for (const auto& answer : call_all(*client_, requests)) answers.push_back(log_dirs_in(answer));
  return answers;
}

}  // namespace omashu::kafka
