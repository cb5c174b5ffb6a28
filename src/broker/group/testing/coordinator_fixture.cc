#include "broker/group/testing/coordinator_fixture.h"

#include <gtest/gtest.h>

#include <random>

namespace omashu::broker::testing {

namespace {

// The same ids in every run.
GroupConfig with_fixed_random(GroupConfig config) {
  config.random = [engine = std::make_shared<std::mt19937>(7)] { return static_cast<uint32_t>((*engine)()); };
  return config;
}

}  // namespace

CoordinatorFixture::CoordinatorFixture(GroupConfig config) : config_(with_fixed_random(std::move(config))) {
  restart();
}

void CoordinatorFixture::report(const std::string& failure) { ADD_FAILURE() << failure; }

RequestId CoordinatorFixture::ask() {
  waiting_.insert(++last_request_);
  return last_request_;
}

void CoordinatorFixture::take(CoordinatorActions actions) {
  for (GroupAnswer& answer : actions.answers) {
    if (waiting_.erase(answer.request) == 0) report("an answer to a request that does not wait for one");
    answers_[answer.request] = std::move(answer.body);
  }
  for (CoordinatorAppend& append : actions.appends) {
    if (append.records.empty()) report("an append of nothing");
    if (holds_appends_) {
      held_.push_back(std::move(append));
    } else {
      finish_append(std::move(append), KafkaError::kNone);
    }
  }
}

void CoordinatorFixture::finish_append(CoordinatorAppend append, KafkaError error) {
  if (error == KafkaError::kNone) log_.insert(log_.end(), append.records.begin(), append.records.end());
  take(coordinator_->appended(append.id, error, now_ms_));
}

void CoordinatorFixture::store(KafkaError error) {
  for (size_t left = held_.size(); left > 0; --left) {
    CoordinatorAppend append = std::move(held_.front());
    held_.pop_front();
    finish_append(std::move(append), error);
  }
}

RequestId CoordinatorFixture::join(const Client& client) {
  JoinGroup join{.group_id = client.group_id,
                 .member_id = client.member_id,
                 .group_instance_id = client.group_instance_id,
                 .client_id = client.client_id,
                 .client_host = "/127.0.0.1",
                 .session_timeout_ms = client.session_timeout_ms,
                 .rebalance_timeout_ms = client.rebalance_timeout_ms,
                 .protocol_type = client.protocol_type,
                 .requires_member_id = client.requires_member_id,
                 .may_skip_assignment = client.may_skip_assignment};
  for (const std::string& name : client.protocols) join.protocols.push_back({name, client.metadata});
  const RequestId request = ask();
  take(coordinator_->join_group(request, join, now_ms_));
  return request;
}

RequestId CoordinatorFixture::sync(const Client& client, const std::map<std::string, std::string>& assignments) {
  SyncGroup sync{.group_id = client.group_id,
                 .generation_id = client.generation_id,
                 .member_id = client.member_id,
                 .group_instance_id = client.group_instance_id,
                 .protocol_type = client.protocol_type};
  for (const auto& [member_id, assignment] : assignments) sync.assignments.push_back({member_id, assignment});
  const RequestId request = ask();
  take(coordinator_->sync_group(request, sync));
  return request;
}

KafkaError CoordinatorFixture::heartbeat(const Client& client) {
  return coordinator_->heartbeat({.group_id = client.group_id,
                                  .generation_id = client.generation_id,
                                  .member_id = client.member_id,
                                  .group_instance_id = client.group_instance_id},
                                 now_ms_);
}

KafkaError CoordinatorFixture::leave(const Client& client) {
  const RequestId request = ask();
  const LeaveGroup leave{.group_id = client.group_id, .members = {{client.member_id, client.group_instance_id}}};
  take(coordinator_->leave_group(request, leave, now_ms_));
  const auto left = answer<LeaveGroupAnswer>(request);
  return left.error != KafkaError::kNone ? left.error : left.member_errors.at(0);
}

RequestId CoordinatorFixture::commit(CommitOffsets commit) {
  const RequestId request = ask();
  take(coordinator_->commit_offsets(request, commit, now_ms_));
  return request;
}

RequestId CoordinatorFixture::commit(const Client& client, std::string topic, int32_t partition, int64_t offset) {
  return commit({.group_id = client.group_id,
                 .generation_id = client.generation_id,
                 .member_id = client.member_id,
                 .group_instance_id = client.group_instance_id,
                 .topics = {{topic, {{.partition = PartitionId{partition}, .offset = Offset{offset}}}}}});
}

RequestId CoordinatorFixture::delete_offset(std::string group_id, std::string topic, int32_t partition) {
  const RequestId request = ask();
  take(coordinator_->delete_offsets(request, {group_id, {{topic, {{PartitionId{partition}}}}}}));
  return request;
}

RequestId CoordinatorFixture::delete_groups(std::vector<std::string> group_ids) {
  const RequestId request = ask();
  const std::vector<std::string_view> views(group_ids.begin(), group_ids.end());
  take(coordinator_->delete_groups(request, views));
  return request;
}

void CoordinatorFixture::topic_deleted(std::string topic) {
  const std::string_view view = topic;
  take(coordinator_->topics_deleted({&view, 1}));
}

KafkaError CoordinatorFixture::committed(RequestId request) const {
  const auto commit = answer<CommitOffsetsAnswer>(request);
  return commit.topics.at(0).partitions.at(0).error;
}

void CoordinatorFixture::stabilize(std::vector<Client*> clients) {
  std::vector<RequestId> joins;
  for (const Client* client : clients) joins.push_back(join(*client));
  // The first comers were a generation without the others, and join it again.
  for (size_t i = 0; i < clients.size(); ++i) {
    if (is_waiting(joins[i])) continue;
    clients[i]->enter(joined(joins[i]));
    if (i + 1 < clients.size()) joins[i] = join(*clients[i]);
  }
  std::map<std::string, std::string> assignments;
  Client* leader = nullptr;
  for (size_t i = 0; i < clients.size(); ++i) {
    const JoinGroupAnswer answer = joined(joins[i]);
    clients[i]->enter(answer);
    assignments[answer.member_id] = "for " + clients[i]->client_id;
    if (answer.leader == answer.member_id) leader = clients[i];
  }
  ASSERT_NE(leader, nullptr);
  for (const Client* client : clients) {
    if (client != leader) sync(*client);
  }
  sync(*leader, assignments);
  ASSERT_EQ(coordinator_->describe_group(leader->group_id).state, "Stable");
}

void CoordinatorFixture::advance(int64_t ms) {
  const int64_t end_ms = now_ms_ + ms;
  while (coordinator_->next_deadline_ms() <= end_ms) {
    now_ms_ = std::max(now_ms_, coordinator_->next_deadline_ms());
    take(coordinator_->tick(now_ms_));
    if (coordinator_->next_deadline_ms() <= now_ms_) return report("a tick that leaves its deadline behind");
  }
  now_ms_ = end_ms;
}

void CoordinatorFixture::restart() {
  coordinator_ = std::make_unique<GroupCoordinator>(config_);
  waiting_.clear();
  held_.clear();
  for (const CoordinatorRecord& record : log_) {
    const auto restored = coordinator_->restore(record.key, record.value);
    if (!restored) report(restored.error().message);
  }
  coordinator_->start(now_ms_);
}

void CoordinatorFixture::restart_from(std::vector<CoordinatorRecord> log) {
  log_ = std::move(log);
  restart();
}

}  // namespace omashu::broker::testing
