#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "cli/commands.h"
#include "cli/connection/connection.h"
#include "cli/diagnostics.h"
#include "cli/init_kafka/init_kafka_options.h"
#include "cli/init_kafka/init_kafka_session.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/output/progress.h"
#include "cli/server/data_folder.h"
#include "cli/server/group_options.h"
#include "cli/server/http_options.h"
#include "cli/server/readiness.h"
#include "cli/server/table_arguments.h"
#include "cli/server/table_service.h"
#include "cli/stop_signal.h"

namespace omashu::cli {

namespace {

class ServeCommand : public Command {
 public:
  Description description() const override {
    return {.name = "serve",
            .summary = "Serve the latest value of every key over HTTP",
            .usages = {"--tables TOPIC,TOPIC [--index TOPIC:FIELD]…", "--file topics_and_schemas.txt"},
            .details =
                "Each compacted topic is a table, which is kept up to date: GET /v1/tables/TOPIC/rows/KEY, lists with "
                "the conditions of `omashu list`, counts, changes as server-sent events, writes through Kafka. "
                "/openapi.json describes all of it, / is a dashboard.\n\n"
                "The tables are on the disk (--data); Kafka is their log, so that nothing is lost with them. While a "
                "table is read for the first time, keys that were not met yet are answered with 503. SIGTERM drains: "
                "/readyz says no at once, and requests under way are answered.",
            .examples = {
                {"One table, found and counted by status", "omashu serve --tables status-download --index status"},
                {"Every compacted topic of the file, as omashu up does", "omashu serve --file topics_and_schemas.txt"},
                {"For others, with TLS and log-ins",
                 "omashu serve --tables status-download --http 0.0.0.0:8443 --tls-cert cert.pem --tls-key key.pem "
                 "--password-file users --bootstrap-server kafka:9092 --registry https://registry:8081"},
                {"One of several processes that share the tables, each with warm copies",
                 "omashu serve --file topics_and_schemas.txt --group tables --replicas 1 --http 127.0.0.1:8082 "
                 "--data /var/lib/omashu-2"},
                {"Ask it", "curl http://127.0.0.1:8080/v1/tables/status-download/rows/om-1"}}};
  }

  void declare(OptionParser& options) override {
    options.option("--tables", "TOPIC[,TOPIC]", arguments_.tables, "the topics to serve; may be repeated");
    options.option("--index", "TOPIC:FIELD", arguments_.indexes,
                   "find and count rows of the table by this field at once; may be repeated. FIELD alone where there "
                   "is one table");
    options.option("--ttl", "TOPIC:TIME[,FIELD]", arguments_.ttls,
                   "hide rows so long after the time of their record, or after that of a field: 7d, 7d,updatedAt");
    options.option("--file", "FILE", file_,
                   "in place of --tables: the compacted topics of this file, which has index=");
    options.option("--data", "DIR", data_, fmt::format("where tables are kept (default {})", data_));
    options.option("--ready-file", "FILE", ready_file_,
                   "there once every table was read: its address, for a shell to read");
    options.flag("--insecure-listen", may_listen_anywhere_, "listen beyond this machine without TLS or log-ins");
    http_.declare(options);
    options.option("--drain", "TIME", drain_time_,
                   "after SIGTERM, answer so long with /readyz already at no (default 0s)");
    group_.declare(options);
    connection_.declare(options);
  }

  Result<void> check() override {
    if (arguments_.tables.empty() == !file_) {
      return fail(ErrorCode::kInvalidArgument, "say what to serve: --tables TOPIC,TOPIC or --file FILE");
    }
    if (file_ && !(arguments_.indexes.empty() && arguments_.ttls.empty())) {
      return fail(ErrorCode::kInvalidArgument, "--index and --ttl: with --file they stand in the file");
    }
    if (auto tables = table_options(arguments_); !tables) return fail(std::move(tables.error()));
    if (auto checked = group_.check(http_.address()); !checked) return checked;
    return http_.check(may_listen_anywhere_);
  }

  Result<ExitCode> run(Context& context) override {
    const auto tables = tables_to_serve(context);
    if (!tables) return fail(tables.error());
    if (!*tables) return ExitCode::kFailed;
    auto connection = resolve_connection(connection_);
    if (!connection) return fail(std::move(connection.error()));
    for (const std::string& warning : connection->warnings) context.messages.warning(warning);
    auto options = http_.service_options();
    if (!options) return fail(std::move(options.error()));
    options->http.drain_time = drain_time_;
    Readiness readiness(ready_file_);
    auto service = TableService::bind(context, *std::move(options), data_, http_.table_memory());
    if (!service) return fail(naming_option(std::move(service.error()), "--http"));
    if (http_.is_exposed()) {
      context.messages.warning(
          fmt::format("{} is open to everybody who can reach it (--insecure-listen)", http_.address()));
    }
    if (group_.is_given()) {
      (*service)->join(group_.group(), group_.advertised_url((*service)->url()), group_.replicas(), group_.ca_file());
    }
    if (auto serving = (*service)->serve(connection->kafka, connection->registry, **tables, connection->timeout);
        !serving) {
      return fail(std::move(serving.error()));
    }
    context.out.line(fmt::format("{} at {}", names_of(**tables), (*service)->url()));
    if (auto shown = context.out.flush(); !shown) return fail(std::move(shown.error()));
    if (wait_until_read(context, **service)) {
      if (auto told = readiness.tell({{"OMASHU_URL", (*service)->url()}}); !told) return fail(std::move(told.error()));
      while (!context.stop.wait_for(std::chrono::hours(1))) continue;
    }
    (*service)->stop();
    return ExitCode::kDone;
  }

 private:
  // Nothing where the file has mistakes, which were printed.
  Result<std::optional<std::vector<table::TableOptions>>> tables_to_serve(Context& context) const {
    if (!file_) {
      auto tables = table_options(arguments_);
      if (!tables) return fail(std::move(tables.error()));
      return *std::move(tables);
    }
    const auto desired = load_and_report(context, {}, SourceOptions().source(*file_), provision::read_file);
    if (!desired) return fail(desired.error());
    if (!*desired) return std::nullopt;
    auto tables = tables_of(**desired);
    if (!tables) return fail(std::move(tables.error()));
    if (tables->empty()) return fail(ErrorCode::kInvalidArgument, fmt::format("{} has no compacted topic", *file_));
    return *std::move(tables);
  }

  static std::string names_of(const std::vector<table::TableOptions>& tables) {
    constexpr size_t kMaxNames = 5;
    if (tables.size() > kMaxNames) return fmt::format("{} tables", tables.size());
    std::vector<std::string> names;
    for (const table::TableOptions& table : tables) names.push_back(table.topic);
    return fmt::format("{}", fmt::join(names, ", "));
  }

  // Shows how far the tables are. False where a stop came first.
  static bool wait_until_read(Context& context, const TableService& service) {
    constexpr std::chrono::milliseconds kLook{50};
    const auto begun = std::chrono::steady_clock::now();
    ProgressPace pace(begun);
    while (true) {
      int64_t restored = 0, to_restore = 0;
      bool is_restoring = false;
      for (const auto& table : service.tables()) {
        const table::TableStatus status = table->status();
        is_restoring = is_restoring || status.is_restoring;
        restored += status.restored;
        to_restore += status.to_restore;
      }
      if (!is_restoring && (service.group() == nullptr || service.group()->is_ready())) break;
      const auto now = std::chrono::steady_clock::now();
      if (pace.is_due(now)) {
        context.messages.progress(
            progress_line("restoring", restored, to_restore, rate_text(restored, restored, to_restore, now - begun)));
      }
      if (context.stop.wait_for(kLook)) return false;
    }
    context.messages.clear_progress();
    return true;
  }

  TableArguments arguments_;
  std::optional<std::string> file_;
  std::string data_ = default_data_folder("omashu-tables");
  std::optional<std::string> ready_file_;
  bool may_listen_anywhere_ = false;
  HttpOptions http_;
  GroupOptions group_;
  std::chrono::milliseconds drain_time_{0};
  ConnectionOptions connection_;
};

}  // namespace

std::unique_ptr<Command> make_serve_command() { return std::make_unique<ServeCommand>(); }

}  // namespace omashu::cli
