#include "kafka/java_properties.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
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

// The type of a key or trust store: what is declared, else what the file starts with, else what its name ends with.
// Java takes JKS and PKCS12 for each other, so that a declared one of these is no more than a guess.
std::string store_type_of(std::string_view declared, const std::string& path) {
  if (declared == "PEM") return "PEM";
  std::array<char, 4> start{};
  std::ifstream(path, std::ios::binary).read(start.data(), start.size());
  const std::string_view bytes(start.data(), start.size());
  if (bytes == "\xfe\xed\xfe\xed") return "JKS";
  if (bytes == "\xce\xce\xce\xce") return "JCEKS";
  if (bytes.starts_with("\x30\x82") || bytes.starts_with("\x30\x80")) return "PKCS12";
  if (!declared.empty()) return std::string(declared);
  if (path.ends_with(".jks")) return "JKS";
  return path.ends_with(".p12") || path.ends_with(".pfx") ? "PKCS12" : "";
}

std::string pkcs12_name(const std::string& path) {
  return (path.ends_with(".jks") ? path.substr(0, path.size() - 4) : path) + ".p12";
}

// The file's name as a word of a shell.
std::string shell_word(const std::string& text) {
  if (!text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") ==
                           std::string::npos) {
    return text;
  }
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

Translated trust_store(const Property& property, All all) {
  const std::string type = store_type_of(last_value(all, "ssl.truststore.type"), property.value);
  if (type.empty() || type == "PEM") return std::vector<Property>{{"ssl.ca.location", property.value, 0}};
  return refused(property.name,
                 fmt::format("a trust store of type {} is not read here: write its certificates to a PEM file with "
                             "`keytool -list -rfc -keystore {} > ca.pem`, and set ssl.ca.location=ca.pem",
                             type, shell_word(property.value)));
}

Translated key_store(const Property& property, All all) {
  const std::string_view declared = last_value(all, "ssl.keystore.type");
  const std::string type = store_type_of(declared, property.value);
  if (type == "JKS" || type == "JCEKS") {
    const std::string from = shell_word(property.value);
    return refused(property.name,
                   fmt::format("a key store of type {} is not read here: convert it with `keytool "
                               "-importkeystore -srckeystore {} -destkeystore {} -deststoretype PKCS12`, "
                               "and set ssl.keystore.location={}",
                               type, from, shell_word(pkcs12_name(property.value)), pkcs12_name(property.value)));
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
  return refused(property.name, "trust stores are PEM files here, which have no password; leave it out");
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
