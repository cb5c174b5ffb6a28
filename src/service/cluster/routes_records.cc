// GET /v1/topics/{topic}/records

#include <algorithm>
#include <iterator>
#include <memory>

#include "inspect/record_page.h"
#include "service/cluster/cluster_resource.h"
#include "service/cluster/record_json.h"
#include "service/rows/row_query.h"
#include "table/record_filter.h"

namespace omashu::service {

namespace {

// A parameter that is a number, since the operation says so.
std::optional<int64_t> number_of(const http::Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  return text ? json::parse(*text)->as_int64() : std::nullopt;
}

Answer<inspect::PageQuery> parse_query(const Parts& parts, const http::Request& request, const std::string& topic) {
  inspect::PageQuery query{.topic = topic, .timeout = kClusterTimeout};
  if (const auto partition = number_of(request, "partition")) query.partition = static_cast<int32_t>(*partition);
  if (const auto limit = number_of(request, "limit")) query.limit = static_cast<size_t>(*limit);
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(parts.now().time_since_epoch());
  auto start = inspect::parse_page_start(request.query_value("from").value_or("end"), topic, now.count());
  if (!start) return refuse(ProblemType::kInvalidParameter, "from: " + start.error().message);
  query.start = *std::move(start);
  const auto direction = request.query_value("direction");
  query.is_older = direction ? *direction == "older" : query.start.kind == inspect::PageStart::Kind::kEnd;
  return query;
}

// What the conditions ask; nothing where there are none.
Answer<std::shared_ptr<table::RecordFilter>> open_filter(schema_registry::Client& registry, const std::string& topic,
                                                         const http::Request& request) {
  const auto filter = table::Filter::parse(request.query_values("where"), request.query_values("or-where"));
  if (!filter) return refuse(ProblemType::kInvalidParameter, "where: " + filter.error().message);
  if (filter->is_empty()) return nullptr;
  auto opened = table::RecordFilter::open(registry, topic, *filter);
  if (opened) return std::make_shared<table::RecordFilter>(*std::move(opened));
  if (opened.error().code == ErrorCode::kInvalidArgument || opened.error().code == ErrorCode::kNotFound) {
    return refuse(ProblemType::kInvalidParameter, "where: " + opened.error().message);
  }
  return refuse(problem_of(opened.error()));
}

Answer<std::string> read_records(const ClusterResource& resource, const http::Exchange& exchange) {
  const std::string& topic = exchange.parameter("topic");
  const http::Request& request = exchange.request();
  const auto admin = resource.access->admin();
  if (!admin) return refuse(problem_of(admin.error()));
  if (auto found = topic_of(**admin, topic); !found) return refuse(std::move(found.error()));
  auto query = parse_query(resource.parts, request, topic);
  if (!query) return refuse(std::move(query.error()));
  const auto filter = open_filter(resource.parts.registry, topic, request);
  if (!filter) return refuse(filter.error());
  if (*filter) query->matches = [&filter](const kafka::Message& record) { return (*filter)->matches(record); };
  const auto consumer = resource.access->open_consumer();
  if (!consumer) return refuse(problem_of(consumer.error()));
  const auto page = inspect::read_page(**consumer, *query);
  if (!page) return refuse(problem_of(page.error()));
  return RecordJson(resource.parts.registry).page(topic, *page);
}

}  // namespace

Operations record_operations(const ClusterResource& resource) {
  Operation operation{
      .pattern = "/v1/topics/{topic}/records",
      .id = "listRecords",
      .tag = "Cluster",
      .summary = "Records of a topic, page by page",
      .description =
          "`older` and `newer` of an answer are values for `from`, with which the page before and the page after it "
          "are had. A request looks at a bounded number of records: where a filter finds little, `isComplete` is "
          "false, and one goes on in the same direction.",
      .parameters = {topic_parameter(),
                     {.name = "partition",
                      .description = "only this partition",
                      .schema = R"({"type":"integer","minimum":0,"maximum":2147483647})"},
                     {.name = "from",
                      .description =
                          "beginning, end (without it), an offset, a time (2h, 2026-11-30T08:00Z), or the positions "
                          "of a page: its `older` or `newer`",
                      .schema = R"({"type":"string","minLength":1,"maxLength":12288})"},
                     {.name = "direction",
                      .description =
                          "older: what is before `from`, the newest first (without it, from the end); newer: what "
                          "is at `from` and after it, the oldest first (without it, from elsewhere)",
                      .schema = R"({"type":"string","enum":["older","newer"]})"},
                     {.name = "limit",
                      .description = "records, 50 without it",
                      .schema = R"({"type":"integer","minimum":1,"maximum":500})"}},
      .answers = {{200,
                   {"A page of records",
                    {{"application/json", object_schema("records:array older:string? newer:string scanned:integer "
                                                        "unreadable:integer isComplete:boolean")}}}}},
      .problems = {ProblemType::kNotFound, ProblemType::kUnavailable},
      .handler =
          resource.handler([resource](const http::Exchange& exchange) { return read_records(resource, exchange); })};
  std::ranges::move(filter_parameters(), std::back_inserter(operation.parameters));
  return {std::move(operation)};
}

}  // namespace omashu::service
