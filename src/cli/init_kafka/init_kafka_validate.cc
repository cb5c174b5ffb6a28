#include <fmt/core.h>

#include <set>

#include "base/counted.h"
#include "cli/diagnostics.h"
#include "cli/init_kafka/init_kafka_session.h"
#include "cli/init_kafka/init_kafka_verbs.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "provision/plan_json.h"

namespace omashu::cli {

namespace {

class ValidateCommand : public Command {
 public:
  Description description() const override {
    return {.name = "validate",
            .summary = "Check the file and its schemas without a network",
            .usages = {"FILE"},
            .details =
                "Every mistake is reported as file:line:column, and what would be right. Types that no schema of "
                "the file defines are named: plan looks for them in the registry.",
            .examples = {{"Check before a commit", "init-kafka validate topics_and_schemas.txt"},
                         {"With the schemas elsewhere", "init-kafka validate topics_and_schemas.txt --schemas avro/"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("FILE", file_, "topics and schemas, a row each");
    source_.declare(options);
    output_.declare(options);
  }

  Result<ExitCode> run(Context& context) override {
    const auto desired = load_and_report(context, output_, source_.source(file_), provision::read_file);
    if (!desired) return fail(desired.error());
    if (!*desired) return ExitCode::kFailed;
    std::set<std::string> foreign;
    for (const provision::DesiredSchema& schema : (*desired)->schemas) {
      for (const provision::Link& link : schema.links) {
        if (!link.target && foreign.insert(link.type_name).second) {
          context.messages.plain(provision::foreign_type_text(schema, link));
        }
      }
    }
    if (output_.is_json()) {
      context.out.line(json::to_text(provision::findings_json({{}, (*desired)->warnings})));
    } else {
      context.out.line(fmt::format("{}: {} and {}, no mistake", file_, counted((*desired)->topics.size(), "topic"),
                                   counted((*desired)->subjects.size(), "schema")));
    }
    return ExitCode::kDone;
  }

 private:
  std::string file_;
  SourceOptions source_;
  OutputOptions output_;
};

}  // namespace

std::unique_ptr<Command> make_init_kafka_validate() { return std::make_unique<ValidateCommand>(); }

}  // namespace omashu::cli
