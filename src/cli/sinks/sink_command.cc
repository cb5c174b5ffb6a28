#include <fmt/core.h>

#include "cli/commands.h"
#include "cli/connection/connection.h"
#include "cli/option_parser.h"
#include "cli/sinks/sink_config_file.h"
#include "cli/sinks/sink_process.h"
#include "provision/files.h"

namespace omashu::cli {

namespace {

// `omashu sink KIND TOPIC…`
class SinkVerb : public Command {
 public:
  explicit SinkVerb(std::unique_ptr<SinkKind> kind)
      : name_(kind->description().name), description_(kind->description()) {
    jobs_.emplace_back();
    jobs_.front().name = name_;
    jobs_.front().kind = std::move(kind);
  }

  Description description() const override { return description_; }

  void declare(OptionParser& options) override {
    SinkJob& job = jobs_.front();
    job.kind->declare(options);
    job.options.declare(options);
    process_.declare(options);
    connection_.declare(options);
  }

  Result<void> check() override {
    SinkJob& job = jobs_.front();
    if (auto checked = job.options.check(); !checked) return checked;
    if (auto checked = process_.check(); !checked) return checked;
    return job.kind->check();
  }

  Result<ExitCode> run(Context& context) override { return run_sinks(context, jobs_, connection_, process_); }

 private:
  const std::string name_;
  const Description description_;
  std::vector<SinkJob> jobs_;
  SinkProcessOptions process_;
  ConnectionOptions connection_;
};

// What the command line says wins over what the file says.
void complete(ConnectionOptions& options, const ConnectionOptions& of_file) {
  const auto take = [](auto& value, const auto& other) {
    if (!value) value = other;
  };
  take(options.bootstrap_server, of_file.bootstrap_server);
  take(options.registry, of_file.registry);
  take(options.command_config, of_file.command_config);
  take(options.context, of_file.context);
  take(options.wait, of_file.wait);
  options.properties.insert(options.properties.begin(), of_file.properties.begin(), of_file.properties.end());
  if (options.timeout == ConnectionOptions().timeout) options.timeout = of_file.timeout;
}

void complete(SinkProcessOptions& options, const SinkProcessOptions& of_file) {
  if (!options.http_address) options.http_address = of_file.http_address;
  if (!options.ready_file) options.ready_file = of_file.ready_file;
  options.may_listen_anywhere = options.may_listen_anywhere || of_file.may_listen_anywhere;
  options.exits_at_end = options.exits_at_end || of_file.exits_at_end;
}

class SinkCommand : public Command {
 public:
  Description description() const override {
    return {.name = "sink",
            .summary = "Write topics to a file or a database, and keep it up to date",
            .usages = {"file --path FILE TOPIC…", "postgres --dsn DSN --table TABLE TOPIC…",
                       "dynamodb --table TABLE TOPIC…", "--config FILE"},
            .details =
                "A sink is a member of a consumer group. Where its target is away it tries again for as long as it "
                "takes, and nothing is lost. What cannot be written stops it, or is set aside with --dead-letters, "
                "from where `omashu replay` brings it back. SIGTERM lets the batch under way end. What each kind "
                "promises is in docs/sinks.md.",
            .examples = {{"A file with every record once", "omashu sink file --path statuses.jsonl status-download"},
                         {"Several sinks in one process, from a file", "omashu sink --config sinks.properties"}}};
  }

  void declare(OptionParser& options) override {
    options.option("--config", "FILE", config_file_,
                   "run the sinks of this file: a section each, with the long options as names");
    process_.declare(options);
    connection_.declare(options);
  }

  std::vector<std::unique_ptr<Command>> verbs() const override {
    std::vector<std::unique_ptr<Command>> verbs;
    for (auto& kind : all_sink_kinds()) verbs.push_back(std::make_unique<SinkVerb>(std::move(kind)));
    return verbs;
  }

  Result<void> check() override {
    if (!config_file_) {
      std::string names;
      for (const auto& kind : all_sink_kinds()) names += fmt::format("{}, ", kind->description().name);
      return fail(ErrorCode::kInvalidArgument, fmt::format("say what to write to: {}or --config FILE", names));
    }
    return process_.check();
  }

  Result<ExitCode> run(Context& context) override {
    const auto text = provision::read_file(*config_file_);
    if (!text) return fail(text.error());
    auto config = parse_sink_config(*text);
    if (!config) {
      Error error = std::move(config.error());
      const size_t line = error.position ? error.position->line : 1;
      error.position.reset();
      return fail(std::move(error).within(fmt::format("{}:{}", *config_file_, line)));
    }
    complete(connection_, config->connection);
    complete(process_, config->process);
    if (auto checked = process_.check(); !checked) return fail(std::move(checked.error()).within(*config_file_));
    return run_sinks(context, config->jobs, connection_, process_);
  }

 private:
  std::optional<std::string> config_file_;
  SinkProcessOptions process_;
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_sink_command() { return std::make_unique<SinkCommand>(); }

}  // namespace omashu::cli
