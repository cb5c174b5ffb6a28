// The events of several members' watches as one watcher is sent them: a state machine without clock, socket or thread.
//
// Each member tells of the partitions that it owns. The client gets one snapshot, of all of them, one `ready` once
// every member is so far, and then the events as they come; those that come from a member before the others are ready
// wait. Each id says what was seen of all partitions, of each what its owner says, so that whoever comes back with it
// misses nothing, whoever owns them by then.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/group/event_stream_reader.h"
#include "service/group/range_assignment.h"
#include "service/watch/watch_text.h"
#include "table/position_set.h"

namespace omashu::service {

class WatchMerge {
 public:
  static constexpr size_t kMaxWaitingBytes = size_t{8} << 20;  // of events, until every member is ready

  // `last_seen`: the client comes back, and the members were told; else each begins with a snapshot.
  WatchMerge(std::string topic, WatchKind kind, std::vector<HeldPartitions> members,
             const std::optional<table::PositionSet>& last_seen);

  // kRestart: a member cannot go on from where the client was, so all begin anew, with snapshots. kEnd: the member
  // tells of nothing more.
  enum class Next : uint8_t { kGoOn, kRestart, kEnd };
  // Appends what the client is to be sent.
  Next take(size_t member, const StreamEvent& event, std::string& out);

  // What the client has to say when it comes back, of these partitions.
  static std::string id_for(const table::PositionSet& seen, const HeldPartitions& partitions);

 private:
  struct Member {
    HeldPartitions partitions;
    bool is_ready = false;
    std::vector<StreamEvent> waiting = {};
  };

  void see(const Member& member, const std::optional<std::string>& id);
  void send(const Member& member, const StreamEvent& event, std::string& out);
  bool are_all_ready() const;

  const WatchKind kind_;
  std::vector<Member> members_;
  table::PositionSet seen_;
  bool has_snapshot_ = false;
  size_t waiting_bytes_ = 0;
};

}  // namespace omashu::service
