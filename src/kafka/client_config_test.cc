#include "kafka/client_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace omashu::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

std::vector<std::pair<std::string, std::string>> translated(std::string_view text) {
  const auto properties = parse_properties(text);
  EXPECT_TRUE(properties);
  auto config = make_client_config(properties.value());
  EXPECT_TRUE(config) << config.error().message;
  return config ? config->properties : std::vector<std::pair<std::string, std::string>>{};
}

Error refused(std::string_view text) {
  const auto properties = parse_properties(text);
  EXPECT_TRUE(properties);
  const auto config = make_client_config(properties.value());
  EXPECT_FALSE(config) << text;
  return config ? Error{} : config.error();
}

TEST(ClientConfigTest, PassesLibrdkafkasNamesThrough) {
  EXPECT_THAT(translated("bootstrap.servers=a:1,b:2\nlinger.ms=7\nsasl.mechanisms=PLAIN\nssl.ca.location=/ca.pem\n"),
              ElementsAre(Pair("bootstrap.servers", "a:1,b:2"), Pair("linger.ms", "7"),
                          Pair("sasl.mechanisms", "PLAIN"), Pair("ssl.ca.location", "/ca.pem")));
}

TEST(ClientConfigTest, ReadsJavasLogin) {
  EXPECT_THAT(translated("security.protocol=SASL_SSL\r\n"
                         "sasl.mechanism=SCRAM-SHA-512\r\n"
                         "sasl.jaas.config=org.apache.kafka.common.security.scram.ScramLoginModule required \\\r\n"
                         "    username=\"alice\" \\\r\n"
                         "    password=\"alice-secret\";\r\n"
                         "ssl.truststore.location=/ca.pem\r\n"
                         "ssl.truststore.type=PEM\r\n"),
              ElementsAre(Pair("security.protocol", "SASL_SSL"), Pair("sasl.mechanism", "SCRAM-SHA-512"),
                          Pair("sasl.username", "alice"), Pair("sasl.password", "alice-secret"),
                          Pair("ssl.ca.location", "/ca.pem")));
}

TEST(ClientConfigTest, ReadsJavasTokens) {
  EXPECT_THAT(
      translated("sasl.jaas.config=o.OAuthBearerLoginModule required clientId=\"c\" clientSecret=\"s\" scope=\"x\";\n"
                 "sasl.login.callback.handler.class=o.OAuthBearerLoginCallbackHandler\n"
                 "sasl.oauthbearer.token.endpoint.url=https://idp/token\n"),
      ElementsAre(Pair("sasl.oauthbearer.method", "oidc"), Pair("sasl.oauthbearer.client.id", "c"),
                  Pair("sasl.oauthbearer.client.secret", "s"), Pair("sasl.oauthbearer.scope", "x"),
                  Pair("sasl.oauthbearer.token.endpoint.url", "https://idp/token")));
  EXPECT_THAT(translated("sasl.jaas.config=OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"me\";"),
              ElementsAre(Pair("enable.sasl.oauthbearer.unsecure.jwt", "true"),
                          Pair("sasl.oauthbearer.config", "principal=me")));
}

TEST(ClientConfigTest, ReadsJavasStores) {
  EXPECT_THAT(translated("ssl.keystore.type=PEM\nssl.keystore.location=/client.pem\n"),
              ElementsAre(Pair("ssl.certificate.location", "/client.pem"), Pair("ssl.key.location", "/client.pem")));
  EXPECT_THAT(translated("ssl.keystore.location=/client.p12\nssl.keystore.password=x\n"),
              ElementsAre(Pair("ssl.keystore.location", "/client.p12"), Pair("ssl.keystore.password", "x")));
  EXPECT_THAT(refused("ssl.truststore.password=geheim").message, Not(HasSubstr("geheim")));
}

TEST(ClientConfigTest, JavasOwnStoresAreRefusedWithTheCommandThatConvertsThem) {
  EXPECT_THAT(refused("ssl.truststore.location=/trust.jks").message,
              HasSubstr("`keytool -list -rfc -keystore /trust.jks > ca.pem`, and set ssl.ca.location=ca.pem"));
  EXPECT_THAT(refused("ssl.truststore.location=/trust\nssl.truststore.type=JKS").message, HasSubstr("of type JKS"));
  EXPECT_THAT(refused("ssl.truststore.location=/my trust.p12").message, HasSubstr("-keystore '/my trust.p12' >"));
  EXPECT_THAT(refused("ssl.keystore.location=/client.jks").message,
              HasSubstr("`keytool -importkeystore -srckeystore /client.jks -destkeystore /client.p12 -deststoretype "
                        "PKCS12`, and set ssl.keystore.location=/client.p12"));
}

TEST(ClientConfigTest, WhatAStoreIsFollowsFromItsFirstBytes) {
  const std::string path = testing::TempDir() + "store_without_an_ending";
  const auto write = [&](std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; };
  write("\xfe\xed\xfe\xed\x00\x00");
  EXPECT_THAT(refused("ssl.truststore.location=" + path).message, HasSubstr("of type JKS"));
  EXPECT_THAT(refused("ssl.keystore.type=PKCS12\nssl.keystore.location=" + path).message, HasSubstr("of type JKS"));
  write("\x30\x82\x0a\x00");
  EXPECT_THAT(refused("ssl.truststore.location=" + path).message, HasSubstr("of type PKCS12"));
  EXPECT_THAT(translated("ssl.keystore.type=JKS\nssl.keystore.location=" + path),
              ElementsAre(Pair("ssl.keystore.location", path)));
  write("-----BEGIN CERTIFICATE-----");
  EXPECT_THAT(translated("ssl.truststore.location=" + path), ElementsAre(Pair("ssl.ca.location", path)));
}

TEST(ClientConfigTest, ReadsWhatElseJavaCallsOtherwise) {
  EXPECT_THAT(translated("ssl.endpoint.identification.algorithm=\nauto.offset.reset=none\nfetch.max.wait.ms=100\n"
                         "buffer.memory=33554432\nreceive.buffer.bytes=-1\nmax.request.size=2000000\n"),
              ElementsAre(Pair("ssl.endpoint.identification.algorithm", "none"), Pair("auto.offset.reset", "error"),
                          Pair("fetch.wait.max.ms", "100"), Pair("queue.buffering.max.kbytes", "32768"),
                          Pair("socket.receive.buffer.bytes", "0"), Pair("message.max.bytes", "2000000")));
  EXPECT_THAT(translated("partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor"),
              ElementsAre(Pair("partition.assignment.strategy", "cooperative-sticky")));
  EXPECT_THAT(translated("partition.assignment.strategy=range,roundrobin"),
              ElementsAre(Pair("partition.assignment.strategy", "range,roundrobin")));
  EXPECT_THAT(translated("ssl.truststore.type=PEM"), IsEmpty());
}

TEST(ClientConfigTest, NamesTheNearestPropertyAndTheLine) {
  const Error unknown = refused("linger.ms=1\nsecurty.protocol=SSL");
  EXPECT_EQ(unknown.code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(unknown.message, HasSubstr("unknown client property securty.protocol"));
  EXPECT_THAT(unknown.message, HasSubstr("did you mean security.protocol?"));
  EXPECT_EQ(unknown.position, (TextPosition{2, 1}));
  EXPECT_THAT(refused("ssl.truststore.locaton=/x").message, HasSubstr("did you mean ssl.truststore.location?"));
  EXPECT_THAT(refused("sasl.pasword=x").message, HasSubstr("did you mean sasl.password?"));
  EXPECT_THAT(refused("error_cb=x").message, HasSubstr("unknown client property"));
}

TEST(ClientConfigTest, RefusesValuesAndKeepsSecrets) {
  EXPECT_THAT(refused("linger.ms=soon").message, HasSubstr("linger.ms"));
  EXPECT_THAT(refused("security.protocol=SSH").message, HasSubstr("security.protocol"));
  EXPECT_THAT(refused("key.serializer=o.StringSerializer").message, HasSubstr("belongs to Java programs"));
  for (std::string_view text :
       {"sasl.jaas.config=o.PlainLoginModule required password=\"geheim\";",
        "sasl.jaas.config=o.Krb5LoginModule required x=\"geheim\";", "sasl.jaas.config=geheim"}) {
    EXPECT_THAT(refused(text).message, Not(HasSubstr("geheim"))) << text;
  }
}

TEST(ClientConfigTest, KnowsWhatIsSecret) {
  for (std::string_view name : {"sasl.password", "ssl.key.password", "ssl.keystore.password", "sasl.jaas.config",
                                "ssl.key.pem", "sasl.oauthbearer.client.secret", "ssl.keystore.key",
                                "schema.registry.basic.auth.user.info", "bearer.auth.token"}) {
    EXPECT_TRUE(is_secret(name)) << name;
  }
  for (std::string_view name : {"sasl.username", "ssl.key.location", "bootstrap.servers", "ssl.ca.pem"}) {
    EXPECT_FALSE(is_secret(name)) << name;
  }
}

}  // namespace
}  // namespace omashu::kafka
