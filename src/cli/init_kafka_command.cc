#include "cli/commands.h"
#include "cli/option_parser.h"

namespace omashu::cli {

namespace {

class InitKafkaCommand : public Command {
 public:
  Description description() const override {
    return {.name = "init-kafka",
            .summary = "Make the topics and schemas of a file: plan, check, apply",
            .usages = {"FILE"},
            .details = "",
            .examples = {{"Make the topics and schemas of a file", "init-kafka topics_and_schemas.txt"},
                         {"Under its other name", "omashu init-kafka topics_and_schemas.txt"}}};
  }

  void declare(OptionParser& options) override { options.argument("FILE", file_, "topics and schemas, a line each"); }

  Result<ExitCode> run(Context&) override {
    return fail(ErrorCode::kInvalidArgument, file_ + ": this build makes no topics");
  }

 private:
  std::string file_;
};

}  // namespace

std::unique_ptr<Command> make_init_kafka_command() { return std::make_unique<InitKafkaCommand>(); }

}  // namespace omashu::cli
