// A coordinator with the world around it for tests: a clock, a log of __consumer_offsets, and members who ask. Every
// answer is held against the requests: one each, none for what was not asked.

#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "broker/group/group_coordinator.h"

namespace omashu::broker::testing {

// A client that wants to be, or is, a member.
struct Client {
  std::string client_id;
  std::string group_id = "g";
  std::string member_id = {};
  std::optional<std::string> group_instance_id = {};
  int32_t generation_id = -1;
  int32_t session_timeout_ms = 10'000;
  int32_t rebalance_timeout_ms = 60'000;
  std::string protocol_type = "consumer";
  std::vector<std::string> protocols = {"range"};
  std::string metadata = {};
  bool requires_member_id = false;
  bool may_skip_assignment = false;

  // Takes over what a JoinGroup was answered.
  void enter(const JoinGroupAnswer& answer) {
    member_id = answer.member_id;
    generation_id = answer.generation_id;
  }
};

class CoordinatorFixture {
 public:
  explicit CoordinatorFixture(GroupConfig config = {});

  GroupCoordinator& coordinator() { return *coordinator_; }
  int64_t now_ms() const { return now_ms_; }

  RequestId join(const Client& client);
  RequestId sync(const Client& client, const std::map<std::string, std::string>& assignments = {});
  KafkaError heartbeat(const Client& client);
  KafkaError leave(const Client& client);
  RequestId commit(CommitOffsets commit);
  // Of one partition, by a member or, without one, by nobody.
  RequestId commit(const Client& client, std::string topic, int32_t partition, int64_t offset);
  RequestId delete_offset(std::string group_id, std::string topic, int32_t partition);
  RequestId delete_groups(std::vector<std::string> group_ids);
  void topic_deleted(std::string topic);

  // Brings clients into a generation that is stable: each is assigned "for CLIENT". They must be all of their group.
  void stabilize(std::vector<Client*> clients);

  bool is_waiting(RequestId request) const { return waiting_.contains(request); }
  size_t waiting_count() const { return waiting_.size(); }
  // Fails the test, with an empty answer, where there is none of this kind.
  template <class Answer>
  Answer answer(RequestId request) const {
    const auto it = answers_.find(request);
    if (it == answers_.end() || !std::holds_alternative<Answer>(it->second)) {
      report("there is no answer of this kind");
      return {};
    }
    return std::get<Answer>(it->second);
  }
  JoinGroupAnswer joined(RequestId request) const { return answer<JoinGroupAnswer>(request); }
  SyncGroupAnswer synced(RequestId request) const { return answer<SyncGroupAnswer>(request); }
  KafkaError committed(RequestId request) const;  // of the one partition

  // Lets time pass, with every tick that is due on the way.
  void advance(int64_t ms);

  // By default what is appended is stored at once. Held back, it is stored, or refused, by store().
  void hold_appends() { holds_appends_ = true; }
  void store(KafkaError error = KafkaError::kNone);
  size_t held_appends() const { return held_.size(); }

  // All that was stored, in order.
  const std::vector<CoordinatorRecord>& log() const { return log_; }
  // A new process reads the log. Requests that wait are forgotten with their connections.
  void restart();
  void restart_from(std::vector<CoordinatorRecord> log);

 private:
  RequestId ask();
  void take(CoordinatorActions actions);
  void finish_append(CoordinatorAppend append, KafkaError error);
  static void report(const std::string& failure);

  GroupConfig config_;
  std::unique_ptr<GroupCoordinator> coordinator_;
  int64_t now_ms_ = 1'700'000'000'000;
  RequestId last_request_ = 0;
  std::set<RequestId> waiting_;
  std::map<RequestId, GroupAnswerBody> answers_;
  bool holds_appends_ = false;
  std::deque<CoordinatorAppend> held_;
  std::vector<CoordinatorRecord> log_;
};

}  // namespace omashu::broker::testing
