#include <utility>

#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/groups/group_tables.h"
#include "cli/groups/groups_verbs.h"
#include "cli/groups/known_groups.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/records/report_format.h"
#include "cli/shared_error.h"
#include "inspect/group_report_json.h"

namespace omashu::cli {

namespace {

class GroupsDescribeCommand : public Command {
 public:
  Description description() const override {
    return {.name = "describe",
            .summary = "Describe groups: members, and of each partition what is committed and the lag",
            .usages = {"GROUP…"},
            .details =
                "The lag of a partition is what lies between the committed offset and its end; the group's is their "
                "sum. Partitions for which nothing was committed have none.",
            .examples = {{"One group", "omashu groups describe billing"},
                         {"Its lag as a number", "omashu groups describe billing --output json | jq .lag"}}};
  }

  void declare(OptionParser& options) override {
    options.arguments("GROUP", groups_, "the groups");
    format_.declare(options);
    connection_.declare_kafka(options);
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto admin = cluster->group_admin();
    if (!admin) return fail(admin.error());
    ExitCode exit_code = ExitCode::kDone;
    const auto described = (*admin)->describe_groups(groups_);
    if (auto error = shared_error(described)) return fail(*std::move(error));
    std::vector<kafka::GroupDescription> found;
    for (size_t i = 0; i < groups_.size(); ++i) {
      if (described[i]) {
        found.push_back(*described[i]);
        continue;
      }
      const bool is_missing = described[i].error().code == ErrorCode::kNotFound;
      context.messages.error(is_missing ? unknown_group(**admin, groups_[i], cluster->bootstrap_servers())
                                        : described[i].error());
      exit_code = ExitCode::kFailed;
    }
    const auto observed = inspect::observe_groups(**admin, found);
    if (!observed) return fail(observed.error());
    for (const std::string& warning : observed->warnings) context.messages.warning(warning);
    bool is_first = true;
    for (const inspect::GroupReport& report : observed->reports) {
      if (format_.is_json(context)) {
        context.out.line(json::to_text(inspect::group_report_json(report)));
      } else {
        if (!std::exchange(is_first, false)) context.out.line("");
        print(context, report);
      }
    }
    return exit_code;
  }

 private:
  static void print(Context& context, const inspect::GroupReport& report) {
    context.out.text(group_summary(report));
    for (const TextRows& table : {member_rows(report), lag_rows(report)}) {
      if (table.rows.empty()) continue;
      context.out.line("");
      print_table(context, table.titles, table.rows);
    }
  }

  std::vector<std::string> groups_;
  ReportFormat format_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_groups_describe() { return std::make_unique<GroupsDescribeCommand>(); }

}  // namespace omashu::cli
