// Where a group puts what an event brings about. Private to this folder.

#pragma once

#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "broker/group/coordinator_actions.h"

namespace omashu::broker {

// What is to happen once an append is done.

struct AssignmentsStored {  // the leader's SyncGroup
  std::string group_id = {};
  std::map<std::string, std::string, std::less<>> assignments = {};  // by member id
};

struct RejoinStored {  // a static member that came back under a new id
  std::string group_id = {};
  std::string member_id = {};
  RequestId request = 0;
  JoinGroupAnswer answer = {};
};

struct OffsetsStored {
  std::string group_id = {};
  RequestId request = 0;
  CommitOffsetsAnswer answer = {};
};

struct TombstonesStored {
  RequestId request = 0;
  std::variant<DeleteOffsetsAnswer, DeleteGroupsAnswer> answer = {};
};

// Nobody waits: an empty group's record, the tombstones of what has expired.
struct NothingFollows {};

using AppendPurpose = std::variant<NothingFollows, AssignmentsStored, RejoinStored, OffsetsStored, TombstonesStored>;

class Outbox {
 public:
  // `last_id` counts the appends over all events.
  explicit Outbox(AppendId& last_id) : last_id_(last_id) {}

  void answer(RequestId request, GroupAnswerBody body) { actions.answers.push_back({request, std::move(body)}); }

  AppendId append(std::vector<CoordinatorRecord> records, AppendPurpose purpose) {
    actions.appends.push_back({++last_id_, std::move(records)});
    purposes.emplace_back(last_id_, std::move(purpose));
    return last_id_;
  }

  CoordinatorActions actions;
  std::vector<std::pair<AppendId, AppendPurpose>> purposes = {};

 private:
  AppendId& last_id_;
};

}  // namespace omashu::broker
