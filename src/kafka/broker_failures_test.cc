#include "kafka/broker_failures.h"

#include <gtest/gtest.h>

namespace omashu::kafka {
namespace {

using Kind = BrokerFailures::Kind;
using std::chrono::milliseconds;
using std::chrono::seconds;

const BrokerFailures::Clock::time_point kStart{};

class BrokerFailuresTest : public ::testing::Test {
 protected:
  void note(std::string_view text) { failures_.note(Kind::kConnection, text, kStart); }
  std::string refusal(std::string_view text) {
    failures_.note(Kind::kRefusal, text, kStart);
    const auto error = failures_.take_refusal();
    EXPECT_TRUE(error);
    EXPECT_FALSE(failures_.take_refusal()) << "told twice";
    EXPECT_EQ(error.value_or(Error{}).code, ErrorCode::kUnauthorized);
    return error ? error->message : "";
  }

  BrokerFailures failures_{"127.0.0.1:9092", "PLAIN", seconds(2)};
};

TEST_F(BrokerFailuresTest, SaysWhereAndWhyAndWhatToDo) {
  note(
      "127.0.0.1:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after 0ms in state "
      "CONNECT)");
  EXPECT_EQ(failures_.no_answer(seconds(30)).code, ErrorCode::kUnavailable);
  EXPECT_EQ(failures_.no_answer(seconds(30)).message,
            "no broker at 127.0.0.1:9092 answered within 30 s: connection refused; is Kafka running there, or is "
            "--bootstrap-server wrong?");
}

TEST_F(BrokerFailuresTest, SaysSoWhenThereWasNoReason) {
  EXPECT_EQ(failures_.no_answer(milliseconds(1500)).message,
            "no broker at 127.0.0.1:9092 answered within 1.5 s: the connection was neither taken nor refused; is Kafka "
            "running there, or is --bootstrap-server wrong?");
}

TEST_F(BrokerFailuresTest, NamesTheBrokersWhereTheirReasonsDiffer) {
  note("sasl_ssl://a:1/bootstrap: Connect to ipv4#10.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT)");
  note("b:2/bootstrap: Failed to resolve 'b:2': Name or service not known (after 4ms in state CONNECT)");
  EXPECT_EQ(
      failures_.no_answer(seconds(1)).message,
      "no broker at 127.0.0.1:9092 answered within 1 s: a:1 connection refused, b:2 the host name does not resolve "
      "(Name or service not known); is Kafka running there, or is --bootstrap-server wrong?");
}

TEST_F(BrokerFailuresTest, PointsAtTheWrongProtocol) {
  note(
      "127.0.0.1:9092/bootstrap: Disconnected: verify that security.protocol is correctly configured, broker might "
      "require SASL authentication (after 3ms in state UP)");
  EXPECT_EQ(failures_.no_answer(seconds(1)).message,
            "no broker at 127.0.0.1:9092 answered within 1 s: it closes the connection: does its listener want SSL or "
            "SASL (security.protocol)?");
}

TEST_F(BrokerFailuresTest, PointsAtTheWrongPort) {
  note(
      "127.0.0.1:9092/bootstrap: Receive failed: Invalid response size 1213486160 (0..100000000): increase "
      "receive.message.max.bytes (after 0ms in state APIVERSION_QUERY)");
  EXPECT_EQ(
      failures_.no_answer(seconds(1)).message,
      "no broker at 127.0.0.1:9092 answered within 1 s: what answers there does not speak Kafka's protocol: is the "
      "port right?");
}

TEST_F(BrokerFailuresTest, ALoginThatNobodyAskedFor) {
  EXPECT_EQ(
      refusal("sasl_plaintext://127.0.0.1:9092/bootstrap: SASL PLAIN mechanism handshake failed: Broker: Request not "
              "valid in current SASL state: broker's supported mechanisms:  (after 3ms in state AUTH_HANDSHAKE)"),
      "the broker at 127.0.0.1:9092 asks for no login on this listener; check security.protocol");
}

TEST_F(BrokerFailuresTest, ALoginRefusedIsToldOnce) {
  EXPECT_EQ(
      refusal("sasl_plaintext://127.0.0.1:9094/bootstrap: SASL authentication error: Authentication failed: Invalid "
              "username or password (after 3ms in state AUTH_REQ)"),
      "the broker at 127.0.0.1:9094 refused the PLAIN login: Authentication failed: Invalid username or password; "
      "check sasl.mechanism, sasl.username and sasl.password");
}

TEST_F(BrokerFailuresTest, ACertificateOfAnotherAuthority) {
  EXPECT_EQ(
      refusal("ssl://127.0.0.1:9095/bootstrap: SSL handshake failed: error:0A000086:SSL routines::certificate "
              "verify failed: broker certificate could not be verified, verify that ssl.ca.location is correctly "
              "configured or root CA certificates are installed (install ca-certificates package) (after 3ms in "
              "state SSL_HANDSHAKE)"),
      "the certificate of the broker at 127.0.0.1:9095 is not signed by an authority that is trusted here; name its "
      "CA with ssl.ca.location");
}

TEST_F(BrokerFailuresTest, AnAnswerEndsWhatWas) {
  note(
      "127.0.0.1:9092/bootstrap: Connect to ipv4#127.0.0.1:9092 failed: Connection refused (after 0ms in state "
      "CONNECT)");
  failures_.note(Kind::kRefusal, "127.0.0.1:9092/1: SASL authentication error: no (after 0ms in state AUTH)", kStart);
  failures_.note_answer();
  EXPECT_FALSE(failures_.take_refusal());
  EXPECT_EQ(failures_.no_answer(seconds(1)).message, "the brokers at 127.0.0.1:9092 did not answer within 1 s");
}

TEST_F(BrokerFailuresTest, HopelessIsWhoeverWasNeverThereForTwoSeconds) {
  EXPECT_FALSE(failures_.is_hopeless(kStart, kStart + seconds(60)));
  failures_.note(Kind::kAllDown, "1/1 brokers are down", kStart + seconds(1));
  EXPECT_FALSE(failures_.is_hopeless(kStart, kStart + milliseconds(2999)));
  EXPECT_TRUE(failures_.is_hopeless(kStart, kStart + seconds(3)));
  EXPECT_FALSE(failures_.is_hopeless(kStart + seconds(2), kStart + seconds(3))) << "this one has just begun to wait";
  failures_.note_answer();
  failures_.note(Kind::kAllDown, "1/1 brokers are down", kStart + seconds(4));
  EXPECT_FALSE(failures_.is_hopeless(kStart, kStart + seconds(60))) << "it was there: it will come back";
}

}  // namespace
}  // namespace omashu::kafka
