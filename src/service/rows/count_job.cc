#include "service/rows/count_job.h"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "service/rows/page_job.h"

namespace omashu::service {

namespace {

using table::AggregateFunction;
using Group = table::AggregateTotals::Group;

// Groups beyond these are no summary any more, and an answer of them no small one.
constexpr size_t kMaxGroups = 100'000;

// In the order in which --sum and its kin are declared.
constexpr std::tuple<const char*, AggregateFunction, const char*> kAggregates[] = {
    {"sum", AggregateFunction::kSum, "and the sum of this field: numbers and decimals"},
    {"avg", AggregateFunction::kAverage, "and its average"},
    {"min", AggregateFunction::kMin, "and its minimum: of dates, times and texts too"},
    {"max", AggregateFunction::kMax, "and its maximum"}};

Answer<std::vector<table::FieldPath>> paths_of(const http::Request& request, const char* name) {
  std::vector<table::FieldPath> paths;
  for (const std::string& text : request.query_values(name)) {
    auto path = table::FieldPath::parse(text);
    if (!path) return refuse(ProblemType::kInvalidParameter, fmt::format("{}: {}", name, path.error().message));
    paths.push_back(*std::move(path));
  }
  return paths;
}

// {"count":12,"groups":[{"by":{"status":"FAILED"},"count":3,"sum(bytesSoFar)":10}],"position":…}
void answer_groups(const CountQuestion& question, const TableHead& head, int64_t rows,
                   const std::vector<Group>& groups) {
  std::string body = fmt::format(R"({{"count":{})", rows);
  if (!question.by.empty() || !question.aggregates.empty()) {
    body += R"(,"groups":[)";
    for (const Group& group : groups) {
      if (body.back() != '[') body += ',';
      body += R"({"by":{)";
      for (size_t i = 0; i < group.by.size(); ++i) {
        if (i > 0) body += ',';
        json::append_quoted(body, question.by[i].text());
        body += ':' + group.by[i];
      }
      body += fmt::format(R"(}},"count":{})", group.count);
      for (size_t i = 0; i < group.aggregates.size(); ++i) {
        body += ',';
        json::append_quoted(body, question.aggregates[i].name());
        body += ':' + group.aggregates[i];
      }
      body += '}';
    }
    body += ']';
  }
  body += R"(,"position":)";
  json::append_quoted(body, head.position);
  http::Response response{.content_type = "application/json", .body = body + "}\n", .fields = {}};
  response.fields.push_back({"Cache-Control", "no-cache"});
  head.add_to(response.fields);
  question.exchange->answer(std::move(response));
}

Problem too_many_groups() {
  return {.type = ProblemType::kInvalidParameter,
          .detail = fmt::format(
              "by: there are more than {} groups: count by a field with fewer values, or list the rows", kMaxGroups)};
}

// True where counters said it all.
bool answer_from_counters(const CountQuestion& question, const table::TableSnapshot& snapshot) {
  if (!question.query.filter.is_empty() || question.query.partitions || !question.aggregates.empty() ||
      question.by.size() > 1)
    return false;
  const TableHead head(*question.table, snapshot);
  if (question.by.empty()) {
    answer_groups(question, head, snapshot.rows(), {});
    return true;
  }
  const auto& indexes = question.table->indexes();
  const auto index = std::ranges::find(indexes, question.by.front().text(), &table::IndexDescription::field);
  if (index == indexes.end()) return false;
  auto counts = snapshot.counts(static_cast<size_t>(index - indexes.begin()));
  if (!counts) {
    answer(question.exchange, problem_of(counts.error()));
    return true;
  }
  if (counts->size() > kMaxGroups) {
    answer(question.exchange, too_many_groups());
    return true;
  }
  std::vector<Group> groups;
  for (table::TableSnapshot::Count& count : *counts) {
    groups.push_back({.by = {std::move(count.value)}, .count = count.count, .aggregates = {}});
  }
  std::ranges::stable_sort(groups, std::greater(), &Group::count);
  answer_groups(question, head, snapshot.rows(), groups);
  return true;
}

}  // namespace

std::vector<Parameter> count_parameters() {
  std::vector<Parameter> parameters = filter_parameters();
  parameters.push_back(partitions_parameter());
  parameters.push_back(
      {.name = "by",
       .description = "count each value of this field, as a.b; several count each combination. Read from counters "
                      "where the field is indexed and nothing else is asked",
       .schema = R"({"type":"string","minLength":1})",
       .is_repeated = true});
  for (const auto& [name, function, description] : kAggregates) {
    parameters.push_back({.name = name,
                          .description = description,
                          .schema = R"({"type":"string","minLength":1})",
                          .is_repeated = true});
  }
  return parameters;
}

Answer<CountQuestion> parse_count_question(const http::ExchangePtr& exchange, table::LiveTable& table) {
  const http::Request& request = exchange->request();
  CountQuestion question{.exchange = exchange, .table = &table, .typed = table.typed()};
  auto filter = parse_filter(request, *question.typed);
  if (!filter) return refuse(std::move(filter.error()));
  question.query.filter = *std::move(filter);
  auto partitions = parse_partitions(request);
  if (!partitions) return refuse(std::move(partitions.error()));
  question.query.partitions = *std::move(partitions);
  auto by = paths_of(request, "by");
  if (!by) return refuse(std::move(by.error()));
  question.by = *std::move(by);
  for (const auto& [name, function, description] : kAggregates) {
    auto paths = paths_of(request, name);
    if (!paths) return refuse(std::move(paths.error()));
    for (table::FieldPath& path : *paths)
      question.aggregates.push_back({.function = function, .path = std::move(path)});
  }
  return question;
}

void CountJob::start(CountQuestion question, Executor& executor) {
  const auto snapshot = question.table->snapshot();
  if (!snapshot->is_complete()) {
    return answer(question.exchange,
                  restoring(*question.table, "the table is still being read: not all rows are there"));
  }
  auto aggregation = table::Aggregation::make(question.by, question.aggregates, question.typed->schemas());
  if (!aggregation) {
    return answer(question.exchange, {.type = ProblemType::kInvalidParameter, .detail = aggregation.error().message});
  }
  if (answer_from_counters(question, *snapshot)) return;
  std::shared_ptr<CountJob>(new CountJob(std::move(question), executor, snapshot, *std::move(aggregation)))->run();
}

CountJob::CountJob(CountQuestion question, Executor& executor, std::shared_ptr<const table::TableSnapshot> snapshot,
                   table::Aggregation aggregation)
    : question_(std::move(question)),
      executor_(executor),
      snapshot_(std::move(snapshot)),
      head_(*question_.table, *snapshot_),
      scan_(*question_.table, snapshot_, *question_.typed, question_.query, std::nullopt),
      parts_(*question_.typed, true, true),
      aggregation_(std::move(aggregation)),
      totals_(aggregation_) {}

void CountJob::run() {
  const bool needs_parts = !question_.by.empty() || !question_.aggregates.empty();
  const auto progress = scan_.run(kRowsOfPiece, [&](const table::LiveRow& row) {
    if (needs_parts) {
      if (const auto read = parts_.read(row); !read) {
        if (read.error().code == ErrorCode::kCorrupt) return RowScan::Next::kGoOn;
        failure_ = read.error();
        return RowScan::Next::kStop;
      }
      contribution_.clear();
      aggregation_.append_contribution(parts_.key(), parts_.value(), contribution_);
      totals_.add(contribution_);
    }
    ++rows_;
    return RowScan::Next::kGoOn;
  });
  if (!progress || failure_) return answer(question_.exchange, problem_of(failure_ ? *failure_ : progress.error()));
  if (totals_.size() > kMaxGroups) return answer(question_.exchange, too_many_groups());
  if (*progress == RowScan::Progress::kMore) return executor_.post([self = shared_from_this()] { self->run(); });
  answer_groups(question_, head_, rows_, totals_.groups());
}

}  // namespace omashu::service
