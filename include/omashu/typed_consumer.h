// Reads records with schemas as a member of a consumer group.

#pragma once

#include <chrono>
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
  // again by the next call.
  Result<std::optional<TypedRecord>> poll(std::chrono::milliseconds timeout);

  // Commits everything that poll() has returned: after a restart the group reads on behind it. Where partitions have
  // gone to another member meanwhile, that one reads again what was not committed.
  Result<void> commit();

 private:
  struct State;
  explicit TypedConsumer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace omashu
