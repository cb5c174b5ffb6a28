#include <fmt/core.h>
#include <unistd.h>

#include <charconv>

#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/output/terminal.h"
#include "cli/schemas/schemas_verbs.h"
#include "cli/schemas/unified_diff.h"
#include "inspect/subject_diff.h"
#include "inspect/subject_versions.h"

namespace omashu::cli {

namespace {

using schema_registry::SubjectVersion;

Result<std::optional<int64_t>> parse_version(const std::optional<std::string>& text, std::string_view name) {
  if (!text) return std::nullopt;
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size() || number < 1) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("{}: '{}' is no version: write 1, 2, …", name, *text));
  }
  return number;
}

class SchemasDiffCommand : public Command {
 public:
  Description description() const override {
    return {.name = "diff",
            .summary = "Show what changed between two versions of a subject",
            .usages = {"SUBJECT [FROM [TO]]"},
            .details =
                "Without FROM the version before TO, without TO the latest. First each change in words, by the types "
                "and fields of the schemas; then the difference of their texts, as diff -u has it.",
            .examples = {{"What the latest version changed", "omashu schemas diff status-download-value"},
                         {"Between any two", "omashu schemas diff status-download-value 1 3"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("SUBJECT", subject_, "the subject");
    options.argument("FROM", from_text_, "the earlier version");
    options.argument("TO", to_text_, "the later version");
    options.choice("--output", "FORM", output_, {"text", "json"}, "text (default) or json");
    connection_.declare_registry(options);
  }

  Result<void> check() override {
    const auto from = parse_version(from_text_, "FROM");
    if (!from) return fail(from.error());
    const auto to = parse_version(to_text_, "TO");
    if (!to) return fail(to.error());
    from_ = *from;
    to_ = *to;
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    const auto versions = inspect::find_version_pair(**registry, subject_, from_, to_);
    if (!versions) return fail(versions.error());
    print(context, *versions);
    return ExitCode::kDone;
  }

 private:
  void print(Context& context, const inspect::VersionPair& versions) const {
    const auto& [before, after] = versions;
    const std::vector<std::string> changes = inspect::version_changes(versions);
    const auto name = [this](const SubjectVersion& version) {
      return fmt::format("{} version {} (id {})", subject_, version.version, static_cast<int32_t>(version.id));
    };
    const bool is_coloured = output_ == "text" && context.out.is_terminal() && may_colour(STDOUT_FILENO);
    const std::string diff =
        unified_diff(inspect::pretty_schema(before.text.schema), inspect::pretty_schema(after.text.schema),
                     name(before), name(after), is_coloured);
    if (output_ == "json") {
      json::Value object = json::Value::object();
      object.add("subject", subject_);
      object.add("from", before.version);
      object.add("to", after.version);
      json::Value list = json::Value::array();
      for (const std::string& change : changes) list.append(change);
      object.add("changes", std::move(list));
      object.add("diff", diff);
      return context.out.line(json::to_text(object));
    }
    for (const std::string& change : changes) context.out.line(change);
    if (changes.empty() && diff.empty()) {
      context.out.line(fmt::format("versions {} and {} are the same", before.version, after.version));
    }
    if (!changes.empty() && !diff.empty()) context.out.line("");
    context.out.text(diff);
  }

  std::string subject_;
  std::optional<std::string> from_text_, to_text_;
  std::string output_ = "text";
  ConnectionOptions connection_;

  std::optional<int64_t> from_, to_;
};

}  // namespace

std::unique_ptr<Command> make_schemas_diff() { return std::make_unique<SchemasDiffCommand>(); }

}  // namespace omashu::cli
