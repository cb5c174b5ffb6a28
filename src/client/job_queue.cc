#include "client/job_queue.h"

#include <algorithm>
#include <utility>

namespace omashu::client {

void JobQueue::add(JobPtr job, std::string group) {
  if (job->record.key) {
    for (Entry& entry : entries_) {
      if (entry.job->record.key != job->record.key) continue;
      entry.job->is_superseded = true;
      entry.not_before = {};
    }
  }
  entries_.push_back({std::move(job), std::move(group)});
}

bool JobQueue::is_first_of_its_key(std::deque<Entry>::const_iterator entry) const {
  const auto& key = entry->job->record.key;
  return !key ||
         std::none_of(entries_.begin(), entry, [&](const Entry& other) { return other.job->record.key == key; });
}

JobPtr JobQueue::next(TimePoint now) {
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
    if (entry->is_handled || entry->not_before > now || !is_first_of_its_key(entry)) continue;
    size_t& handled = handled_of_group_[entry->group];
    if (!entry->group.empty() && handled >= max_of_a_group_) continue;
    ++handled;
    entry->is_handled = true;
    return entry->job;
  }
  return nullptr;
}

void JobQueue::on_handled(const JobPtr& job, std::optional<TimePoint> again) {
  const auto entry = std::ranges::find(entries_, job, &Entry::job);
  if (entry == entries_.end()) return;
  if (--handled_of_group_[entry->group] == 0) handled_of_group_.erase(entry->group);
  if (!again || job->is_given_up) {
    entries_.erase(entry);
    return;
  }
  entry->is_handled = false;
  entry->not_before = job->is_superseded ? TimePoint{} : *again;
}

void JobQueue::give_up(const std::function<bool(const TypedRecord&)>& is_lost) {
  for (const Entry& entry : entries_) {
    if (is_lost(entry.job->record)) entry.job->is_given_up = true;
  }
  std::erase_if(entries_, [](const Entry& entry) { return entry.job->is_given_up && !entry.is_handled; });
}

std::optional<JobQueue::TimePoint> JobQueue::next_time() const {
  std::optional<TimePoint> time;
  for (const Entry& entry : entries_) {
    if (!entry.is_handled && (!time || entry.not_before < *time)) time = entry.not_before;
  }
  return time;
}

}  // namespace omashu::client
