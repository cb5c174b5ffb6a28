#include "cli/connection/connection.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/nearest.h"
#include "base/properties.h"
#include "cli/connection/context_file.h"
#include "cli/connection/value_reference.h"
#include "cli/option_parser.h"
#include "cli/records/part_formats.h"
#include "kafka/client_config.h"

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

// A connection while its sources are read, the weakest first: later calls win.
struct Draft {
  Connection connection;
  std::vector<Property> kafka;            // with their line in the file; 0 where they came from elsewhere
  std::vector<Property> registry_stores;  // of the registry, as Java's clients have them, without schema.registry.

  Result<void> set(const Property& property) {
    if (const RegistryProperty* known = find_registry_property(property.name)) {
      known->set(connection.registry, property.value);
      return {};
    }
    constexpr std::string_view kRegistry = "schema.registry.";
    if (property.name.starts_with("schema.registry.ssl.truststore.") ||
        property.name.starts_with("schema.registry.ssl.keystore.")) {
      registry_stores.push_back(
          {.name = property.name.substr(kRegistry.size()), .value = property.value, .line = property.line});
      return {};
    }
    if (property.name.starts_with(kRegistry)) {
      std::vector<std::string> names;
      for (const RegistryProperty& known : kRegistryProperties) names.emplace_back(known.name);
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("unknown property {}{}", property.name, did_you_mean(property.name, names)));
    }
    if (property.name == "bootstrap.servers" || property.name == "metadata.broker.list") {
      connection.bootstrap_servers = property.value;
      return {};
    }
    kafka.push_back(property);
    return {};
  }

  // Java's trust and key stores of the registry, as Kafka's are translated. What was named as a PEM file wins.
  Result<void> translate_registry_stores() {
    const auto translated = kafka::make_client_config(registry_stores);
    if (!translated) return fail(Error(translated.error()).within("of the schema registry"));
    for (const auto& [name, value] : translated->properties) {
      ClientOptions& registry = connection.registry;
      if (name == "ssl.keystore.location") {
        return fail(ErrorCode::kInvalidArgument,
                    fmt::format("schema.registry.{}: a key store of type PKCS12 is not read here: write it to a PEM "
                                "file with `openssl pkcs12 -in {} -out client.pem -nodes`, and set "
                                "schema.registry.ssl.certificate.location=client.pem and "
                                "schema.registry.ssl.key.location=client.pem",
                                name, value));
      }
      std::string* const file = name == "ssl.ca.location"            ? &registry.ca_file
                                : name == "ssl.certificate.location" ? &registry.certificate_file
                                : name == "ssl.key.location"         ? &registry.key_file
                                                                     : nullptr;
      if (file != nullptr && file->empty()) *file = value;
    }
    return {};
  }

  Result<void> add_context(const std::string& name, const Environment& environment) {
    const std::string path = context_file_path(environment);
    const auto file = ContextFile::load(path);
    if (!file) return fail(file.error());
    const auto context = file->find(name);
    if (!context) return fail(context.error());
    for (const auto& [property, text] : **context) {
      const std::string source = fmt::format("context {}: {}", name, property);
      auto value = resolve_value_reference(text, environment);
      if (!value) return fail(std::move(value.error()).within(source));
      if (auto known = set({.name = property, .value = *std::move(value)}); !known) {
        return fail(std::move(known.error()).within(source));
      }
    }
    return {};
  }

  Result<void> add_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.is_open() || file.bad()) {
      return fail(ErrorCode::kIo, fmt::format("{}: cannot be read: name a file of name=value lines", path));
    }
    auto properties = parse_properties(text);
    if (!properties) {
      const size_t line = properties.error().position.value_or(TextPosition{}).line;
      return fail(std::move(properties.error()).within(fmt::format("{}:{}", path, line)));
    }
    for (const Property& property : *properties) {
      // Of the formats of keys and values, which consume and produce read (part_formats.h) and others do not need.
      if (PartFormats::is_property(property.name)) continue;
      if (auto known = set(property); !known) {
        return fail(std::move(known.error()).within(fmt::format("{}:{}", path, property.line)));
      }
    }
    return {};
  }
};

// --context, else OMASHU_CONTEXT, else what `omashu context use` chose.
Result<std::optional<std::string>> chosen_context(const ConnectionOptions& options, const Environment& environment) {
  if (options.context) return options.context;
  if (auto name = environment("OMASHU_CONTEXT")) return name;
  auto file = ContextFile::load(context_file_path(environment));
  if (!file) return fail(std::move(file.error()));
  return std::move(file->current);
}

// A context that was asked for by a flag is expected to be where the command goes.
void warn_of_environment(Connection& connection, const ConnectionOptions& options, const Environment& environment) {
  if (!options.context) return;
  const auto warn = [&](const char* variable, bool is_overridden) {
    if (!environment(variable) || is_overridden) return;
    connection.warnings.push_back(
        fmt::format("{} wins over --context {}: unset it to go where the context says", variable, *options.context));
  };
  warn("KAFKA_BOOTSTRAP_SERVERS", options.bootstrap_server.has_value());
  warn("SCHEMA_REGISTRY_URL", options.registry.has_value());
}

}  // namespace

void ConnectionOptions::declare(OptionParser& parser) {
  declare_kafka(parser);
  declare_registry_url(parser);
}

void ConnectionOptions::declare_registry(OptionParser& parser) {
  parser.heading("Connection");
  declare_registry_url(parser);
  declare_shared(parser);
}

void ConnectionOptions::declare_registry_url(OptionParser& parser) {
  parser.option("--registry", "URL[,URL]", registry,
                "the schema registry; several are tried in order (SCHEMA_REGISTRY_URL; default http://127.0.0.1:8081)");
}

void ConnectionOptions::declare_kafka(OptionParser& parser) {
  parser.heading("Connection");
  parser.option("--bootstrap-server", "HOST:PORT", bootstrap_server,
                "the Kafka brokers to start from (KAFKA_BOOTSTRAP_SERVERS; default 127.0.0.1:9092)");
  declare_shared(parser);
}

void ConnectionOptions::declare_shared(OptionParser& parser) {
  parser.option("-X", "NAME=VALUE", properties,
                "a client property under librdkafka's name, or schema.registry.…; may be repeated");
  parser.option("--command-config", "FILE", command_config,
                "such properties, a line each; what flags, -X and the environment say wins");
  parser.option("--context", "CONTEXT", context,
                "the connection that `omashu context` keeps under this name (OMASHU_CONTEXT); all others win");
  parser.option("--timeout", "TIME", timeout, "how long to wait for an answer (default 30s)");
  parser.option("--wait", "TIME", wait, "wait so long for servers that are not there yet (default 2s)");
}

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return std::string(value);
}

Result<Connection> resolve_connection(const ConnectionOptions& options, const Environment& environment) {
  Draft draft;
  Connection& connection = draft.connection;
  connection.bootstrap_servers = "127.0.0.1:9092";
  connection.registry.urls = {"http://127.0.0.1:8081"};
  const std::chrono::milliseconds wait = options.wait.value_or(std::chrono::seconds(2));
  connection.timeout = std::max(options.timeout, options.wait.value_or(options.timeout));
  connection.registry.timeout = connection.timeout;
  connection.registry.unreachable_timeout = wait;
  draft.kafka.push_back({.name = "client.id", .value = "omashu"});

  const auto context = chosen_context(options, environment);
  if (!context) return fail(context.error());
  if (*context) {
    if (auto added = draft.add_context(**context, environment); !added) return fail(std::move(added.error()));
  }
  warn_of_environment(connection, options, environment);
  if (options.command_config) {
    if (auto added = draft.add_file(*options.command_config); !added) return fail(std::move(added.error()));
  }
  if (const auto servers = environment("KAFKA_BOOTSTRAP_SERVERS")) connection.bootstrap_servers = *servers;
  if (const auto urls = environment("SCHEMA_REGISTRY_URL")) set_urls(connection.registry, *urls);
  if (const auto user_info = environment("SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO")) {
    set_basic_auth(connection.registry, *user_info);
  }
  for (const std::string& text : options.properties) {
    auto property = parse_property(text);
    if (!property) return fail(std::move(property.error()).within("-X"));
    if (auto set = draft.set(*property); !set) return fail(std::move(set.error()).within("-X"));
  }
  if (auto translated = draft.translate_registry_stores(); !translated) return fail(std::move(translated.error()));
  if (options.bootstrap_server) connection.bootstrap_servers = *options.bootstrap_server;
  if (options.registry) set_urls(connection.registry, *options.registry);

  if (connection.bootstrap_servers.empty()) {
    return fail(ErrorCode::kInvalidArgument, "--bootstrap-server: no address given: write HOST:PORT");
  }
  if (connection.registry.urls.empty()) {
    return fail(ErrorCode::kInvalidArgument, "--registry: no address given: write http://HOST:PORT");
  }
  draft.kafka.push_back({.name = "bootstrap.servers", .value = connection.bootstrap_servers});
  auto config = kafka::make_client_config(draft.kafka);
  if (!config) {
    const size_t line = config.error().position.value_or(TextPosition{.line = 0}).line;
    const std::string source =
        line > 0 && options.command_config ? fmt::format("{}:{}", *options.command_config, line) : "-X";
    return fail(std::move(config.error()).within(source));
  }
  connection.kafka = *std::move(config);
  connection.kafka.give_up_after = wait;
  return std::move(connection);
}

Result<void> check_connection_property(const Property& property) {
  Draft draft;
  if (auto known = draft.set(property); !known) return known;
  if (draft.kafka.empty()) return {};
  if (is_value_reference(property.value)) return kafka::check_property_name(property.name);
  const auto config = kafka::make_client_config(draft.kafka);
  if (!config) return fail(config.error());
  return {};
}

}  // namespace omashu::cli
