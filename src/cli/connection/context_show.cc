// What contexts there are, and what is in them.

#include "cli/connection/context_file.h"
#include "cli/connection/context_verbs.h"
#include "cli/option_parser.h"
#include "cli/output/row_output.h"

namespace omashu::cli {

namespace {

std::string value_or_empty(const ContextFile::Properties& properties, const std::string& name) {
  const auto found = properties.find(name);
  return found == properties.end() ? "" : found->second;
}

class ContextListCommand : public Command {
 public:
  Description description() const override {
    return {.name = "list",
            .summary = "List the contexts, with the one in use",
            .usages = {""},
            .details = "",
            .examples = {{"All of them", "omashu context list"},
                         {"The one in use", "omashu context list --output json | jq -r 'select(.inUse).context'"}}};
  }

  void declare(OptionParser& options) override { rows_.declare(options); }
  Result<void> check() override { return rows_.check(); }

  Result<ExitCode> run(Context& context) override {
    const auto file = ContextFile::load(context_file_path(process_environment));
    if (!file) return fail(file.error());
    for (const auto& [name, properties] : file->contexts) {
      json::Value row = json::Value::object();
      row.add("context", name)
          .add("inUse", file->current == name)
          .add("bootstrapServers", value_or_empty(properties, "bootstrap.servers"))
          .add("registry", value_or_empty(properties, "schema.registry.url"));
      rows_.add(context.out, std::move(row));
    }
    if (auto finished = rows_.finish(context); !finished) return fail(std::move(finished.error()));
    return ExitCode::kDone;
  }

 private:
  RowOutput rows_;
};

class ContextShowCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "show",
        .summary = "Show the properties of a context",
        .usages = {"[CONTEXT]"},
        .details =
            "Without CONTEXT the one in use. What comes from the environment or from a command is shown as such, "
            "not with its value.",
        .examples = {{"Of the context in use", "omashu context show"}, {"Of another", "omashu context show staging"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("CONTEXT", name_, "its name");
    rows_.declare(options);
  }
  Result<void> check() override { return rows_.check(); }

  Result<ExitCode> run(Context& context) override {
    const auto file = ContextFile::load(context_file_path(process_environment));
    if (!file) return fail(file.error());
    if (!name_) name_ = process_environment("OMASHU_CONTEXT");
    if (!name_) name_ = file->current;
    if (!name_) return fail(ErrorCode::kNotFound, "no context is in use: name one");
    const auto properties = file->find(*name_);
    if (!properties) return fail(properties.error());
    for (const auto& [property, value] : **properties) {
      rows_.add(context.out, json::Value::object().add("property", property).add("value", value));
    }
    if (auto finished = rows_.finish(context); !finished) return fail(std::move(finished.error()));
    return ExitCode::kDone;
  }

 private:
  std::optional<std::string> name_;
  RowOutput rows_;
};

}  // namespace

std::unique_ptr<Command> make_context_list() { return std::make_unique<ContextListCommand>(); }
std::unique_ptr<Command> make_context_show() { return std::make_unique<ContextShowCommand>(); }

}  // namespace omashu::cli
