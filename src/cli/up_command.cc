#include <fmt/core.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "base/json.h"
#include "broker/handler/broker.h"
#include "broker/server/server.h"
#include "cli/build_info.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/init_kafka_options.h"
#include "cli/init_kafka_session.h"
#include "cli/option_parser.h"
#include "cli/output.h"
#include "cli/readiness.h"
#include "cli/stop_signal.h"
#include "http/listen_address.h"
#include "provision/wait.h"
#include "schema_registry/server/server.h"

namespace omashu::cli {

namespace {

// Where data of users goes (XDG Base Directory Specification).
std::string default_data_folder() {
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data == '/') {
    return fmt::format("{}/omashu", data);
  }
  const char* home = std::getenv("HOME");
  return home != nullptr && *home == '/' ? fmt::format("{}/.local/share/omashu", home) : "omashu-data";
}

using RegistryServer = schema_registry::server::Server;

class UpCommand : public Command {
 public:
  Description description() const override {
    return {.name = "up",
            .summary = "Run a Kafka broker and a schema registry on this machine, in one process",
            .usages = {"", "--file topics_and_schemas.txt"},
            .details =
                "Every Kafka client takes it for a Kafka, and every client of a Confluent registry for one. Records "
                "are on the disk before acks=all is answered; what was acknowledged outlives SIGKILL. SIGINT and "
                "SIGTERM end it cleanly.\n"
                "It listens on this machine alone. It neither encrypts nor asks who somebody is: to let others in, "
                "say --insecure-listen.",
            .examples = {
                {"With its data in the usual place, and these topics and schemas",
                 "omashu up --file topics_and_schemas.txt"},
                {"For a test: free ports, and a file that says where it is",
                 "omashu up --data \"$(mktemp -d)\" --kafka 127.0.0.1:0 --registry 127.0.0.1:0 --ready-file ready"}}};
  }

  void declare(OptionParser& options) override {
    options.option("--data", "DIR", data_, fmt::format("the data folder (default {})", data_));
    options.option("--file", "FILE", file_, "make these topics and schemas, as init-kafka does, before it is ready");
    options.option("--kafka", "HOST:PORT", kafka_.text, "where Kafka clients connect; port 0 takes a free one");
    options.option("--registry", "HOST:PORT", registry_.text, "where the registry's clients connect");
    options.flag("--no-registry", has_no_registry_, "the broker alone");
    options.option("--advertised-host", "HOST", advertised_host_,
                   "the host that clients are told (default: --kafka's)");
    options.flag("--insecure-listen", may_listen_anywhere_, "listen on addresses that other machines reach");
    options.choice("--durability", "WHEN", durability_, {"disk", "page-cache"},
                   "what acks=all waits for: disk (default), or page-cache: a power cut may lose what was answered");
    options.flag("--no-auto-create-topics", no_auto_create_, "a client that names a topic does not make it");
    options.option("--default-partitions", "N", default_partitions_, "of topics that are made without a number");
    options.flag("--accept-any-replication-factor", accepts_any_replication_,
                 "take a replication factor above 1 for 1, in place of refusing it");
    options.option("--housekeeping-interval", "TIME", housekeeping_interval_,
                   "how often logs are compacted and old records deleted (default 5s)");
    options.option("--ready-file", "FILE", ready_file_, "there while it is ready: its addresses, for a shell to read");
    options.choice("--log", "FORMAT", log_, {"text", "json"}, "text (default), or json: a line for each event");
  }

  Result<void> check() override {
    if (auto checked = check_address("--kafka", kafka_); !checked) return checked;
    if (auto checked = check_address("--registry", registry_); !checked) return checked;
    if (has_no_registry_ && file_) return fail(ErrorCode::kInvalidArgument, "--file: its schemas need the registry");
    if (default_partitions_ < 1 || default_partitions_ > broker::kMaxPartitionsOfTopic) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("--default-partitions: from 1 to {}", broker::kMaxPartitionsOfTopic));
    }
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    std::error_code error;
    std::filesystem::create_directories(data_, error);
    if (error) return fail(ErrorCode::kIo, fmt::format("{}: {}", data_, error.message()));
    for (const Listener* listener : {&kafka_, &registry_}) {
      if (listener->address.is_loopback()) continue;
      context.messages.warning(
          fmt::format("{} is open to other machines, without TLS and without log-in", listener->text));
    }
    Servers servers;
    auto exit_code = serve(context, servers);
    auto stopped = servers.stop();
    if (exit_code && !stopped) return fail(std::move(stopped).error());
    return exit_code;
  }

 private:
  struct Listener {
    std::string text;
    http::ListenAddress address = {};
  };

  // Whatever has been started, in the order in which it is started.
  struct Servers {
    std::unique_ptr<broker::Server> kafka;  // outlives the broker: its threads answer through it
    std::unique_ptr<broker::Broker> broker;
    std::unique_ptr<RegistryServer> registry;

    Result<void> stop() {
      if (registry != nullptr) registry->stop();
      if (kafka != nullptr) kafka->stop();
      auto closed = broker != nullptr ? broker->close() : Result<void>();
      broker.reset();
      return closed;
    }
  };

  Result<void> check_address(std::string_view option, Listener& listener) const {
    auto address = http::parse_listen_address(listener.text);
    if (!address) return fail(std::move(address).error().within(std::string(option)));
    listener.address = *std::move(address);
    if (listener.address.is_loopback() || may_listen_anywhere_) return {};
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}: {} can be reached from other machines, and nothing here asks who they are; if that "
                            "is wanted, add --insecure-listen",
                            option, listener.text));
  }

  Result<ExitCode> serve(Context& context, Servers& servers) const {
    auto broker = broker::Broker::open(broker_options(context), broker::real_file_system(), broker::system_clock());
    if (!broker) return fail(std::move(broker).error());
    servers.broker = *std::move(broker);
    Readiness readiness(ready_file_);  // of whoever has the data folder
    auto kafka = broker::Server::start(
        *servers.broker,
        {.listen = {.host = kafka_.address.host, .port = kafka_.address.port}, .advertised_host = advertised_host_});
    if (!kafka) return fail(std::move(kafka).error());
    servers.kafka = *std::move(kafka);
    const std::string bootstrap =
        fmt::format("{}:{}", servers.kafka->advertised().host, servers.kafka->advertised().port);
    std::vector<std::pair<std::string, std::string>> addresses = {{"KAFKA_BOOTSTRAP_SERVERS", bootstrap}};
    if (!has_no_registry_) {
      auto registry = RegistryServer::start(registry_options(context, bootstrap));
      if (!registry) return fail(std::move(registry).error().within("the schema registry"));
      servers.registry = *std::move(registry);
      addresses.emplace_back("SCHEMA_REGISTRY_URL", servers.registry->url());
    }
    if (file_) {
      auto made = make_topics_and_schemas(context, bootstrap, servers.registry->url());
      if (!made || *made != ExitCode::kDone) return made;
    }
    if (auto told = readiness.tell(addresses); !told) return fail(std::move(told).error());
    print_banner(context, addresses);
    if (auto shown = context.out.flush(); !shown) return fail(std::move(shown).error());
    while (!context.stop.wait_for(std::chrono::hours(24))) continue;
    return ExitCode::kDone;
  }

  broker::BrokerOptions broker_options(Context& context) const {
    return {.data_folder = data_,
            .durability = durability_ == "disk" ? broker::Durability::kDisk : broker::Durability::kPageCache,
            .auto_create_topics = !no_auto_create_,
            .default_partitions = static_cast<int32_t>(default_partitions_),
            .accept_any_replication_factor = accepts_any_replication_,
            .housekeeping_interval = housekeeping_interval_,
            .report = [&context](const std::string& problem) { context.messages.warning(problem); }};
  }

  schema_registry::server::ServerOptions registry_options(Context& context, const std::string& bootstrap) const {
    schema_registry::server::ServerOptions options;
    options.kafka.set("bootstrap.servers", bootstrap);
    options.http.address = registry_.text;
    options.leadership = schema_registry::server::ServerOptions::Leadership::kAlone;
    options.version = build_description();
    options.on_error = [&context](std::string_view problem) { context.messages.warning(problem); };
    return options;
  }

  Result<ExitCode> make_topics_and_schemas(Context& context, const std::string& bootstrap,
                                           const std::string& registry_url) const {
    const OutputOptions output{.format = log_};
    const auto desired = load_and_report(context, output, SourceOptions().source(*file_), provision::read_file);
    if (!desired) return fail(desired.error());
    if (!*desired) return ExitCode::kFailed;
    ServerOptions places;
    places.connection.bootstrap_server = bootstrap;
    places.connection.registry = registry_url;
    auto servers = reach_servers(context, places, provision::brokers_needed(**desired));
    if (!servers) return fail(std::move(servers).error());
    auto checked = make_checked_plan(context, **desired, *servers, {}, {});
    if (!checked) return fail(std::move(checked).error());
    return apply_and_report(context, output, checked->plan, *servers);
  }

  void print_banner(Context& context, const std::vector<std::pair<std::string, std::string>>& addresses) const {
    if (log_ == "json") {
      json::Value line = json::Value::object();
      line.add("event", "ready").add("data", data_);
      for (const auto& [name, address] : addresses) line.add(name, address);
      context.out.line(json::to_text(line));
      return;
    }
    std::string text = fmt::format("omashu is up, with its data in {}\n\nTry, in another terminal:\n  export", data_);
    for (const auto& [name, address] : addresses) text += fmt::format(" {}={}", name, address);
    text += "\n";
    text += file_ ? "  omashu list TOPIC\n  omashu watch TOPIC\n"
                  : "  init-kafka topics_and_schemas.txt\n  omashu list TOPIC\n";
    context.out.text(text);
  }

  std::string data_ = default_data_folder();
  std::optional<std::string> file_;
  Listener kafka_{.text = "127.0.0.1:9092"};
  Listener registry_{.text = "127.0.0.1:8081"};
  bool has_no_registry_ = false;
  std::string advertised_host_;
  bool may_listen_anywhere_ = false;
  std::string durability_ = "disk";
  bool no_auto_create_ = false;
  int64_t default_partitions_ = 1;
  bool accepts_any_replication_ = false;
  std::chrono::milliseconds housekeeping_interval_{5000};
  std::optional<std::string> ready_file_;
  std::string log_ = "text";
};

}  // namespace

std::unique_ptr<Command> make_up_command() { return std::make_unique<UpCommand>(); }

}  // namespace omashu::cli
