// Produce, 0 to 11; a request below 3 brings message formats from before record batches, and is refused by partition.
//
// acks=1 is answered once the records are written, acks=all once they are on the disk (Durability), for all partitions
// of the request together; where flush.messages has a log synced, its answer waits for that as well. Duplicates of an
// idempotent producer wait for the disk like what they repeat. A partition that fails leaves the others alone. With
// acks=0 there is no answer; an error closes the connection, which is all that the client can notice.
//
// A refusal names the records that are to blame, where it is not the batch as a whole (KIP-467), so that the client
// fails these and sends the others again.
//
// Left out: transactions.

#include "broker/protocol/00_produce.h"

#include <atomic>

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

constexpr int16_t kAcksNone = 0;
constexpr int16_t kAcksAll = -1;
constexpr int16_t kFirstVersionWithRecordBatches = 3;

using RequestPartition = ProduceRequest::Partition;
using ResponsePartition = ProduceResponse::Partition;

KafkaError request_error(const RequestContext& context, const ProduceRequest& request) {
  if (context.api_version < kFirstVersionWithRecordBatches) return KafkaError::kUnsupportedForMessageFormat;
  if (request.acks < kAcksAll || request.acks > 1) return KafkaError::kInvalidRequiredAcks;
  if (request.transactional_id) return KafkaError::kTransactionalIdAuthorizationFailed;
  return KafkaError::kNone;
}

// Kafka leaves the log start offset out of the answers that have nothing to do with what is in the log.
bool tells_log_start_offset(KafkaError error) {
  switch (error) {
    case KafkaError::kUnknownTopicOrPartition:
    case KafkaError::kMessageTooLarge:
    case KafkaError::kRecordListTooLarge:
    case KafkaError::kCorruptMessage:
    case KafkaError::kKafkaStorageError: return false;
    default: return true;
  }
}

// The answer to a request whose records have been appended, until they are durable.
class PendingProduce {
 public:
  PendingProduce(ProduceResponse response, Reply<ProduceResponse> reply)
      : response_(std::move(response)), reply_(std::move(reply)) {}

  struct Append {
    std::shared_ptr<PartitionLog> log;
    bool is_flush_due = false;  // whatever acks and Durability say
    size_t topic = 0;           // where its answer is in the response
    size_t partition = 0;
  };

  static void wait(Broker& broker, std::shared_ptr<PendingProduce> pending, std::vector<Append> appends) {
    pending->left_ = appends.size();
    for (Append& append : appends) {
      auto done = [pending, topic = append.topic, partition = append.partition](const Result<void>& flushed) {
        if (!flushed) refuse(pending->response_.topics[topic].partitions[partition], flushed.error());
        if (pending->left_.fetch_sub(1) == 1) pending->reply_(pending->response_);
      };
      if (append.is_flush_due) {
        broker.flush(append.log, std::move(done));
      } else {
        broker.when_durable(append.log, std::move(done));
      }
    }
  }

 private:
  static void refuse(ResponsePartition& partition, const Error& error) {
    partition = {
        .index = partition.index, .error_code = KafkaError::kKafkaStorageError, .error_message = error.message};
  }

  ProduceResponse response_;
  Reply<ProduceResponse> reply_;
  std::atomic<size_t> left_ = 0;
};

class ProduceOperation {
 public:
  ProduceOperation(Broker& broker, const RequestContext& context, const ProduceRequest& request)
      : broker_(broker), request_(request), error_(request_error(context, request)) {}

  void run() {
    now_ms_ = broker_.clock().wall_ms();
    for (const auto& request_topic : request_.topics) {
      const TopicPtr topic = broker_.topics().find(request_topic.name);
      ProduceResponse::Topic& response_topic = response_.topics.emplace_back();
      response_topic.name = request_topic.name;
      for (const RequestPartition& request_partition : request_topic.partitions) {
        response_topic.partitions.push_back(append(topic.get(), request_partition));
        has_error_ |= response_topic.partitions.back().error_code != KafkaError::kNone;
      }
    }
  }

  void answer(Reply<ProduceResponse> reply) {
    if (request_.acks == kAcksNone) return has_error_ ? reply.close_connection() : reply.without_answer();
    if (appends_.empty()) return reply(response_);
    auto pending = std::make_shared<PendingProduce>(std::move(response_), std::move(reply));
    PendingProduce::wait(broker_, std::move(pending), std::move(appends_));
  }

 private:
  ResponsePartition append(const Topic* topic, const RequestPartition& request_partition) {
    ResponsePartition response_partition{.index = request_partition.index, .error_code = error_};
    if (error_ != KafkaError::kNone) return response_partition;
    Partition* partition = find_partition(topic, request_partition.index);
    if (partition == nullptr) {
      response_partition.error_code = KafkaError::kUnknownTopicOrPartition;
      return response_partition;
    }
    if (topic->is_internal()) {
      response_partition.error_code = KafkaError::kInvalidTopicException;
      return response_partition;
    }
    // The batch lies in the frame, which is this request's alone (dispatch.h).
    const std::string_view records = request_partition.records.value_or(BytesView()).data;
    const std::span<char> batch(const_cast<char*>(records.data()), records.size());
    AppendResult result = partition->append(batch, {.now_ms = now_ms_, .leader_epoch = Broker::kLeaderEpoch});
    if (result.error != KafkaError::kNone) {
      refuse(response_partition, *partition, std::move(result));
      return response_partition;
    }
    response_partition.base_offset = result.base_offset;
    response_partition.log_append_time_ms = result.log_append_time_ms;
    response_partition.log_start_offset = result.log_start_offset;
    flush_later(*partition, result.flush_within_ms);
    const bool is_flush_due = result.flush_within_ms == 0;
    if (request_.acks == kAcksAll || is_flush_due) {
      const size_t topic_index = response_.topics.size() - 1;
      appends_.push_back({partition->log(), is_flush_due, topic_index, response_.topics.back().partitions.size()});
    }
    return response_partition;
  }

  // flush.ms, and flush.messages with acks=0: what no answer waits for.
  void flush_later(const Partition& partition, int64_t within_ms) {
    if (within_ms == kNoFlush) return;
    const bool waits_for_disk = request_.acks == kAcksAll && broker_.options().durability == Durability::kDisk;
    const bool waits = within_ms == 0 ? request_.acks != kAcksNone : waits_for_disk;
    if (!waits) broker_.flush_within(partition.log(), within_ms);
  }

  static void refuse(ResponsePartition& response_partition, const Partition& partition, AppendResult result) {
    response_partition.error_code = result.error;
    response_partition.error_message = std::move(result.message);
    for (RecordError& error : result.record_errors) {
      response_partition.record_errors.push_back(
          {.batch_index = error.batch_index, .batch_index_error_message = std::move(error.message)});
    }
    if (!tells_log_start_offset(result.error)) return;
    if (const auto offsets = partition.log()->offsets()) {
      response_partition.log_start_offset = offsets->log_start_offset;
    }
  }

  Broker& broker_;
  const ProduceRequest& request_;
  const KafkaError error_;  // for every partition
  int64_t now_ms_ = 0;
  bool has_error_ = false;  // of any partition
  ProduceResponse response_;
  std::vector<PendingProduce::Append> appends_;  // whose answers wait for the disk
};

}  // namespace

void handle_produce(Broker& broker, const RequestContext& context, const ProduceRequest& request,
                    Reply<ProduceResponse> reply) {
  ProduceOperation operation(broker, context, request);
  operation.run();
  operation.answer(std::move(reply));
}

}  // namespace omashu::broker
