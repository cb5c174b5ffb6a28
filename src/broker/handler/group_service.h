// Consumer groups at work: the coordinator with a clock, a log and threads around it.
//
// All groups share one partition of __consumer_offsets, which is made when the first group has something to keep.
// Events are taken one at a time, and their records appended in that order; the answers that depend on them go out once
// they are as durable as those of acks=all. Thread-safe.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "broker/group/group_coordinator.h"
#include "broker/runtime/timers.h"
#include "omashu/result.h"

namespace omashu::broker {

class Broker;
class Partition;
class PartitionLog;

class GroupService {
 public:
  // The broker must outlive the service.
  explicit GroupService(Broker& broker) : broker_(broker) {}

  // Reads the groups back; to be called once, before any request. Fails where the log cannot be read.
  Result<void> restore();

  // From here on nothing happens any more, and who still waits is never answered.
  void stop();

  // Called once, by this thread or another; not if the service is stopped before.
  template <class Answer>
  using Answered = std::move_only_function<void(Answer)>;

  void join(const JoinGroup& join, Answered<JoinGroupAnswer> answered);
  void sync(const SyncGroup& sync, Answered<SyncGroupAnswer> answered);
  void leave(const LeaveGroup& leave, Answered<LeaveGroupAnswer> answered);
  void commit_offsets(const CommitOffsets& commit, Answered<CommitOffsetsAnswer> answered);
  void delete_offsets(const DeleteOffsets& deletion, Answered<DeleteOffsetsAnswer> answered);
  void delete_groups(std::span<const std::string_view> group_ids, Answered<DeleteGroupsAnswer> answered);
  KafkaError heartbeat(const Heartbeat& heartbeat);

  // To be told of every topic that is gone.
  void topics_deleted(std::span<const std::string_view> topics);

  // What `read` makes of the groups as they are; it must not keep any reference to them.
  template <class Read>
  auto read(Read&& read) const {
    const std::lock_guard lock(mutex_);
    return read(coordinator_);
  }

 private:
  using Event = std::function<CoordinatorActions(int64_t now_ms)>;
  using Waiting = std::move_only_function<void(GroupAnswerBody)>;
  struct Written {
    AppendId id = 0;
    KafkaError error = KafkaError::kNone;
    std::shared_ptr<PartitionLog> log;
  };

  template <class Answer>
  void ask(const std::function<CoordinatorActions(RequestId, int64_t now_ms)>& event, Answered<Answer> answered);
  void happen(const Event& event);
  void appended(AppendId id, KafkaError error);

  // With the mutex:
  Written write(const CoordinatorAppend& append);
  Result<std::shared_ptr<Partition>> partition();
  void set_timer();

  Broker& broker_;
  mutable std::mutex mutex_;  // guards all below
  GroupCoordinator coordinator_;
  RequestId last_request_ = 0;
  std::unordered_map<RequestId, Waiting> waiting_;
  std::optional<Timers::Id> timer_;  // for the next tick
  bool is_stopped_ = false;
};

}  // namespace omashu::broker
