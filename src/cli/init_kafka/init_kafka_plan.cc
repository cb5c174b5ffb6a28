#include <fmt/core.h>

#include <charconv>

#include "cli/diagnostics.h"
#include "cli/init_kafka/init_kafka_session.h"
#include "cli/init_kafka/init_kafka_verbs.h"
#include "cli/option_parser.h"
#include "cli/records/last_records.h"
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
                "moved in between. With --check-data the topics' records are read as well: a registry compares "
                "schemas, this finds the records that the new ones could not read.",
            .examples = {{"What would change?", "init-kafka plan topics_and_schemas.txt"},
                         {"In a script: exit code 0 for no change, 2 for changes",
                          "init-kafka plan topics_and_schemas.txt --detailed-exitcode"},
                         {"Can the last 5,000 records of each partition be read with the new schemas?",
                          "init-kafka plan topics_and_schemas.txt --check-data=5000"},
                         {"Save it", "init-kafka plan topics_and_schemas.txt -o plan.json"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("FILE", file_, "topics and schemas, a row each");
    options.option("-o,--out", "PLAN", plan_file_, "save the plan to this file");
    options.option_or("--check-data", "N", "1000", check_data_,
                      "read the last N records of each partition (default 1000; `all`) with the schemas that are "
                      "planned, and exit with 1 where some could not be read");
    options.flag("--detailed-exitcode", detailed_exit_code_, "exit with 2 where there are changes");
    source_.declare(options);
    planning_.declare(options);
    output_.declare(options);
    servers_.declare(options);
  }

  Result<void> check() override {
    if (auto checked = planning_.check(file_); !checked || check_data_.empty() || check_data_ == "all") return checked;
    int64_t number = 0;
    const char* end = check_data_.data() + check_data_.size();
    const auto [stop, error] = std::from_chars(check_data_.data(), end, number);
    if (error != std::errc() || stop != end || number < 1) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("--check-data={}: write a number of records above 0, or all", check_data_));
    }
    last_ = number;
    return {};
  }

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
    std::vector<provision::DataCheck> data;
    if (!check_data_.empty()) {
      auto found = check_data(context, **desired, checked->observed, *servers);
      if (!found) return fail(std::move(found).error());
      data = *std::move(found);
    }
    print_plan(context, output_, checked->plan, check_data_.empty() ? nullptr : &data);
    if (!checked->plan.violations.empty() || !provision::is_all_readable(data)) return ExitCode::kFailed;
    if (plan_file_) {
      saved.live_state = provision::live_state(**desired, checked->observed);
      saved.actions = provision::actions_json(checked->plan);
      auto written = provision::write_file(*plan_file_, provision::to_text(saved));
      if (!written) return fail(std::move(written).error());
    }
    return detailed_exit_code_ && !checked->plan.actions.empty() ? ExitCode::kUsage : ExitCode::kDone;
  }

 private:
  Result<std::vector<provision::DataCheck>> check_data(Context& context, const provision::Desired& desired,
                                                       const provision::Observed& observed, Servers& servers) const {
    auto records = LastRecords::open(context, servers.kafka, servers.timeout);
    if (!records) return fail(std::move(records).error());
    const auto readers = provision::planned_readers(desired, observed);
    return provision::check_data(readers, **records, *servers.registry, last_);
  }

  std::string file_;
  std::string check_data_;       // as it was given; "" for no check
  std::optional<int64_t> last_;  // records of each partition; absent: all
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
