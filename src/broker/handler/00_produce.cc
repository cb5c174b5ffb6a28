// Produce, 0 to 11; a request below 3 brings message formats from before record batches, and is refused by partition.
//
// acks=1 is answered once the records are written, acks=all once they are on the disk (Durability), for all partitions
// of the request together. Duplicates of an idempotent producer wait for the disk like what they repeat. A partition
// that fails leaves the others alone.
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

using Asked = ProduceRequest::Partition;
using Answered = ProduceResponse::Partition;

KafkaError request_error(const RequestContext& context, const ProduceRequest& request) {
  if (context.api_version < kFirstVersionWithRecordBatches) return KafkaError::kUnsupportedForMessageFormat;
  if (request.acks < kAcksAll || request.acks > 1) return KafkaError::kInvalidRequiredAcks;
  if (request.transactional_id) return KafkaError::kTransactionalIdAuthorizationFailed;
  return KafkaError::kNone;
}

// The answer to a request whose records have been appended, until they are durable.
class PendingProduce {
 public:
  PendingProduce(ProduceResponse response, Reply<ProduceResponse> reply)
      : response_(std::move(response)), reply_(std::move(reply)) {}

  struct Append {
    std::shared_ptr<PartitionLog> log;
    size_t topic = 0;  // where its answer is in the response
    size_t partition = 0;
  };

  static void wait(Broker& broker, std::shared_ptr<PendingProduce> pending, std::vector<Append> appends) {
    pending->left_ = appends.size();
    for (Append& append : appends) {
      broker.when_durable(append.log,
                          [pending, topic = append.topic, partition = append.partition](const Result<void>& flushed) {
                            if (!flushed)
                              refuse(pending->response_.topics[topic].partitions[partition], flushed.error());
                            if (pending->left_.fetch_sub(1) == 1) pending->reply_(pending->response_);
                          });
    }
  }

 private:
  static void refuse(Answered& answered, const Error& error) {
    answered = {.index = answered.index, .error_code = KafkaError::kKafkaStorageError, .error_message = error.message};
  }

  ProduceResponse response_;
  Reply<ProduceResponse> reply_;
  std::atomic<size_t> left_ = 0;
};

class Production {
 public:
  Production(Broker& broker, const RequestContext& context, const ProduceRequest& request)
      : broker_(broker), request_(request), error_(request_error(context, request)) {}

  void run() {
    now_ms_ = broker_.clock().wall_ms();
    for (const auto& asked : request_.topics) {
      const TopicPtr topic = broker_.topics().find(asked.name);
      ProduceResponse::Topic& answered = response_.topics.emplace_back();
      answered.name = asked.name;
      for (const Asked& partition : asked.partitions) {
        answered.partitions.push_back(append(topic.get(), partition));
      }
    }
  }

  void answer(Reply<ProduceResponse> reply) {
    if (request_.acks == kAcksNone && error_ == KafkaError::kNone) return reply.without_answer();
    if (request_.acks != kAcksAll || appends_.empty()) return reply(response_);
    auto pending = std::make_shared<PendingProduce>(std::move(response_), std::move(reply));
    PendingProduce::wait(broker_, std::move(pending), std::move(appends_));
  }

 private:
  Answered append(const Topic* topic, const Asked& asked) {
    Answered answered{.index = asked.index, .error_code = error_};
    if (error_ != KafkaError::kNone) return answered;
    Partition* partition = find_partition(topic, asked.index);
    if (partition == nullptr) {
      answered.error_code = KafkaError::kUnknownTopicOrPartition;
      return answered;
    }
    if (topic->is_internal()) {
      answered.error_code = KafkaError::kInvalidTopicException;
      return answered;
    }
    // The batch lies in the frame, which is this request's alone (dispatch.h).
    const std::string_view records = asked.records.value_or(BytesView()).data;
    const std::span<char> batch(const_cast<char*>(records.data()), records.size());
    AppendResult result = partition->append(batch, {.now_ms = now_ms_, .leader_epoch = Broker::kLeaderEpoch});
    answered.error_code = result.error;
    if (result.error != KafkaError::kNone) {
      answered.error_message = std::move(result.message);
      return answered;
    }
    answered.base_offset = result.base_offset;
    answered.log_append_time_ms = result.log_append_time_ms;
    answered.log_start_offset = result.log_start_offset;
    const size_t topic_index = response_.topics.size() - 1;
    appends_.push_back({partition->log(), topic_index, response_.topics.back().partitions.size()});
    return answered;
  }

  Broker& broker_;
  const ProduceRequest& request_;
  const KafkaError error_;  // for every partition
  int64_t now_ms_ = 0;
  ProduceResponse response_;
  std::vector<PendingProduce::Append> appends_;
};

}  // namespace

void handle_produce(Broker& broker, const RequestContext& context, const ProduceRequest& request,
                    Reply<ProduceResponse> reply) {
  Production production(broker, context, request);
  production.run();
  production.answer(std::move(reply));
}

}  // namespace omashu::broker
