#include <fmt/core.h>

#include "avro/schema_comments.h"
#include "cli/connection/cluster.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/schemas/schema_check.h"
#include "cli/schemas/schemas_verbs.h"
#include "inspect/subject_versions.h"
#include "provision/files.h"
#include "serde/schema_loader.h"

namespace omashu::cli {

namespace {

using schema_registry::Client;
using schema_registry::CompatibilityVerdict;
using schema_registry::SchemaText;
using schema_registry::SubjectVersion;

class SchemasCheckCommand : public Command {
 public:
  Description description() const override {
    return {.name = "check",
            .summary = "Check whether a schema file could be the next version of a subject",
            .usages = {"SUBJECT FILE"},
            .details =
                "The registry is asked, at the compatibility level in force; nothing is registered. Each conflict is "
                "told with its place in FILE and the version that it is with, and the exit code is 1. Types that FILE "
                "uses and does not define are those that the latest version refers to, or subjects of their names.",
            .examples = {
                {"Before a change is merged", "omashu schemas check status-download-value status-download.avsc"},
                {"For a program", "omashu schemas check status-download-value status-download.avsc --output json"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("SUBJECT", subject_, "the subject");
    options.argument("FILE", file_, "the .avsc file");
    options.choice("--output", "FORM", output_, {"text", "json"}, "text (default) or json");
    connection_.declare_registry(options);
  }

  Result<ExitCode> run(Context& context) override {
    const auto read = provision::read_file(file_);
    if (!read) return fail(read.error());
    const std::string text = avro::without_comments(*read);
    if (const auto mistakes = avro::inspect_schema(text).mistakes; !mistakes.empty()) {
      for (const Error& mistake : mistakes) context.messages.error(placed(mistake));
      return ExitCode::kFailed;
    }
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    auto latest = (*registry)->latest(subject_);
    if (!latest && latest.error().code != ErrorCode::kNotFound) return fail(std::move(latest.error()));
    if (!latest) warn_of_new_subject(context, **registry, latest.error());
    auto schema = with_references(**registry, text, latest ? &*latest : nullptr);
    if (!schema) return fail(placed(schema.error()));
    const auto verdict = (*registry)->check_compatibility_at_level(subject_, *schema);
    if (!verdict) return fail(verdict.error());
    const auto level = (*registry)->compatibility_level(subject_);
    if (!level) return fail(level.error());
    return print(context, **registry, *schema, *verdict, *level);
  }

 private:
  Error placed(Error error) const {
    if (!error.position) return std::move(error).within(file_);
    return std::move(error).within(fmt::format("{}:{}:{}", file_, error.position->line, error.position->column));
  }

  void warn_of_new_subject(Context& context, Client& registry, const Error& why) const {
    context.messages.warning(inspect::subject_error(registry, subject_, why).message +
                             ", so that any schema goes with it");
  }

  // The places and reasons as they are found here; the registry's words may have none.
  std::vector<SchemaConflict> conflicts(Context& context, Client& registry, const SchemaText& schema,
                                        const std::string& level_name) const {
    const auto level = avro::parse_compatibility_level(level_name);
    const serde::SchemaLoader loader(registry);
    const auto parsed = loader.load_new(schema);
    const auto numbers = registry.versions(subject_);
    if (!level || !parsed || !numbers) return {};
    std::vector<Client::SubjectAndVersion> places;
    for (const int number : *numbers) places.emplace_back(subject_, number);
    std::vector<avro::VersionedSchema> versions;
    for (const Result<SubjectVersion>& version : registry.version_of_all(places)) {
      if (!version) continue;
      auto old = loader.load_registered(version->text);
      if (old) {
        versions.push_back({version->version, *std::move(old)});
      } else {
        context.messages.warning(fmt::format("version {} is not compared: {}", version->version, old.error().message));
      }
    }
    return find_conflicts(*level, schema.schema, *parsed, versions);
  }

  ExitCode print(Context& context, Client& registry, const SchemaText& schema, const CompatibilityVerdict& verdict,
                 const std::string& level) const {
    std::vector<SchemaConflict> found;
    if (!verdict.is_compatible) found = conflicts(context, registry, schema, level);
    if (output_ == "json") {
      json::Value object = json::Value::object();
      object.add("subject", subject_);
      object.add("file", file_);
      object.add("level", level);
      object.add("compatible", verdict.is_compatible);
      json::Value list = json::Value::array();
      for (const SchemaConflict& conflict : found) list.append(conflict_json(conflict));
      object.add("conflicts", std::move(list));
      json::Value messages = json::Value::array();
      for (const std::string& message : verdict.messages) messages.append(message);
      object.add("registry_messages", std::move(messages));
      context.out.line(json::to_text(object));
    } else if (verdict.is_compatible) {
      context.out.line(fmt::format("{}: compatible with {} (level {})", file_, subject_, level));
    } else {
      for (const SchemaConflict& conflict : found) context.out.line(conflict_text(file_, conflict));
      for (const std::string& message : verdict.messages) {
        if (found.empty()) context.out.line(fmt::format("{}: {}", file_, message));
      }
      context.messages.error(fmt::format("{} is not compatible with {} (level {})", file_, subject_, level));
    }
    return verdict.is_compatible ? ExitCode::kDone : ExitCode::kFailed;
  }

  std::string subject_;
  std::string file_;
  std::string output_ = "text";
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_schemas_check() { return std::make_unique<SchemasCheckCommand>(); }

}  // namespace omashu::cli
