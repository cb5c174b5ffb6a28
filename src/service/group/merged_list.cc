#include "service/group/merged_list.h"

#include <algorithm>
#include <utility>

#include "base/base64.h"

namespace omashu::service {

namespace {

std::unexpected<Error> senseless() {
  return fail(ErrorCode::kCorrupt, "a member of the group answered what is no page of rows");
}

}  // namespace

ListOrder list_order(const std::optional<std::string>& sort) {
  if (!sort) return {};
  std::string_view text = *sort;
  ListOrder order{.by = ListOrder::By::kOrder, .is_descending = text.starts_with('-')};
  if (order.is_descending) text.remove_prefix(1);
  if (text == "key") order.by = ListOrder::By::kKey;
  return order;
}

std::vector<MemberList*> MergedList::members_to_ask() {
  std::vector<MemberList*> asked;
  for (MemberList& member : members_) {
    if (member.is_to_be_asked()) asked.push_back(&member);
  }
  return asked;
}

Result<void> MergedList::take_page(MemberList& member, std::string_view body) {
  auto parsed = json::parse(body);
  if (!parsed) return senseless();
  const json::Value *rows = parsed->find("rows"), *orders = parsed->find("orders"), *cursor = parsed->find("cursor");
  if (rows == nullptr || orders == nullptr || rows->items().size() != orders->items().size()) return senseless();
  auto page = std::make_shared<std::vector<MergedRow>>();
  for (size_t i = 0; i < rows->items().size(); ++i) {
    const json::Value *key = rows->items()[i].find("key"), &order = orders->items()[i];
    if (key == nullptr) return senseless();
    MergedRow row{.row = rows->items()[i], .key = json::to_text(*key), .order = std::nullopt};
    if (order.is_string()) {
      row.order = from_base64(order.text());
      if (!row.order) return senseless();
    }
    page->push_back(std::move(row));
  }
  member.page = std::move(page);
  member.next = 0;
  member.cursor = cursor == nullptr ? std::nullopt : std::optional(cursor->text());
  return {};
}

// As RowScan has it: rows without a place come last, equal ones by their keys.
bool MergedList::is_before(const MergedRow& a, const MergedRow& b) const {
  if (order_.by == ListOrder::By::kOrder) {
    if (a.order.has_value() != b.order.has_value()) return a.order.has_value();
    if (a.order && *a.order != *b.order) return (*a.order < *b.order) != order_.is_descending;
  }
  return order_.is_descending ? b.key < a.key : a.key < b.key;
}

void MergedList::take_rows(size_t limit, std::vector<json::Value>& rows) {
  while (rows.size() < limit) {
    MemberList* first = nullptr;
    for (MemberList& member : members_) {
      if (member.is_over()) continue;
      if (member.is_to_be_asked()) return;
      const bool is_first = first == nullptr || (order_.by != ListOrder::By::kMember &&
                                                 is_before((*member.page)[member.next], (*first->page)[first->next]));
      if (is_first) first = &member;
    }
    if (first == nullptr) return;
    rows.push_back((*first->page)[first->next++].row);
  }
}

bool MergedList::is_over() const {
  return std::ranges::all_of(members_, [](const MemberList& member) { return member.is_over(); });
}

}  // namespace omashu::service
