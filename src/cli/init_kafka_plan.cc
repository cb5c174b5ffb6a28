#include "cli/diagnostics.h"
#include "cli/init_kafka_session.h"
#include "cli/init_kafka_verbs.h"
#include "cli/option_parser.h"
#include "provision/plan_json.h"
#include "provision/saved_plan.h"
#include "provision/wait.h"

namespace omashu::cli {

namespace {

class PlanCommand : public Command {
 public:
  Description description() const override {
    return {.name = "plan",
            .summary = "Show what would change, and check that it can be done; write nothing",
            .usages = {"FILE"},
            .details =
                "With -o the plan is saved, for `init-kafka apply -p` to do exactly that, provided that nothing has "
                "moved in between.",
            .examples = {{"What would change?", "init-kafka plan topics_and_schemas.txt"},
                         {"In a script: exit code 0 for no change, 2 for changes",
                          "init-kafka plan topics_and_schemas.txt --detailed-exitcode"},
                         {"Save it", "init-kafka plan topics_and_schemas.txt -o plan.json"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("FILE", file_, "topics and schemas, a row each");
    options.option("-o,--out", "PLAN", plan_file_, "save the plan to this file");
    options.flag("--detailed-exitcode", detailed_exit_code_, "exit with 2 where there are changes");
    source_.declare(options);
    planning_.declare(options);
    output_.declare(options);
    servers_.declare(options);
  }

  Result<void> check() override { return planning_.check(file_); }

  Result<ExitCode> run(Context& context) override {
    provision::SavedPlan saved;
    saved.source = source_.source(file_);
    saved.plan_options = planning_.plan_options();
    saved.observe_options = planning_.observe_options();
    const auto read = provision::recording(provision::read_file, saved.files);
    const auto desired = load_and_report(context, output_, saved.source, read);
    if (!desired) return fail(desired.error());
    if (!*desired) return ExitCode::kFailed;
    auto servers = reach_servers(context, servers_, provision::brokers_needed(**desired));
    if (!servers) return fail(std::move(servers).error());
    auto checked = make_checked_plan(context, **desired, *servers, saved.observe_options, saved.plan_options);
    if (!checked) return fail(std::move(checked).error());
    print_plan(context, output_, checked->plan);
    if (!checked->plan.violations.empty()) return ExitCode::kFailed;
    if (plan_file_) {
      saved.live_state = provision::live_state(**desired, checked->observed);
      saved.actions = provision::actions_json(checked->plan);
      auto written = provision::write_file(*plan_file_, provision::to_text(saved));
      if (!written) return fail(std::move(written).error());
    }
    return detailed_exit_code_ && !checked->plan.actions.empty() ? ExitCode::kUsage : ExitCode::kDone;
  }

 private:
  std::string file_;
  std::optional<std::string> plan_file_;
  bool detailed_exit_code_ = false;
  SourceOptions source_;
  PlanningOptions planning_;
  OutputOptions output_;
  ServerOptions servers_;
};

}  // namespace

std::unique_ptr<Command> make_init_kafka_plan() { return std::make_unique<PlanCommand>(); }

}  // namespace omashu::cli
