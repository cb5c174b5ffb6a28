#include <fmt/core.h>

#include <filesystem>

#include "base/counted.h"
#include "cli/diagnostics.h"
#include "cli/init_kafka/init_kafka_session.h"
#include "cli/init_kafka/init_kafka_verbs.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "provision/diff_text.h"
#include "provision/export.h"
#include "provision/files.h"
#include "serde/subject_name.h"

namespace omashu::cli {

namespace {

class ExportCommand : public Command {
 public:
  Description description() const override {
    return {.name = "export",
            .summary = "Write the topics and schemas of a live cluster as a folder that applies again to no change",
            .usages = {"--output-dir DIR"},
            .details =
                "The folder gets topics_and_schemas.txt and the .avsc files: the latest version of each subject, and "
                "of each topic the settings that are set on it. What such a folder cannot say is warned of.",
            .examples = {{"Take over a cluster that was made by hand", "init-kafka export --output-dir live/"},
                         {"A part of it", "init-kafka export --output-dir live/ --prefix billing."}}};
  }

  void declare(OptionParser& options) override {
    options.option("--output-dir", "DIR", folder_, "the folder to write; it must have no topics_and_schemas.txt yet");
    options.option("--prefix", "P", prefix_, "only topics and subjects whose names start so");
    options.choice("--subject-name-strategy", "STRATEGY", strategy_,
                   {"TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy"},
                   "how the subjects are named (default: TopicNameStrategy)");
    servers_.declare(options);
  }

  Result<void> check() override {
    if (folder_.empty()) return fail(ErrorCode::kInvalidArgument, "--output-dir DIR is needed");
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    const std::string list = path_of(std::string(provision::kExportedFileName));
    if (std::filesystem::exists(list)) {
      return fail(ErrorCode::kAlreadyExists, fmt::format("{} exists: name another folder", list));
    }
    auto servers = reach_servers(context, servers_, /*brokers_needed=*/1);
    if (!servers) return fail(std::move(servers).error());
    const provision::ExportOptions options{.prefix = prefix_,
                                           .strategy = serde::parse_subject_name_strategy(strategy_).value()};
    const auto cluster = provision::read_live_cluster(*servers->admin, *servers->registry, options);
    if (!cluster) return fail(cluster.error());
    const provision::Export exported = provision::export_cluster(*cluster, options);
    if (auto written = write(exported); !written) return fail(std::move(written).error());
    for (const std::string& warning : exported.warnings) context.messages.warning(warning);
    context.out.line(
        fmt::format("{}: {} and {}", list, counted(exported.topics, "topic"), counted(exported.schemas, "schema")));
    return check_round_trip(context, list, *servers, options.strategy);
  }

 private:
  std::string path_of(const std::string& file) const { return (std::filesystem::path(folder_) / file).string(); }

  Result<void> write(const provision::Export& exported) const {
    std::error_code error;
    std::filesystem::create_directories(folder_, error);
    if (error) return fail(ErrorCode::kIo, fmt::format("cannot make {}: {}", folder_, error.message()));
    // The list last: a folder that has it is complete.
    for (const auto& [path, text] : exported.files) {
      if (path == provision::kExportedFileName) continue;
      if (auto written = provision::write_file(path_of(path), text); !written) return written;
    }
    const std::string list(provision::kExportedFileName);
    return provision::write_file(path_of(list), exported.files.at(list));
  }

  // What was promised: that it applies to no change.
  static Result<ExitCode> check_round_trip(Context& context, const std::string& list, Servers& servers,
                                           serde::SubjectNameStrategy strategy) {
    const provision::Source source{.file = list, .schemas_dir = "", .strategy = strategy};
    const auto desired = load_and_report(context, {}, source, provision::read_file);
    if (!desired) return fail(desired.error());
    if (!*desired) return ExitCode::kFailed;
    const auto checked = make_checked_plan(context, **desired, servers, {}, {});
    if (!checked) return fail(checked.error());
    for (const provision::Action& action : checked->plan.actions) {
      context.messages.error(
          fmt::format("{} does not apply to no change: it would {}", list, provision::action_text(action)));
    }
    for (const provision::Mistake& violation : checked->plan.violations) {
      context.messages.plain(provision::mistake_text(violation));
    }
    return checked->plan.actions.empty() && checked->plan.violations.empty() ? ExitCode::kDone : ExitCode::kFailed;
  }

  std::string folder_;
  std::string prefix_;
  std::string strategy_ = "TopicNameStrategy";
  ServerOptions servers_;
};

}  // namespace

std::unique_ptr<Command> make_init_kafka_export() { return std::make_unique<ExportCommand>(); }

}  // namespace omashu::cli
