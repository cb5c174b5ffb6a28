// /healthz, /readyz: whether the process lives, and whether it should be asked. /problems: what problems there are.

#include <fmt/core.h>

#include <algorithm>

#include "base/shown.h"
#include "service/parts.h"

namespace omashu::service {

namespace {

using http::Method;

void answer_json(const http::ExchangePtr& exchange, const json::Value& body) {
  exchange->answer({.content_type = "application/json", .body = json::to_text(body) + "\n"});
}

// Ready is who can answer for every key.
void answer_readiness(const Parts& parts, const http::ExchangePtr& exchange) {
  if (parts.is_draining()) {
    return answer(exchange, {.type = ProblemType::kUnavailable, .detail = "the service is about to stop"});
  }
  if (!parts.is_ready()) {
    Problem problem{.type = ProblemType::kUnavailable,
                    .detail = "the process has not joined its group yet, or reads what the group gave it"};
    problem.fields.push_back({"Retry-After", "1"});
    return answer(exchange, problem);
  }
  json::Value restoring = json::Value::array();
  for (const auto& table : parts.tables.all()) {
    const table::TableStatus status = table->status();
    if (!status.is_restoring) continue;
    json::Value one = json::Value::object();
    one.add("table", table->topic()).add("restored", status.restored).add("toRestore", status.to_restore);
    restoring.append(std::move(one));
  }
  if (restoring.items().empty()) {
    json::Value ready = json::Value::object();
    ready.add("status", "ready");
    return answer_json(exchange, ready);
  }
  Problem problem{.type = ProblemType::kRestoring,
                  .detail = fmt::format("{} of {} tables are still being read", restoring.items().size(),
                                        parts.tables.all().size())};
  problem.members.push_back({"tables", std::move(restoring)});
  problem.fields.push_back({"Retry-After", "1"});
  answer(exchange, problem);
}

json::Value problem_json(const ProblemKind& kind) {
  json::Value one = json::Value::object();
  one.add("type", fmt::format("/problems/{}", kind.name)).add("title", kind.title).add("status", kind.status);
  return one;
}

void answer_problem(const http::ExchangePtr& exchange) {
  const std::string& name = exchange->parameter("problem");
  const auto kind = std::ranges::find(problem_kinds(), name, &ProblemKind::name);
  if (kind == problem_kinds().end()) {
    return answer(exchange, {.type = ProblemType::kNotFound, .detail = fmt::format("no problem is {}", shown(name))});
  }
  answer_json(exchange, problem_json(*kind));
}

constexpr const char* kStatusSchema =
    R"({"type":"object","required":["status"],"properties":{"status":{"type":"string"}}})";
constexpr const char* kProblemKindSchema =
    R"({"type":"object","required":["type","title","status"],"properties":{"type":{"type":"string"},)"
    R"("title":{"type":"string"},"status":{"type":"integer"}}})";

}  // namespace

Operations system_operations(const Parts& parts) {
  Operations operations;
  operations.push_back({.pattern = "/healthz",
                        .id = "getHealth",
                        .tag = "System",
                        .summary = "Whether the process lives",
                        .answers = {{200, {"It does", {{"application/json", kStatusSchema}}}}},
                        .access = http::Access::kPublic,
                        .handler = [](const http::ExchangePtr& exchange) {
                          json::Value alive = json::Value::object();
                          alive.add("status", "alive");
                          answer_json(exchange, alive);
                        }});
  operations.push_back({.pattern = "/readyz",
                        .id = "getReadiness",
                        .tag = "System",
                        .summary = "Whether every table has been read, so that it can be asked for any key",
                        .answers = {{200, {"They have", {{"application/json", kStatusSchema}}}}},
                        .problems = {ProblemType::kRestoring, ProblemType::kUnavailable},
                        .access = http::Access::kPublic,
                        .handler = [&parts](const http::ExchangePtr& exchange) { answer_readiness(parts, exchange); }});
  operations.push_back({.pattern = "/problems/{problem}",
                        .id = "getProblem",
                        .tag = "System",
                        .summary = "What a problem's type means",
                        .parameters = {{.name = "problem",
                                        .place = Parameter::Place::kPath,
                                        .description = "the last part of its type"}},
                        .answers = {{200, {"The kind of problem", {{"application/json", kProblemKindSchema}}}}},
                        .problems = {ProblemType::kNotFound},
                        .access = http::Access::kKnown,
                        .handler = &answer_problem});
  return operations;
}

}  // namespace omashu::service
