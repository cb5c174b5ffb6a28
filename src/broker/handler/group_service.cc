#include "broker/handler/group_service.h"

#include "broker/handler/broker.h"
#include "broker/log/record_batch_builder.h"

namespace omashu::broker {
namespace {

// What is more becomes several batches: a log bounds them.
constexpr size_t kMaxBatchBytes = 512 << 10;

std::vector<std::string> batches_of(const std::vector<CoordinatorRecord>& records, int64_t now_ms) {
  std::vector<std::string> batches;
  RecordBatchBuilder builder(now_ms);
  for (const CoordinatorRecord& record : records) {
    const size_t size_bytes = record.key.size() + record.value.value_or("").size();
    if (!builder.is_empty() && builder.size_bytes() + size_bytes > kMaxBatchBytes) {
      batches.push_back(builder.build());
      builder = RecordBatchBuilder(now_ms);
    }
    builder.add(record.key, record.value, now_ms);
  }
  if (!builder.is_empty()) batches.push_back(builder.build());
  return batches;
}

PartitionErrors errors_of_all(const auto& request, KafkaError error) {
  PartitionErrors errors;
  for (const auto& topic : request.topics) {
    PartitionErrors::Topic& on_answer = errors.topics.emplace_back();
    on_answer.name = topic.name;
    for (const auto& partition : topic.partitions) on_answer.partitions.push_back({partition.partition, error});
  }
  return errors;
}

}  // namespace

KafkaError GroupService::error() {
  const KafkaError error = error_;
  if (error != KafkaError::kCoordinatorLoadInProgress) return error;
  std::shared_ptr<PartitionLog> log;
  {
    const MutexLock lock(load_mutex_);
    log.swap(waiting_for_room_);
  }
  if (log != nullptr) restore_in_background(log);
  return error;
}

void GroupService::stop() {
  const MutexLock lock(mutex_);
  is_stopped_ = true;
}

void GroupService::join(const JoinGroup& join, AnswerCallback<JoinGroupAnswer> on_answer) {
  if (const KafkaError error = this->error(); error != KafkaError::kNone)
    return on_answer({.error = error, .member_id = std::string(join.member_id)});
  handle_request([&](GroupCoordinator& groups, RequestId request,
                     int64_t now_ms) { return groups.join_group(request, join, now_ms); },
                 std::move(on_answer));
}

void GroupService::sync(const SyncGroup& sync, AnswerCallback<SyncGroupAnswer> on_answer) {
  if (const KafkaError error = this->error(); error != KafkaError::kNone) return on_answer({.error = error});
  (void)partition();  // where it cannot be made, the append fails
  handle_request([&](GroupCoordinator& groups, RequestId request, int64_t) { return groups.sync_group(request, sync); },
                 std::move(on_answer));
}

void GroupService::leave(const LeaveGroup& leave, AnswerCallback<LeaveGroupAnswer> on_answer) {
  if (const KafkaError error = this->error(); error != KafkaError::kNone) return on_answer({.error = error});
  handle_request([&](GroupCoordinator& groups, RequestId request,
                     int64_t now_ms) { return groups.leave_group(request, leave, now_ms); },
                 std::move(on_answer));
}

void GroupService::commit_offsets(const CommitOffsets& commit, AnswerCallback<CommitOffsetsAnswer> on_answer) {
  if (const KafkaError error = this->error(); error != KafkaError::kNone)
    return on_answer({errors_of_all(commit, error)});
  (void)partition();  // where it cannot be made, the append fails
  handle_request([&](GroupCoordinator& groups, RequestId request,
                     int64_t now_ms) { return groups.commit_offsets(request, commit, now_ms); },
                 std::move(on_answer));
}

void GroupService::delete_offsets(const DeleteOffsets& deletion, AnswerCallback<DeleteOffsetsAnswer> on_answer) {
  if (const KafkaError error = this->error(); error != KafkaError::kNone) return on_answer({{}, error});
  handle_request(
      [&](GroupCoordinator& groups, RequestId request, int64_t) { return groups.delete_offsets(request, deletion); },
      std::move(on_answer));
}

void GroupService::delete_groups(std::span<const std::string_view> group_ids,
                                 AnswerCallback<DeleteGroupsAnswer> on_answer) {
  if (const KafkaError error = this->error(); error != KafkaError::kNone) {
    DeleteGroupsAnswer answer;
    for (const std::string_view group_id : group_ids) answer.groups.push_back({std::string(group_id), error});
    return on_answer(std::move(answer));
  }
  handle_request(
      [&](GroupCoordinator& groups, RequestId request, int64_t) { return groups.delete_groups(request, group_ids); },
      std::move(on_answer));
}

KafkaError GroupService::heartbeat(const Heartbeat& heartbeat) {
  if (const KafkaError error = this->error(); error != KafkaError::kNone) return error;
  const MutexLock lock(mutex_);
  return coordinator_.heartbeat(heartbeat, broker_.clock().steady_ms());
}

void GroupService::topics_deleted(std::span<const std::string_view> topics) {
  {
    const MutexLock lock(load_mutex_);
    if (!is_restored_) {
      deleted_while_restoring_.insert(topics.begin(), topics.end());
      return;
    }
  }
  if (error_ != KafkaError::kNone) return;
  handle_event([&](GroupCoordinator& groups, int64_t) { return groups.topics_deleted(topics); });
}

void GroupService::on_append_finished(AppendId id, KafkaError error) {
  handle_event([&](GroupCoordinator& groups, int64_t now_ms) { return groups.appended(id, error, now_ms); });
}

void GroupService::tick() {
  Outcome outcome;
  {
    const MutexLock lock(mutex_);
    if (is_stopped_) return;
    timer_.reset();
    outcome = perform(coordinator_.tick(broker_.clock().steady_ms()));
  }
  finish(std::move(outcome));
}

template <class Answer>
void GroupService::handle_request(const RequestEvent& event, AnswerCallback<Answer> on_answer) {
  Outcome outcome;
  {
    const MutexLock lock(mutex_);
    if (is_stopped_) return;
    const RequestId request = ++last_request_;
    pending_answers_.emplace(request, [on_answer = std::move(on_answer)](GroupAnswerBody answer) mutable {
      on_answer(std::get<Answer>(std::move(answer)));
    });
    outcome = perform(event(coordinator_, request, broker_.clock().steady_ms()));
  }
  finish(std::move(outcome));
}

void GroupService::handle_event(const Event& event) {
  Outcome outcome;
  {
    const MutexLock lock(mutex_);
    if (is_stopped_) return;
    outcome = perform(event(coordinator_, broker_.clock().steady_ms()));
  }
  finish(std::move(outcome));
}

GroupService::Outcome GroupService::perform(CoordinatorActions actions) {
  Outcome outcome;
  for (GroupAnswer& answer : actions.answers) {
    outcome.answers.emplace_back(std::move(pending_answers_.extract(answer.request).mapped()), std::move(answer.body));
  }
  for (const CoordinatorAppend& append : actions.appends) outcome.appends.push_back(write(append));
  set_timer();
  return outcome;
}

void GroupService::finish(Outcome outcome) {
  for (auto& [pending, answer] : outcome.answers) pending(std::move(answer));
  for (const WrittenAppend& append : outcome.appends) {
    if (append.error != KafkaError::kNone) {
      on_append_finished(append.id, append.error);
      continue;
    }
    broker_.when_durable(append.log, [this, id = append.id](const Result<void>& flushed) {
      on_append_finished(id, flushed ? KafkaError::kNone : KafkaError::kKafkaStorageError);
    });
  }
}

GroupService::WrittenAppend GroupService::write(const CoordinatorAppend& append) {
  const auto offsets = partition();
  if (!offsets) return {.id = append.id, .error = KafkaError::kKafkaStorageError, .log = nullptr};
  const int64_t now_ms = broker_.clock().wall_ms();
  for (std::string& batch : batches_of(append.records, now_ms)) {
    const AppendResult result = (*offsets)->append(batch, {.now_ms = now_ms, .leader_epoch = Broker::kLeaderEpoch});
    if (result.error != KafkaError::kNone) return {.id = append.id, .error = result.error, .log = nullptr};
    if (result.flush_within_ms != kNoFlush && broker_.options().durability == Durability::kPageCache) {
      broker_.flush_within((*offsets)->log(), result.flush_within_ms);
    }
  }
  return {.id = append.id, .log = (*offsets)->log()};
}

Result<std::shared_ptr<Partition>> GroupService::partition() {
  const std::string name(Topic::kConsumerOffsets);
  if (const TopicPtr topic = broker_.topics().find(name)) return topic->partitions.at(0);
  // Small segments, since what is not compacted yet is read at every start.
  std::vector<TopicStore::NewTopic> topics;
  topics.push_back({name, 1, {{"cleanup.policy", "compact"}, {"segment.bytes", "4194304"}}});
  const auto created = broker_.topics().create(std::move(topics));
  if (!created) return fail(created.error());
  if (!created->at(0)) return fail(created->at(0).error());
  return broker_.topics().find(name)->partitions.at(0);
}

// A timer that is due too early does no harm: a tick does only what is due.
void GroupService::set_timer() {
  const int64_t due_ms = coordinator_.next_deadline_ms();
  if (timer_ && timer_->first <= due_ms) return;
  if (timer_) broker_.timers().cancel(*timer_);
  timer_ = broker_.timers().at(due_ms, [this] { tick(); });
}

}  // namespace omashu::broker
