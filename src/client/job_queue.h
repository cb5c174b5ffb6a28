// Which of the records that were read is handled next. Without threads or clock; not thread-safe.

#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "omashu/record_jobs.h"

namespace omashu::client {

using JobPtr = std::shared_ptr<RecordJob>;

class JobQueue {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit JobQueue(size_t max_of_a_group) : max_of_a_group_(max_of_a_group) {}

  void add(JobPtr job, std::string group);

  // The first, in the order in which they came, that is the first of its key, whose time has come, and whose group has
  // room. It counts as handled until on_handled().
  JobPtr next(TimePoint now);

  // Without `again` it is finished, and gone.
  void on_handled(const JobPtr& job, std::optional<TimePoint> again);

  // Those that are not being handled are gone at once, the others with on_handled().
  void give_up(const std::function<bool(const TypedRecord&)>& is_lost);

  // When the next one that waits for its time is to be handled; nothing where none waits.
  std::optional<TimePoint> next_time() const;

  size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    JobPtr job;
    std::string group;
    bool is_handled = false;
    TimePoint not_before{};
  };

  bool is_first_of_its_key(std::deque<Entry>::const_iterator entry) const;

  const size_t max_of_a_group_;
  std::deque<Entry> entries_;  // in the order in which they came
  std::map<std::string, size_t> handled_of_group_;
};

}  // namespace omashu::client
