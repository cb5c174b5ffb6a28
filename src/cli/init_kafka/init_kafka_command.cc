#include "cli/commands.h"
#include "cli/init_kafka/init_kafka_session.h"
#include "cli/init_kafka/init_kafka_verbs.h"
#include "cli/option_parser.h"
#include "provision/wait.h"

namespace omashu::cli {

namespace {

class InitKafkaCommand : public Command {
 public:
  Description description() const override {
    return {.name = "init-kafka",
            .summary = "Make the topics and schemas of a file: plan, check, apply",
            .usages = {"FILE", "validate FILE", "lint FILE", "plan FILE", "apply FILE", "apply -p PLAN", "check",
                       "move TOPIC --partitions N", "export --output-dir DIR"},
            .details =
                "FILE has a row for each topic:\n"
                "  topic_name partitions replication_factor schema_file has_key_schema cleanup_policy make_it_topic\n"
                "and behind them settings of the topic as key=value. Schemas are registered under <topic_name>-value "
                "and, from <schema_file without .avsc>-key.avsc, <topic_name>-key. A type that one schema names and "
                "another defines becomes a reference. Everything is checked before anything is written; a second run "
                "changes nothing.",
            .examples = {{"Make the topics and schemas of a file", "init-kafka topics_and_schemas.txt"},
                         {"In a start script: wait for the servers first",
                          "init-kafka topics_and_schemas.txt --wait 60s --bootstrap-server kafka:9092"},
                         {"Look first, and apply exactly that",
                          "init-kafka plan topics_and_schemas.txt -o plan.json && init-kafka apply -p plan.json"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("FILE", file_, "topics and schemas, a row each");
    source_.declare(options);
    planning_.declare(options);
    reassign_.declare(options);
    output_.declare(options);
    servers_.declare(options);
  }

  Result<void> check() override {
    if (auto right = reassign_.check(); !right) return right;
    return planning_.check(file_);
  }

  Result<ExitCode> run(Context& context) override {
    const auto desired = load_and_report(context, output_, source_.source(file_), provision::read_file);
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

  std::vector<std::unique_ptr<Command>> verbs() const override {
    std::vector<std::unique_ptr<Command>> verbs;
    verbs.push_back(make_init_kafka_validate());
    verbs.push_back(make_init_kafka_lint());
    verbs.push_back(make_init_kafka_plan());
    verbs.push_back(make_init_kafka_apply());
    verbs.push_back(make_init_kafka_check());
    verbs.push_back(make_init_kafka_move());
    verbs.push_back(make_init_kafka_export());
    return verbs;
  }

 private:
  std::string file_;
  SourceOptions source_;
  PlanningOptions planning_;
  ReassignOptions reassign_;
  OutputOptions output_;
  ServerOptions servers_;
};

}  // namespace

std::unique_ptr<Command> make_init_kafka_command() { return std::make_unique<InitKafkaCommand>(); }

}  // namespace omashu::cli
