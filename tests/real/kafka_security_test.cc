// SASL and TLS on a real Kafka with secured listeners: who is let in, and what those read who are not.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kafka/admin.h"
#include "kafka/client_config.h"
#include "kafka/consumer.h"
#include "kafka/producer.h"
#include "real/support/apache_kafka.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kUnsecuredValidator =
    "org.apache.kafka.common.security.oauthbearer.internals.unsecured.OAuthBearerUnsecuredValidatorCallbackHandler";

class KafkaSecurityTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto started = ApacheKafka::start(
        {.properties = {{"listener.name.sasl_plaintext.sasl.enabled.mechanisms",
                         "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER"},
                        {"listener.name.sasl_plaintext.oauthbearer.sasl.jaas.config",
                         "org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required "
                         "unsecuredLoginStringClaim_sub=\"broker\";"},
                        {"listener.name.sasl_plaintext.oauthbearer.sasl.server.callback.handler.class",
                         kUnsecuredValidator}},
         .secured = true});
    ASSERT_TRUE(started) << started.error().message;
    broker_ = started->release();
  }
  static void TearDownTestSuite() {
    delete broker_;
    broker_ = nullptr;
  }

  void SetUp() override { ASSERT_NE(broker_, nullptr); }

  // The same file that Java's clients read.
  static kafka::ClientConfig config(const std::string& server, const std::string& properties) {
    const auto parsed = parse_properties("bootstrap.servers=" + server + "\n" + properties);
    EXPECT_TRUE(parsed);
    auto config = kafka::make_client_config(*parsed);
    EXPECT_TRUE(config) << config.error().message;
    return config.value_or(kafka::ClientConfig{});
  }

  // A refusal must not wait for this.
  static Result<kafka::ClusterDescription> cluster(const kafka::ClientConfig& config) {
    auto admin = kafka::Admin::open(config, minutes(10));
    if (!admin) return fail(admin.error());
    return (*admin)->describe_cluster();
  }
  static void expect_in(const std::string& server, const std::string& properties) {
    const auto result = cluster(config(server, properties));
    EXPECT_TRUE(result) << properties << result.error().message;
  }
  static void expect_refused(const std::string& server, const std::string& properties, const std::string& words) {
    const auto result = cluster(config(server, properties));
    ASSERT_FALSE(result) << properties;
    EXPECT_EQ(result.error().code, ErrorCode::kUnauthorized) << result.error().message;
    EXPECT_THAT(result.error().message, HasSubstr(server));
    EXPECT_THAT(result.error().message, HasSubstr(words));
    EXPECT_THAT(result.error().message, Not(HasSubstr("-secret")));
  }

  static std::string login(const std::string& mechanism, const std::string& password) {
    const std::string module = mechanism == "PLAIN" ? "plain.PlainLoginModule" : "scram.ScramLoginModule";
    return "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=" + mechanism +
           "\nsasl.jaas.config=org.apache.kafka.common.security." + module + " required username=\"" +
           ApacheKafka::kUser + "\" password=\"" + password + "\";\n";
  }

  static ApacheKafka* broker_;
};

ApacheKafka* KafkaSecurityTest::broker_ = nullptr;

TEST_F(KafkaSecurityTest, LetsInWhoKnowsThePassword) {
  for (const char* mechanism : {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}) {
    expect_in(broker_->sasl_plaintext_server(), login(mechanism, ApacheKafka::kPassword));
  }
}

TEST_F(KafkaSecurityTest, AWrongPasswordIsSaidAtOnce) {
  for (const std::string mechanism : {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"}) {
    expect_refused(broker_->sasl_plaintext_server(), login(mechanism, "wrong-secret"),
                   "refused the " + mechanism + " login: ");
  }
}

TEST_F(KafkaSecurityTest, AWrongPasswordStopsConsumersAndProducersToo) {
  const kafka::ClientConfig wrong = config(broker_->sasl_plaintext_server(), login("SCRAM-SHA-512", "wrong-secret"));
  const auto partitions = (*kafka::Consumer::open(wrong))->partitions_of("t", minutes(10));
  ASSERT_FALSE(partitions);
  EXPECT_EQ(partitions.error().code, ErrorCode::kUnauthorized);
  const auto producer = kafka::Producer::open(wrong);
  ASSERT_TRUE((*producer)->send({.topic = "t", .value = "v"}, nullptr));
  const auto flushed = (*producer)->flush(minutes(10));
  ASSERT_FALSE(flushed);
  EXPECT_EQ(flushed.error().code, ErrorCode::kUnauthorized);
}

TEST_F(KafkaSecurityTest, TlsTrustsTheCaItIsGiven) {
  expect_in(broker_->ssl_server(),
            "security.protocol=SSL\nssl.truststore.type=PEM\nssl.truststore.location=" + broker_->ca_file() + "\n");
  expect_in(broker_->sasl_ssl_server(), login("SCRAM-SHA-512", ApacheKafka::kPassword) +
                                            "security.protocol=SASL_SSL\nssl.ca.location=" + broker_->ca_file() + "\n");
}

TEST_F(KafkaSecurityTest, TlsTrustsNobodyElse) {
  ScratchFolder folder;
  const std::string other_ca = folder.path() / "other.pem";
  const CommandResult made =
      run_command({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=other",
                   "-keyout", folder.path() / "key.pem", "-out", other_ca});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  expect_refused(broker_->ssl_server(), "security.protocol=SSL\nssl.ca.location=" + other_ca + "\n", "ssl.ca.location");
  expect_refused(broker_->ssl_server(), "security.protocol=SSL\n", "ssl.ca.location");
}

TEST_F(KafkaSecurityTest, TakesTokens) {
  expect_in(broker_->sasl_plaintext_server(),
            "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=OAUTHBEARER\n"
            "sasl.jaas.config=org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required "
            "unsecuredLoginStringClaim_sub=\"me\";\n");
}

TEST_F(KafkaSecurityTest, TheWrongProtocolIsSaid) {
  const auto said = [](const std::string& server, const std::string& properties) {
    const auto result = cluster(config(server, properties));
    EXPECT_FALSE(result);
    return result ? "" : result.error().message;
  };
  EXPECT_THAT(said(broker_->ssl_server(), ""), HasSubstr("(security.protocol)"));
  EXPECT_THAT(said(broker_->sasl_plaintext_server(), ""), HasSubstr("(security.protocol)"));
  EXPECT_THAT(said(broker_->bootstrap_server(), login("PLAIN", "any")), HasSubstr("security.protocol"));
  EXPECT_THAT(said(broker_->bootstrap_server(), "security.protocol=SSL\nssl.ca.location=" + broker_->ca_file()),
              HasSubstr("(security.protocol)"));
}

}  // namespace
}  // namespace omashu::real
