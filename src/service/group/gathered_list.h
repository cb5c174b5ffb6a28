// GET …/rows of a group: pages, or all rows as a stream, merged from the members that own the partitions.
//
// A list that can be gone on with is kept here, as CursorStore keeps those of one server: for a bounded time, and a
// bounded number of them. Where a partition has gone to another member meanwhile, the list is over: 410.

#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "service/group/gather.h"
#include "service/group/merged_list.h"

namespace omashu::service {

// Thread-safe.
class MergedLists {
 public:
  // The cursor of a list that goes on. `question` is all that it was asked for, as cursor_store.h has it.
  std::string add(const std::string& question, MergedList list, GatheredHead head) EXCLUDES(mutex_);

  struct Kept {
    MergedList list;
    GatheredHead head;
  };
  // As it was when the cursor was given; so a page can be asked for again.
  Answer<Kept> find(std::string_view cursor, std::string_view question) EXCLUDES(mutex_);

 private:
  using Clock = std::chrono::steady_clock;
  struct Entry {
    std::string name, question;
    Kept kept;
    Clock::time_point last_used;
  };
  void forget_expired() REQUIRES(mutex_);

  Mutex mutex_;
  std::list<Entry> entries_ GUARDED_BY(mutex_);  // the one that was used last at the end
};

// On a thread that may wait.
void answer_list(GroupRouter& router, MergedLists& lists, const http::ExchangePtr& exchange, const http::Handler& here);

}  // namespace omashu::service
