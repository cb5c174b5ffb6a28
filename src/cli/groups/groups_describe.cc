#include <utility>

#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/groups/group_report.h"
#include "cli/groups/groups_verbs.h"
#include "cli/groups/known_groups.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/records/report_format.h"
#include "cli/shared_error.h"

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
    std::vector<GroupReport> reports;
    for (size_t i = 0; i < groups_.size(); ++i) {
      if (described[i]) {
        reports.push_back({.group = *described[i], .lags = {}});
        continue;
      }
      const bool is_missing = described[i].error().code == ErrorCode::kNotFound;
      context.messages.error(is_missing ? unknown_group(**admin, groups_[i], cluster->bootstrap_servers())
                                        : described[i].error());
      exit_code = ExitCode::kFailed;
    }
    if (auto added = add_lags(context, **admin, reports); !added) return fail(std::move(added.error()));
    bool is_first = true;
    for (const GroupReport& report : reports) {
      if (format_.is_json(context)) {
        context.out.line(json::to_text(group_report_json(report)));
      } else {
        if (!std::exchange(is_first, false)) context.out.line("");
        print(context, report);
      }
    }
    return exit_code;
  }

 private:
  // Asks what all groups have committed, and then once where all of those partitions end.
  static Result<void> add_lags(Context& context, kafka::GroupAdmin& admin, std::vector<GroupReport>& reports) {
    std::vector<std::string> ids;
    for (const GroupReport& report : reports) ids.push_back(report.group.id);
    const auto committed = admin.committed_offsets(ids);
    std::map<kafka::TopicPartition, int64_t> asked;
    for (size_t i = 0; i < reports.size(); ++i) {
      if (!committed[i]) return fail(Error(committed[i].error()).within("group " + ids[i]));
      for (const kafka::TopicPartition& partition : partitions_of_group(reports[i].group, *committed[i])) {
        asked[partition] = kafka::kLatestTimestamp;
      }
    }
    EndOffsets ends;
    for (const auto& [partition, end] : admin.list_offsets(asked)) {
      if (end) {
        ends[partition] = end->offset;
      } else {
        context.messages.warning("where a partition ends is not known: " + end.error().message);
      }
    }
    for (size_t i = 0; i < reports.size(); ++i) {
      reports[i].lags = partition_lags(reports[i].group, *committed[i], ends);
    }
    return {};
  }

  static void print(Context& context, const GroupReport& report) {
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
