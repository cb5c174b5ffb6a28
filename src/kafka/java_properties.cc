#include "kafka/java_properties.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "kafka/jaas_config.h"

namespace omashu::kafka {
namespace {

using Translated = Result<std::vector<Property>>;
using All = std::span<const Property>;

std::unexpected<Error> refused(std::string_view name, std::string_view why) {
  return fail(ErrorCode::kInvalidArgument, fmt::format("client property {}: {}", name, why));
}

std::string_view last_value(All all, std::string_view name) {
  std::string_view value;
  for (const Property& property : all) {
    if (property.name == name) value = property.value;
  }
  return value;
}

// Types of key and trust stores; where none is named, the file's ending tells.
bool is_pkcs12(std::string_view type, std::string_view path) {
  return type == "PKCS12" || (type.empty() && (path.ends_with(".p12") || path.ends_with(".pfx")));
}

bool is_jks(std::string_view type, std::string_view path) {
  return type == "JKS" || (type.empty() && path.ends_with(".jks"));
}

Translated trust_store(const Property& property, All all) {
  const std::string_view type = last_value(all, "ssl.truststore.type");
  if (is_jks(type, property.value) || is_pkcs12(type, property.value)) {
    return refused(property.name,
                   "only PEM is read here; export the CA with `keytool -exportcert -rfc` and name that file");
  }
  return std::vector<Property>{{"ssl.ca.location", property.value, 0}};
}

Translated key_store(const Property& property, All all) {
  const std::string_view type = last_value(all, "ssl.keystore.type");
  if (is_jks(type, property.value)) {
    return refused(property.name,
                   "JKS is not read here; convert it with `keytool -importkeystore -deststoretype PKCS12`");
  }
  if (type != "PEM") return std::vector<Property>{property};  // PKCS#12, as librdkafka has it
  return std::vector<Property>{{"ssl.certificate.location", property.value, 0},
                               {"ssl.key.location", property.value, 0}};
}

Translated store_type(const Property& property, All) {
  constexpr std::array<std::string_view, 3> kTypes = {"PEM", "PKCS12", "JKS"};
  if (std::ranges::find(kTypes, property.value) == kTypes.end())
    return refused(property.name, "expected PEM or PKCS12");
  return std::vector<Property>{};
}

Translated endpoint_identification(const Property& property, All) {
  return std::vector<Property>{{property.name, property.value.empty() ? "none" : property.value, 0}};
}

Translated jaas_config(const Property& property, All) {
  const Result<JaasConfig> config = parse_jaas_config(property.value);
  if (!config) return fail(config.error());
  const auto option = [&config](std::string_view name) {
    const auto found = config->options.find(name);
    return found == config->options.end() ? std::string() : found->second;
  };
  if (config->login_module == "PlainLoginModule" || config->login_module == "ScramLoginModule") {
    if (!config->options.contains("username") || !config->options.contains("password")) {
      return refused(property.name, fmt::format("{} needs username and password", config->login_module));
    }
    return std::vector<Property>{{"sasl.username", option("username"), 0}, {"sasl.password", option("password"), 0}};
  }
  if (config->login_module == "OAuthBearerLoginModule") {
    if (config->options.contains("unsecuredLoginStringClaim_sub")) {
      return std::vector<Property>{
          {"enable.sasl.oauthbearer.unsecure.jwt", "true", 0},
          {"sasl.oauthbearer.config", "principal=" + option("unsecuredLoginStringClaim_sub"), 0}};
    }
    std::vector<Property> oidc = {{"sasl.oauthbearer.method", "oidc", 0}};
    for (const auto& [java, name] :
         {std::pair("clientId", "sasl.oauthbearer.client.id"),
          std::pair("clientSecret", "sasl.oauthbearer.client.secret"), std::pair("scope", "sasl.oauthbearer.scope")}) {
      if (config->options.contains(java)) oidc.push_back({name, option(java), 0});
    }
    return oidc;
  }
  return refused(property.name, fmt::format("the login module {} is not known here; PlainLoginModule, ScramLoginModule "
                                            "and OAuthBearerLoginModule are, and librdkafka's own sasl.… properties",
                                            config->login_module));
}

// Which handler fetches the token follows from the mechanism here.
Translated login_callback_handler(const Property& property, All) {
  if (property.value.ends_with("OAuthBearerLoginCallbackHandler")) return std::vector<Property>{};
  return refused(property.name, "classes of Java cannot be loaded here");
}

Translated assignment_strategy(const Property& property, All) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kAssignors = {{
      {"org.apache.kafka.clients.consumer.RangeAssignor", "range"},
      {"org.apache.kafka.clients.consumer.RoundRobinAssignor", "roundrobin"},
      {"org.apache.kafka.clients.consumer.CooperativeStickyAssignor", "cooperative-sticky"},
  }};
  std::string names;
  std::string_view rest = property.value;
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    std::string_view name = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    for (const auto& [java, own] : kAssignors) {
      if (name == java) name = own;
    }
    if (name.contains('.')) return refused(property.name, fmt::format("the assignor {} is not known here", name));
    if (!names.empty()) names += ',';
    names += name;
  }
  return std::vector<Property>{{property.name, names, 0}};
}

Translated offset_reset(const Property& property, All) {
  return std::vector<Property>{{property.name, property.value == "none" ? "error" : property.value, 0}};
}

Translated buffer_memory(const Property& property, All) {
  int64_t bytes = 0;
  const char* end = property.value.data() + property.value.size();
  if (const auto read = std::from_chars(property.value.data(), end, bytes); read.ec != std::errc{} || read.ptr != end) {
    return refused(property.name, "expected a number of bytes");
  }
  return std::vector<Property>{{"queue.buffering.max.kbytes", std::to_string(std::max<int64_t>(1, bytes / 1024)), 0}};
}

// -1 is Java's way to leave it to the system, 0 is librdkafka's.
template <const char* kName>
Translated socket_buffer(const Property& property, All) {
  return std::vector<Property>{{kName, property.value == "-1" ? "0" : property.value, 0}};
}

template <const char* kName>
Translated renamed(const Property& property, All) {
  return std::vector<Property>{{kName, property.value, 0}};
}

Translated java_only(const Property& property, All) {
  return refused(property.name, "it belongs to Java programs and means nothing here; leave it out");
}

Translated pem_has_no_password(const Property& property, All) {
  return refused(property.name, "a PEM trust store has no password; leave it out");
}

constexpr char kSslCaPem[] = "ssl.ca.pem";
constexpr char kSslKeyPem[] = "ssl.key.pem";
constexpr char kSslCertificatePem[] = "ssl.certificate.pem";
constexpr char kFetchWaitMaxMs[] = "fetch.wait.max.ms";
constexpr char kMessageMaxBytes[] = "message.max.bytes";
constexpr char kSocketReceiveBufferBytes[] = "socket.receive.buffer.bytes";
constexpr char kSocketSendBufferBytes[] = "socket.send.buffer.bytes";

struct Rule {
  std::string_view name;
  Translated (*translate)(const Property&, All);
};

constexpr Rule kRules[] = {
    {"sasl.jaas.config", jaas_config},
    {"sasl.login.callback.handler.class", login_callback_handler},
    {"sasl.client.callback.handler.class", java_only},
    {"sasl.login.class", java_only},
    {"ssl.truststore.location", trust_store},
    {"ssl.truststore.type", store_type},
    {"ssl.truststore.password", pem_has_no_password},
    {"ssl.truststore.certificates", renamed<kSslCaPem>},
    {"ssl.keystore.location", key_store},
    {"ssl.keystore.type", store_type},
    {"ssl.keystore.key", renamed<kSslKeyPem>},
    {"ssl.keystore.certificate.chain", renamed<kSslCertificatePem>},
    {"ssl.endpoint.identification.algorithm", endpoint_identification},
    {"ssl.protocol", java_only},
    {"ssl.provider", java_only},
    {"ssl.enabled.protocols", java_only},
    {"ssl.keymanager.algorithm", java_only},
    {"ssl.trustmanager.algorithm", java_only},
    {"ssl.secure.random.implementation", java_only},
    {"ssl.engine.factory.class", java_only},
    {"partition.assignment.strategy", assignment_strategy},
    {"auto.offset.reset", offset_reset},
    {"fetch.max.wait.ms", renamed<kFetchWaitMaxMs>},
    {"max.request.size", renamed<kMessageMaxBytes>},
    {"buffer.memory", buffer_memory},
    {"receive.buffer.bytes", socket_buffer<kSocketReceiveBufferBytes>},
    {"send.buffer.bytes", socket_buffer<kSocketSendBufferBytes>},
    {"key.serializer", java_only},
    {"value.serializer", java_only},
    {"key.deserializer", java_only},
    {"value.deserializer", java_only},
    {"partitioner.class", java_only},
    {"interceptor.classes", java_only},
    {"metric.reporters", java_only},
    {"max.block.ms", java_only},
    {"max.poll.records", java_only},
    {"default.api.timeout.ms", java_only},
};

}  // namespace

Translated translate_java_property(const Property& property, All all) {
  const auto rule = std::ranges::find(kRules, property.name, &Rule::name);
  if (rule == std::end(kRules)) return std::vector<Property>{property};
  return rule->translate(property, all);
}

std::span<const std::string> java_property_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const Rule& rule : kRules) list.emplace_back(rule.name);
    return list;
  }();
  return names;
}

}  // namespace omashu::kafka
