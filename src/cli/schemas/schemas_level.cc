#include <fmt/core.h>

#include <algorithm>
#include <cctype>

#include "avro/compatibility.h"
#include "base/nearest.h"
#include "cli/connection/cluster.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/records/report_format.h"
#include "cli/schemas/schemas_verbs.h"
#include "inspect/subject_versions.h"

namespace omashu::cli {

namespace {

class SchemasLevelCommand : public Command {
 public:
  Description description() const override {
    return {.name = "level",
            .summary = "Show or set the compatibility level of a subject, or the global one",
            .usages = {"[SUBJECT] [--set LEVEL | --unset]"},
            .details =
                "LEVEL is NONE, BACKWARD, FORWARD, FULL, or one of the last three with _TRANSITIVE, which asks all "
                "versions and not the latest alone. A subject without a level of its own has the global one.",
            .examples = {{"The one in force for a subject", "omashu schemas level status-download-value"},
                         {"Set it", "omashu schemas level status-download-value --set FULL_TRANSITIVE"},
                         {"The global one", "omashu schemas level"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("SUBJECT", subject_, "the subject; without it the global level");
    options.option("--set", "LEVEL", level_, "set it");
    options.flag("--unset", unsets_, "leave the subject to the global level");
    format_.declare(options);
    connection_.declare_registry(options);
  }

  Result<void> check() override {
    if (unsets_ && (level_ || !subject_)) {
      return fail(ErrorCode::kInvalidArgument, "--unset is for a SUBJECT, and without --set");
    }
    if (subject_ && subject_->empty()) return fail(ErrorCode::kInvalidArgument, "SUBJECT is empty");
    if (!level_) return {};
    std::ranges::transform(*level_, level_->begin(), [](unsigned char c) { return std::toupper(c); });
    if (avro::parse_compatibility_level(*level_)) return {};
    const std::vector<std::string> known = {"NONE", "BACKWARD",           "BACKWARD_TRANSITIVE", "FORWARD",
                                            "FULL", "FORWARD_TRANSITIVE", "FULL_TRANSITIVE"};
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("--set: {} is no level{}", *level_, did_you_mean(*level_, known)));
  }

  Result<ExitCode> run(Context& context) override {
    auto cluster = Cluster::open(context, connection_);
    if (!cluster) return fail(std::move(cluster.error()));
    const auto registry = cluster->registry();
    if (!registry) return fail(registry.error());
    const std::string subject = subject_.value_or("");
    if (level_) {
      if (auto set = (*registry)->set_compatibility_level(subject, *level_); !set) return fail(std::move(set.error()));
    }
    if (unsets_) {
      auto cleared = (*registry)->clear_compatibility_level(subject);
      // One that has none of its own is as it was asked to be.
      if (!cleared && cleared.error().code != ErrorCode::kNotFound) return fail(std::move(cleared.error()));
    }
    return show(context, **registry, subject);
  }

 private:
  Result<ExitCode> show(Context& context, schema_registry::Client& registry, const std::string& subject) const {
    const auto own = registry.own_compatibility_level(subject);
    if (!own) return fail(own.error());
    std::string level = own->value_or("");
    if (!*own) {
      // A level may be set for a subject that is not there yet; one that is asked for is more likely mistyped.
      const auto versions = registry.versions(subject);
      if (!versions) return fail(inspect::subject_error(registry, subject, versions.error()));
      const auto global = registry.compatibility_level("");
      if (!global) return fail(global.error());
      level = *global;
    }
    const bool is_global = subject.empty() || !*own;
    if (format_.is_json(context)) {
      json::Value object = json::Value::object();
      object.add("subject", subject.empty() ? json::Value() : json::Value(subject));
      object.add("level", level);
      object.add("global", is_global);
      context.out.line(json::to_text(object));
    } else {
      context.out.line(fmt::format("{}{}", level, is_global && !subject.empty() ? " (global)" : ""));
    }
    return ExitCode::kDone;
  }

  std::optional<std::string> subject_;
  std::optional<std::string> level_;
  bool unsets_ = false;
  ReportFormat format_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_schemas_level() { return std::make_unique<SchemasLevelCommand>(); }

}  // namespace omashu::cli
