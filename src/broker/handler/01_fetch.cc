// Fetch, 4 to 12. A request for more than there is waits, without a thread of its own, for the next appends to the
// partitions that it names, or for its time to run out. Batches go from the segment files to the socket as they are.
//
// The first batch that is found is answered even where it is larger than the limits, so that a consumer is never stuck.
// Every request is answered as a full fetch with session id 0, which declines a session. Left out: transactions
// (both isolation levels see the same), racks.

#include "broker/protocol/01_fetch.h"

#include <algorithm>
#include <mutex>
#include <optional>

#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

constexpr uint32_t kMostBytes = 256 << 20;   // of one answer, whatever the client would take
constexpr int32_t kLongestWaitMs = 300'000;  // an empty answer after that, and the client asks again

// What is wanted of a partition, without the frame of the request.
struct Wanted {
  TopicPtr topic;  // nullptr where it is not there; keeps the partition
  Partition* partition = nullptr;
  FetchRequest::Partition asked;
};

struct WantedTopic {
  std::string name;
  std::vector<Wanted> partitions;
};

struct Limits {
  uint32_t min_bytes = 0;
  uint32_t max_bytes = 0;
};

// One look at the logs.
class Look {
 public:
  Look(Broker& broker, const std::vector<WantedTopic>& wanted, const Limits& limits)
      : broker_(broker), limits_(limits) {
    for (const WantedTopic& topic : wanted) {
      FetchResponse::Topic& answered = response_.topics.emplace_back();
      answered.topic = topic.name;
      answered.partitions.reserve(topic.partitions.size());
      for (const Wanted& partition : topic.partitions) answered.partitions.push_back(read(partition));
    }
  }

  bool is_enough() const { return has_error_ || total_bytes_ >= limits_.min_bytes; }

  void send(Reply<FetchResponse>& reply) { reply(response_, std::move(slices_)); }

 private:
  FetchResponse::Partition read(const Wanted& wanted) {
    FetchResponse::Partition answered{.partition_index = wanted.asked.partition};
    answered.error_code = place_error(wanted);
    if (answered.error_code == KafkaError::kNone) read_log(wanted, answered);
    has_error_ = has_error_ || answered.error_code != KafkaError::kNone;
    return answered;
  }

  static KafkaError place_error(const Wanted& wanted) {
    if (wanted.partition == nullptr) return KafkaError::kUnknownTopicOrPartition;
    if (wanted.asked.current_leader_epoch > Broker::kLeaderEpoch) return KafkaError::kUnknownLeaderEpoch;
    return KafkaError::kNone;
  }

  void read_log(const Wanted& wanted, FetchResponse::Partition& answered) {
    const auto partition_max = static_cast<uint32_t>(std::max(wanted.asked.partition_max_bytes, 0));
    const auto left = static_cast<uint32_t>(limits_.max_bytes - std::min<uint64_t>(total_bytes_, limits_.max_bytes));
    ReadResult result = wanted.partition->log()->read(
        wanted.asked.fetch_offset, {.max_bytes = std::min(partition_max, left), .min_one_batch = total_bytes_ == 0});
    answered.error_code = result.error;
    if (result.error == KafkaError::kKafkaStorageError && broker_.topics().find(wanted.topic->id) != nullptr) {
      broker_.report_once(fmt::format("{}-{}: {}", wanted.topic->name, wanted.asked.partition, result.message));
    }
    answered.high_watermark = result.high_watermark;
    answered.last_stable_offset = result.high_watermark;
    answered.log_start_offset = result.log_start_offset;
    answered.records.size_bytes = result.records.size_bytes;
    if (result.records.size_bytes == 0) return;
    total_bytes_ += result.records.size_bytes;
    slices_.push_back(std::move(result.records));
  }

  Broker& broker_;
  const Limits& limits_;
  FetchResponse response_;
  std::vector<FileSlice> slices_;
  uint64_t total_bytes_ = 0;
  bool has_error_ = false;
};

// A fetch that waits: kept by its timer, and known to the partitions until it is answered.
class WaitingFetch : public AppendListener, public std::enable_shared_from_this<WaitingFetch> {
 public:
  WaitingFetch(Broker& broker, std::vector<WantedTopic> wanted, Limits limits, Reply<FetchResponse> reply)
      : broker_(broker), wanted_(std::move(wanted)), limits_(limits), reply_(std::move(reply)) {}

  void start(int32_t wait_ms) {
    {
      const std::lock_guard lock(mutex_);
      timer_ = broker_.timers().at(broker_.clock().steady_ms() + wait_ms,
                                   [self = shared_from_this()] { self->look_and_answer(/*is_last=*/true); });
    }
    for (const WantedTopic& topic : wanted_) {
      for (const Wanted& wanted : topic.partitions) wanted.partition->listen(shared_from_this());
    }
    look_and_answer(/*is_last=*/false);  // an append may have come before the partition knew
  }

  void appended(Partition& partition) override {
    partition.listen(shared_from_this());
    look_and_answer(/*is_last=*/false);
  }

 private:
  void look_and_answer(bool is_last) {
    const std::lock_guard lock(mutex_);
    if (!reply_) return;
    Look look(broker_, wanted_, limits_);
    if (!is_last && !look.is_enough()) return;
    look.send(*reply_);
    reply_.reset();
    broker_.timers().cancel(timer_);
  }

  Broker& broker_;
  const std::vector<WantedTopic> wanted_;
  const Limits limits_;

  std::mutex mutex_;                           // guards the two
  std::optional<Reply<FetchResponse>> reply_;  // until it is answered
  Timers::Id timer_ = {};
};

std::vector<WantedTopic> wanted_of(Broker& broker, const FetchRequest& request) {
  std::vector<WantedTopic> wanted;
  for (const auto& asked : request.topics) {
    const TopicPtr topic = broker.topics().find(asked.topic);
    WantedTopic& entry = wanted.emplace_back();
    entry.name = asked.topic;
    for (const auto& partition : asked.partitions) {
      entry.partitions.push_back({topic, find_partition(topic.get(), partition.partition), partition});
    }
  }
  return wanted;
}

}  // namespace

void handle_fetch(Broker& broker, const RequestContext&, const FetchRequest& request, Reply<FetchResponse> reply) {
  if (request.session_id != 0 && request.session_epoch > 0) {
    return reply(FetchResponse{.error_code = KafkaError::kFetchSessionIdNotFound});
  }
  std::vector<WantedTopic> wanted = wanted_of(broker, request);
  const Limits limits{.min_bytes = static_cast<uint32_t>(std::max(request.min_bytes, 0)),
                      .max_bytes = std::min(static_cast<uint32_t>(std::max(request.max_bytes, 0)), kMostBytes)};
  {
    Look look(broker, wanted, limits);
    if (look.is_enough() || request.max_wait_ms <= 0) return look.send(reply);
  }
  auto waiting = std::make_shared<WaitingFetch>(broker, std::move(wanted), limits, std::move(reply));
  waiting->start(std::min(request.max_wait_ms, kLongestWaitMs));
}

}  // namespace omashu::broker
