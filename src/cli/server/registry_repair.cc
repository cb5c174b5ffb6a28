#include "cli/server/registry_repair.h"

#include <fmt/core.h>

#include <ctime>

#include "cli/connection/connection.h"
#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "schema_registry/server/topic_repair.h"

namespace omashu::cli {

namespace {

class RegistryRepair : public Command {
 public:
  Description description() const override {
    return {
        .name = "repair",
        .summary = "Let a registry write again whose topic is damaged",
        .usages = {""},
        .details =
            "A registry whose topic is damaged serves what can be read and refuses writes. If there is a copy of "
            "the topic, restore it instead: this accepts the loss. What can be read stays; records with a wrong "
            "checksum are copied to a file as far as they can be made out; ids and versions that may have been "
            "given to what is lost are never given again. Registries that run over the topic go on at once.",
        .examples = {{"Of omashu up on this machine", "omashu registry repair"},
                     {"Elsewhere, with the file in a place of its own",
                      "omashu registry repair --bootstrap-server kafka:9092 --aside /backup/schemas-damaged.jsonl"}}};
  }

  void declare(OptionParser& options) override {
    options.option("--kafkastore-topic", "TOPIC", topic_, "where schemas are kept (default _schemas)");
    options.option("--aside", "FILE", aside_,
                   "a new file for what was damaged (default: TOPIC-damaged-TIME.jsonl in this folder)");
    connection_.declare_kafka(options);
  }

  Result<ExitCode> run(Context& context) override {
    const auto connection = resolve_connection(connection_);
    if (!connection) return fail(connection.error());
    const std::string aside = aside_.value_or(fmt::format("{}-damaged-{}.jsonl", topic_, std::time(nullptr)));
    const auto repaired =
        schema_registry::server::repair_topic({connection->kafka, topic_}, aside, connection->timeout);
    if (!repaired) return fail(Error(repaired.error()).within("repairing the topic " + topic_));
    if (repaired->damage.empty()) {
      context.out.line(fmt::format("the topic {} is not damaged", topic_));
    } else {
      context.out.line(fmt::format("the topic {} was damaged: {}", topic_, repaired->damage));
      if (repaired->damaged_records > 0) {
        context.out.line(fmt::format("copied to {}: {} damaged records", aside, repaired->damaged_records));
      }
      context.out.line("registries over it can write again");
    }
    if (auto shown = context.out.flush(); !shown) return fail(std::move(shown.error()));
    return ExitCode::kDone;
  }

 private:
  std::string topic_ = "_schemas";
  std::optional<std::string> aside_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_registry_repair() { return std::make_unique<RegistryRepair>(); }

}  // namespace omashu::cli
