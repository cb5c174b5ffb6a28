#include "service/group/partition_ownership.h"

#include <cstdint>
#include <map>
#include <utility>

namespace omashu::service {

struct PartitionOwnership::Core {
  struct Partition {
    State state = State::kNone;
    bool is_leaving = false;  // no new permit is given
    uint64_t assignment = 0;  // permits of an earlier one are invalid
    size_t permits = 0;       // of this assignment, that are out
  };

  explicit Core(Clock clock_to_read) : clock(std::move(clock_to_read)) {}

  const Clock clock;
  mutable Mutex mutex;
  ConditionVariable returned;
  std::map<kafka::TopicPartition, Partition> partitions GUARDED_BY(mutex);
  Time lease GUARDED_BY(mutex) = {};
  uint64_t last_assignment GUARDED_BY(mutex) = 0;

  void lose(std::span<const kafka::TopicPartition> lost) REQUIRES(mutex) {
    for (const kafka::TopicPartition& partition : lost) partitions.erase(partition);
  }
};

class PartitionOwnership::Permit : public WritePermit {
 public:
  Permit(std::shared_ptr<Core> core, kafka::TopicPartition partition, uint64_t assignment)
      : core_(std::move(core)), partition_(std::move(partition)), assignment_(assignment) {}
  ~Permit() override {
    {
      const MutexLock lock(core_->mutex);
      const auto found = core_->partitions.find(partition_);
      if (found == core_->partitions.end() || found->second.assignment != assignment_) return;
      --found->second.permits;
    }
    core_->returned.notify_all();
  }
  Permit(const Permit&) = delete;
  Permit& operator=(const Permit&) = delete;

  bool is_valid() const override {
    const MutexLock lock(core_->mutex);
    const auto found = core_->partitions.find(partition_);
    return found != core_->partitions.end() && found->second.assignment == assignment_ && core_->clock() < core_->lease;
  }

 private:
  const std::shared_ptr<Core> core_;
  const kafka::TopicPartition partition_;
  const uint64_t assignment_;
};

PartitionOwnership::PartitionOwnership(Clock clock) : core_(std::make_shared<Core>(std::move(clock))) {}

PartitionOwnership::State PartitionOwnership::state_of(const kafka::TopicPartition& partition) const {
  const MutexLock lock(core_->mutex);
  const auto found = core_->partitions.find(partition);
  if (found == core_->partitions.end() || found->second.is_leaving) return State::kNone;
  return found->second.state;
}

bool PartitionOwnership::has_lease() const {
  const MutexLock lock(core_->mutex);
  return core_->clock() < core_->lease;
}

std::set<kafka::TopicPartition> PartitionOwnership::assigned() const {
  std::set<kafka::TopicPartition> all;
  const MutexLock lock(core_->mutex);
  for (const auto& [partition, known] : core_->partitions) all.insert(partition);
  return all;
}

std::set<kafka::TopicPartition> PartitionOwnership::taking_over() const {
  std::set<kafka::TopicPartition> all;
  const MutexLock lock(core_->mutex);
  for (const auto& [partition, known] : core_->partitions) {
    if (known.state == State::kTakingOver) all.insert(partition);
  }
  return all;
}

void PartitionOwnership::assign(std::span<const kafka::TopicPartition> partitions) {
  const MutexLock lock(core_->mutex);
  for (const kafka::TopicPartition& partition : partitions) {
    core_->partitions[partition] = {.state = State::kTakingOver, .assignment = ++core_->last_assignment};
  }
}

void PartitionOwnership::admit(const kafka::TopicPartition& partition) {
  const MutexLock lock(core_->mutex);
  const auto found = core_->partitions.find(partition);
  if (found != core_->partitions.end()) found->second.state = State::kOwned;
}

void PartitionOwnership::extend_lease(Time until) {
  const MutexLock lock(core_->mutex);
  core_->lease = std::max(core_->lease, until);
}

void PartitionOwnership::revoke(std::span<const kafka::TopicPartition> partitions, Time deadline) {
  MutexLock lock(core_->mutex);
  for (const kafka::TopicPartition& partition : partitions) {
    const auto found = core_->partitions.find(partition);
    if (found != core_->partitions.end()) found->second.is_leaving = true;
  }
  for (const kafka::TopicPartition& partition : partitions) {
    for (;;) {
      const auto found = core_->partitions.find(partition);
      if (found == core_->partitions.end() || found->second.permits == 0) break;
      if (!core_->returned.wait_until(lock, deadline)) break;
    }
  }
  core_->lose(partitions);
}

void PartitionOwnership::lose(std::span<const kafka::TopicPartition> partitions) {
  const MutexLock lock(core_->mutex);
  core_->lose(partitions);
}

std::shared_ptr<const WritePermit> PartitionOwnership::permit(const kafka::TopicPartition& partition) {
  const MutexLock lock(core_->mutex);
  const auto found = core_->partitions.find(partition);
  if (found == core_->partitions.end() || found->second.state != State::kOwned || found->second.is_leaving) {
    return nullptr;
  }
  if (core_->clock() >= core_->lease) return nullptr;
  ++found->second.permits;
  return std::make_shared<Permit>(core_, partition, found->second.assignment);
}

}  // namespace omashu::service
