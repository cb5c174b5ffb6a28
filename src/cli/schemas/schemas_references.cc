#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/output/row_output.h"
#include "cli/schemas/schemas_verbs.h"
#include "inspect/subject_references.h"
#include "inspect/subject_versions.h"

namespace omashu::cli {

namespace {

using schema_registry::Client;
using schema_registry::Reference;

class SchemasReferencesCommand : public Command {
 public:
  Description description() const override {
    return {.name = "references",
            .summary = "Show what a subject refers to, and who refers to it",
            .usages = {"SUBJECT [--version N]"},
            .details =
                "A version that others refer to cannot be deleted. What refers is told by the versions that hold it.",
            .examples = {{"Of all versions", "omashu schemas references download-source-value"},
                         {"Of one", "omashu schemas references download-source-value --version 2"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("SUBJECT", subject_, "the subject");
    options.option("--version", "N", version_, "this version alone");
    rows_.declare(options);
    connection_.declare_registry(options);
  }

  Result<void> check() override { return rows_.check(); }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    std::vector<int64_t> versions;
    if (version_) {
      versions.push_back(*version_);
    } else {
      const auto all = inspect::versions_of(**registry, subject_, false);
      if (!all) return fail(all.error());
      versions.assign(all->live.begin(), all->live.end());
    }
    for (const int64_t version : versions) {
      if (auto shown = show(context, **registry, version); !shown) return fail(std::move(shown.error()));
    }
    if (auto finished = rows_.finish(context); !finished) return fail(std::move(finished.error()));
    return ExitCode::kDone;
  }

 private:
  Result<void> show(Context& context, Client& registry, int64_t number) {
    const auto version = inspect::find_version(registry, subject_, number);
    if (!version) return fail(version.error());
    for (const Reference& reference : version->text.references) {
      add_row(context, version->version, "refers to", reference.name, reference.subject, reference.version);
    }
    const auto referrers = inspect::referrers_of(registry, subject_, version->version);
    if (!referrers) return fail(referrers.error());
    for (const inspect::Referrer& referrer : *referrers) {
      add_row(context, version->version, "referred to by", referrer.type, referrer.subject, referrer.version);
    }
    return {};
  }

  void add_row(Context& context, int version, std::string_view direction, const std::string& type,
               const std::string& other, int other_version) {
    json::Value row = json::Value::object();
    row.add("version", version);
    row.add("direction", direction);
    row.add("subject", other);
    row.add("subject_version", other_version);
    row.add("type", type);
    rows_.add(context.out, std::move(row));
  }

  std::string subject_;
  std::optional<int64_t> version_;
  RowOutput rows_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_schemas_references() { return std::make_unique<SchemasReferencesCommand>(); }

}  // namespace omashu::cli
