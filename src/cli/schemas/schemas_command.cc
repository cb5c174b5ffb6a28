#include "cli/commands.h"
#include "cli/schemas/schemas_verbs.h"

namespace omashu::cli {

namespace {

class SchemasCommand : public Command {
 public:
  Description description() const override {
    return {.name = "schemas",
            .summary = "Look into the schema registry: subjects, versions, compatibility",
            .usages = {"list", "get SUBJECT", "versions SUBJECT", "diff SUBJECT [FROM [TO]]", "references SUBJECT",
                       "level [SUBJECT]", "check SUBJECT FILE", "delete SUBJECT"},
            .details = "Schemas are registered with init-kafka.",
            .examples = {{"Which subjects there are", "omashu schemas list"},
                         {"What the last version changed", "omashu schemas diff status-download-value"}}};
  }
  void declare(OptionParser&) override {}
  bool needs_verb() const override { return true; }
  Result<ExitCode> run(Context&) override { return ExitCode::kUsage; }

  std::vector<std::unique_ptr<Command>> verbs() const override {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(make_schemas_list());
    verbs.push_back(make_schemas_get());
    verbs.push_back(make_schemas_versions());
    verbs.push_back(make_schemas_diff());
    verbs.push_back(make_schemas_references());
    verbs.push_back(make_schemas_level());
    verbs.push_back(make_schemas_check());
    verbs.push_back(make_schemas_delete());
    return verbs;
  }
};

}  // namespace

std::unique_ptr<Command> make_schemas_command() { return std::make_unique<SchemasCommand>(); }

}  // namespace omashu::cli
