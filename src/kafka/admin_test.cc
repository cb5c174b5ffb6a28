// What a mock cluster can tell: it has no controller. The rest is tested on a real Kafka.

#include "kafka/admin.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kafka/mock_cluster.h"

namespace omashu::kafka {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

std::unique_ptr<Admin> open_admin(const ClientConfig& config, milliseconds timeout) {
  auto admin = Admin::open(config, timeout);
  EXPECT_TRUE(admin) << admin.error().message;
  return admin ? std::move(*admin) : nullptr;
}

TEST(AdminTest, ListsTopicsWithoutKafkasOwn) {
  MockCluster mock;
  mock.create_topic("a", 2);
  mock.create_topic("__consumer_offsets", 1);
  const auto admin = open_admin(mock.config(), seconds(30));
  const auto topics = admin->list_topics();
  ASSERT_TRUE(topics) << topics.error().message;
  EXPECT_THAT(*topics, ElementsAre(Field(&TopicDescription::name, "a")));
  EXPECT_EQ(topics->front().partitions, 2);
}

TEST(AdminTest, APortWhereNobodyListensIsGivenUpEarly) {
  std::string address;
  {
    const MockCluster gone;
    address = gone.bootstrap_servers();
  }
  ClientConfig config;
  config.set("bootstrap.servers", address);
  const auto admin = open_admin(config, std::chrono::minutes(10));
  const auto cluster = admin->describe_cluster();
  ASSERT_FALSE(cluster);
  EXPECT_EQ(cluster.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(cluster.error().message, HasSubstr("no broker at " + address + " answered within"));
  EXPECT_THAT(cluster.error().message, HasSubstr("connection refused; is Kafka running there"));
}

TEST(AdminTest, TheTimeoutBoundsAWaitForNobody) {
  ClientConfig config;
  config.set("bootstrap.servers", "no-such-host.invalid:9092");
  const auto admin = open_admin(config, milliseconds(500));
  const std::vector<std::string> names = {"a"};
  const auto topics = admin->describe_topics(names);
  EXPECT_EQ(topics[0].error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(topics[0].error().message, HasSubstr("no-such-host.invalid:9092"));
}

TEST(AdminTest, ConfigurationMistakesAreSaidBeforeAnythingElse) {
  EXPECT_THAT(Admin::open({}, seconds(1)).error().message, HasSubstr("bootstrap.servers is not set"));
  ClientConfig misspelt;
  misspelt.set("bootstrap.servers", "127.0.0.1:9092");
  misspelt.set("sasl.usrname", "x");
  EXPECT_THAT(Admin::open(misspelt, seconds(1)).error().message, HasSubstr("did you mean sasl.username?"));
  ClientConfig unfit;
  unfit.set("bootstrap.servers", "127.0.0.1:9092");
  unfit.set("security.protocol", "SASL_PLAINTEXT");
  unfit.set("sasl.mechanism", "SCRAM-SHA-512");
  const auto admin = Admin::open(unfit, seconds(1));
  ASSERT_FALSE(admin);
  EXPECT_THAT(admin.error().message, HasSubstr("sasl.username"));
}

}  // namespace
}  // namespace omashu::kafka
