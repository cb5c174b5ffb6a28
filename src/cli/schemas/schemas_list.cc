#include <algorithm>
#include <map>
#include <set>

#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/output/row_output.h"
#include "cli/schemas/schemas_verbs.h"

namespace omashu::cli {

namespace {

using schema_registry::Client;
using schema_registry::SubjectVersion;

json::Value versions_json(const std::vector<int>& versions) {
  json::Value array = json::Value::array();
  for (const int version : versions) array.append(version);
  return array;
}

class SchemasListCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "list",
        .summary = "List subjects: versions, and the latest one's id and type",
        .usages = {""},
        .details = "With --deleted those too that are deleted, and not for good.",
        .examples = {{"All subjects", "omashu schemas list"},
                     {"Those of one topic, deleted versions too", "omashu schemas list --prefix orders- --deleted"}}};
  }

  void declare(OptionParser& options) override {
    options.flag("--deleted", with_deleted_, "deleted subjects and versions too");
    options.option("--prefix", "P", prefix_, "only subjects whose names start so");
    rows_.declare(options);
    connection_.declare_registry(options);
  }

  Result<void> check() override { return rows_.check(); }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    auto subjects = (*registry)->subjects(with_deleted_);
    if (!subjects) return fail(std::move(subjects.error()));
    std::erase_if(*subjects, [this](const std::string& subject) { return !subject.starts_with(prefix_); });
    std::ranges::sort(*subjects);
    if (auto listed = list(context, **registry, *subjects); !listed) return fail(std::move(listed.error()));
    if (auto finished = rows_.finish(context); !finished) return fail(std::move(finished.error()));
    return ExitCode::kDone;
  }

 private:
  struct Versions {
    std::vector<int> live, deleted;
  };

  // What was deleted between two requests counts as having no version.
  static Result<std::vector<int>> none_if_gone(Result<std::vector<int>> versions) {
    if (!versions && versions.error().code == ErrorCode::kNotFound) return std::vector<int>();
    return versions;
  }

  Result<void> list(Context& context, Client& registry, const std::vector<std::string>& subjects) {
    std::vector<Versions> versions(subjects.size());
    const auto live = registry.versions_of_all(subjects);
    const auto all = with_deleted_ ? registry.versions_of_all(subjects, true) : live;
    std::vector<Client::SubjectAndVersion> newest;
    for (size_t i = 0; i < subjects.size(); ++i) {
      auto alive = none_if_gone(live[i]), known = none_if_gone(all[i]);
      if (!alive) return fail(std::move(alive.error()));
      if (!known) return fail(std::move(known.error()));
      versions[i].live = *std::move(alive);
      std::ranges::copy_if(*known, std::back_inserter(versions[i].deleted), [&](int version) {
        return std::ranges::find(versions[i].live, version) == versions[i].live.end();
      });
      const std::vector<int>& of = versions[i].live.empty() ? versions[i].deleted : versions[i].live;
      newest.emplace_back(subjects[i], of.empty() ? 0 : of.back());
    }
    return print(context, registry, newest, versions);
  }

  Result<void> print(Context& context, Client& registry, const std::vector<Client::SubjectAndVersion>& newest,
                     const std::vector<Versions>& versions) {
    std::vector<Client::SubjectAndVersion> asked;
    std::ranges::copy_if(newest, std::back_inserter(asked), [](const auto& one) { return one.version > 0; });
    const auto found = with_deleted_ ? registry.referenced_versions(asked) : registry.version_of_all(asked);
    size_t next = 0;
    for (size_t i = 0; i < newest.size(); ++i) {
      if (newest[i].version == 0) continue;
      const Result<SubjectVersion>& version = found[next++];
      if (!version && version.error().code != ErrorCode::kNotFound) return fail(version.error());
      json::Value row = json::Value::object();
      row.add("subject", newest[i].subject);
      row.add("versions", versions_json(versions[i].live));
      if (with_deleted_) row.add("deleted", versions_json(versions[i].deleted));
      row.add("id", version ? json::Value(static_cast<int32_t>(version->id)) : json::Value());
      row.add("type", version ? json::Value(version->text.schema_type) : json::Value());
      row.add("references",
              version ? json::Value(static_cast<uint64_t>(version->text.references.size())) : json::Value());
      rows_.add(context.out, std::move(row));
    }
    return {};
  }

  bool with_deleted_ = false;
  std::string prefix_;
  RowOutput rows_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_schemas_list() { return std::make_unique<SchemasListCommand>(); }

}  // namespace omashu::cli
