#include "cli/connection.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/nearest.h"
#include "base/properties.h"
#include "cli/option_parser.h"

namespace omashu::cli {

namespace {

using schema_registry::ClientOptions;

struct RegistryProperty {
  std::string_view name;
  void (*set)(ClientOptions&, const std::string&);
};

void set_urls(ClientOptions& options, const std::string& value) {
  options.urls.clear();
  for (size_t start = 0; start <= value.size();) {
    const size_t comma = std::min(value.find(',', start), value.size());
    const std::string url = value.substr(start, comma - start);
    const size_t first = url.find_first_not_of(' ');
    if (first != std::string::npos) options.urls.push_back(url.substr(first, url.find_last_not_of(' ') - first + 1));
    start = comma + 1;
  }
}

void set_basic_auth(ClientOptions& options, const std::string& value) { options.basic_auth_user_info = value; }
void set_bearer_token(ClientOptions& options, const std::string& value) { options.bearer_token = value; }

constexpr std::array kRegistryProperties = {
    RegistryProperty{"schema.registry.url", set_urls},
    RegistryProperty{"schema.registry.basic.auth.user.info", set_basic_auth},
    RegistryProperty{"basic.auth.user.info", set_basic_auth},
    RegistryProperty{"schema.registry.bearer.auth.token", set_bearer_token},
    RegistryProperty{"bearer.auth.token", set_bearer_token},
    RegistryProperty{"schema.registry.ssl.ca.location", [](ClientOptions& o, const std::string& v) { o.ca_file = v; }},
    RegistryProperty{"schema.registry.ssl.certificate.location",
                     [](ClientOptions& o, const std::string& v) { o.certificate_file = v; }},
    RegistryProperty{"schema.registry.ssl.key.location",
                     [](ClientOptions& o, const std::string& v) { o.key_file = v; }},
    RegistryProperty{"schema.registry.ssl.key.password",
                     [](ClientOptions& o, const std::string& v) { o.key_password = v; }},
    // Where the credentials come from needs no telling: whichever are given are used.
    RegistryProperty{"basic.auth.credentials.source", [](ClientOptions&, const std::string&) {}},
    RegistryProperty{"bearer.auth.credentials.source", [](ClientOptions&, const std::string&) {}},
};

const RegistryProperty* find_registry_property(std::string_view name) {
  for (const RegistryProperty& property : kRegistryProperties) {
    if (property.name == name) return &property;
  }
  return nullptr;
}

// Later calls win.
Result<void> set_property(Connection& connection, const std::string& name, const std::string& value) {
  if (const RegistryProperty* property = find_registry_property(name)) {
    property->set(connection.registry, value);
    return {};
  }
  if (name.starts_with("schema.registry.")) {
    std::vector<std::string> known;
    for (const RegistryProperty& property : kRegistryProperties) known.emplace_back(property.name);
    return fail(ErrorCode::kInvalidArgument, fmt::format("unknown property {}{}", name, did_you_mean(name, known)));
  }
  if (name == "bootstrap.servers" || name == "metadata.broker.list") {
    connection.bootstrap_servers = value;
    return {};
  }
  connection.kafka.set(name, value);
  return {};
}

Result<void> add_file(Connection& connection, const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file.is_open() || file.bad()) {
    return fail(ErrorCode::kIo, fmt::format("{}: cannot be read: name a file of name=value lines", path));
  }
  const auto properties = parse_properties(text);
  if (!properties) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("{}:{}: {}", path, properties.error().position.value_or(TextPosition{}).line,
                            properties.error().message));
  }
  for (const auto& [name, value, line] : *properties) {
    if (auto set = set_property(connection, name, value); !set)
      return fail(std::move(set.error()).within(fmt::format("{}:{}", path, line)));
  }
  return {};
}

}  // namespace

void ConnectionOptions::declare(OptionParser& parser) {
  parser.heading("Connection");
  parser.option("--bootstrap-server", "HOST:PORT,…", bootstrap_server,
                "the Kafka brokers to start from (KAFKA_BOOTSTRAP_SERVERS; default 127.0.0.1:9092)");
  parser.option("--registry", "URL,…", registry,
                "the schema registry; several are tried in order (SCHEMA_REGISTRY_URL; default http://127.0.0.1:8081)");
  parser.option("-X", "NAME=VALUE", properties,
                "a client property under librdkafka's name, or schema.registry.…; may be repeated");
  parser.option("--command-config", "FILE", command_config,
                "such properties, a line each; what flags, -X and the environment say wins");
  parser.option("--timeout", "TIME", timeout, "how long to wait for brokers and registry (default 30s)");
}

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

Result<Connection> resolve_connection(const ConnectionOptions& options, const Environment& environment) {
  Connection connection;
  connection.bootstrap_servers = "127.0.0.1:9092";
  connection.registry.urls = {"http://127.0.0.1:8081"};
  connection.timeout = options.timeout;
  connection.registry.timeout = options.timeout;
  connection.kafka.set("client.id", "omashu");

  if (options.command_config) {
    if (auto added = add_file(connection, *options.command_config); !added) return fail(std::move(added.error()));
  }
  if (const auto servers = environment("KAFKA_BOOTSTRAP_SERVERS")) connection.bootstrap_servers = *servers;
  if (const auto urls = environment("SCHEMA_REGISTRY_URL")) set_urls(connection.registry, *urls);
  if (const auto user_info = environment("SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO")) {
    set_basic_auth(connection.registry, *user_info);
  }
  for (const std::string& text : options.properties) {
    auto property = parse_property(text);
    if (!property) return fail(std::move(property.error()).within("-X"));
    if (auto set = set_property(connection, property->name, property->value); !set) {
      return fail(std::move(set.error()).within("-X"));
    }
  }
  if (options.bootstrap_server) connection.bootstrap_servers = *options.bootstrap_server;
  if (options.registry) set_urls(connection.registry, *options.registry);

  if (connection.bootstrap_servers.empty()) {
    return fail(ErrorCode::kInvalidArgument, "--bootstrap-server: no address given: write HOST:PORT");
  }
  if (connection.registry.urls.empty()) {
    return fail(ErrorCode::kInvalidArgument, "--registry: no address given: write http://HOST:PORT");
  }
  connection.kafka.set("bootstrap.servers", connection.bootstrap_servers);
  return connection;
}

}  // namespace omashu::cli
