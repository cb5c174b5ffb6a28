#include "service/rows/cursor_store.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <random>
#include <utility>

namespace omashu::service {

namespace {

constexpr std::string_view kVersion = "1-";
constexpr size_t kListDigits = 32;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

std::unexpected<Problem> expired() {
  return refuse(ProblemType::kCursorExpired,
                "the list that this cursor goes on with is not kept any more: begin again, without a cursor");
}

}  // namespace

std::optional<CursorName> parse_cursor(std::string_view text) {
  if (!text.starts_with(kVersion)) return std::nullopt;
  text.remove_prefix(kVersion.size());
  if (text.size() < kListDigits + 2 || text[kListDigits] != '-') return std::nullopt;
  CursorName name{.list = std::string(text.substr(0, kListDigits))};
  if (!std::ranges::all_of(name.list, is_hex)) return std::nullopt;
  const std::string_view page = text.substr(kListDigits + 1);
  const auto [end, error] = std::from_chars(page.data(), page.data() + page.size(), name.page);
  if (error != std::errc() || end != page.data() + page.size()) return std::nullopt;
  if (page.size() > 1 && page.front() == '0') return std::nullopt;  // one cursor has one text
  return name;
}

std::string random_list_name() {
  std::random_device random;  // the system's, which is no sequence that could be guessed
  std::string name;
  for (int i = 0; i < 4; ++i) name += fmt::format("{:08x}", static_cast<uint32_t>(random()));
  return name;
}

std::string cursor_text(const CursorName& name) { return fmt::format("{}{}-{}", kVersion, name.list, name.page); }

Answer<CursorStore::Position> CursorStore::find(std::string_view cursor, std::string_view question) {
  const auto name = parse_cursor(cursor);
  if (!name) return refuse(ProblemType::kInvalidParameter, "cursor: this is none that a list has given");
  std::vector<std::shared_ptr<const table::TableSnapshot>> dropped;  // without the lock
  const MutexLock lock(mutex_);
  dropped = take_expired();
  const auto list = find_list(name->list);
  if (list == lists_.end() || name->page < list->first_page) return expired();
  if (list->question != question) {
    return refuse(ProblemType::kInvalidParameter,
                  "cursor: it belongs to another list: give the same table, where, or-where and sort as before");
  }
  if (name->page - list->first_page >= list->pages.size()) {
    return refuse(ProblemType::kInvalidParameter, "cursor: this is none that the list has given");
  }
  list->last_used = clock_();
  lists_.splice(lists_.end(), lists_, list);
  return Position{.list = list->name, .snapshot = list->snapshot, .end = list->pages[name->page - list->first_page]};
}

std::string CursorStore::add(const std::string& list_name, const std::string& question,
                             std::shared_ptr<const table::TableSnapshot> snapshot, PageEnd end) {
  std::vector<std::shared_ptr<const table::TableSnapshot>> dropped;
  const MutexLock lock(mutex_);
  auto list = find_list(list_name);
  if (list == lists_.end()) {
    list = lists_.insert(lists_.end(), List{.name = list_name.empty() ? random_list_name() : list_name,
                                            .question = question,
                                            .snapshot = std::move(snapshot),
                                            .pages = {},
                                            .first_page = 0,
                                            .last_used = clock_()});
  }
  list->last_used = clock_();
  lists_.splice(lists_.end(), lists_, list);
  list->pages.push_back(std::move(end));
  if (list->pages.size() > limits_.max_pages) {
    const size_t forgotten = std::max<size_t>(limits_.max_pages / 2, 1);
    list->pages.erase(list->pages.begin(), list->pages.begin() + static_cast<std::ptrdiff_t>(forgotten));
    list->first_page += static_cast<uint32_t>(forgotten);
  }
  const auto page = static_cast<uint32_t>(list->first_page + list->pages.size() - 1);
  std::string cursor = cursor_text({.list = list->name, .page = page});
  dropped = take_expired();  // never this one, which was used last
  return cursor;
}

size_t CursorStore::lists() {
  std::vector<std::shared_ptr<const table::TableSnapshot>> dropped;
  const MutexLock lock(mutex_);
  dropped = take_expired();
  return lists_.size();
}

// The snapshots of lists that are forgotten now, whose end may take a while.
std::vector<std::shared_ptr<const table::TableSnapshot>> CursorStore::take_expired() {
  std::vector<std::shared_ptr<const table::TableSnapshot>> dropped;
  const auto now = clock_();
  while (!lists_.empty() && (lists_.size() > limits_.max_lists || now - lists_.front().last_used > limits_.idle)) {
    dropped.push_back(std::move(lists_.front().snapshot));
    lists_.pop_front();
  }
  return dropped;
}

std::list<CursorStore::List>::iterator CursorStore::find_list(const std::string& name) {
  return std::ranges::find(lists_, name, &List::name);
}

}  // namespace omashu::service
