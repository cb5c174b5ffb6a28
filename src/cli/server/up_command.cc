#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/json.h"
#include "broker/handler/broker.h"
#include "broker/handler/broker_options.h"
#include "broker/server/server.h"
#include "cli/build_info.h"
#include "cli/commands.h"
#include "cli/diagnostics.h"
#include "cli/init_kafka/init_kafka_options.h"
#include "cli/init_kafka/init_kafka_session.h"
#include "cli/option_parser.h"
#include "cli/output/output.h"
#include "cli/server/data_folder.h"
#include "cli/server/http_options.h"
#include "cli/server/kafka_listeners.h"
#include "cli/server/readiness.h"
#include "cli/server/served_topics.h"
#include "cli/server/table_arguments.h"
#include "cli/server/table_service.h"
#include "cli/stop_signal.h"
#include "net/file_limit.h"
#include "net/listen_address.h"
#include "provision/wait.h"
#include "schema_registry/server/server.h"

namespace omashu::cli {

namespace {

// How often it is looked whether there are further topics to be served.
constexpr std::chrono::milliseconds kLookForTopics{250};

using RegistryServer = schema_registry::server::Server;

class UpCommand : public Command {
 public:
  Description description() const override {
    return {
        .name = "up",
        .summary = "Run a Kafka broker, a schema registry and tables over HTTP on this machine, in one process",
        .usages = {"", "--file topics_and_schemas.txt"},
        .details =
            "Every Kafka client takes it for a Kafka, and every client of a Confluent registry for one. Records "
            "are on the disk before acks=all is answered; what was acknowledged outlives SIGKILL. SIGINT and "
            "SIGTERM end it cleanly.\n"
            "Every compacted topic is served as a table over HTTP too (see `omashu serve`), with a dashboard; "
            "indexes are those of --file.\n"
            "It listens on this machine alone. It neither encrypts nor asks who somebody is: to let others in, "
            "say --insecure-listen.",
        .examples = {{"With its data in the usual place, and these topics and schemas",
                      "omashu up --file topics_and_schemas.txt"},
                     {"For a test: free ports, and a file that says where it is",
                      "omashu up --data \"$(mktemp -d)\" --kafka 127.0.0.1:0 --registry 127.0.0.1:0 --http 127.0.0.1:0 "
                      "--ready-file ready"},
                     {"For clients on this machine and in containers, where it is called omashu",
                      "omashu up --listener HOST://127.0.0.1:9092 --listener DOCKER://0.0.0.0:29092 "
                      "--advertised-listener DOCKER://omashu:29092 --insecure-listen"}}};
  }

  void declare(OptionParser& options) override {
    options.option("--data", "DIR", data_, fmt::format("the data folder (default {})", data_));
    options.option("--file", "FILE", file_, "make these topics and schemas, as init-kafka does, before it is ready");
    options.option("--kafka", "HOST:PORT", listeners_.kafka,
                   "where Kafka clients connect (default 127.0.0.1:9092); port 0 takes a free one");
    options.option("--advertised-host", "HOST", listeners_.advertised_host,
                   "the host that clients of --kafka are told (default: the one of --kafka)");
    options.option("--listener", "NAME://HOST:PORT", listeners_.listeners,
                   "in place of --kafka: one of several places where Kafka clients connect; may be repeated");
    options.option("--advertised-listener", "NAME://HOST:PORT", listeners_.advertised_listeners,
                   "what the clients of the listener of this name are told (default: where it listens)");
    options.option("--registry", "HOST:PORT", registry_, "where the registry's clients connect");
    options.flag("--no-registry", has_no_registry_, "the broker alone");
    options.option("--host-name", "NAME", host_names_,
                   "a name under which clients address the registry; may be repeated. On loopback it answers to no "
                   "others");
    options.flag("--insecure-listen", listeners_.may_listen_anywhere, "listen on addresses that other machines reach");
    options.choice("--durability", "WHEN", durability_, {"disk", "page-cache"},
                   "what acks=all waits for: disk (default), or page-cache: a power cut may lose what was answered");
    options.flag("--no-auto-create-topics", no_auto_create_, "a client that names a topic does not make it");
    options.option("--default-partitions", "N", default_partitions_, "of topics that are made without a number");
    options.flag("--accept-any-replication-factor", accepts_any_replication_,
                 "take a replication factor above 1 for 1, in place of refusing it");
    options.option("--housekeeping-interval", "TIME", housekeeping_interval_,
                   "how often logs are compacted and old records deleted (default 5s)");
    options.option("--config", "NAME=VALUE", configs_,
                   "a setting of the broker under Kafka's name, as group.initial.rebalance.delay.ms; may be repeated");
    options.option("--ready-file", "FILE", ready_file_, "there while it is ready: its addresses, for a shell to read");
    options.choice("--log", "FORMAT", log_, {"text", "json"}, "text (default), or json: a line for each event");
    options.flag("--no-http", has_no_http_, "no tables over HTTP");
    http_.declare(options);
  }

  Result<void> check() override {
    if (auto listeners = kafka_listeners(listeners_); !listeners) return fail(std::move(listeners).error());
    if (auto checked = check_registry_address(); !checked) return checked;
    if (has_no_registry_ && file_) return fail(ErrorCode::kInvalidArgument, "--file: its schemas need the registry");
    if (has_no_registry_ && http_.is_given()) {
      return fail(ErrorCode::kInvalidArgument, "--http: its tables need the registry");
    }
    if (has_no_http_ && http_.is_given())
      return fail(ErrorCode::kInvalidArgument, "--http and --no-http exclude each other");
    if (auto checked = http_.check(listeners_.may_listen_anywhere); !checked) return checked;
    if (default_partitions_ < 1 || default_partitions_ > broker::kMaxPartitionsOfTopic) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("--default-partitions: from 1 to {}", broker::kMaxPartitionsOfTopic));
    }
    broker::BrokerOptions broker_options;
    if (auto set = set_configs(broker_options); !set) return set;
    return {};
  }

  Result<ExitCode> run(Context& context) override {
    std::error_code error;
    std::filesystem::create_directories(data_, error);
    if (error) return fail(ErrorCode::kIo, fmt::format("{}: {}", data_, error.message()));
    const auto listeners = kafka_listeners(listeners_);
    if (!listeners) return fail(listeners.error());
    const auto warn_unless_loopback = [&](const net::ListenAddress& address) {
      if (address.is_loopback()) return;
      context.messages.warning(
          fmt::format("{} is open to other machines, without TLS and without log-in", net::address_text(address)));
    };
    for (const auto& [name, listen, advertised] : *listeners) warn_unless_loopback({listen.host, listen.port});
    if (!has_no_registry_) warn_unless_loopback(registry_address_);
    Servers servers;
    auto exit_code = serve(context, *listeners, servers);
    auto stopped = servers.stop();
    if (exit_code && !stopped) return fail(std::move(stopped).error());
    return exit_code;
  }

 private:
  using Addresses = std::vector<std::pair<std::string, std::string>>;  // by the names of environment variables

  // Whatever has been started, in the order in which it is started.
  struct Servers {
    std::unique_ptr<broker::Server> kafka;  // outlives the broker: its threads answer through it
    std::unique_ptr<broker::Broker> broker;
    std::unique_ptr<RegistryServer> registry;
    std::unique_ptr<TableService> tables;

    Result<void> stop() {
      if (tables != nullptr) tables->stop();
      if (registry != nullptr) registry->stop();
      if (kafka != nullptr) kafka->stop();
      auto closed = broker != nullptr ? broker->close() : Result<void>();
      broker.reset();
      return closed;
    }
  };

  Result<void> check_registry_address() {
    auto address = net::parse_listen_address(registry_);
    if (!address) return fail(std::move(address).error().within("--registry"));
    registry_address_ = *std::move(address);
    if (registry_address_.is_loopback() || listeners_.may_listen_anywhere) return {};
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("--registry: {} can be reached from other machines, and nothing here asks who they are; "
                            "if that is wanted, add --insecure-listen",
                            registry_));
  }

  // The index of a listener through which this process reaches its own broker. What the user's listeners advertise may
  // be a name that only others can resolve: then there is one more, on loopback and for this process alone.
  static size_t add_own_listener(std::vector<broker::ListenerOptions>& listeners) {
    const auto reachable = std::ranges::find_if(listeners, is_reachable_here);
    const auto index = static_cast<size_t>(reachable - listeners.begin());
    if (reachable == listeners.end()) listeners.push_back({.name = "OMASHU", .listen = {"127.0.0.1", 0}});
    return index;
  }

  Result<ExitCode> serve(Context& context, std::vector<broker::ListenerOptions> listeners, Servers& servers) const {
    const net::OpenFileShares files = net::divide_open_files(net::raise_open_file_limit());
    auto options = broker_options(context, files);
    if (!options) return fail(std::move(options).error());
    auto broker = broker::Broker::open(*std::move(options), broker::real_file_system(), broker::system_clock());
    if (!broker) return fail(std::move(broker).error());
    servers.broker = *std::move(broker);
    if (has_http()) {
      auto tables = bind_tables(context, files);
      if (!tables) return fail(std::move(tables).error());
      servers.tables = *std::move(tables);
    }
    Readiness readiness(ready_file_);  // of whoever has the data folder
    const std::vector<broker::ListenerOptions> of_the_user = listeners;
    const size_t own_listener = has_no_registry_ ? 0 : add_own_listener(listeners);
    auto kafka = broker::Server::start(
        *servers.broker, {.listeners = std::move(listeners),
                          .max_connections = files.broker_connections,
                          .report = [&context](const std::string& problem) { context.messages.warning(problem); }});
    if (!kafka)
      return fail(naming_option(std::move(kafka).error(), listeners_.listeners.empty() ? "--kafka" : "--listener"));
    servers.kafka = *std::move(kafka);
    const std::string bootstrap = endpoint_text(servers.kafka->advertised().at(own_listener));
    auto addresses = kafka_addresses(of_the_user, servers.kafka->advertised());
    if (!has_no_registry_) {
      auto registry = RegistryServer::start(registry_options(context, files, bootstrap));
      if (!registry) return fail(naming_option(std::move(registry).error(), "--registry"));
      servers.registry = *std::move(registry);
      addresses.emplace_back("SCHEMA_REGISTRY_URL", servers.registry->url());
    }
    std::vector<table::TableOptions> tables;  // of the file
    if (file_) {
      auto made = make_topics_and_schemas(context, bootstrap, servers.registry->url(), tables);
      if (!made || *made != ExitCode::kDone) return made;
    }
    std::optional<ServedTopics> served;
    if (has_http()) {
      served.emplace(*servers.broker, *servers.tables);
      if (auto serving = served->serve(bootstrap, servers.registry->url(), std::move(tables)); !serving) {
        return fail(std::move(serving).error());
      }
      addresses.emplace_back("OMASHU_URL", servers.tables->url());
    }
    if (auto told = readiness.tell(addresses); !told) return fail(std::move(told).error());
    print_banner(context, addresses);
    if (auto shown = context.out.flush(); !shown) return fail(std::move(shown).error());
    while (!context.stop.wait_for(kLookForTopics)) {
      if (served) served->serve_new_topics(context);
    }
    return ExitCode::kDone;
  }

  bool has_http() const { return !has_no_http_ && !has_no_registry_; }

  Result<std::unique_ptr<TableService>> bind_tables(Context& context, const net::OpenFileShares& files) const {
    auto options = http_.service_options();
    if (!options) return fail(std::move(options).error());
    options->http.max_connections = files.http_connections / 2;
    auto bound = TableService::bind(context, *std::move(options), data_ + "/tables", http_.table_memory());
    if (!bound) {
      Error error = naming_option(std::move(bound).error(), "--http");
      if (error.code == ErrorCode::kAlreadyExists) error.message += "; --no-http does without";
      return fail(std::move(error));
    }
    if (http_.is_exposed()) {
      context.messages.warning(
          fmt::format("{} is open to other machines, without TLS or without log-in", http_.address()));
    }
    return bound;
  }

  // For a shell to read: that of the first listener, and where there are several, each by its name.
  static Addresses kafka_addresses(const std::vector<broker::ListenerOptions>& listeners,
                                   const std::vector<broker::Endpoint>& advertised) {
    const std::string variable = "KAFKA_BOOTSTRAP_SERVERS";
    Addresses addresses = {{variable, endpoint_text(advertised.front())}};
    if (listeners.size() == 1) return addresses;
    for (size_t i = 0; i < listeners.size(); ++i) {
      std::string name = listeners[i].name;
      std::ranges::replace_if(name, [](char c) { return c == '-' || c == '.'; }, '_');
      addresses.emplace_back(fmt::format("{}_{}", variable, name), endpoint_text(advertised[i]));
    }
    return addresses;
  }

  Result<void> set_configs(broker::BrokerOptions& options) const {
    for (const std::string& config : configs_) {
      if (auto set = broker::set_broker_option(options, config); !set) {
        return fail(std::move(set).error().within("--config"));
      }
    }
    auto checked = broker::check_broker_options(options);
    return checked ? Result<void>() : fail(std::move(checked).error().within("--config"));
  }

  Result<broker::BrokerOptions> broker_options(Context& context, const net::OpenFileShares& files) const {
    broker::BrokerOptions options{
        .data_folder = data_,
        .durability = durability_ == "disk" ? broker::Durability::kDisk : broker::Durability::kPageCache,
        .auto_create_topics = !no_auto_create_,
        .default_partitions = static_cast<int32_t>(default_partitions_),
        .accept_any_replication_factor = accepts_any_replication_,
        .max_open_files = files.log_files,
        .housekeeping_interval = housekeeping_interval_,
        .report = [&context](const std::string& problem) { context.messages.warning(problem); }};
    if (auto set = set_configs(options); !set) return fail(std::move(set).error());
    return options;
  }

  schema_registry::server::ServerOptions registry_options(Context& context, const net::OpenFileShares& files,
                                                          const std::string& bootstrap) const {
    schema_registry::server::ServerOptions options;
    options.kafka.set("bootstrap.servers", bootstrap);
    options.http.address = registry_;
    options.http.max_connections = has_http() ? files.http_connections / 2 : files.http_connections;
    options.http.host_names = host_names_;
    options.leadership = schema_registry::server::ServerOptions::Leadership::kAlone;
    options.version = build_description();
    options.on_error = [&context](std::string_view problem) { context.messages.warning(problem); };
    return options;
  }

  Result<ExitCode> make_topics_and_schemas(Context& context, const std::string& bootstrap,
                                           const std::string& registry_url,
                                           std::vector<table::TableOptions>& tables) const {
    const OutputOptions output{.format = log_};
    const auto desired = load_and_report(context, output, SourceOptions().source(*file_), provision::read_file);
    if (!desired) return fail(desired.error());
    if (!*desired) return ExitCode::kFailed;
    auto described = tables_of(**desired);
    if (!described) return fail(std::move(described).error());
    tables = *std::move(described);
    ServerOptions places;
    places.connection.bootstrap_server = bootstrap;
    places.connection.registry = registry_url;
    auto servers = reach_servers(context, places, provision::brokers_needed(**desired));
    if (!servers) return fail(std::move(servers).error());
    auto checked = make_checked_plan(context, **desired, *servers, {}, {});
    if (!checked) return fail(std::move(checked).error());
    return apply_and_report(context, output, checked->plan, *servers);
  }

  void print_banner(Context& context, const Addresses& addresses) const {
    if (log_ == "json") {
      json::Value line = json::Value::object();
      line.add("event", "ready").add("data", data_);
      for (const auto& [name, address] : addresses) line.add(name, address);
      context.out.line(json::to_text(line));
      return;
    }
    std::string text = fmt::format("omashu is up, with its data in {}\n", data_);
    if (has_http()) text += fmt::format("Its dashboard is at {}\n", addresses.back().second);
    text += "\nTry, in another terminal:\n  export";
    for (const auto& [name, address] : addresses) text += fmt::format(" {}={}", name, address);
    text += "\n";
    text += file_ ? "  omashu list TOPIC\n  omashu watch TOPIC\n"
                  : "  init-kafka topics_and_schemas.txt\n  omashu list TOPIC\n";
    context.out.text(text);
  }

  std::string data_ = default_data_folder("omashu");
  std::optional<std::string> file_;
  KafkaListenerArguments listeners_;
  std::string registry_ = "127.0.0.1:8081";
  net::ListenAddress registry_address_;
  std::vector<std::string> host_names_;
  bool has_no_registry_ = false;
  bool has_no_http_ = false;
  HttpOptions http_;
  std::string durability_ = "disk";
  bool no_auto_create_ = false;
  int64_t default_partitions_ = 1;
  bool accepts_any_replication_ = false;
  std::chrono::milliseconds housekeeping_interval_{5000};
  std::vector<std::string> configs_;
  std::optional<std::string> ready_file_;
  std::string log_ = "text";
};

}  // namespace

std::unique_ptr<Command> make_up_command() { return std::make_unique<UpCommand>(); }

}  // namespace omashu::cli
