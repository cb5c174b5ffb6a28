// What the coordinator of groups wants done after an event: answers to send now, and records to append, after which it
// wants to hear how that went.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "broker/group/group_messages.h"

namespace omashu::broker {

using GroupAnswerBody = std::variant<JoinGroupAnswer, SyncGroupAnswer, LeaveGroupAnswer, CommitOffsetsAnswer,
                                     DeleteOffsetsAnswer, DeleteGroupsAnswer>;

struct GroupAnswer {
  RequestId request = 0;
  GroupAnswerBody body = {};
};

// A record for __consumer_offsets, which has one partition here: all groups live on this broker, and share its flushes.
// An absent value is a tombstone.
struct CoordinatorRecord {
  std::string key = {};
  std::optional<std::string> value = {};
};

using AppendId = uint64_t;

struct CoordinatorAppend {
  AppendId id = 0;
  std::vector<CoordinatorRecord> records = {};
};

struct [[nodiscard]] CoordinatorActions {
  std::vector<GroupAnswer> answers = {};
  std::vector<CoordinatorAppend> appends = {};  // in this order
};

}  // namespace omashu::broker
