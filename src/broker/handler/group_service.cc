#include "broker/handler/group_service.h"

#include "broker/handler/broker.h"
#include "broker/log/record_batch_builder.h"

namespace omashu::broker {
namespace {

// What is more becomes several batches: a log bounds them.
constexpr size_t kMostBatchBytes = 512 << 10;

std::vector<std::string> batches_of(const std::vector<CoordinatorRecord>& records, int64_t now_ms) {
  std::vector<std::string> batches;
  RecordBatchBuilder builder(now_ms);
  for (const CoordinatorRecord& record : records) {
    const size_t size_bytes = record.key.size() + record.value.value_or("").size();
    if (!builder.is_empty() && builder.size_bytes() + size_bytes > kMostBatchBytes) {
      batches.push_back(builder.build());
      builder = RecordBatchBuilder(now_ms);
    }
    builder.add(record.key, record.value, now_ms);
  }
  if (!builder.is_empty()) batches.push_back(builder.build());
  return batches;
}

}  // namespace

void GroupService::stop() {
  const std::lock_guard lock(mutex_);
  is_stopped_ = true;
}

template <class Answer>
void GroupService::ask(const std::function<CoordinatorActions(RequestId, int64_t)>& event, Answered<Answer> answered) {
  happen([&](int64_t now_ms) {
    const RequestId request = ++last_request_;
    waiting_.emplace(request, [answered = std::move(answered)](GroupAnswerBody answer) mutable {
      answered(std::get<Answer>(std::move(answer)));
    });
    return event(request, now_ms);
  });
}

void GroupService::join(const JoinGroup& join, Answered<JoinGroupAnswer> answered) {
  ask([&](RequestId request, int64_t now_ms) { return coordinator_.join_group(request, join, now_ms); },
      std::move(answered));
}

void GroupService::sync(const SyncGroup& sync, Answered<SyncGroupAnswer> answered) {
  ask([&](RequestId request, int64_t) { return coordinator_.sync_group(request, sync); }, std::move(answered));
}

void GroupService::leave(const LeaveGroup& leave, Answered<LeaveGroupAnswer> answered) {
  ask([&](RequestId request, int64_t now_ms) { return coordinator_.leave_group(request, leave, now_ms); },
      std::move(answered));
}

void GroupService::commit_offsets(const CommitOffsets& commit, Answered<CommitOffsetsAnswer> answered) {
  ask([&](RequestId request, int64_t now_ms) { return coordinator_.commit_offsets(request, commit, now_ms); },
      std::move(answered));
}

void GroupService::delete_offsets(const DeleteOffsets& deletion, Answered<DeleteOffsetsAnswer> answered) {
  ask([&](RequestId request, int64_t) { return coordinator_.delete_offsets(request, deletion); }, std::move(answered));
}

void GroupService::delete_groups(std::span<const std::string_view> group_ids, Answered<DeleteGroupsAnswer> answered) {
  ask([&](RequestId request, int64_t) { return coordinator_.delete_groups(request, group_ids); }, std::move(answered));
}

KafkaError GroupService::heartbeat(const Heartbeat& heartbeat) {
  const std::lock_guard lock(mutex_);
  return coordinator_.heartbeat(heartbeat, broker_.clock().steady_ms());
}

void GroupService::topics_deleted(std::span<const std::string_view> topics) {
  happen([&](int64_t) { return coordinator_.topics_deleted(topics); });
}

void GroupService::appended(AppendId id, KafkaError error) {
  happen([&](int64_t now_ms) { return coordinator_.appended(id, error, now_ms); });
}

void GroupService::happen(const Event& event) {
  std::vector<std::pair<Waiting, GroupAnswerBody>> answers;
  std::vector<Written> appends;
  {
    const std::lock_guard lock(mutex_);
    if (is_stopped_) return;
    CoordinatorActions actions = event(broker_.clock().steady_ms());
    for (GroupAnswer& answer : actions.answers) {
      answers.emplace_back(std::move(waiting_.extract(answer.request).mapped()), std::move(answer.body));
    }
    for (const CoordinatorAppend& append : actions.appends) appends.push_back(write(append));
    set_timer();
  }
  for (auto& [waiting, answer] : answers) waiting(std::move(answer));
  for (const Written& append : appends) {
    if (append.error != KafkaError::kNone) {
      appended(append.id, append.error);
      continue;
    }
    broker_.when_durable(append.log, [this, id = append.id](const Result<void>& flushed) {
      appended(id, flushed ? KafkaError::kNone : KafkaError::kKafkaStorageError);
    });
  }
}

GroupService::Written GroupService::write(const CoordinatorAppend& append) {
  const auto offsets = partition();
  if (!offsets) return {.id = append.id, .error = KafkaError::kKafkaStorageError, .log = nullptr};
  const int64_t now_ms = broker_.clock().wall_ms();
  for (std::string& batch : batches_of(append.records, now_ms)) {
    const AppendResult result = (*offsets)->append(batch, {.now_ms = now_ms, .leader_epoch = Broker::kLeaderEpoch});
    if (result.error != KafkaError::kNone) return {.id = append.id, .error = result.error, .log = nullptr};
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
  return broker_.topics().find(name)->partitions.at(0);
}

// One that comes too early is not in the way: a tick looks for what is due.
void GroupService::set_timer() {
  const int64_t due_ms = coordinator_.next_deadline_ms();
  if (timer_ && timer_->first <= due_ms) return;
  if (timer_) broker_.timers().cancel(*timer_);
  timer_ = broker_.timers().at(due_ms, [this] {
    happen([this](int64_t now_ms) {
      timer_.reset();
      return coordinator_.tick(now_ms);
    });
  });
}

}  // namespace omashu::broker
