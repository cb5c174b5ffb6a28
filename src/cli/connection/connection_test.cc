#include "cli/connection/connection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>

namespace omashu::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  };
}

// The value that librdkafka will see: the last of that name.
std::optional<std::string> value_of(const Connection& connection, const std::string& name) {
  std::optional<std::string> value;
  for (const auto& [property, given] : connection.kafka.properties) {
    if (property == name) value = given;
  }
  return value;
}

std::string write_file(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

TEST(Connection, StartsFromTheDefaults) {
  const auto connection = resolve_connection({}, environment_of({}));
  ASSERT_TRUE(connection);
  EXPECT_EQ(value_of(*connection, "bootstrap.servers"), "127.0.0.1:9092");
  EXPECT_THAT(connection->registry.urls, ElementsAre("http://127.0.0.1:8081"));
}

TEST(Connection, EachSourceOverridesTheNext) {
  ConnectionOptions options;
  options.command_config = write_file("precedence.properties",
                                      "bootstrap.servers=file:1\nschema.registry.url=http://file\n"
                                      "security.protocol=SSL\nlinger.ms=1\n");
  const auto resolved = [&](std::map<std::string, std::string> variables) {
    auto connection = resolve_connection(options, environment_of(std::move(variables)));
    EXPECT_TRUE(connection) << connection.error().message;
    return std::pair(*value_of(*connection, "bootstrap.servers"), connection->registry.urls.front());
  };
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(resolved({}), Pair("file:1", "http://file"));
  const std::map<std::string, std::string> variables = {{"KAFKA_BOOTSTRAP_SERVERS", "env:1"},
                                                        {"SCHEMA_REGISTRY_URL", "http://env"}};
  EXPECT_EQ(resolved(variables), Pair("env:1", "http://env"));
  options.properties = {"bootstrap.servers=x:1", "schema.registry.url=http://x", "linger.ms=2"};
  EXPECT_EQ(resolved(variables), Pair("x:1", "http://x"));
  options.bootstrap_server = "flag:1";
  options.registry = "http://flag";
  EXPECT_EQ(resolved(variables), Pair("flag:1", "http://flag"));

  const auto connection = resolve_connection(options, environment_of(variables));
  EXPECT_EQ(value_of(*connection, "linger.ms"), "2");
  EXPECT_EQ(value_of(*connection, "security.protocol"), "SSL");
}

TEST(Connection, TakesSeveralRegistriesAndTheirCredentials) {
  ConnectionOptions options;
  options.registry = "http://a:1/base, http://b:2,";
  options.properties = {"schema.registry.ssl.ca.location=/ca.pem"};
  const auto connection =
      resolve_connection(options, environment_of({{"SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO", "user:password"}}));
  ASSERT_TRUE(connection);
  EXPECT_THAT(connection->registry.urls, ElementsAre("http://a:1/base", "http://b:2"));
  EXPECT_EQ(connection->registry.basic_auth_user_info, "user:password");
  EXPECT_EQ(connection->registry.ca_file, "/ca.pem");
}

TEST(Connection, MistakesAreNamedAndSecretsAreNot) {
  ConnectionOptions options;
  options.properties = {"schema.registry.basic.auth.userinfo=user:secret"};
  const auto misspelt = resolve_connection(options, environment_of({}));
  ASSERT_FALSE(misspelt);
  EXPECT_THAT(misspelt.error().message, HasSubstr("did you mean schema.registry.basic.auth.user.info?"));
  EXPECT_THAT(misspelt.error().message, Not(HasSubstr("secret")));

  options.properties = {};
  options.command_config = write_file("broken.properties", "a=1\nsecret\n");
  const auto broken = resolve_connection(options, environment_of({}));
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().message, HasSubstr("broken.properties:2: expected name=value"));

  options.command_config = write_file("unknown.properties", "linger.ms=1\nsasl.pasword=secret\n");
  const auto unknown = resolve_connection(options, environment_of({}));
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("unknown.properties:2: "));
  EXPECT_THAT(unknown.error().message, HasSubstr("sasl.password"));
  EXPECT_THAT(unknown.error().message, Not(HasSubstr("secret")));

  options.command_config = std::nullopt;
  options.properties = {"lingr.ms=5"};
  EXPECT_THAT(resolve_connection(options, environment_of({})).error().message, HasSubstr("-X: "));
  options.properties = {};

  options.command_config = "/nowhere/client.properties";
  EXPECT_THAT(resolve_connection(options, environment_of({})).error().message,
              HasSubstr("/nowhere/client.properties: cannot be read"));
}

TEST(Connection, ServersThatAreNotThereAreGivenUpSoonUnlessToldToWait) {
  ConnectionOptions options;
  const auto usual = resolve_connection(options, environment_of({}));
  EXPECT_EQ(usual->registry.unreachable_timeout, std::chrono::seconds(2));
  EXPECT_EQ(usual->kafka.give_up_after, std::chrono::seconds(2));
  options.wait = std::chrono::minutes(5);
  const auto patient = resolve_connection(options, environment_of({}));
  EXPECT_EQ(patient->registry.unreachable_timeout, std::chrono::minutes(5));
  EXPECT_EQ(patient->kafka.give_up_after, std::chrono::minutes(5));
  EXPECT_EQ(patient->registry.timeout, std::chrono::minutes(5));
  EXPECT_EQ(patient->timeout, std::chrono::minutes(5));
}

TEST(Connection, JavasStoresOfTheRegistryAreItsPemFiles) {
  ConnectionOptions options;
  options.properties = {"schema.registry.ssl.truststore.type=PEM", "schema.registry.ssl.truststore.location=/ca.pem",
                        "schema.registry.ssl.keystore.type=PEM", "schema.registry.ssl.keystore.location=/me.pem"};
  const auto connection = resolve_connection(options, environment_of({}));
  ASSERT_TRUE(connection) << connection.error().message;
  EXPECT_EQ(connection->registry.ca_file, "/ca.pem");
  EXPECT_EQ(connection->registry.certificate_file, "/me.pem");
  EXPECT_EQ(connection->registry.key_file, "/me.pem");
  options.properties = {"schema.registry.ssl.truststore.location=/ca.jks"};
  EXPECT_THAT(resolve_connection(options, environment_of({})).error().message, HasSubstr("keytool -list -rfc"));
  options.properties = {"schema.registry.ssl.keystore.location=/me.p12"};
  EXPECT_THAT(resolve_connection(options, environment_of({})).error().message, HasSubstr("openssl pkcs12 -in /me.p12"));
}

}  // namespace
}  // namespace omashu::cli
