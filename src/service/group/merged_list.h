// Pages of rows that several members have, as pages of one list: each member's pages are in the list's order, and are
// merged by it. A member's page that was not used up waits for the next page of the list.
//
// Each member's pages are of one state of its partitions, for as long as its cursor lives; the states of several
// members are not of one moment.
//
// No socket, no clock: who drives it asks the members.

#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "omashu/result.h"
#include "service/group/range_assignment.h"

namespace omashu::service {

struct ListOrder {
  enum class By : uint8_t { kMember, kKey, kOrder } by = By::kMember;  // kMember: the order is not asked for
  bool is_descending = false;
};

// What ?sort= says of the order; it is checked by the members.
ListOrder list_order(const std::optional<std::string>& sort);

struct MergedRow {
  json::Value row;
  std::string key;                   // JSON
  std::optional<std::string> order;  // bytes in the order of the list; absent: it comes behind all others
};

// Where the list stands at one member. Copies share the page.
struct MemberList {
  std::string url;
  HeldPartitions partitions;
  std::shared_ptr<const std::vector<MergedRow>> page;  // null: the first is to be asked for
  size_t next = 0;                                     // of the page
  std::optional<std::string> cursor = {};              // of the page behind it; absent: there is none, or the first

  bool is_to_be_asked() const { return page == nullptr || (next == page->size() && cursor); }
  bool is_over() const { return page != nullptr && next == page->size() && !cursor; }
};

class MergedList {
 public:
  MergedList(ListOrder order, std::vector<MemberList> members) : order_(order), members_(std::move(members)) {}

  // Members whose next page is to be asked for before more rows can be taken.
  std::vector<MemberList*> members_to_ask();
  // The answer of a member's GET …/rows: {"rows":…,"cursor":…,"orders":…}.
  static Result<void> take_page(MemberList& member, std::string_view body);

  // Takes rows until there are `limit`, or a member's next page is needed.
  void take_rows(size_t limit, std::vector<json::Value>& rows);
  bool is_over() const;

 private:
  bool is_before(const MergedRow& a, const MergedRow& b) const;

  ListOrder order_;
  std::vector<MemberList> members_;
};

}  // namespace omashu::service
