#include "service/rows/row_query.h"

#include <fmt/core.h>

#include <charconv>
#include <utility>

namespace omashu::service {

namespace {

// A part of the question that cannot run into the next one.
void append_part(std::string& question, std::string_view name, std::string_view text) {
  question += fmt::format("{}:{}:{}\n", name, text.size(), text);
}

Answer<RowOrder> parse_order(std::string_view text, const table::FilterSchemas& schemas) {
  RowOrder order;
  order.is_descending = text.starts_with('-');
  if (order.is_descending) text.remove_prefix(1);
  if (text == "key") {
    order.by = RowOrder::By::kKey;
    return order;
  }
  auto field = table::IndexedField::open(text, schemas);
  if (field) {
    order.by = RowOrder::By::kField;
    order.field = *std::move(field);
  } else if (text == "timestamp") {
    order.by = RowOrder::By::kTimestamp;
  } else {
    return refuse(ProblemType::kInvalidParameter, "sort: " + field.error().message);
  }
  return order;
}

}  // namespace

std::vector<Parameter> filter_parameters() {
  return {{.name = "where",
           .description = "only rows or records for which this holds: status=FAILED, bytesSoFar>=1000, reason is null, "
                          "source.url~^https, status in (QUEUED, RUNNING), key.id=om-1; several must all hold",
           .is_repeated = true},
          {.name = "or-where",
           .description = "those for which this holds are meant too, whatever `where` says",
           .is_repeated = true}};
}

Answer<table::Filter> parse_filter(const http::Request& request, const table::TypedTopic& typed) {
  const auto where = request.query_values("where"), or_where = request.query_values("or-where");
  auto filter = table::Filter::parse(where, or_where);
  auto bound = filter ? filter->bind(typed.schemas()) : Result<void>();
  if (filter && bound) return *std::move(filter);
  const Error& error = filter ? bound.error() : filter.error();
  return refuse(ProblemType::kInvalidParameter, "where: " + error.message);
}

std::vector<Parameter> query_parameters() {
  std::vector<Parameter> parameters = filter_parameters();
  parameters.push_back(partitions_parameter());
  parameters.push_back({.name = "sort",
                        .description = "a field, `key` or `timestamp` (of the record); - in front puts the greatest "
                                       "first. Rows without the field come last",
                        .schema = R"({"type":"string","minLength":1})"});
  parameters.push_back({.name = "limit",
                        .description = fmt::format("rows of a page (default {})", kDefaultPageRows),
                        .schema = fmt::format(R"({{"type":"integer","minimum":1,"maximum":{}}})", kMaxPageRows)});
  parameters.push_back({.name = "fields",
                        .description = "only these fields of the values: status,source.url",
                        .schema = R"({"type":"string","minLength":1})"});
  return parameters;
}

Answer<RowQuery> parse_row_query(const http::Request& request, const table::LiveTable& table,
                                 table::TypedTopic& typed) {
  RowQuery query;
  auto filter = parse_filter(request, typed);
  if (!filter) return refuse(std::move(filter.error()));
  query.filter = *std::move(filter);
  append_part(query.question, "table", table.topic());
  for (const char* name : {"where", "or-where"}) {
    for (const std::string& text : request.query_values(name)) append_part(query.question, name, text);
  }
  auto partitions = parse_partitions(request);
  if (!partitions) return refuse(std::move(partitions.error()));
  query.partitions = *std::move(partitions);
  if (query.partitions) append_part(query.question, "partitions", partitions_text(*query.partitions));
  if (const auto sort = request.query_value("sort")) {
    append_part(query.question, "sort", *sort);
    auto order = parse_order(*sort, typed.schemas());
    if (!order) return refuse(std::move(order.error()));
    query.order = *std::move(order);
  }
  if (const auto limit = request.query_value("limit")) {
    size_t number = 0;
    std::from_chars(limit->data(), limit->data() + limit->size(), number);
    query.limit = number;
  }
  if (const auto fields = request.query_value("fields")) {
    auto selection = FieldSelection::parse(*fields, typed);
    if (!selection) return refuse(std::move(selection.error()));
    query.fields = *std::move(selection);
  }
  return query;
}

}  // namespace omashu::service
