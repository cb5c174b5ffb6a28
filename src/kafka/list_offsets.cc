#include "kafka/list_offsets.h"

#include <fmt/core.h>
#include <librdkafka/rdkafka.h>

#include <utility>
#include <vector>

#include "kafka/admin_call.h"
#include "kafka/error_codes.h"
#include "kafka/partition_list.h"
#include "kafka/retry.h"

namespace omashu::kafka {
namespace {

using Offsets = std::map<TopicPartition, Result<ListedOffset>>;

Result<Offsets> ask(ClientHandle& client, const OffsetQuery& query, bool read_committed, Clock::time_point deadline) {
  const PartitionListPtr list = make_partition_list(query);
  const auto answer = call(client, {.operation = RD_KAFKA_ADMIN_OP_LISTOFFSETS,
                                    .deadline = deadline,
                                    .read_committed = read_committed,
                                    .send = [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                                      rd_kafka_ListOffsets(client.get(), list.get(), options, queue);
                                    }});
  if (!answer) return fail(answer.error());
  Offsets offsets;
  size_t count = 0;
  const rd_kafka_ListOffsetsResultInfo_t** infos =
      rd_kafka_ListOffsets_result_infos(rd_kafka_event_ListOffsets_result(answer->event.get()), &count);
  for (size_t i = 0; i < count; ++i) {
    const rd_kafka_topic_partition_t* found = rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
    Result<ListedOffset> offset = ListedOffset{found->offset, rd_kafka_ListOffsetsResultInfo_timestamp(infos[i])};
    if (found->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      offset = fail(broker_error(found->err, "").within(fmt::format("{}-{}", found->topic, found->partition)));
    }
    offsets.insert_or_assign({found->topic, found->partition}, std::move(offset));
  }
  return offsets;
}

}  // namespace

Offsets list_offsets(ClientHandle& client, const OffsetQuery& query, bool read_committed, Clock::time_point deadline) {
  const std::vector<std::pair<TopicPartition, int64_t>> asked(query.begin(), query.end());
  const auto results = retry_each<ListedOffset>(
      asked.size(), deadline, [&](std::span<const size_t> which) -> Result<std::vector<Result<ListedOffset>>> {
        OffsetQuery open;
        for (const size_t i : which) open.insert(asked[i]);
        const Result<Offsets> found = ask(client, open, read_committed, deadline);
        if (!found) return fail(found.error());
        std::vector<Result<ListedOffset>> answers;
        for (const size_t i : which) {
          const auto offset = found->find(asked[i].first);
          answers.push_back(offset != found->end() ? offset->second
                                                   : fail(ErrorCode::kInternal, "the broker's answer leaves it out"));
        }
        return answers;
      });
  Offsets offsets;
  for (size_t i = 0; i < asked.size(); ++i) offsets.insert_or_assign(asked[i].first, results[i]);
  return offsets;
}

}  // namespace omashu::kafka
