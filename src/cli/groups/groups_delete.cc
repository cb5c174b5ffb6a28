#include <fmt/core.h>

#include "cli/change_report.h"
#include "cli/confirmation.h"
#include "cli/connection/cluster.h"
#include "cli/groups/groups_verbs.h"
#include "cli/groups/known_groups.h"
#include "cli/option_parser.h"

namespace omashu::cli {

namespace {

class GroupsDeleteCommand : public Command {
 public:
  Description description() const override {
    return {.name = "delete",
            .summary = "Delete groups: the offsets that they have committed",
            .usages = {"GROUP…"},
            .details = "Only a group without members can be deleted.",
            .examples = {{"Forget a group; its name is to be typed once more", "omashu groups delete billing-test"},
                         {"In a script", "omashu groups delete billing-test --yes"}}};
  }

  void declare(OptionParser& options) override {
    options.arguments("GROUP", groups_, "the groups");
    confirmation_.declare(options);
    report_.declare(options);
    connection_.declare_kafka(options);
  }

  Result<void> check() override { return confirmation_.check(); }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto admin = cluster->group_admin();
    if (!admin) return fail(admin.error());
    const auto described = (*admin)->describe_groups(groups_);
    for (size_t i = 0; i < groups_.size(); ++i) {
      if (auto usable = deletable(**admin, groups_[i], described[i], cluster->bootstrap_servers()); !usable) {
        return fail(std::move(usable.error()));
      }
    }
    if (auto confirmed = confirmation_.ask(context, groups_, "the group with its offsets"); !confirmed) {
      return fail(std::move(confirmed.error()));
    }
    return report_.print_results(context, "deleted", "group", groups_, (*admin)->delete_groups(groups_));
  }

 private:
  // Nothing is deleted where one of the groups cannot be.
  static Result<void> deletable(kafka::GroupAdmin& admin, const std::string& name,
                                const Result<kafka::GroupDescription>& group, const std::string& servers) {
    if (!group && group.error().code == ErrorCode::kNotFound) return fail(unknown_group(admin, name, servers));
    if (!group) return fail(group.error());
    if (group->state == "Empty") return {};
    return fail(ErrorCode::kConflict, fmt::format("group {} is {} with {}: stop them first; nothing was deleted", name,
                                                  group->state, members_text(*group)));
  }

  std::vector<std::string> groups_;
  Confirmation confirmation_;
  ChangeReport report_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_groups_delete() { return std::make_unique<GroupsDeleteCommand>(); }

}  // namespace omashu::cli
