#include "service/group/watch_merge.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

namespace omashu::service {

WatchMerge::WatchMerge(std::string topic, WatchKind kind, std::vector<HeldPartitions> members,
                       const std::optional<table::PositionSet>& last_seen)
    : kind_(kind) {
  for (HeldPartitions& partitions : members) {
    members_.push_back({.partitions = std::move(partitions), .is_ready = last_seen.has_value()});
  }
  if (last_seen) seen_ = *last_seen;
  seen_.topic = std::move(topic);
}

std::string WatchMerge::id_for(const table::PositionSet& seen, const HeldPartitions& partitions) {
  table::PositionSet own{.topic = seen.topic, .offsets = {}};
  for (const auto& [partition, offset] : seen.offsets) {
    if (partitions.contains({seen.topic, partition})) own.offsets.emplace(partition, offset);
  }
  return table::position_set_text(own);
}

void WatchMerge::see(const Member& member, const std::optional<std::string>& id) {
  const auto seen = id ? table::parse_position_set(*id) : std::unexpected(Error{});
  if (!seen || seen->topic != seen_.topic) return;
  for (const auto& [partition, offset] : seen->offsets) {
    if (member.partitions.contains({seen_.topic, partition})) seen_.offsets[partition] = offset;
  }
}

bool WatchMerge::are_all_ready() const { return std::ranges::all_of(members_, &Member::is_ready); }

void WatchMerge::send(const Member& member, const StreamEvent& event, std::string& out) {
  see(member, event.id);
  append_row_event(out, kind_, event.event, table::position_set_text(seen_), event.data);
}

WatchMerge::Next WatchMerge::take(size_t number, const StreamEvent& event, std::string& out) {
  Member& member = members_[number];
  if (event.event == "reset") return Next::kRestart;
  if (event.event == "bye") return Next::kEnd;
  if (event.event == "snapshot") {
    if (!std::exchange(has_snapshot_, true)) append_snapshot_event(out, kind_);
    return Next::kGoOn;
  }
  if (event.event.empty()) {
    if (!are_all_ready()) {
      out += heartbeat(kind_, "");
      return Next::kGoOn;
    }
    see(member, event.id);
    out += heartbeat(kind_, table::position_set_text(seen_));
    return Next::kGoOn;
  }
  if (event.event == "ready") {
    see(member, event.id);
    member.is_ready = true;
    if (!are_all_ready()) return Next::kGoOn;
    append_ready_event(out, kind_, table::position_set_text(seen_));
    for (Member& one : members_) {
      for (const StreamEvent& waiting : std::exchange(one.waiting, {})) send(one, waiting, out);
    }
    return Next::kGoOn;
  }
  constexpr std::string_view kRowEvents[] = {"enter", "update", "leave", "delete"};
  if (std::ranges::find(kRowEvents, event.event) == std::end(kRowEvents)) return Next::kGoOn;
  if (!member.is_ready) {
    append_row_event(out, kind_, event.event, "", event.data);
  } else if (are_all_ready()) {
    send(member, event, out);
  } else {
    waiting_bytes_ += event.data.size() + event.event.size() + event.id.value_or("").size();
    if (waiting_bytes_ > kMaxWaitingBytes) return Next::kEnd;
    member.waiting.push_back(event);
  }
  return Next::kGoOn;
}

}  // namespace omashu::service
