#include "cli/commands.h"
#include "cli/topics/topics_verbs.h"

namespace omashu::cli {

namespace {

class TopicsCommand : public Command {
 public:
  Description description() const override {
    return {.name = "topics",
            .summary = "List, describe, create, alter and delete topics",
            .usages = {"list", "describe TOPIC…", "create TOPIC…", "alter TOPIC", "delete TOPIC…"},
            .details = "",
            .examples = {{"Which topics there are", "omashu topics list"},
                         {"Partitions, settings and readers of one", "omashu topics describe status-download"}}};
  }
  void declare(OptionParser&) override {}
  bool needs_verb() const override { return true; }
  Result<ExitCode> run(Context&) override { return ExitCode::kUsage; }

  std::vector<std::unique_ptr<Command>> verbs() const override {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(make_topics_list());
    verbs.push_back(make_topics_describe());
    verbs.push_back(make_topics_create());
    verbs.push_back(make_topics_alter());
    verbs.push_back(make_topics_delete());
    return verbs;
  }
};

}  // namespace

std::unique_ptr<Command> make_topics_command() { return std::make_unique<TopicsCommand>(); }

}  // namespace omashu::cli
