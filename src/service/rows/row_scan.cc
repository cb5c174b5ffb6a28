#include "service/rows/row_scan.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace omashu::service {

namespace {

// Eight bytes whose order is that of times.
std::string time_order(int64_t timestamp_ms) {
  std::string order;
  for (int shift = 56; shift >= 0; shift -= 8) order += static_cast<char>(static_cast<uint64_t>(timestamp_ms) >> shift);
  return order;
}

bool asks_key(const RowQuery& query) {
  return query.filter.asks_key() || (query.order.field && query.order.field->asks_key());
}

bool asks_value(const RowQuery& query) {
  return query.filter.asks_value() || (query.order.field && !query.order.field->asks_key());
}

// Nothing of the value: the first in an index's order, and the last of an answer's.
std::string absent_value(const table::IndexedField& field) { return field.value_of({}); }

}  // namespace

bool RowScan::Before::operator()(const Sorted& a, const Sorted& b) const {
  if (a.is_absent != b.is_absent) return b.is_absent;
  const int order = is_descending ? b.order.compare(a.order) : a.order.compare(b.order);
  if (order != 0) return order < 0;
  return is_descending ? b.key < a.key : a.key < b.key;
}

RowScan::RowScan(const table::LiveTable& table, std::shared_ptr<const table::TableSnapshot> snapshot,
                 table::TypedTopic& typed, const RowQuery& query, std::optional<PageEnd> after)
    : snapshot_(std::move(snapshot)), query_(query), parts_(typed, asks_key(query), asks_value(query)) {
  plan(table, typed.schemas());
  sorted_ = std::set<Sorted, Before>(Before{query.order.is_descending});
  if (!after) return;
  if (is_sorting_) {
    after_ = Sorted{.order = after->order.value_or(""), .key = after->key, .is_absent = !after->order};
  } else {
    at_ = *std::move(after);
    has_begun_ = true;
  }
}

void RowScan::plan(const table::LiveTable& table, const table::FilterSchemas& schemas) {
  const RowOrder& order = query_.order;
  std::optional<size_t> narrowing, ordering;
  for (size_t i = 0; i < table.indexes().size(); ++i) {
    auto field = table::IndexedField::open(table.indexes()[i].field, schemas);
    if (!field) continue;  // the schema has it no longer
    const bool is_order = order.field && order.field->name() == field->name();
    if (is_order) ordering = i;
    if (auto ranges = field->ranges(query_.filter); ranges && (!narrowing || is_order)) {
      narrowing = i;
      ranges_ = *std::move(ranges);
    }
  }
  if (!narrowing && ordering) ranges_ = {table::Range{}};
  index_ = narrowing ? narrowing : ordering;
  // All rows of an order by key can be had from the keys alone.
  if (order.by == RowOrder::By::kKey && !query_.limit) index_.reset();
  const bool is_in_order =
      order.by == RowOrder::By::kAny || (order.by == RowOrder::By::kKey && !index_) || (ordering && index_ == ordering);
  is_sorting_ = !is_in_order;
  is_descending_ = is_in_order && order.is_descending;
  if (ordering && index_ == ordering) put_absent_last(absent_value(*order.field));
}

// Rows without a value stand first in the index, and last in the answer.
void RowScan::put_absent_last(const std::string& absent) {
  const std::string behind = absent + '\0';
  bool has_absent = false;
  for (table::Range& range : ranges_) {
    if (range.from > absent) continue;
    has_absent = true;
    range.from = behind;
  }
  std::erase_if(ranges_, [](const table::Range& range) { return !range.to.empty() && range.from >= range.to; });
  if (is_descending_) std::ranges::reverse(ranges_);
  if (has_absent) ranges_.push_back({.from = absent, .to = behind});
}

Result<RowScan::Progress> RowScan::run(size_t max_rows, const Visit& visit) {
  if (is_sorting_ && !is_sorted_) {
    const auto at_end = read_source(max_rows, [this](const table::LiveRow& row) {
      keep_sorted(row);
      return true;
    });
    if (!at_end) return fail(at_end.error());
    if (!*at_end) return Progress::kMore;
    is_sorted_ = true;
  }
  if (is_sorting_) return visit_sorted(max_rows, visit);
  bool is_stopped = false;
  const auto at_end = read_source(max_rows, [&](const table::LiveRow& row) {
    const Next next = visit(row);
    is_stopped = next == Next::kStop;
    if (!is_stopped) last_ = at_;
    return next == Next::kGoOn;
  });
  if (!at_end) return fail(at_end.error());
  return is_stopped ? Progress::kStopped : *at_end ? Progress::kEnd : Progress::kMore;
}

// True at the end of the rows.
Result<bool> RowScan::read_source(size_t max_rows, const std::function<bool(const table::LiveRow&)>& visit) {
  size_t left = max_rows;
  bool is_cut = false;
  const auto examine = [&](const table::LiveRow& row) {
    at_.key = row.key;
    has_begun_ = true;
    const auto passed = passes(row);
    if (!passed) {
      failure_ = passed.error();
      return false;
    }
    is_cut = (*passed && !visit(row)) || --left == 0;
    return !is_cut;
  };
  if (!index_) {
    const auto after = has_begun_ ? std::optional(at_.key) : std::nullopt;
    if (auto read = snapshot_->for_each_row(after, is_descending_, examine); !read) return fail(read.error());
  }
  while (index_ && at_.range < ranges_.size() && !is_cut && !failure_) {
    const auto after = at_.order ? std::optional(std::pair(*at_.order, at_.key)) : std::nullopt;
    auto read = snapshot_->for_each_indexed(*index_, ranges_[at_.range], is_descending_, after,
                                            [&](std::string_view value, const table::LiveRow& row) {
                                              at_.order = std::string(value);
                                              return examine(row);
                                            });
    if (!read) return fail(std::move(read.error()));
    if (is_cut || failure_) break;
    ++at_.range;
    at_.order.reset();
  }
  if (failure_) return fail(*failure_);
  return !is_cut;
}

Result<bool> RowScan::passes(const table::LiveRow& row) {
  if (!selects(query_.partitions, row.position.partition)) return false;
  if (query_.filter.is_empty() && !needs_value_of_order()) return true;
  if (auto read = parts_.read(row); !read) {
    // A record that does not decode is not asked; a registry that is away would hide them all.
    const bool is_records_own = read.error().code == ErrorCode::kCorrupt;
    return is_records_own ? Result<bool>(false) : fail(std::move(read.error()));
  }
  return query_.filter.matches(parts_.key(), parts_.value());
}

std::optional<std::string> RowScan::order_of_visited() const {
  const RowOrder& order = query_.order;
  if (order.by != RowOrder::By::kField && order.by != RowOrder::By::kTimestamp) return std::nullopt;
  if (is_sorting_) return visited_order_;
  return order.field && at_.order == absent_value(*order.field) ? std::nullopt : at_.order;
}

bool RowScan::needs_value_of_order() const { return is_sorting_ && query_.order.field; }

void RowScan::keep_sorted(const table::LiveRow& row) {
  Sorted sorted{.order = {}, .key = row.key};
  if (const auto& field = query_.order.field) {
    sorted.order = field->value_of(field->asks_key() ? parts_.key() : parts_.value());
    sorted.is_absent = sorted.order == absent_value(*field);
    if (sorted.is_absent) sorted.order.clear();
  } else if (query_.order.by == RowOrder::By::kTimestamp) {
    sorted.is_absent = row.timestamp_ms < 0;
    if (!sorted.is_absent) sorted.order = time_order(row.timestamp_ms);
  }
  const Before before{query_.order.is_descending};
  if (after_ && !before(*after_, sorted)) return;
  if (sorted_.size() == max_sorted_ && !before(sorted, *sorted_.rbegin())) return;
  sorted_.insert(std::move(sorted));
  if (sorted_.size() > max_sorted_) sorted_.erase(std::prev(sorted_.end()));
}

Result<RowScan::Progress> RowScan::visit_sorted(size_t max_rows, const Visit& visit) {
  for (size_t left = max_rows; !sorted_.empty(); --left) {
    if (left == 0) return Progress::kMore;
    auto node = sorted_.extract(sorted_.begin());
    const auto found = snapshot_->find(node.value().key);
    if (!found) return fail(found.error());
    if (found->state != table::RowState::kFound) continue;  // its ttl was over meanwhile
    visited_order_ = node.value().is_absent ? std::nullopt : std::optional(node.value().order);
    const Next next = visit(*found->row);
    if (next == Next::kStop) return Progress::kStopped;
    last_.key = std::move(node.value().key);
    last_.order = node.value().is_absent ? std::nullopt : std::optional(std::move(node.value().order));
    if (next == Next::kPause) return Progress::kMore;
  }
  return Progress::kEnd;
}

}  // namespace omashu::service
