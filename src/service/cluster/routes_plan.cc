// POST /v1/plan: what init-kafka would do, of files that come with the request. Nothing is applied.

#include <algorithm>
#include <thread>

#include "provision/checked_plan.h"
#include "provision/plan_json.h"
#include "service/cluster/cluster_resource.h"
#include "service/cluster/plan_request.h"

namespace omashu::service {

namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kMaxWait{3'000};  // for brokers that do not yet show what the controller has

provision::WaitBeforeRetry wait_until(Clock::time_point deadline) {
  return [deadline](int attempt) {
    const milliseconds wait(std::min(500, 50 << std::min(attempt, 4)));
    if (Clock::now() + wait > deadline) return false;
    std::this_thread::sleep_for(wait);
    return true;
  };
}

Answer<std::string> plan(const ClusterResource& resource, const std::string& body) {
  const auto request = parse_plan_request(body);
  if (!request) return refuse(request.error());
  if (const auto mistake = mistaken_list(*request)) return json::to_text(provision::findings_json({{*mistake}, {}}));
  const provision::Source source{.file = *request->file, .schemas_dir = ""};
  const auto loaded = provision::load_desired(source, provision::read_from(request->files));
  if (!loaded) return refuse(ProblemType::kMalformedBody, loaded.error().message);
  if (!loaded->mistakes.empty()) {
    return json::to_text(provision::findings_json({loaded->mistakes, loaded->desired.warnings}));
  }
  const auto admin = resource.access->admin();
  if (!admin) return refuse(problem_of(admin.error()));
  const auto checked = provision::make_checked_plan(loaded->desired, **admin, resource.parts.registry, {}, {},
                                                    wait_until(Clock::now() + kMaxWait));
  if (!checked) return refuse(problem_of(checked.error()));
  return json::to_text(provision::plan_json(checked->plan));
}

}  // namespace

Operations plan_operations(const ClusterResource& resource) {
  return {
      {.method = http::Method::kPost,
       .pattern = "/v1/plan",
       .id = "planCluster",
       .tag = "Cluster",
       .summary = "What init-kafka would change, of a list of topics and its schema files",
       .description =
           "The answer is what `init-kafka plan --output json` prints, or, where the files have mistakes, what "
           "`init-kafka validate --output json` does, with file, line and column. Nothing is applied.",
       .request = {{"application/json",
                    R"({"type":"object","required":["files"],"properties":{"files":{"type":"object",)"
                    R"("additionalProperties":{"type":"string"},"maxProperties":1000},"file":{"type":"string"}}})"}},
       .answers = {{200,
                    {"The plan, or the mistakes",
                     {{"application/json", object_schema("version:integer kind:string warnings:array")}}}}},
       .problems = {ProblemType::kUnavailable},
       .handler = resource.handler(
           [resource](const http::Exchange& exchange) { return plan(resource, exchange.request().body); })}};
}

}  // namespace omashu::service
