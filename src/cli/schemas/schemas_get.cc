#include <limits>

#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/schemas/schemas_verbs.h"
#include "inspect/subject_versions.h"

namespace omashu::cli {

namespace {

class SchemasGetCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "get",
        .summary = "Print the text of a schema",
        .usages = {"SUBJECT [--version N]", "--id N"},
        .details =
            "On a terminal the text is indented; elsewhere it is as the registry holds it, in one line. "
            "--output json puts subject, version, id, type and references around it.",
        .examples = {{"The latest version", "omashu schemas get status-download-value"},
                     {"An earlier one, into a file", "omashu schemas get status-download-value --version 1 > v1.avsc"},
                     {"What a record that names id 7 was written with", "omashu schemas get --id 7"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("SUBJECT", subject_, "the subject");
    options.option("--version", "N", version_, "this version in place of the latest");
    options.option("--id", "N", id_, "the schema with this id, whatever its subjects");
    options.flag("--deleted", with_deleted_, "deleted versions too");
    options.choice("--output", "FORM", output_, {"text", "json"}, "text (default) or json");
    connection_.declare_registry(options);
  }

  Result<void> check() override {
    if (subject_.has_value() == id_.has_value()) {
      return fail(ErrorCode::kInvalidArgument, "say which schema: SUBJECT, or --id N");
    }
    if (id_ && version_) return fail(ErrorCode::kInvalidArgument, "--version is of a SUBJECT: an id says it all");
    const bool is_id = !id_ || (*id_ >= 0 && *id_ <= std::numeric_limits<int32_t>::max());
    if (!is_id) return fail(ErrorCode::kInvalidArgument, "--id: an id lies between 0 and 2147483647");
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    json::Value object = json::Value::object();
    schema_registry::SchemaText text;
    if (id_) {
      auto found = (*registry)->schema_by_id(schema_registry::SchemaId{static_cast<int32_t>(*id_)});
      if (!found) return fail(std::move(found.error()));
      text = *std::move(found);
      object.add("id", *id_);
    } else {
      auto found = inspect::find_version(**registry, *subject_, version_, with_deleted_);
      if (!found) return fail(std::move(found.error()));
      text = std::move(found->text);
      object.add("subject", found->subject);
      object.add("version", found->version);
      object.add("id", static_cast<int32_t>(found->id));
    }
    if (output_ == "text") {
      context.out.line(context.out.is_terminal() ? inspect::pretty_schema(text.schema) : text.schema);
      return ExitCode::kDone;
    }
    object.add("type", text.schema_type);
    object.add("references", inspect::references_json(text.references));
    object.add("schema", text.schema);
    context.out.line(json::to_text(object));
    return ExitCode::kDone;
  }

 private:
  std::optional<std::string> subject_;
  std::optional<int64_t> version_, id_;
  bool with_deleted_ = false;
  std::string output_ = "text";
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_schemas_get() { return std::make_unique<SchemasGetCommand>(); }

}  // namespace omashu::cli
