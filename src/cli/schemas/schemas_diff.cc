#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/output/terminal.h"
#include "cli/schemas/schemas_verbs.h"
#include "cli/schemas/subject_versions.h"
#include "cli/schemas/unified_diff.h"
#include "provision/schema_changes.h"

namespace omashu::cli {

namespace {

using schema_registry::Client;
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
    const auto after = find_version(**registry, subject_, to_);
    if (!after) return fail(after.error());
    const auto before = find_before(**registry, *after);
    if (!before) return fail(before.error());
    print(context, *before, *after);
    return ExitCode::kDone;
  }

 private:
  Result<SubjectVersion> find_before(Client& registry, const SubjectVersion& after) const {
    if (from_) return find_version(registry, subject_, from_);
    const auto versions = versions_of(registry, subject_, false);
    if (!versions) return fail(versions.error());
    std::optional<int64_t> before;
    for (const int version : versions->live) {
      if (version < after.version) before = version;
    }
    if (before) return find_version(registry, subject_, before);
    return fail(ErrorCode::kNotFound,
                fmt::format("subject {} has no version before {} to compare with", subject_, after.version));
  }

  static std::vector<std::string> changes_between(const SubjectVersion& before, const SubjectVersion& after) {
    std::vector<std::string> changes;
    const auto old = json::parse(before.text.schema), now = json::parse(after.text.schema);
    if (before.text.schema_type == "AVRO" && after.text.schema_type == "AVRO" && old && now) {
      changes = provision::schema_changes(*old, *now);
    }
    const auto reference_text = [](const schema_registry::Reference& reference) {
      return fmt::format("reference {} ({} version {})", reference.name, reference.subject, reference.version);
    };
    const auto& refers = after.text.references;
    const auto& referred = before.text.references;
    for (const auto& reference : refers) {
      if (std::ranges::find(referred, reference) == referred.end())
        changes.push_back(reference_text(reference) + " added");
    }
    for (const auto& reference : referred) {
      if (std::ranges::find(refers, reference) == refers.end())
        changes.push_back(reference_text(reference) + " removed");
    }
    return changes;
  }

  void print(Context& context, const SubjectVersion& before, const SubjectVersion& after) const {
    const std::vector<std::string> changes = changes_between(before, after);
    const auto name = [this](const SubjectVersion& version) {
      return fmt::format("{} version {} (id {})", subject_, version.version, static_cast<int32_t>(version.id));
    };
    const bool is_coloured = output_ == "text" && context.out.is_terminal() && may_colour(STDOUT_FILENO);
    const std::string diff = unified_diff(pretty_schema(before.text.schema), pretty_schema(after.text.schema),
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
