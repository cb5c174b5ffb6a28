// Which of several registries leads, decided by a consumer group of Kafka's: the member to which partition 0 of
// _schemas is assigned is elected.
//
// Confluent's registries form a group of their own protocol ("sr"), which librdkafka does not speak. An ordinary group
// does the same: the broker sees who is alive, and gives the one partition to one member. It may be late to tell the
// one before, so being elected is a reason to take over, never to write (writer.h). The group has Confluent's name, and
// a group has one protocol: while a registry of Confluent's is in it, no omashu is elected, nor the other way.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "kafka/consumer.h"
#include "schema_registry/server/kafka_topic.h"

namespace omashu::schema_registry::server {

class GroupElection {
 public:
  struct Listener {
    std::function<void(bool is_elected)> on_change;
    std::function<void(std::string_view message)> on_error;  // it goes on trying
  };

  static Result<std::unique_ptr<GroupElection>> start(const KafkaTopic& topic, const std::string& group,
                                                      Listener listener);
  ~GroupElection();  // leaves the group

 private:
  GroupElection(std::unique_ptr<kafka::Consumer> consumer, Listener listener)
      : listener_(std::move(listener)), consumer_(std::move(consumer)) {}

  void run(const std::stop_token& stop);

  const Listener listener_;
  const std::unique_ptr<kafka::Consumer> consumer_;
  std::jthread thread_;
};

}  // namespace omashu::schema_registry::server
