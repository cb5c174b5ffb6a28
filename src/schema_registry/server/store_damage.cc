// The store as the account of what the topic has lost.
//
// That offsets are missing says nothing: compaction leaves gaps, and a reader cannot tell them from damage. So loss is
// known in three ways:
//   - a batch whose CRC is wrong (the consumer says so);
//   - nothing readable up to the end of the log: compaction leaves the newest records alone;
//   - ids. They are given one after the other, so in the topic every id up to the highest is there, but for those that
//     were deleted for good and those that an import left out. The leader writes these down (LeaderValue::missing_ids)
//     before they go; any other that is missing was lost. The account does not hold behind records of other registries,
//     which do not keep it.
// What is not noticed: settings and deletions lost from the middle of the topic without a CRC error.

#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "schema_registry/server/store.h"
#include "schema_registry/server/subject_name.h"

namespace omashu::schema_registry::server {

namespace {

// Of the account in one record. With more holes than that the topic goes without.
constexpr size_t kMaxAccountBytes = 64 * 1024;

int saturated(int64_t number) { return static_cast<int>(std::min<int64_t>(number, std::numeric_limits<int>::max())); }

std::string offsets_text(int64_t first, int64_t end) {
  return end == first + 1 ? fmt::format("offset {}", first) : fmt::format("offsets {} to {}", first, end - 1);
}

}  // namespace

IdRanges Store::absent_ids(const ContextState& context) {
  std::vector<int32_t> ids;
  ids.reserve(context.by_id.size());
  for (const auto& [id, content] : context.by_id) ids.push_back(id);
  std::ranges::sort(ids);
  IdRanges absent;
  int64_t next = 1;  // beyond 32 bits behind the highest id that there can be
  for (const int32_t id : ids) {
    if (id > next) absent.append(static_cast<int>(next), id - 1);
    if (id >= next) next = int64_t{id} + 1;
  }
  if (next <= context.max_id) absent.append(static_cast<int>(next), context.max_id);
  return absent;
}

LeaderValue Store::leader_value(const std::map<std::string, IdRanges>& leaving) const {
  LeaderValue value = leader_;
  value.max_ids = max_ids();
  value.missing_ids.emplace();
  size_t bytes = 0;
  for (const auto& [context, state] : by_context_) value.missing_ids->emplace(context, absent_ids(state));
  if (const int64_t lost = told_given_ids_ - given_ids_; lost > 0) {
    value.max_ids.try_emplace("");
    for (auto& [context, max_id] : value.max_ids) {
      const int raised = saturated(int64_t{max_id} + std::min<int64_t>(lost, std::numeric_limits<int>::max()));
      if (raised > max_id) (*value.missing_ids)[context].append(max_id + 1, raised);
      max_id = raised;
    }
  }
  for (const auto& [context, ids] : leaving) {
    IdRanges& missing = (*value.missing_ids)[context];
    missing = missing.with(ids);
  }
  for (const auto& [context, ids] : *value.missing_ids) bytes += id_ranges_text(ids).size();
  if (bytes > kMaxAccountBytes) value.missing_ids.reset();
  return value;
}

void Store::note_unreadable(int64_t first, int64_t end) { unreadable_.push_back({first, end}); }

void Store::check_ids() {
  lost_ids_.clear();
  if (!leader_.missing_ids) return;
  for (const auto& [context, state] : by_context_) {
    const auto told = leader_.missing_ids->find(context);
    IdRanges accounted;
    if (told != leader_.missing_ids->end()) {
      accounted = told->second;
    } else if (leader_.lost_records > 0) {
      accounted.append(1, leader_.lost_records);  // what a context of which nothing was known begins behind
    }
    IdRanges lost = absent_ids(state).without(accounted);
    if (!lost.empty()) lost_ids_.emplace(context, std::move(lost));
  }
}

bool Store::is_damaged() const {
  return !lost_ids_.empty() || std::ranges::any_of(unreadable_, [&](const UnreadableOffsets& offsets) {
    return offsets.first >= leader_.repaired_until;
  });
}

std::string Store::describe_damage() const {
  std::string text;
  for (const auto& [first, end] : unreadable_) {
    if (first < leader_.repaired_until) continue;
    text += fmt::format("{}what stood at {} cannot be read", text.empty() ? "" : "; ", offsets_text(first, end));
  }
  for (const auto& [context, ids] : lost_ids_) {
    const std::string of = context.empty() ? "" : fmt::format(" of the context {}", context_name(context));
    text += fmt::format("{}schemas{} are gone: id {}", text.empty() ? "" : "; ", of, id_ranges_text(ids));
  }
  return text;
}

LeaderValue Store::repaired_value(const Term& term, int64_t log_end) const {
  LeaderValue value = leader_value({});
  value.term = term;
  value.url.clear();
  value.repaired_until = log_end;
  const int64_t unseen = unseen_offsets_ + std::max<int64_t>(log_end - next_offset_, 0);
  int64_t lost = value.lost_records;
  for (const auto& [first, end] : unreadable_) {
    if (first >= leader_.repaired_until) lost += end - first;
  }
  for (const auto& [context, ids] : lost_ids_) lost += ids.count();
  value.lost_records = saturated(lost);
  for (auto& [context, max_id] : value.max_ids) {
    const auto known = by_context_.find(context);
    const int64_t seen_before = known == by_context_.end() ? 0 : known->second.unseen_offsets_at_max_id;
    const int64_t given = int64_t{max_id} + unseen - seen_before;
    if (saturated(given) > max_id && value.missing_ids) {
      IdRanges& missing = (*value.missing_ids)[context];
      missing.append(max_id + 1, saturated(given));
    }
    max_id = saturated(given);
  }
  return value;
}

int Store::highest_referenced_version(const std::string& subject) const {
  auto behind = referrers_.upper_bound({subject, std::numeric_limits<int>::max()});
  if (behind == referrers_.begin()) return 0;
  const VersionKey& key = std::prev(behind)->first;
  return key.first == subject ? key.second : 0;
}

int64_t Store::highest_given_version(const std::string& subject) const {
  const Subject* found = find_subject(subject);
  int64_t version = found == nullptr ? 0 : found->versions.back().version;
  // What was lost may have been versions of this one.
  if (found != nullptr && found->newest_offset < leader_.repaired_until) version += leader_.lost_records;
  return std::max<int64_t>(version, highest_referenced_version(subject));
}

}  // namespace omashu::schema_registry::server
