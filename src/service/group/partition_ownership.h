// Which partitions this process owns in its group, and who may still write to them: no clock of its own, no socket.
//
// A partition that the group assigns is taken over: everything that was written to it before must be read first, since
// the owner before may have acknowledged it. From then on it is owned, until it is revoked.
//
// Invariants:
//   - A write begins only where the partition is owned and the lease stands; its permit is valid for as long as both
//     are so. The lease ends before the brokers may give the partition to another member (membership.h).
//   - revoke() returns once no write of these partitions is under way, or makes the permits that are left invalid: no
//     record is sent for them any more.
//   - So of two members no two decide about a key at the same time. What one of them sent before, and the brokers got
//     late, is another producer's record to the other, as key_write.h has it.
//
// Thread-safe. Permits may outlive it.

#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <span>

#include "base/mutex.h"
#include "kafka/types.h"
#include "service/write/ownership.h"

namespace omashu::service {

class PartitionOwnership {
 public:
  using Time = std::chrono::steady_clock::time_point;
  using Clock = std::function<Time()>;
  explicit PartitionOwnership(Clock clock = &std::chrono::steady_clock::now);

  enum class State : uint8_t { kNone, kTakingOver, kOwned };
  State state_of(const kafka::TopicPartition& partition) const;
  bool has_lease() const;
  std::set<kafka::TopicPartition> assigned() const;  // in either state
  std::set<kafka::TopicPartition> taking_over() const;

  // ---- the membership's

  void assign(std::span<const kafka::TopicPartition> partitions);
  // Everything that stood in it when it was assigned has been read. Not of one that was revoked meanwhile.
  void admit(const kafka::TopicPartition& partition);
  void extend_lease(Time until);
  void revoke(std::span<const kafka::TopicPartition> partitions, Time deadline);
  // They are another's already: nothing is waited for.
  void lose(std::span<const kafka::TopicPartition> partitions);

  // ---- those who write

  // Null where the partition is not owned, or the lease is over.
  std::shared_ptr<const WritePermit> permit(const kafka::TopicPartition& partition);

 private:
  struct Core;
  class Permit;
  const std::shared_ptr<Core> core_;
};

}  // namespace omashu::service
