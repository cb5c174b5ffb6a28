#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/counted.h"
#include "base/json.h"
#include "base/nearest.h"
#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/init_kafka/init_kafka_options.h"
#include "cli/init_kafka/init_kafka_verbs.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "inspect/cluster_check.h"
#include "provision/plan_json.h"

namespace omashu::cli {

namespace {

using inspect::CheckFinding;

json::Value or_null(const std::string& text) { return text.empty() ? json::Value() : json::Value(text); }

class CheckCommand : public Command {
 public:
  Description description() const override {
    return {.name = "check",
            .summary = "Look at a live cluster for what will hurt some day, and change nothing",
            .usages = {""},
            .details =
                "Replicas and min.insync.replicas that do not go together, elections that lose records, retention of "
                "compacted topics, partitions that have most of the records, members of groups without a partition, "
                "leaders on one broker. Each finding has a severity and the name of its rule; the reasons follow. The "
                "exit code is 1 where there is a finding.",
            .examples = {{"All topics and groups", "init-kafka check || echo \"there are findings\""},
                         {"Errors alone, for a monitoring job", "init-kafka check --severity error"},
                         {"Without a rule that is broken on purpose",
                          "init-kafka check --ignore replication --prefix status-"}}};
  }

  void declare(OptionParser& options) override {
    options.choice("--severity", "LEVEL", severity_, {"info", "warning", "error"},
                   "tell of findings of this severity and above (default: info)");
    options.option("--ignore", "RULE", ignored_, "leave this rule out; may be repeated");
    options.option("--prefix", "P", prefix_, "only topics whose names start so");
    output_.declare(options);
    connection_.declare_kafka(options);
  }

  Result<void> check() override {
    for (const std::string& rule : ignored_) {
      if (inspect::find_check_rule(rule) != nullptr) continue;
      std::vector<std::string> names;
      for (const inspect::CheckRule& known : inspect::check_rules()) names.emplace_back(known.name);
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("--ignore: there is no rule {}{}", rule, did_you_mean(rule, names)));
    }
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto admin = cluster->admin();
    if (!admin) return fail(admin.error());
    const auto groups = cluster->group_admin();
    if (!groups) return fail(groups.error());
    const auto facts = inspect::observe_cluster({.admin = **admin,
                                                 .groups = **groups,
                                                 .open_consumer = [&] { return cluster->consumer(); },
                                                 .timeout = cluster->timeout()},
                                                prefix_);
    if (!facts) return fail(facts.error());
    for (const std::string& warning : facts->warnings) context.messages.warning(warning);
    auto findings = inspect::check_cluster(*facts);
    std::erase_if(findings, [&](const CheckFinding& finding) {
      return finding.severity < provision::severity_named(severity_) ||
             std::ranges::find(ignored_, finding.rule->name) != ignored_.end();
    });
    if (output_.is_json()) {
      context.out.line(json::to_text(document(*facts, findings)));
    } else {
      print(context, *facts, findings);
    }
    return findings.empty() ? ExitCode::kDone : ExitCode::kFailed;
  }

 private:
  static json::Value document(const inspect::ClusterFacts& facts, const std::vector<CheckFinding>& findings) {
    json::Value list = json::Value::array();
    for (const CheckFinding& finding : findings) {
      json::Value object = json::Value::object();
      object.add("rule", finding.rule->name);
      object.add("severity", provision::severity_name(finding.severity));
      object.add("topic", or_null(finding.topic));
      object.add("group", or_null(finding.group));
      object.add("message", finding.message);
      object.add("reason", finding.rule->reason);
      list.append(std::move(object));
    }
    json::Value warnings = json::Value::array();
    for (const std::string& warning : facts.warnings) warnings.append(warning);
    json::Value document = json::Value::object();
    document.add("version", provision::kJsonVersion);
    document.add("kind", "check");
    document.add("cluster_id", facts.cluster.cluster_id);
    document.add("brokers", uint64_t{facts.cluster.brokers.size()});
    document.add("topics", uint64_t{facts.topics.size()});
    document.add("groups", uint64_t{facts.groups.size()});
    document.add("findings", std::move(list));
    document.add("warnings", std::move(warnings));
    return document;
  }

  static void print(Context& context, const inspect::ClusterFacts& facts, const std::vector<CheckFinding>& findings) {
    std::set<const inspect::CheckRule*> rules;
    for (const CheckFinding& finding : findings) {
      rules.insert(finding.rule);
      context.out.line(
          fmt::format("{}: {} [{}]", provision::severity_name(finding.severity), finding.message, finding.rule->name));
    }
    if (!rules.empty()) context.out.line("");
    for (const inspect::CheckRule* rule : rules) context.out.line(fmt::format("{}: {}", rule->name, rule->reason));
    context.out.line(fmt::format("{}, {}, {}: {}", counted(facts.cluster.brokers.size(), "broker"),
                                 counted(facts.topics.size(), "topic"), counted(facts.groups.size(), "group"),
                                 findings.empty() ? "nothing to find" : counted(findings.size(), "finding")));
  }

  std::string severity_ = "info";
  std::vector<std::string> ignored_;
  std::string prefix_;
  OutputOptions output_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_init_kafka_check() { return std::make_unique<CheckCommand>(); }

}  // namespace omashu::cli
