#include "service/read_options.h"

#include <fmt/core.h>

#include "base/duration.h"
#include "base/shown.h"

namespace omashu::service {

namespace {

constexpr std::chrono::seconds kMaxWait{60};

Answer<std::optional<std::chrono::milliseconds>> duration_of(const http::Request& request, std::string_view name) {
  const auto text = request.query_value(name);
  if (!text) return std::nullopt;
  auto duration = parse_duration(*text);
  if (!duration) return refuse(ProblemType::kInvalidParameter, fmt::format("{}: {}", name, duration.error().message));
  return *duration;
}

Answer<std::optional<table::PositionSet>> after_of(const http::Request& request, const table::LiveTable& table) {
  const auto text = request.query_value("after");
  if (!text) return std::nullopt;
  auto positions = table::parse_position_set(*text);
  if (!positions) return refuse(ProblemType::kInvalidParameter, fmt::format("after: {}", positions.error().message));
  if (positions->topic != table.topic()) {
    return refuse(ProblemType::kInvalidParameter, fmt::format("after: {} is a position of the topic {}, and this is {}",
                                                              shown(*text), positions->topic, table.topic()));
  }
  return *std::move(positions);
}

Problem not_reached(const table::LiveTable& table, const ReadOptions& options) {
  const TableHead head(table);
  Problem problem{
      .type = ProblemType::kNotReachedInTime,
      .detail = fmt::format("{} was not read within {}: the table has read up to {}",
                            table::position_set_text(*options.after), duration_text(options.wait), head.position)};
  problem.members.push_back({"position", head.position});
  head.add_to(problem.fields);
  return problem;
}

}  // namespace

std::vector<Parameter> read_parameters() {
  return {{.name = "after",
           .description = "wait until these records have been read: what a write or Omashu-Position said, as "
                          "status-download-2-17 or status-download-0-12,2-17"},
          {.name = "wait", .description = "how long to wait for `after`: 500ms, 5s (default 5s, at most 60s)"},
          {.name = "max-lag", .description = "refuse to answer where the table is further behind its topic: 2s"}};
}

Answer<ReadOptions> parse_read_options(const http::Request& request, const table::LiveTable& table) {
  ReadOptions options;
  if (request.query().empty()) return options;
  auto after = after_of(request, table);
  if (!after) return std::unexpected(std::move(after.error()));
  options.after = *std::move(after);
  const auto wait = duration_of(request, "wait");
  if (!wait) return std::unexpected(wait.error());
  options.wait = wait->value_or(options.wait);
  if (options.wait > kMaxWait) {
    return refuse(ProblemType::kInvalidParameter, fmt::format("wait: at most {}", duration_text(kMaxWait)));
  }
  const auto max_lag = duration_of(request, "max-lag");
  if (!max_lag) return std::unexpected(max_lag.error());
  options.max_lag = *max_lag;
  return options;
}

void when_fresh(table::LiveTable& table, const http::ExchangePtr& exchange, const ReadOptions& options,
                std::function<void()> proceed) {
  const auto unless_stale = [&table, exchange, max_lag = options.max_lag, proceed = std::move(proceed)] {
    if (!max_lag) return proceed();
    const TableHead head(table);
    head.lag > *max_lag ? answer(exchange, too_stale(head, *max_lag)) : proceed();
  };
  if (!options.after) return unless_stale();
  table.when_read(*options.after, std::chrono::steady_clock::now() + options.wait,
                  [&table, exchange, options, unless_stale](bool is_read) {
                    is_read ? unless_stale() : answer(exchange, not_reached(table, options));
                  });
}

}  // namespace omashu::service
