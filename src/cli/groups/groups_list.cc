#include "cli/connection/cluster.h"
#include "cli/groups/groups_verbs.h"
#include "cli/option_parser.h"
#include "cli/output/row_output.h"
#include "inspect/group_report_json.h"

namespace omashu::cli {

namespace {

class GroupsListCommand : public Command {
 public:
  Description description() const override {
    return {.name = "list",
            .summary = "List groups: state, protocol and how many members",
            .usages = {""},
            .details =
                "Groups of every protocol are listed, Kafka Connect's too. A group whose offsets were committed "
                "without membership has no protocol. How many members a group of the new consumer protocol (KIP-848) "
                "has is not known here: null.",
            .examples = {{"All groups", "omashu groups list"},
                         {"Those that nobody is a member of",
                          "omashu groups list --output json | jq -r 'select(.state==\"Empty\").group'"}}};
  }

  void declare(OptionParser& options) override {
    rows_.declare(options);
    connection_.declare_kafka(options);
  }

  Result<void> check() override { return rows_.check(); }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto admin = cluster->group_admin();
    if (!admin) return fail(admin.error());
    const auto groups = (*admin)->list_groups();
    if (!groups) return fail(groups.error());
    for (const kafka::GroupDescription& group : *groups) {
      rows_.add(context.out, inspect::group_row(group));
    }
    if (auto finished = rows_.finish(context); !finished) return fail(std::move(finished.error()));
    return ExitCode::kDone;
  }

 private:
  RowOutput rows_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_groups_list() { return std::make_unique<GroupsListCommand>(); }

}  // namespace omashu::cli
