#include <fmt/core.h>

#include "cli/diagnostics.h"
#include "cli/init_kafka/init_kafka_session.h"
#include "cli/init_kafka/init_kafka_verbs.h"
#include "cli/option_parser.h"
#include "provision/plan_json.h"
#include "provision/saved_plan.h"
#include "provision/wait.h"

namespace omashu::cli {

namespace {

class ApplyCommand : public Command {
 public:
  Description description() const override {
    return {.name = "apply",
            .summary = "Make the topics and schemas of a file, or of a saved plan",
            .usages = {"FILE", "-p PLAN"},
            .details =
                "A saved plan is refused where the cluster or the registry has moved since it was made. It holds "
                "the texts of its files: what they say now does not matter.",
            .examples = {{"As init-kafka FILE", "init-kafka apply topics_and_schemas.txt"},
                         {"What was planned, and nothing else", "init-kafka apply -p plan.json"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("FILE", file_, "topics and schemas, a row each");
    options.option("-p,--plan", "PLAN", plan_file_, "a plan that `init-kafka plan -o` saved");
    source_.declare(options);
    planning_.declare(options);
    reassign_.declare(options);
    output_.declare(options);
    servers_.declare(options);
  }

  Result<void> check() override {
    if (auto right = reassign_.check(); !right) return right;
    if (file_.has_value() == plan_file_.has_value()) {
      return fail(ErrorCode::kInvalidArgument, "give either FILE or -p PLAN");
    }
    const SourceOptions unchanged;
    if (plan_file_ && (!planning_.is_default() || !source_.schemas.empty() || source_.is_strict ||
                       source_.strategy != unchanged.strategy)) {
      return fail(ErrorCode::kInvalidArgument, "a saved plan brings its own options: give them to plan -o");
    }
    return planning_.check(file_.value_or(""));
  }

  Result<ExitCode> run(Context& context) override {
    if (plan_file_) return apply_saved(context);
    const auto desired = load_and_report(context, output_, source_.source(*file_), provision::read_file);
    if (!desired) return fail(desired.error());
    if (!*desired) return ExitCode::kFailed;
    auto servers = reach_servers(context, servers_, provision::brokers_needed(**desired));
    if (!servers) return fail(std::move(servers).error());
    auto checked =
        make_checked_plan(context, **desired, *servers, planning_.observe_options(), planning_.plan_options());
    if (!checked) return fail(std::move(checked).error());
    return apply_and_report(context, output_, checked->plan, *servers,
                            reassignments_of(**desired, planning_.allow_reassign, reassign_));
  }

 private:
  Result<ExitCode> apply_saved(Context& context) {
    const auto text = provision::read_file(*plan_file_);
    if (!text) return fail(text.error());
    auto saved = provision::parse_saved_plan(*text);
    if (!saved) return fail(std::move(saved).error().within(*plan_file_));
    const auto desired = load_and_report(context, output_, saved->source, provision::read_from(saved->files));
    if (!desired) return fail(desired.error());
    if (!*desired) return ExitCode::kFailed;
    auto servers = reach_servers(context, servers_, provision::brokers_needed(**desired));
    if (!servers) return fail(std::move(servers).error());
    auto checked = make_checked_plan(context, **desired, *servers, saved->observe_options, saved->plan_options);
    if (!checked) return fail(std::move(checked).error());
    const auto moved = provision::moved_facts(saved->live_state, provision::live_state(**desired, checked->observed));
    if (!moved.empty()) {
      for (const std::string& fact : moved) context.messages.error(fact);
      return fail(ErrorCode::kConflict,
                  fmt::format("{}: the live state has moved since this plan was made, and nothing "
                              "was written: plan again",
                              *plan_file_));
    }
    if (json::to_text(provision::actions_json(checked->plan)) != json::to_text(saved->actions)) {
      return fail(ErrorCode::kConflict,
                  fmt::format("{}: its actions do not follow from its files, and nothing was written: plan again",
                              *plan_file_));
    }
    return apply_and_report(context, output_, checked->plan, *servers,
                            reassignments_of(**desired, saved->plan_options.allow_reassign, reassign_));
  }

  std::optional<std::string> file_;
  std::optional<std::string> plan_file_;
  SourceOptions source_;
  PlanningOptions planning_;
  ReassignOptions reassign_;
  OutputOptions output_;
  ServerOptions servers_;
};

}  // namespace

std::unique_ptr<Command> make_init_kafka_apply() { return std::make_unique<ApplyCommand>(); }

}  // namespace omashu::cli
