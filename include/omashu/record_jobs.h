// Work on records that takes long, several at once, shared by the members of a group.
//
// A record is committed once it and all before it in its partition are finished. So what a crash or a stop interrupts
// is handled again, by this process or by another member: a handler must find out what was done already. Records of one
// key are handled one after another, in their order.

#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "omashu/client_options.h"
#include "omashu/result.h"
#include "omashu/typed_consumer.h"
#include "omashu/typed_record.h"

namespace omashu {

struct JobOptions {
  size_t parallel = 8;             // records that are handled at once
  size_t parallel_of_a_group = 8;  // of those, records of one group, as JobHandler::group has it
  size_t max_records = 64;         // that were read and are not finished; reading pauses beyond
};

// A record that is being handled.
struct RecordJob {
  const TypedRecord record;
  const uint64_t assignments = 0;  // changes with the partitions that this member holds: others may have worked on
                                   // records that come now

  std::atomic<bool> is_superseded = false;  // a later record of the same key waits
  std::atomic<bool> is_given_up = false;    // another member has it now, or the program stops: leave off
};

struct JobHandler {
  // On one of several threads. Nothing: the record is finished. A time: it is handled again after so long, or as soon
  // as it is superseded. What comes of a job that is given up means nothing.
  std::function<std::optional<std::chrono::milliseconds>(RecordJob&)> handle;

  // Records of one group share a limit: those of one host, say. Absent: there are no groups.
  std::function<std::string(const TypedRecord&)> group = {};
};

// Until `is_stopping` says so, which is asked several times a second; then it waits for the handlers to leave off. An
// error that a repetition may mend (Kafka or the registry is away) is given to `on_error`, and reading goes on.
Result<void> run_jobs(const ClientOptions& options, const ConsumerOptions& consumer, const JobOptions& jobs,
                      const JobHandler& handler, const std::function<bool()>& is_stopping,
                      const std::function<void(const Error&)>& on_error);

}  // namespace omashu
