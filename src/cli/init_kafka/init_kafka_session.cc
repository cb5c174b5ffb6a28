#include "cli/init_kafka/init_kafka_session.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>

#include "base/duration.h"
#include "cli/diagnostics.h"
#include "cli/init_kafka/reassign_wait.h"
#include "cli/output/output.h"
#include "cli/output/terminal.h"
#include "cli/stop_signal.h"
#include "provision/data_check_text.h"
#include "provision/diff_text.h"
#include "provision/plan_json.h"
#include "provision/reassignment.h"
#include "provision/wait.h"

namespace omashu::cli {

namespace {

using provision::Mistake;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

provision::Colours colours() { return may_colour(STDOUT_FILENO) ? provision::Colours::kOn : provision::Colours::kOff; }

void print_mistakes(Context& context, const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) context.messages.plain(provision::mistake_text(mistake));
}

// Types that only the registry may have, where one of the files is nearly it: beside mistakes, for nobody will ask the
// registry then.
void print_doubtful_types(Context& context, const provision::Desired& desired) {
  for (const provision::DesiredSchema& schema : desired.schemas) {
    for (const provision::Link& link : schema.links) {
      if (!link.advice.empty()) context.messages.plain(provision::foreign_type_text(schema, link));
    }
  }
}

// Longer each time, up to a second; ends early where the user stops the program.
provision::WaitBeforeRetry wait_until(Clock::time_point deadline, const StopSignal& stop) {
  return [deadline, &stop](int attempt) {
    const milliseconds pause(std::min(1000, 50 << std::min(attempt, 5)));
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    if (left <= milliseconds(0)) return false;
    return !stop.wait_for(std::min(pause, left));
  };
}

// One call must not outlive the wait by much.
Result<void> wait_for_servers(Context& context, const Connection& connection, milliseconds wait, size_t brokers,
                              schema_registry::Client& registry) {
  const auto deadline = Clock::now() + wait;
  constexpr milliseconds kLongestCall(5000);
  auto admin = kafka::Admin::open(connection.kafka, std::min({connection.timeout, wait, kLongestCall}));
  if (!admin) return fail(std::move(admin).error());
  context.messages.progress(fmt::format("waiting for Kafka at {}", connection.bootstrap_servers));
  auto kafka_is_ready = provision::wait_for_brokers(**admin, brokers, wait_until(deadline, context.stop));
  if (kafka_is_ready) context.messages.progress("waiting for the schema registry");
  const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
  auto ready = kafka_is_ready ? registry.wait_until_ready(std::max(left, milliseconds(1))) : kafka_is_ready;
  context.messages.clear_progress();
  if (ready) return {};
  return fail(std::move(ready).error().within(fmt::format("not ready after {}", duration_text(wait))));
}

Result<void> check_cluster_id(kafka::Admin& admin, const std::string& expected) {
  const auto cluster = admin.describe_cluster();
  if (!cluster) return fail(cluster.error());
  if (cluster->cluster_id == expected) return {};
  return fail(ErrorCode::kConflict,
              fmt::format("this is the cluster {}, not {} (--expect-cluster-id): nothing was done", cluster->cluster_id,
                          expected));
}

}  // namespace

Result<std::optional<provision::Desired>> load_and_report(Context& context, const OutputOptions& output,
                                                          const provision::Source& source,
                                                          const provision::ReadFile& read) {
  auto loaded = provision::load_desired(source, read);
  if (!loaded) return fail(std::move(loaded).error());
  for (const Mistake& warning : loaded->desired.warnings) context.messages.plain(provision::warning_text(warning));
  if (loaded->mistakes.empty()) return std::move(loaded->desired);
  if (output.is_json()) {
    context.out.line(json::to_text(provision::findings_json({loaded->mistakes, loaded->desired.warnings})));
  }
  print_mistakes(context, loaded->mistakes);
  print_doubtful_types(context, loaded->desired);
  return std::nullopt;
}

Result<Servers> reach_servers(Context& context, const ServerOptions& options, size_t brokers_needed) {
  auto connection = resolve_connection(options.connection);
  if (!connection) return fail(std::move(connection).error());
  for (const std::string& warning : connection->warnings) context.messages.warning(warning);
  auto admin = kafka::Admin::open(connection->kafka, connection->timeout);
  if (!admin) return fail(std::move(admin).error());
  auto registry = schema_registry::Client::open(connection->registry);
  if (!registry) return fail(std::move(registry).error());
  Servers servers{*std::move(admin), *std::move(registry), connection->timeout, connection->kafka};
  if (options.connection.wait) {
    auto ready = wait_for_servers(context, *connection, *options.connection.wait, brokers_needed, *servers.registry);
    if (!ready) return fail(std::move(ready).error());
  }
  if (options.expected_cluster_id) {
    auto expected = check_cluster_id(*servers.admin, *options.expected_cluster_id);
    if (!expected) return fail(std::move(expected).error());
  }
  return servers;
}

Result<provision::CheckedPlan> make_checked_plan(Context& context, const provision::Desired& desired, Servers& servers,
                                                 const provision::ObserveOptions& observe_options,
                                                 const provision::PlanOptions& plan_options) {
  return provision::make_checked_plan(desired, *servers.admin, *servers.registry, observe_options, plan_options,
                                      wait_until(Clock::now() + servers.timeout, context.stop));
}

void print_plan(Context& context, const OutputOptions& output, const provision::Plan& plan,
                const std::vector<provision::DataCheck>* data) {
  if (output.is_json()) {
    json::Value document = provision::plan_json(plan);
    if (data != nullptr) document.add("data", provision::data_check_json(*data));
    context.out.line(json::to_text(document));
  } else {
    context.out.text(provision::diff_text(plan, colours()));
    if (data != nullptr) context.out.text(provision::data_check_text(*data));
  }
  for (const std::string& note : plan.notes) context.messages.note(note);
  print_mistakes(context, plan.violations);
}

Reassignments reassignments_of(const provision::Desired& desired, bool are_allowed, const ReassignOptions& options) {
  Reassignments reassignments{.options = options};
  if (!are_allowed) return reassignments;
  for (const provision::DesiredTopic& topic : desired.topics) reassignments.topics.insert(topic.name);
  return reassignments;
}

Result<ExitCode> apply_and_report(Context& context, const OutputOptions& output, const provision::Plan& plan,
                                  Servers& servers, const Reassignments& reassignments) {
  if (!plan.violations.empty()) {
    print_plan(context, output, plan);
    context.messages.error("nothing was written");
    return ExitCode::kFailed;
  }
  if (!output.is_json()) print_plan(context, output, plan);
  if (auto shown = context.out.flush(); !shown) return fail(std::move(shown).error());
  if (const auto limit = reassignments.options.bytes_per_second) {
    if (auto begun = provision::begin_throttle(*servers.admin, plan, *limit); !begun) {
      return fail(std::move(begun).error().within("--throttle"));
    }
  }
  const provision::ApplyReport report = provision::apply_plan(plan, *servers.admin, servers.registry.get(),
                                                              [&context] { return context.stop.is_requested(); });
  for (const std::string& note : report.notes) context.messages.note(note);
  if (output.is_json()) {
    context.out.line(json::to_text(provision::plan_json(plan, &report)));
  } else if (!plan.actions.empty()) {
    context.out.text(provision::report_text(plan, report, colours()));
  }
  if (report.is_complete()) {
    if (auto shown = context.out.flush(); !shown) return fail(std::move(shown).error());
    auto moved = wait_for_moves(context, servers, reassignments.topics, reassignments.options.detach);
    if (!moved) return fail(std::move(moved).error());
    return ExitCode::kDone;
  }
  for (size_t i = 0; i < report.results.size(); ++i) {
    if (report.results[i].state != provision::ActionResult::State::kFailed) continue;
    context.messages.error(fmt::format("{}: {}", provision::action_text(plan.actions[i]), report.results[i].message));
  }
  return ExitCode::kFailed;
}

}  // namespace omashu::cli
