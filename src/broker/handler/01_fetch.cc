// Fetch, 4 to 12. A request for more than there is waits, without a thread of its own, until the appends to the
// partitions that it names add up to what it asks for, or until its time runs out. Batches go from the segment files to
// the socket as they are.
//
// The first batch that is found is answered even where it is larger than the limits, so that a consumer is never stuck.
// Where the file descriptors do not suffice for all partitions, the others are answered empty, and the client asks
// again. A damaged segment is mended by an executor before it is read. Every request is answered as a full fetch with
// session id 0, which declines a session. Left out: transactions (both isolation levels see the same), racks.

#include "broker/protocol/01_fetch.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <optional>

#include "base/mutex.h"
#include "broker/handler/broker.h"
#include "broker/handler/find_partition.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

constexpr uint32_t kMaxResponseBytes = 256 << 20;  // whatever the client would take
constexpr int32_t kMaxWaitMs = 300'000;            // an empty answer after that, and the client asks again

// A fetch of so many partitions is answered by the thread that appends what it waits for, which takes less time than to
// wake another one.
constexpr size_t kMaxPartitionsReadByProducer = 8;

// A partition of the request, without the request's frame.
struct FetchPartition {
  TopicPtr topic;  // nullptr where it is not there; keeps the partition
  Partition* partition = nullptr;
  FetchRequest::Partition request;
};

struct FetchTopic {
  std::string name;
  std::vector<FetchPartition> partitions;
};

size_t count_partitions(const std::vector<FetchTopic>& topics) {
  size_t count = 0;
  for (const FetchTopic& topic : topics) count += topic.partitions.size();
  return count;
}

struct FetchLimits {
  uint32_t min_bytes = 0;
  uint32_t max_bytes = 0;
};

// The logs as they are at one time, and the answer that this makes.
class FetchSnapshot {
 public:
  FetchSnapshot(Broker& broker, const std::vector<FetchTopic>& topics, const FetchLimits& limits, bool mends = false)
      : broker_(broker), limits_(limits), mends_(mends) {
    for (const FetchTopic& topic : topics) {
      FetchResponse::Topic& response_topic = response_.topics.emplace_back();
      response_topic.topic = topic.name;
      response_topic.partitions.reserve(topic.partitions.size());
      for (const FetchPartition& partition : topic.partitions) response_topic.partitions.push_back(read(partition));
    }
  }

  bool is_enough() const { return has_error_ || is_any_postponed_ || total_bytes_ >= limits_.min_bytes; }
  bool needs_mending() const { return needs_mending_; }  // of damage, before it is answered
  uint64_t total_bytes() const { return total_bytes_; }

  void send(Reply<FetchResponse>& reply) {
    for (const std::string& problem : problems_) broker_.report_once(problem);
    reply(response_, std::move(slices_));
  }

 private:
  FetchResponse::Partition read(const FetchPartition& partition) {
    FetchResponse::Partition response_partition{.partition_index = partition.request.partition};
    response_partition.error_code = request_error(partition);
    if (response_partition.error_code == KafkaError::kNone) read_log(partition, response_partition);
    has_error_ = has_error_ || response_partition.error_code != KafkaError::kNone;
    return response_partition;
  }

  static KafkaError request_error(const FetchPartition& partition) {
    if (partition.partition == nullptr) return KafkaError::kUnknownTopicOrPartition;
    if (partition.request.current_leader_epoch > Broker::kLeaderEpoch) return KafkaError::kUnknownLeaderEpoch;
    return KafkaError::kNone;
  }

  void read_log(const FetchPartition& partition, FetchResponse::Partition& response_partition) {
    const auto partition_max = static_cast<uint32_t>(std::max(partition.request.partition_max_bytes, 0));
    const auto left = static_cast<uint32_t>(limits_.max_bytes - std::min<uint64_t>(total_bytes_, limits_.max_bytes));
    ReadResult result = partition.partition->log()->read(
        partition.request.fetch_offset,
        {.max_bytes = std::min(partition_max, left), .min_one_batch = total_bytes_ == 0, .mends = mends_});
    needs_mending_ = needs_mending_ || result.needs_mending;
    if (result.may_succeed_later && total_bytes_ > 0) return postpone(partition, response_partition);
    if (result.error == KafkaError::kKafkaStorageError) note_problem(partition, result.message);
    response_partition.error_code = result.error;
    response_partition.high_watermark = result.high_watermark;
    response_partition.last_stable_offset = result.high_watermark;
    response_partition.log_start_offset = result.log_start_offset;
    response_partition.records.size_bytes = result.records.size_bytes;
    if (result.records.size_bytes == 0) return;
    total_bytes_ += result.records.size_bytes;
    slices_.push_back(std::move(result.records));
  }

  // Answered as if there were no records: the others' use up what is missing for these.
  void postpone(const FetchPartition& partition, FetchResponse::Partition& response_partition) {
    is_any_postponed_ = true;
    const auto offsets = partition.partition->log()->offsets();
    if (!offsets) {
      response_partition.error_code = KafkaError::kKafkaStorageError;
      return note_problem(partition, offsets.error().message);
    }
    response_partition.high_watermark = offsets->log_end_offset;
    response_partition.last_stable_offset = offsets->log_end_offset;
    response_partition.log_start_offset = offsets->log_start_offset;
  }

  void note_problem(const FetchPartition& partition, const std::string& problem) {
    if (broker_.topics().find(partition.topic->id) == nullptr) return;  // it is deleted, which is no problem
    problems_.push_back(fmt::format("{}-{}: {}", partition.topic->name, partition.request.partition, problem));
  }

  Broker& broker_;
  const FetchLimits& limits_;
  const bool mends_;
  FetchResponse response_;
  std::vector<FileSlice> slices_;
  std::vector<std::string> problems_;
  uint64_t total_bytes_ = 0;
  bool has_error_ = false;
  bool needs_mending_ = false;
  bool is_any_postponed_ = false;
};

// A fetch that waits: kept by its timer, and known to the partitions until it is answered. Appends only add up their
// bytes here. The logs are read again once that is enough, and not by the thread of the producer where it takes long.
class WaitingFetch : public PartitionListener, public std::enable_shared_from_this<WaitingFetch> {
 public:
  WaitingFetch(Broker& broker, std::vector<FetchTopic> topics, FetchLimits limits, Reply<FetchResponse> reply)
      : broker_(broker),
        topics_(std::move(topics)),
        is_large_(count_partitions(topics_) > kMaxPartitionsReadByProducer),
        limits_(limits),
        reply_(std::move(reply)) {}

  void start(int32_t wait_ms) EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      timer_ = broker_.timers().at(broker_.clock().steady_ms() + wait_ms, [self = shared_from_this()] {
        self->is_time_up_ = true;
        self->answer_soon();
      });
    }
    for (const FetchTopic& topic : topics_) {
      for (const FetchPartition& partition : topic.partitions) partition.partition->listen(shared_from_this());
    }
    answer_if_enough();  // an append may have come before the partition knew
  }

  void on_append(uint64_t size_bytes) override {
    if (available_bytes_.fetch_add(size_bytes) + size_bytes >= limits_.min_bytes) answer_soon();
  }
  void on_topic_deleted() override { answer_soon(); }

 private:
  enum class Mending : uint8_t {
    kNotTried,
    kUnderWay,
    kTried,  // what is damaged still is answered as an error
  };

  void answer_soon() {
    if (!is_large_) return answer_if_enough();
    if (is_answering_.exchange(true)) return;
    broker_.fetch_executor().post([self = shared_from_this()] { self->answer_if_enough(); });
  }

  // In an executor, and without the mutex: appends go on meanwhile.
  void mend_and_answer() EXCLUDES(mutex_) {
    const FetchSnapshot mending(broker_, topics_, limits_, /*mends=*/true);
    {
      const MutexLock lock(mutex_);
      mending_ = Mending::kTried;
    }
    answer_if_enough();
  }

  void answer_if_enough() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (reply_ && mending_ != Mending::kUnderWay) {
      // What is appended from here on is counted on top of what is read, be it read as well: then it is read once more.
      is_answering_ = false;
      const bool is_last = is_time_up_;
      const uint64_t counted_bytes = available_bytes_;
      FetchSnapshot snapshot(broker_, topics_, limits_);
      if (snapshot.needs_mending() && mending_ == Mending::kNotTried) {
        mending_ = Mending::kUnderWay;
        lock.unlock();
        return broker_.executor().post([self = shared_from_this()] { self->mend_and_answer(); });
      }
      if (is_last || snapshot.is_enough()) {
        snapshot.send(*reply_);
        reply_.reset();
        return broker_.timers().cancel(timer_);
      }
      // What was appended before its partition knew of this fetch is counted only now. So an append that came during
      // the reading may have been enough without having seen that.
      const uint64_t uncounted_bytes = snapshot.total_bytes() - counted_bytes;
      if (available_bytes_.fetch_add(uncounted_bytes) + uncounted_bytes < limits_.min_bytes) return;
    }
  }

  Broker& broker_;
  const std::vector<FetchTopic> topics_;
  const bool is_large_;
  const FetchLimits limits_;
  std::atomic<uint64_t> available_bytes_ = 0;  // at least as much as there is
  std::atomic<bool> is_answering_ = false;     // answer_if_enough() has been posted
  std::atomic<bool> is_time_up_ = false;

  Mutex mutex_;
  std::optional<Reply<FetchResponse>> reply_ GUARDED_BY(mutex_);  // until it is answered
  Timers::Id timer_ GUARDED_BY(mutex_) = {};
  Mending mending_ GUARDED_BY(mutex_) = Mending::kNotTried;
};

std::vector<FetchTopic> topics_of(Broker& broker, const FetchRequest& request) {
  std::vector<FetchTopic> topics;
  for (const auto& request_topic : request.topics) {
    const TopicPtr topic = broker.topics().find(request_topic.topic);
    FetchTopic& entry = topics.emplace_back();
    entry.name = request_topic.topic;
    for (const auto& partition : request_topic.partitions) {
      entry.partitions.push_back({topic, find_partition(topic.get(), partition.partition), partition});
    }
  }
  return topics;
}

void answer_or_wait(Broker& broker, std::vector<FetchTopic> topics, const FetchLimits& limits, int32_t max_wait_ms,
                    bool mends, Reply<FetchResponse> reply) {
  {
    FetchSnapshot snapshot(broker, topics, limits, mends);
    if (snapshot.needs_mending()) {
      return broker.executor().post(
          [&broker, topics = std::move(topics), limits, max_wait_ms, reply = std::move(reply)]() mutable {
            answer_or_wait(broker, std::move(topics), limits, max_wait_ms, /*mends=*/true, std::move(reply));
          });
    }
    if (snapshot.is_enough() || max_wait_ms <= 0) return snapshot.send(reply);
  }
  auto waiting = std::make_shared<WaitingFetch>(broker, std::move(topics), limits, std::move(reply));
  waiting->start(std::min(max_wait_ms, kMaxWaitMs));
}

}  // namespace

void handle_fetch(Broker& broker, const RequestContext&, const FetchRequest& request, Reply<FetchResponse> reply) {
  if (request.session_id != 0 && request.session_epoch > 0) {
    return reply(FetchResponse{.error_code = KafkaError::kFetchSessionIdNotFound});
  }
  const FetchLimits limits{
      .min_bytes = static_cast<uint32_t>(std::max(request.min_bytes, 0)),
      .max_bytes = std::min(static_cast<uint32_t>(std::max(request.max_bytes, 0)), kMaxResponseBytes)};
  answer_or_wait(broker, topics_of(broker, request), limits, request.max_wait_ms, /*mends=*/false, std::move(reply));
}

}  // namespace omashu::broker
