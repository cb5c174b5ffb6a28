// Which rows of a table, in which order, and how many: ?where=…&or-where=…&sort=-updatedAt&limit=100&fields=a,b

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "http/message.h"
#include "service/operation.h"
#include "service/rows/field_selection.h"
#include "service/rows/partition_selection.h"
#include "table/filter.h"
#include "table/live/live_table.h"
#include "table/store/index_value.h"

namespace omashu::service {

inline constexpr size_t kDefaultPageRows = 100;
inline constexpr size_t kMaxPageRows = 10'000;

// In what order. Rows that are equal in it are ordered by their keys; those without the field come last.
struct RowOrder {
  enum class By : uint8_t { kAny, kKey, kTimestamp, kField } by = By::kAny;
  std::optional<table::IndexedField> field = {};
  bool is_descending = false;
};

struct RowQuery {
  table::Filter filter;
  RowOrder order;
  std::optional<size_t> limit;
  FieldSelection fields;
  PartitionSelection partitions = {};
  std::string question;  // what a cursor belongs to: table, conditions and order
};

// where and or-where alone.
std::vector<Parameter> filter_parameters();
Answer<table::Filter> parse_filter(const http::Request& request, const table::TypedTopic& typed);

std::vector<Parameter> query_parameters();
Answer<RowQuery> parse_row_query(const http::Request& request, const table::LiveTable& table, table::TypedTopic& typed);

}  // namespace omashu::service
