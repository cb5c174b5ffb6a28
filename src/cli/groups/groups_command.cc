#include "cli/commands.h"
#include "cli/groups/groups_verbs.h"

namespace omashu::cli {

namespace {

class GroupsCommand : public Command {
 public:
  Description description() const override {
    return {.name = "groups",
            .summary = "List and describe consumer groups, reset their offsets, delete them",
            .usages = {"list", "describe GROUP…", "reset GROUP --topic TOPIC --to WHERE", "delete GROUP…"},
            .details = "",
            .examples = {{"Which groups there are", "omashu groups list"},
                         {"How far one is behind", "omashu groups describe billing"}}};
  }
  void declare(OptionParser&) override {}
  bool needs_verb() const override { return true; }
  Result<ExitCode> run(Context&) override { return ExitCode::kUsage; }

  std::vector<std::unique_ptr<Command>> verbs() const override {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(make_groups_list());
    verbs.push_back(make_groups_describe());
    verbs.push_back(make_groups_reset());
    verbs.push_back(make_groups_delete());
    return verbs;
  }
};

}  // namespace

std::unique_ptr<Command> make_groups_command() { return std::make_unique<GroupsCommand>(); }

}  // namespace omashu::cli
