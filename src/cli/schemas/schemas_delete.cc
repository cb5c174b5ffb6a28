#include <fmt/core.h>

#include <algorithm>

#include "base/counted.h"
#include "cli/change_report.h"
#include "cli/confirmation.h"
#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/schemas/schemas_verbs.h"
#include "inspect/subject_versions.h"

namespace omashu::cli {

namespace {

using schema_registry::Client;

class SchemasDeleteCommand : public Command {
 public:
  Description description() const override {
    return {.name = "delete",
            .summary = "Delete a subject, or one version of it",
            .usages = {"SUBJECT [--version N] [--permanent]"},
            .details =
                "What is deleted is no longer listed, but records that were written with it can still be read: the "
                "registry gives it by its id. With --permanent it is gone for good, and such records with it. A "
                "version that others refer to cannot be deleted.",
            .examples = {{"A subject; its name is to be typed once more", "omashu schemas delete old-topic-value"},
                         {"One version, in a script", "omashu schemas delete old-topic-value --version 2 --yes"},
                         {"For good", "omashu schemas delete old-topic-value --permanent"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("SUBJECT", subject_, "the subject");
    options.option("--version", "N", version_, "this version alone");
    options.flag("--permanent", is_permanent_, "for good, whether it was deleted before or not");
    confirmation_.declare(options);
    report_.declare(options);
    connection_.declare_registry(options);
  }

  Result<void> check() override { return confirmation_.check(); }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    const auto versions = inspect::versions_of(**registry, subject_, is_permanent_);
    if (!versions) return fail(versions.error());
    int number = 0;
    if (version_) {
      const auto version = inspect::find_version(**registry, subject_, version_, is_permanent_);
      if (!version) return fail(version.error());
      number = version->version;
    }
    const std::string what =
        version_ ? fmt::format("version {} of the subject", number)
                 : "the subject with " + counted(versions->live.size() + versions->deleted.size(), "version");
    const std::string consequence = what + (is_permanent_ ? " for good" : "");
    if (auto confirmed = confirmation_.ask(context, std::span(&subject_, 1), consequence); !confirmed) {
      return fail(std::move(confirmed.error()));
    }
    const bool is_live =
        version_ ? std::ranges::find(versions->live, number) != versions->live.end() : !versions->live.empty();
    auto deleted = version_ ? delete_version(**registry, number, is_live) : delete_subject(**registry, is_live);
    if (!deleted) return fail(std::move(deleted.error()));
    if (!version_) {
      report_.print_result(context, "deleted", "subject", subject_);
      return ExitCode::kDone;
    }
    json::Value object = json::Value::object();
    object.add("subject", subject_);
    object.add("version", number);
    object.add("result", "deleted");
    report_.print(context, fmt::format("deleted version {} of subject {}", number, subject_), object);
    return ExitCode::kDone;
  }

 private:
  // The registry deletes for good only what is deleted.
  Result<void> delete_subject(Client& registry, bool is_live) const {
    if (is_live) {
      if (auto deleted = registry.delete_subject(subject_, false); !deleted) return fail(deleted.error());
    }
    if (is_permanent_) {
      if (auto deleted = registry.delete_subject(subject_, true); !deleted) return fail(deleted.error());
    }
    return {};
  }

  Result<void> delete_version(Client& registry, int version, bool is_live) const {
    if (is_live) {
      if (auto deleted = registry.delete_version(subject_, version, false); !deleted) return fail(deleted.error());
    }
    if (is_permanent_) {
      if (auto deleted = registry.delete_version(subject_, version, true); !deleted) return fail(deleted.error());
    }
    return {};
  }

  std::string subject_;
  std::optional<int64_t> version_;
  bool is_permanent_ = false;
  Confirmation confirmation_;
  ChangeReport report_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_schemas_delete() { return std::make_unique<SchemasDeleteCommand>(); }

}  // namespace omashu::cli
