// Lists that go on: for each of them the snapshot that its pages are from, and where each page ended.
//
// A cursor is a text that says nothing to the client: `1-` (its version), 32 hexadecimal digits that name the list and
// cannot be guessed, and the number of the page. What it stands for is kept here for a bounded time, and for a bounded
// number of lists, since a snapshot keeps what has changed since from being thrown away. Thread-safe.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "service/problem.h"
#include "table/live/live_table.h"

namespace omashu::service {

struct CursorName {
  std::string list;  // 32 hexadecimal digits
  uint32_t page = 0;

  bool operator==(const CursorName&) const = default;
};

// Nothing where it is none of this version.
std::optional<CursorName> parse_cursor(std::string_view text);
std::string cursor_text(const CursorName& name);
std::string random_list_name();  // which nobody can guess

// Where a page ended: the key of its last row, and, where rows are in the order of a field, that row's place in it.
struct PageEnd {
  std::string key;
  std::optional<std::string> order = {};  // absent: the row has no such field, or the order is that of keys
  size_t range = 0;                       // of the index that is being read
};

struct CursorLimits {
  size_t max_lists = 64;
  size_t max_pages = 10'000;  // of a list, which are remembered; the oldest are forgotten first
  std::chrono::milliseconds idle{120'000};
};

class CursorStore {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  explicit CursorStore(CursorLimits limits = {}, Clock clock = &std::chrono::steady_clock::now)
      : limits_(limits), clock_(std::move(clock)) {}

  struct Position {
    std::string list;
    std::shared_ptr<const table::TableSnapshot> snapshot;
    PageEnd end;
  };

  // `question` is all that the list was asked for: a cursor goes with the same question alone. Refuses what is no
  // cursor, or one of another question, with 400, and one that is forgotten with 410.
  Answer<Position> find(std::string_view cursor, std::string_view question) EXCLUDES(mutex_);

  // The cursor of the page behind `end`, of a list that goes on (`list`), or of a new one ("").
  std::string add(const std::string& list, const std::string& question,
                  std::shared_ptr<const table::TableSnapshot> snapshot, PageEnd end) EXCLUDES(mutex_);

  void forget_expired() EXCLUDES(mutex_) { (void)lists(); }
  size_t lists() EXCLUDES(mutex_);  // that are kept

 private:
  struct List {
    std::string name;
    std::string question;
    std::shared_ptr<const table::TableSnapshot> snapshot;
    std::vector<PageEnd> pages;  // the number of the first is first_page
    uint32_t first_page = 0;
    std::chrono::steady_clock::time_point last_used;
  };

  std::vector<std::shared_ptr<const table::TableSnapshot>> take_expired() REQUIRES(mutex_);
  std::list<List>::iterator find_list(const std::string& name) REQUIRES(mutex_);

  const CursorLimits limits_;
  const Clock clock_;
  Mutex mutex_;
  std::list<List> lists_ GUARDED_BY(mutex_);  // the one that was used last at the end
};

}  // namespace omashu::service
