// The steps that the verbs of init-kafka share: read the files, reach the servers, plan, print.

#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>

#include "cli/command.h"
#include "cli/init_kafka/init_kafka_options.h"
#include "kafka/admin.h"
#include "provision/apply.h"
#include "provision/checked_plan.h"
#include "provision/data_check.h"
#include "provision/observed.h"
#include "provision/plan.h"
#include "schema_registry/client/client.h"

namespace omashu::cli {

// Reads and checks the files. Warnings and mistakes are printed; with mistakes, nothing is returned.
Result<std::optional<provision::Desired>> load_and_report(Context& context, const OutputOptions& output,
                                                          const provision::Source& source,
                                                          const provision::ReadFile& read);

struct Servers {
  std::unique_ptr<kafka::Admin> admin;
  std::unique_ptr<schema_registry::Client> registry;
  std::chrono::milliseconds timeout;
  kafka::ClientConfig kafka;
};

// Opens the clients; waits for the servers where that was asked for, and checks which cluster it is.
Result<Servers> reach_servers(Context& context, const ServerOptions& options, size_t brokers_needed);

// Waits, within the connection's timeout, for brokers that do not yet show what the controller has.
Result<provision::CheckedPlan> make_checked_plan(Context& context, const provision::Desired& desired, Servers& servers,
                                                 const provision::ObserveOptions& observe_options,
                                                 const provision::PlanOptions& plan_options);

// The plan on stdout, and what a check of data found, where there was one; violations and notes on stderr, or in the
// JSON.
void print_plan(Context& context, const OutputOptions& output, const provision::Plan& plan,
                const std::vector<provision::DataCheck>* data = nullptr);

// Whose replicas are moved and waited for, and how; none unless that was allowed.
struct Reassignments {
  std::set<std::string> topics = {};
  ReassignOptions options = {};
};
Reassignments reassignments_of(const provision::Desired& desired, bool are_allowed, const ReassignOptions& options);

// Prints the plan, applies it where nothing forbids it, prints what became of it, and waits for replicas that move.
Result<ExitCode> apply_and_report(Context& context, const OutputOptions& output, const provision::Plan& plan,
                                  Servers& servers, const Reassignments& reassignments = {});

}  // namespace omashu::cli
