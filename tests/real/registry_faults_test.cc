// A registry that is away, slow, answers 500 or nonsense: a clear error and exit code 1, or a retry that succeeds.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "real/support/faulty_proxy.h"
#include "real/support/free_port.h"
#include "real/support/omashu_command.h"
#include "real/support/run_command.h"
#include "real/support/shared_servers.h"
#include "real/support/table_topic.h"

namespace omashu::real {
namespace {

using ::testing::HasSubstr;
using ::testing::PrintToString;

// What a user gets to see: one line, which names the address.
void expect_clear_failure(const CommandResult& result, int port) {
  EXPECT_EQ(result.exit_code, 1) << PrintToString(result);
  EXPECT_FALSE(result.timed_out);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr(fmt::format("127.0.0.1:{}", port)));
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
}

class RegistryFaultsTest : public ::testing::Test {
 protected:
  // Once for all tests of the program. Not in SetUpTestSuite: its failure would skip the tests, not fail them.
  void SetUp() override {
    if (!topic_.empty()) return;
    topic_ = unique_name("registry-faults");
    make_table_topic(shared_kafka(), shared_registry().url(), topic_);
    CommandResult put = run_omashu({"put", topic_, "--from", "-", "--key-field", "omashuId"}, table_row(1, 1) + "\n");
    ASSERT_EQ(put.exit_code, 0) << PrintToString(put);
  }

  // `arguments` with the proxy for a registry.
  CommandResult run_through_proxy(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.end(), {"--registry", shared_registry().url_at(proxy_.port()), "--timeout", "3s"});
    return run_omashu(arguments, input);
  }

  CommandResult put_one(int id) {
    return run_through_proxy({"put", topic_, "--from", "-", "--key-field", "omashuId"}, table_row(id, 1) + "\n");
  }

  CommandResult get_one(int id) {
    return run_through_proxy({"get", topic_, fmt::format(R"({{"omashuId":"om-{}"}})", id)});
  }

  static std::string topic_;
  FaultyProxy proxy_{shared_registry().port()};
};

std::string RegistryFaultsTest::topic_;

TEST_F(RegistryFaultsTest, ThroughTheProxyAllIsWell) {
  CommandResult got = get_one(1);
  EXPECT_EQ(got.exit_code, 0) << PrintToString(got);
  EXPECT_EQ(got.out, table_row(1, 1) + "\n");
}

TEST_F(RegistryFaultsTest, Away) {
  int port = free_port();
  std::vector<std::string> registry = {"--registry", shared_registry().url_at(port), "--timeout", "3s"};
  std::vector<std::string> put = {"put", topic_, "--from", "-", "--key-field", "omashuId"};
  put.insert(put.end(), registry.begin(), registry.end());
  expect_clear_failure(run_omashu(put, table_row(2, 1) + "\n"), port);
}

TEST_F(RegistryFaultsTest, Silent) {
  proxy_.stay_silent();
  expect_clear_failure(put_one(3), proxy_.port());
  expect_clear_failure(get_one(1), proxy_.port());
}

TEST_F(RegistryFaultsTest, AlwaysAnswers500) {
  proxy_.answer(http_answer("500 Internal Server Error", "application/json",
                            R"({"error_code":50001,"message":"Error in the backend data store"})"));
  CommandResult put = put_one(4);
  expect_clear_failure(put, proxy_.port());
  EXPECT_THAT(put.err, HasSubstr("Error in the backend data store"));
  expect_clear_failure(get_one(1), proxy_.port());
}

TEST_F(RegistryFaultsTest, Answers503TwiceAndThenWell) {
  proxy_.answer_times(2, http_answer("503 Service Unavailable", "text/html", "<html>later</html>"));
  CommandResult put = put_one(5);
  EXPECT_EQ(put.exit_code, 0) << PrintToString(put);
  CommandResult got = get_one(5);
  EXPECT_EQ(got.out, table_row(5, 1) + "\n") << PrintToString(got);
}

class RegistryNonsenseTest : public RegistryFaultsTest, public ::testing::WithParamInterface<const char*> {};

TEST_P(RegistryNonsenseTest, IsNotBelieved) {
  proxy_.answer(GetParam());
  expect_clear_failure(put_one(6), proxy_.port());
  expect_clear_failure(get_one(1), proxy_.port());
  proxy_.pass_on();
  EXPECT_THAT(get_one(6).err, HasSubstr("is not there"));
}

INSTANTIATE_TEST_SUITE_P(
    Answers, RegistryNonsenseTest,
    ::testing::Values("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<html></html>",
                      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
                      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]",
                      "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{\"id\":1,\"schema\":\"",
                      "SSH-2.0-OpenSSH_9.2\r\n",
                      "HTTP/1.1 200 OK\r\nContent-Length: 31\r\n\r\n{\"id\":1,\"schema\":\"{\\\"type\\\":7}\"}\n"));

TEST_F(RegistryFaultsTest, NothingWasWrittenByWhatFailed) {
  CommandResult list = run_omashu({"list", topic_});
  EXPECT_EQ(list.exit_code, 0) << PrintToString(list);
  for (int id : {2, 3, 4}) EXPECT_EQ(list.out.find(fmt::format("om-{}\"", id)), std::string::npos) << list.out;
}

}  // namespace
}  // namespace omashu::real
