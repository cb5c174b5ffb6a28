#include <algorithm>

#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/output/row_output.h"
#include "cli/schemas/schemas_verbs.h"
#include "inspect/subject_versions.h"

namespace omashu::cli {

namespace {

using schema_registry::Client;

class SchemasVersionsCommand : public Command {
 public:
  Description description() const override {
    return {.name = "versions",
            .summary = "List the versions of a subject",
            .usages = {"SUBJECT"},
            .details = "With --deleted those too that are deleted, and not for good.",
            .examples = {{"All versions", "omashu schemas versions status-download-value"},
                         {"Deleted ones too", "omashu schemas versions status-download-value --deleted"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("SUBJECT", subject_, "the subject");
    options.flag("--deleted", with_deleted_, "deleted versions too");
    rows_.declare(options);
    connection_.declare_registry(options);
  }

  Result<void> check() override { return rows_.check(); }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    const auto versions = inspect::versions_of(**registry, subject_, with_deleted_);
    if (!versions) return fail(versions.error());
    std::vector<Client::SubjectAndVersion> asked;
    for (const int version : versions->live) asked.emplace_back(subject_, version);
    for (const int version : versions->deleted) asked.emplace_back(subject_, version);
    std::ranges::sort(asked);
    const auto found = with_deleted_ ? (*registry)->referenced_versions(asked) : (*registry)->version_of_all(asked);
    for (size_t i = 0; i < found.size(); ++i) {
      if (!found[i]) return fail(found[i].error());
      json::Value row = json::Value::object();
      row.add("version", found[i]->version);
      row.add("id", static_cast<int32_t>(found[i]->id));
      row.add("type", found[i]->text.schema_type);
      row.add("references", static_cast<uint64_t>(found[i]->text.references.size()));
      if (with_deleted_) {
        row.add("deleted", std::ranges::find(versions->deleted, asked[i].version) != versions->deleted.end());
      }
      rows_.add(context.out, std::move(row));
    }
    if (auto finished = rows_.finish(context); !finished) return fail(std::move(finished.error()));
    return ExitCode::kDone;
  }

 private:
  std::string subject_;
  bool with_deleted_ = false;
  RowOutput rows_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_schemas_versions() { return std::make_unique<SchemasVersionsCommand>(); }

}  // namespace omashu::cli
