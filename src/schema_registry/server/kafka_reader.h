// Reads the topic _schemas into a store, on a thread of its own. A topic that was made anew is read anew. Records that
// are damaged are passed over, and the store is told (Store::note_unreadable).

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "kafka/consumer.h"
#include "schema_registry/server/kafka_topic.h"
#include "schema_registry/server/shared_store.h"

namespace omashu::schema_registry::server {

class KafkaReader {
 public:
  struct Listener {
    std::function<void()> on_progress;                       // the store knows more
    std::function<void(std::string_view message)> on_error;  // reading goes on
    std::function<void()> on_damage;                         // the store knows what
  };

  // Returns when all that the topic holds now has been read, or when the broker cannot read it (unread_reason()): then
  // the reader goes on trying.
  static Result<std::unique_ptr<KafkaReader>> start(const KafkaTopic& topic, SharedStore& store,
                                                    std::chrono::milliseconds timeout);
  ~KafkaReader();

  // Why nothing has been read; empty where the topic was read.
  const std::optional<Error>& unread_reason() const { return unread_reason_; }

  // The offset behind the last one that the topic had when the reading began.
  kafka::Offset restored_offset() const { return restored_offset_; }

  // Reads on from there. Called once.
  void follow(Listener listener);

 private:
  KafkaReader(const KafkaTopic& topic, SharedStore& store) : kafka_(topic.kafka), topic_(topic.name), store_(store) {}

  // `wait` is how long the broker keeps a question for which there is no record yet.
  Result<std::unique_ptr<kafka::Consumer>> open_consumer(std::chrono::milliseconds wait);
  Result<void> become_patient() EXCLUDES(consumer_mutex_);

  Result<void> restore(std::chrono::milliseconds timeout);
  Result<void> read_batch(std::chrono::milliseconds timeout);
  void apply(const std::vector<kafka::ConsumerEvent>& events);
  void note_unreadable(kafka::Offset first, kafka::Offset end);
  void run(const std::stop_token& stop);

  const kafka::ClientConfig kafka_;
  const std::string topic_;
  Mutex consumer_mutex_;                       // of wake(), which comes from another thread
  std::unique_ptr<kafka::Consumer> consumer_;  // replaced under consumer_mutex_
  SharedStore& store_;
  Listener listener_;
  std::optional<Error> unread_reason_;
  kafka::Offset next_offset_ = 0;              // behind the last record
  kafka::Offset position_ = 0;                 // where reading goes on: further, where there is nothing up to the end
  std::optional<kafka::Offset> damaged_from_;  // nothing could be read from there on yet
  kafka::Offset restored_offset_ = 0;          // what was there when the reading began ends here
  std::jthread thread_;
};

}  // namespace omashu::schema_registry::server
