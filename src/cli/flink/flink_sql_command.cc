#include <fmt/core.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/connection/connection.h"
#include "cli/diagnostics.h"
#include "cli/init_kafka/init_kafka_session.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "flink/flink_script.h"
#include "provision/files.h"

namespace omashu::cli {

namespace {

class FlinkSqlCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "flink-sql",
        .summary = "Print the Flink SQL of a file's topics: tables, counts and throughput",
        .usages = {"FILE"},
        .details =
            "For each topic of the file a table over it: of a compacted topic its latest rows (upsert-kafka), and "
            "as NAME_log every record; of other topics every record (kafka). Values are read by their schemas, "
            "keys by theirs. Two views: how many rows are in each state (the enum of the value), and records by "
            "the minute.\n"
            "With --jdbc also tables over PostgreSQL, and one job that fills them: the latest rows, as `omashu sink "
            "postgres` names them, and what the views give. --print postgres prints what makes them there.\n"
            "What Flink cannot read is left out, with the reason as a comment and on standard error. No server is "
            "asked: the addresses are those that Flink's machines use.",
        .examples = {{"For Flink's own client: sql-client.sh -i tables.sql",
                      "omashu flink-sql topics_and_schemas.txt > tables.sql"},
                     {"One topic, its throughput by a field of its own",
                      "omashu flink-sql topics_and_schemas.txt --only download-request --event-time requestedAt"},
                     {"A job that fills PostgreSQL: sql-client.sh -f job.sql",
                      "omashu flink-sql topics_and_schemas.txt --jdbc 'jdbc:postgresql://db/app?user=flink' > job.sql"},
                     {"What makes its tables there, for psql",
                      "omashu flink-sql topics_and_schemas.txt --jdbc 'jdbc:postgresql://db/app?user=flink' --print "
                      "postgres > postgres.sql"}}};
  }

  void declare(OptionParser& options) override {
    options.argument("FILE", file_, "topics and schemas, a row each");
    options.option("--only", "TOPIC", script_.topics, "this topic alone; may be repeated");
    options.option("--event-time", "FIELD", script_.source.event_time,
                   "count records by this timestamp, where values have it (default: by the record's own)");
    options.option("--jdbc", "URL", jdbc_url_,
                   "tables over this PostgreSQL too: jdbc:postgresql://HOST/DATABASE?user=NAME, without a password");
    options.choice("--print", "WHAT", print_, {"flink", "postgres"},
                   "flink (default), or with --jdbc postgres: the statements for PostgreSQL");
    source_.declare(options);
    options.heading("Addresses");
    options.option("--bootstrap-server,--bootstrap-servers", "HOST:PORT", connection_.bootstrap_server,
                   "brokers, several separated by commas (default: as for other commands)");
    options.option("--registry", "URL", connection_.registry, "the schema registry (default: as for other commands)");
    options.option("--context", "NAME", connection_.context, "take the addresses from this context");
  }

  Result<void> check() override {
    if (print_ == "postgres" && !jdbc_url_) return fail(ErrorCode::kInvalidArgument, "--print postgres needs --jdbc");
    if (!jdbc_url_) return {};
    script_.jdbc = flink::JdbcOptions{.url = *jdbc_url_};
    return flink::check_jdbc_url(*jdbc_url_);
  }

  Result<ExitCode> run(Context& context) override {
    if (auto resolved = resolve_addresses(); !resolved) return fail(std::move(resolved).error());
    const auto desired = load_and_report(context, {}, source_.source(file_), provision::read_file);
    if (!desired) return fail(desired.error());
    if (!*desired) return ExitCode::kFailed;
    const auto script = flink::flink_script(**desired, script_);
    if (!script) return fail(script.error());
    for (const std::string& warning : script->warnings) context.messages.warning(warning);
    context.out.text(print_ == "postgres" ? script->postgres : script->text);
    return ExitCode::kDone;
  }

 private:
  // Credentials of a URL are left out: the script holds no secret.
  Result<void> resolve_addresses() {
    const auto connection = resolve_connection(connection_);
    if (!connection) return fail(connection.error());
    script_.source.bootstrap_servers = connection->bootstrap_servers;
    for (std::string url : connection->registry.urls) {
      const size_t host = url.find("://") == std::string::npos ? 0 : url.find("://") + 3;
      const size_t path = std::min(url.find('/', host), url.size());
      const size_t credentials = url.rfind('@', path);
      if (credentials != std::string::npos && credentials > host) url.erase(host, credentials + 1 - host);
      if (!script_.source.registry_url.empty()) script_.source.registry_url += ',';
      script_.source.registry_url += url;
    }
    return {};
  }

  std::string file_;
  std::optional<std::string> jdbc_url_;
  std::string print_ = "flink";
  SourceOptions source_;
  ConnectionOptions connection_;
  flink::ScriptOptions script_;
};

}  // namespace

std::unique_ptr<Command> make_flink_sql_command() { return std::make_unique<FlinkSqlCommand>(); }

}  // namespace omashu::cli
