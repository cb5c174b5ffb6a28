// Reads records with schemas as a member of a consumer group.

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "omashu/client_options.h"
#include "omashu/result.h"
#include "omashu/typed_record.h"

namespace omashu {

struct ConsumerOptions {
  std::string group;
  std::vector<std::string> topics;
  bool from_beginning = true;  // where the group has no committed offset: else only what comes from now on

  // A name of this member that stays the same over restarts (group.instance.id), and that no other member has: started
  // again within its session's time, it has its partitions at once. "": none.
  std::string member = {};

  // Where records go that do not decode: with their bytes and headers as they were, and why in the headers that Kafka
  // Connect uses (__connect.errors.…). "": nowhere, and poll() tells of each.
  std::string dead_letters = {};
};

// For one thread.
class TypedConsumer {
 public:
  static Result<TypedConsumer> open(const ClientOptions& options, const ConsumerOptions& consumer);
  ~TypedConsumer();  // leaves the group; commits nothing
  TypedConsumer(TypedConsumer&&) noexcept;
  TypedConsumer& operator=(TypedConsumer&&) noexcept;

  // The next record, or nothing when the time was up. kCorrupt concerns one record, which the next call leaves behind;
  // its line names topic, partition, offset and schema id. Any other error: the record has not been passed, and is read
  // again by the next call. With dead letters a record that does not decode is durable there before the next is read.
  Result<std::optional<TypedRecord>> poll(std::chrono::milliseconds timeout);

  // Commits everything that poll() has returned: after a restart the group reads on behind it. Where partitions have
  // gone to another member meanwhile, that one reads again what was not committed.
  Result<void> commit();

  // For records that take long, several at once: each is finished when it is, and of each partition is committed what
  // lies before the first that is not. So a restart reads again every record that was not finished, and some that were.
  void finish(const TypedRecord& record);
  Result<void> commit_finished();

  // Whether the record's partition is still this member's; where it is not, another one reads the record again, and the
  // work on it is to be given up. `assignments` counts how often partitions came or went, as poll() noticed.
  bool holds(const TypedRecord& record) const;
  uint64_t assignments() const;

  // While it is paused poll() keeps the membership alive and returns nothing.
  void pause();
  void resume();

 private:
  struct State;
  explicit TypedConsumer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace omashu
