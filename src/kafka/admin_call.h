// One administrative request and its answer. Private to this folder.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "kafka/client_handle.h"

struct rd_kafka_op_s;
struct rd_kafka_queue_s;
struct rd_kafka_AdminOptions_s;

namespace omashu::kafka {

struct EventDeleter {
  void operator()(rd_kafka_op_s* event) const;
};
using EventPtr = std::unique_ptr<rd_kafka_op_s, EventDeleter>;

struct AdminCall {
  int operation = 0;  // an rd_kafka_admin_op_t
  Clock::time_point deadline;
  bool validate_only = false;
  bool read_committed = false;         // of ListOffsets
  std::optional<int32_t> broker = {};  // that is asked; absent: the controller, or whoever the request is for
  // Starts the request; the answer goes to the queue.
  std::function<void(const rd_kafka_AdminOptions_s*, rd_kafka_queue_s*)> send;
};

struct AdminAnswer {
  EventPtr event;
  // A connection was lost with the request on its way, and it was sent again: the first may have been carried out.
  bool was_resent = false;
};

// Waits for the answer, until the deadline; a refused login ends it at once. The errors here are those of the whole
// request; those of single topics are in the answer.
Result<AdminAnswer> call(ClientHandle& client, const AdminCall& request);

// Several of them, in flight together; an answer for each, in their order.
std::vector<Result<AdminAnswer>> call_all(ClientHandle& client, std::span<const AdminCall> requests);

}  // namespace omashu::kafka
