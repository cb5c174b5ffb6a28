// Consumer groups at work: the coordinator with a clock, a log and threads around it.
//
// All groups share one partition of __consumer_offsets, which is made when the first group has something to keep.
// Events are taken one at a time, and their records appended in that order; the answers that depend on them go out once
// they are as durable as those of acks=all. Thread-safe.

#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/mutex.h"
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
  GroupService(Broker& broker, GroupConfig config) : broker_(broker), coordinator_(std::move(config)) {}

  // Reads the groups back, in an executor of the broker; to be called once, before any request.
  void restore() EXCLUDES(mutex_, load_mutex_);
  void wait_until_restored() EXCLUDES(load_mutex_);  // or until that was cancelled, or waits for room on the disk
  void cancel_restoring() { is_restoring_cancelled_ = true; }

  // From here on nothing happens any more, and who still waits is never answered.
  void stop() EXCLUDES(mutex_);

  // COORDINATOR_LOAD_IN_PROGRESS while they are read, COORDINATOR_NOT_AVAILABLE where the log cannot be opened: every
  // request for groups is answered with it, after which clients try again. Where a full disk keeps the log from being
  // opened, each request has it tried again.
  KafkaError error() EXCLUDES(mutex_, load_mutex_);

  // Called once, by this thread or another; not if the service is stopped before.
  template <class Answer>
  using AnswerCallback = std::move_only_function<void(Answer)>;

  void join(const JoinGroup& join, AnswerCallback<JoinGroupAnswer> on_answer);
  void sync(const SyncGroup& sync, AnswerCallback<SyncGroupAnswer> on_answer);
  void leave(const LeaveGroup& leave, AnswerCallback<LeaveGroupAnswer> on_answer);
  void commit_offsets(const CommitOffsets& commit, AnswerCallback<CommitOffsetsAnswer> on_answer);
  void delete_offsets(const DeleteOffsets& deletion, AnswerCallback<DeleteOffsetsAnswer> on_answer);
  void delete_groups(std::span<const std::string_view> group_ids, AnswerCallback<DeleteGroupsAnswer> on_answer);
  KafkaError heartbeat(const Heartbeat& heartbeat);

  // To be told of every topic that is gone.
  void topics_deleted(std::span<const std::string_view> topics) EXCLUDES(mutex_, load_mutex_);

  // What `read` makes of the groups as they are; it must not keep any reference to them.
  template <class Read>
  auto read(Read&& read) const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return read(coordinator_);
  }

 private:
  using Event = std::function<CoordinatorActions(GroupCoordinator&, int64_t now_ms)>;
  using RequestEvent = std::function<CoordinatorActions(GroupCoordinator&, RequestId, int64_t now_ms)>;
  using PendingAnswer = std::move_only_function<void(GroupAnswerBody)>;
  struct WrittenAppend {
    AppendId id = 0;
    KafkaError error = KafkaError::kNone;
    std::shared_ptr<PartitionLog> log;
  };
  // Of an event: what is to be done without the mutex.
  struct Outcome {
    std::vector<std::pair<PendingAnswer, GroupAnswerBody>> answers;
    std::vector<WrittenAppend> appends;
  };

  void restore_in_background(const std::shared_ptr<PartitionLog>& log);
  // Nothing where the log cannot be opened for want of room.
  std::optional<KafkaError> restore_from(PartitionLog& log) EXCLUDES(mutex_);
  void start() EXCLUDES(mutex_);
  void end_restoring(KafkaError error) EXCLUDES(mutex_, load_mutex_);
  bool end_restoring_unless_topics_were_deleted(KafkaError error) EXCLUDES(mutex_, load_mutex_);

  template <class Answer>
  void handle_request(const RequestEvent& event, AnswerCallback<Answer> on_answer) EXCLUDES(mutex_);
  void handle_event(const Event& event) EXCLUDES(mutex_);
  void on_append_finished(AppendId id, KafkaError error) EXCLUDES(mutex_);
  void tick() EXCLUDES(mutex_);

  Outcome perform(CoordinatorActions actions) REQUIRES(mutex_);
  void finish(Outcome outcome) EXCLUDES(mutex_);
  WrittenAppend write(const CoordinatorAppend& append) REQUIRES(mutex_);
  Result<std::shared_ptr<Partition>> partition();
  void set_timer() REQUIRES(mutex_);

  Broker& broker_;
  std::atomic<KafkaError> error_ = KafkaError::kCoordinatorLoadInProgress;
  std::atomic<bool> is_restoring_cancelled_ = false;

  Mutex load_mutex_;
  ConditionVariable restored_;
  bool is_restored_ GUARDED_BY(load_mutex_) = false;
  std::shared_ptr<PartitionLog> waiting_for_room_ GUARDED_BY(load_mutex_);  // what is to be read then
  std::set<std::string> deleted_while_restoring_ GUARDED_BY(load_mutex_);   // topics

  mutable Mutex mutex_;
  GroupCoordinator coordinator_ GUARDED_BY(mutex_);
  RequestId last_request_ GUARDED_BY(mutex_) = 0;
  std::unordered_map<RequestId, PendingAnswer> pending_answers_ GUARDED_BY(mutex_);
  std::optional<Timers::Id> timer_ GUARDED_BY(mutex_);  // for the next tick
  bool is_stopped_ GUARDED_BY(mutex_) = false;
};

}  // namespace omashu::broker
