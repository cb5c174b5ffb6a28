// Where records go that a sink cannot write: the retry topics in their order, then the dead letters. For one thread.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "kafka/producer.h"
#include "kafka/types.h"
#include "sink/batch_decoder.h"
#include "sink/dead_letter.h"
#include "sink/retry_place.h"
#include "sink/sink.h"

namespace omashu::sink {

// "status-download.retry.1m"
std::string retry_topic_name(const std::string& topic, std::chrono::milliseconds delay);

struct SetAsideOptions {
  std::string sink, kind;                         // as they are named in dead letters
  std::vector<std::string> topics;                // that the sink reads
  std::optional<std::string> dead_letters;        // absent: a record that cannot be written stops the sink
  std::vector<std::chrono::milliseconds> delays;  // of the retry topics; ascending
  std::function<int64_t()> now_ms;
};

class SetAside {
 public:
  // Null producer: where neither dead letters nor delays are given.
  SetAside(SetAsideOptions options, std::unique_ptr<kafka::Producer> producer);

  bool is_retry_topic(const std::string& topic) const { return retry_topics_.contains(topic); }
  std::vector<std::string> retry_topics() const;

  struct Item {
    const kafka::Message* message = nullptr;
    RecordOrigin origin;
    FailedStage stage = FailedStage::kTaskPut;
    const Error* reason = nullptr;
  };
  // Durable when it returns. What was sent before, and is still remembered, is not sent again.
  WriteResult send(std::span<const Item> items);

  // What lies before these positions does not come again.
  void forget_before(const Positions& positions);

  // Records sent since the start. From any thread.
  uint64_t dead_letter_count() const { return dead_letters_sent_; }
  uint64_t retry_count() const { return retries_sent_; }

 private:
  struct RetryTopic {
    std::string of;  // the topic whose records wait here
    size_t step = 0;
  };

  // The retry topic that comes next for it; nothing where the dead letters do.
  std::optional<std::string> next_retry(const Item& item, std::chrono::milliseconds& delay) const;
  WriteResult deliver(std::vector<kafka::Record> records);

  const SetAsideOptions options_;
  const std::unique_ptr<kafka::Producer> producer_;
  std::map<std::string, RetryTopic> retry_topics_;
  std::map<kafka::TopicPartition, std::set<kafka::Offset>> sent_;  // where they were read
  std::atomic<uint64_t> dead_letters_sent_ = 0, retries_sent_ = 0;
};

}  // namespace omashu::sink
