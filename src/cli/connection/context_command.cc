#include "cli/commands.h"
#include "cli/connection/context_verbs.h"

namespace omashu::cli {

namespace {

class ContextCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "context",
        .summary = "Keep connections under names: list, show, use, set, delete",
        .usages = {"list", "show [CONTEXT]", "use CONTEXT", "set CONTEXT [-X PROPERTY=VALUE]…", "delete CONTEXT"},
        .details =
            "A context is a set of connection properties under a name, in $XDG_CONFIG_HOME/omashu/contexts.json. "
            "Commands use the one of --context, else of OMASHU_CONTEXT, else the one that `use` chose; flags, the "
            "environment and --command-config win over what it says.",
        .examples = {{"A cluster under a name, and its password from the environment",
                      "omashu context set staging --bootstrap-server kafka:9093 --registry https://registry:8081 -X "
                      "security.protocol=SASL_SSL -X sasl.mechanism=SCRAM-SHA-512 -X sasl.username=omashu -X "
                      "sasl.password=env:KAFKA_PASSWORD"},
                     {"Use it from now on", "omashu context use staging"},
                     {"Use it once", "omashu topics list --context staging"}}};
  }
  void declare(OptionParser&) override {}
  bool needs_verb() const override { return true; }
  Result<ExitCode> run(Context&) override { return ExitCode::kUsage; }

  std::vector<std::unique_ptr<Command>> verbs() const override {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(make_context_list());
    verbs.push_back(make_context_show());
    verbs.push_back(make_context_use());
    verbs.push_back(make_context_set());
    verbs.push_back(make_context_delete());
    return verbs;
  }
};

}  // namespace

std::unique_ptr<Command> make_context_command() { return std::make_unique<ContextCommand>(); }

}  // namespace omashu::cli
