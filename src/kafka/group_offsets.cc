// Offsets: those that groups have committed, and those that partitions have.

#include <librdkafka/rdkafka.h>

#include <utility>

#include "kafka/admin_call.h"
#include "kafka/error_codes.h"
#include "kafka/group_admin_client.h"
#include "kafka/list_offsets.h"
#include "kafka/partition_list.h"
#include "kafka/retry.h"

namespace omashu::kafka {
namespace {

struct ListRequestDeleter {
  void operator()(rd_kafka_ListConsumerGroupOffsets_t* request) const {
    rd_kafka_ListConsumerGroupOffsets_destroy(request);
  }
};
using ListRequestPtr = std::unique_ptr<rd_kafka_ListConsumerGroupOffsets_t, ListRequestDeleter>;

struct AlterRequestDeleter {
  void operator()(rd_kafka_AlterConsumerGroupOffsets_t* request) const {
    rd_kafka_AlterConsumerGroupOffsets_destroy(request);
  }
};

using Offsets = std::map<TopicPartition, Offset>;
using Altered = std::map<TopicPartition, Result<void>>;

// librdkafka takes one group a request, and looks its coordinator up: requests beyond these wait for the first.
constexpr size_t kMaxInFlight = 500;

Result<void> error_of(const rd_kafka_group_result_t* result) {
  const rd_kafka_error_t* error = rd_kafka_group_result_error(result);
  if (error == nullptr) return {};
  return fail(broker_error(rd_kafka_error_code(error), rd_kafka_error_string(error)));
}

Result<Offsets> read_offsets(const Result<AdminAnswer>& answer) {
  if (!answer) return fail(answer.error());
  size_t count = 0;
  const rd_kafka_group_result_t** groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
      rd_kafka_event_ListConsumerGroupOffsets_result(answer->event.get()), &count);
  if (count != 1) return fail(ErrorCode::kInternal, "the broker's answer leaves the group out");
  if (auto result = error_of(groups[0]); !result) return fail(std::move(result.error()));
  Offsets offsets;
  const rd_kafka_topic_partition_list_t* list = rd_kafka_group_result_partitions(groups[0]);
  for (int i = 0; list != nullptr && i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& partition = list->elems[i];
    if (partition.err != RD_KAFKA_RESP_ERR_NO_ERROR) return fail(broker_error(partition.err, ""));
    if (partition.offset >= 0) offsets[{partition.topic, partition.partition}] = partition.offset;
  }
  return offsets;
}

Result<Altered> read_altered(const AdminAnswer& answer) {
  size_t count = 0;
  const rd_kafka_group_result_t** groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(
      rd_kafka_event_AlterConsumerGroupOffsets_result(answer.event.get()), &count);
  if (count != 1) return fail(ErrorCode::kInternal, "the broker's answer leaves the group out");
  if (auto result = error_of(groups[0]); !result) return fail(std::move(result.error()));
  Altered altered;
  const rd_kafka_topic_partition_list_t* list = rd_kafka_group_result_partitions(groups[0]);
  for (int i = 0; list != nullptr && i < list->cnt; ++i) {
    const rd_kafka_topic_partition_t& partition = list->elems[i];
    Result<void> result;
    if (partition.err != RD_KAFKA_RESP_ERR_NO_ERROR) result = fail(broker_error(partition.err, ""));
    altered.insert_or_assign({partition.topic, partition.partition}, std::move(result));
  }
  return altered;
}

}  // namespace

std::vector<Result<Offsets>> GroupAdminClient::committed_offsets(std::span<const std::string> groups) {
  const Clock::time_point end = deadline();
  const auto attempt = [&](std::span<const size_t> which) -> Result<std::vector<Result<Offsets>>> {
    std::vector<Result<Offsets>> answers;
    while (answers.size() < which.size()) {
      std::vector<ListRequestPtr> items;
      std::vector<AdminCall> calls;
      for (const size_t i :
           which.subspan(answers.size()).first(std::min(kMaxInFlight, which.size() - answers.size()))) {
        items.emplace_back(rd_kafka_ListConsumerGroupOffsets_new(groups[i].c_str(), nullptr));
        calls.push_back({.operation = RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS,
                         .deadline = end,
                         .send = [this, item = items.back().get()](const rd_kafka_AdminOptions_t* options,
                                                                   rd_kafka_queue_t* queue) mutable {
                           rd_kafka_ListConsumerGroupOffsets(client_->get(), &item, 1, options, queue);
                         }});
      }
      for (const Result<AdminAnswer>& answer : call_all(*client_, calls)) answers.push_back(read_offsets(answer));
    }
    return answers;
  };
  return retry_each<Offsets>(groups.size(), end, attempt);
}

Result<Altered> GroupAdminClient::alter_committed_offsets(const std::string& group, const Offsets& offsets) {
  const PartitionListPtr list = make_partition_list(offsets);
  const std::unique_ptr<rd_kafka_AlterConsumerGroupOffsets_t, AlterRequestDeleter> item(
      rd_kafka_AlterConsumerGroupOffsets_new(group.c_str(), list.get()));
  const auto answer = call(*client_, {.operation = RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS,
                                      .deadline = deadline(),
                                      .send = [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                                        rd_kafka_AlterConsumerGroupOffsets_t* items[] = {item.get()};
                                        rd_kafka_AlterConsumerGroupOffsets(client_->get(), items, 1, options, queue);
                                      }});
  if (!answer) return fail(answer.error());
  return read_altered(*answer);
}

std::map<TopicPartition, Result<ListedOffset>> GroupAdminClient::list_offsets(
    const std::map<TopicPartition, int64_t>& timestamps) {
  return kafka::list_offsets(*client_, timestamps, /*read_committed=*/false, deadline());
}

}  // namespace omashu::kafka
