// A broker that is killed, comes back, or was never there: nothing that was acknowledged is lost, nothing is doubled.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>

#include "real/support/free_port.h"
#include "real/support/omashu_command.h"
#include "real/support/process.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/table_topic.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::PrintToString;
using ::testing::SizeIs;

std::vector<std::string> sorted_lines(const std::string& text) {
  std::vector<std::string> lines = lines_of(text);
  std::ranges::sort(lines);
  return lines;
}

// A broker of its own for each test, since each kills it.
class BrokerFaultsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto broker = KafkaBroker::start();
    ASSERT_TRUE(broker) << broker.error().message;
    broker_ = std::move(*broker);
    topic_ = unique_name("broker-faults");
    make_table_topic(*broker_, shared_registry().url(), topic_);
  }

  std::vector<std::pair<std::string, std::string>> environment() const {
    return {{"KAFKA_BOOTSTRAP_SERVERS", broker_->bootstrap_server()}, {"SCHEMA_REGISTRY_URL", shared_registry().url()}};
  }

  CommandResult omashu(std::vector<std::string> arguments, const std::string& input = "") const {
    arguments.insert(arguments.begin(), omashu_program());
    return run_command(arguments, {.input = input, .environment = environment(), .timeout = seconds(180)});
  }

  Result<std::unique_ptr<Process>> start_omashu(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), omashu_program());
    return Process::start({.command = arguments,
                           .environment = environment(),
                           .stdout_file = folder_.path() / "stdout",
                           .stderr_file = folder_.path() / "stderr",
                           .pipe_stdin = true});
  }

  // How many records the topic holds, asked with kcat, which compacts nothing and merges nothing.
  size_t records_in_topic() const {
    CommandResult read = run_command({"kcat", "-b", broker_->bootstrap_server(), "-C", "-t", topic_, "-o", "beginning",
                                      "-e", "-q", "-f", "%p-%o\n"});
    return sorted_lines(read.out).size();
  }

  ScratchFolder folder_;
  std::unique_ptr<KafkaBroker> broker_;
  std::string topic_;
};

TEST_F(BrokerFaultsTest, TenThousandPutsAreTheSameHundredRowsAfterAKill) {
  std::string rows;
  for (int i = 0; i < 10'000; ++i) rows += table_row(i % 100, i) + "\n";
  CommandResult put = omashu({"put", topic_, "--from", "-", "--key-field", "omashuId"}, rows);
  ASSERT_EQ(put.exit_code, 0) << PrintToString(put);

  CommandResult before = omashu({"list", topic_});
  ASSERT_EQ(before.exit_code, 0) << PrintToString(before);
  EXPECT_THAT(sorted_lines(before.out), SizeIs(100));
  for (int id : {0, 42, 99}) EXPECT_THAT(before.out, HasSubstr(table_row(id, 9'900 + id)));

  broker_->kill9();
  auto again = broker_->start_again();
  ASSERT_TRUE(again) << again.error().message;
  CommandResult after = omashu({"list", topic_});
  EXPECT_EQ(after.exit_code, 0) << PrintToString(after);
  EXPECT_EQ(sorted_lines(after.out), sorted_lines(before.out));
}

TEST_F(BrokerFaultsTest, PutsGoOnWhenTheBrokerComesBackAndNoneIsLostOrDoubled) {
  auto put = start_omashu({"put", topic_, "--from", "-", "--key-field", "omashuId"});
  ASSERT_TRUE(put) << put.error().message;
  std::string before, after;
  for (int id = 0; id < 500; ++id) before += table_row(id, 1) + "\n";
  for (int id = 500; id < 1'000; ++id) after += table_row(id, 2) + "\n";
  ASSERT_TRUE((*put)->write_input(before));
  ASSERT_TRUE((*put)->wait_for_stdout(topic_ + "-", seconds(60))) << (*put)->stderr_text();

  broker_->kill9();
  ASSERT_TRUE((*put)->write_input(after));
  (*put)->close_input();
  EXPECT_TRUE((*put)->is_running());
  auto again = broker_->start_again();
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ((*put)->wait(seconds(120)), 0) << (*put)->stderr_text();

  EXPECT_EQ(records_in_topic(), 1'000u);
  CommandResult list = omashu({"list", topic_});
  EXPECT_THAT(sorted_lines(list.out), SizeIs(1'000));
  for (int id : {0, 499}) EXPECT_THAT(list.out, HasSubstr(table_row(id, 1)));
  for (int id : {500, 999}) EXPECT_THAT(list.out, HasSubstr(table_row(id, 2)));
}

TEST_F(BrokerFaultsTest, PutsThatNobodyTakesFailAndSaySo) {
  auto put = start_omashu({"put", topic_, "--from", "-", "--key-field", "omashuId", "--timeout", "3s"});
  ASSERT_TRUE(put) << put.error().message;
  ASSERT_TRUE((*put)->write_input(table_row(1, 1) + "\n"));
  ASSERT_TRUE((*put)->wait_for_stdout(topic_ + "-", seconds(60))) << (*put)->stderr_text();
  broker_->kill9();
  ASSERT_TRUE((*put)->write_input(table_row(2, 1) + "\n"));
  (*put)->close_input();
  EXPECT_EQ((*put)->wait(seconds(120)), 1);
  EXPECT_NE((*put)->stderr_text(), "");

  auto again = broker_->start_again();
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(records_in_topic(), 1u);
}

TEST_F(BrokerFaultsTest, AConsumerGoesOnWhenTheBrokerComesBack) {
  CommandResult first = omashu({"put", topic_, "--from", "-", "--key-field", "omashuId"}, table_row(1, 1) + "\n");
  ASSERT_EQ(first.exit_code, 0) << PrintToString(first);
  auto consume = start_omashu({"consume", topic_, "--from-beginning"});
  ASSERT_TRUE(consume) << consume.error().message;
  ASSERT_TRUE((*consume)->wait_for_stdout("\"om-1\"", seconds(60))) << (*consume)->stderr_text();

  broker_->kill9();
  auto again = broker_->start_again();
  ASSERT_TRUE(again) << again.error().message;
  CommandResult second = omashu({"put", topic_, "--from", "-", "--key-field", "omashuId"}, table_row(2, 1) + "\n");
  ASSERT_EQ(second.exit_code, 0) << PrintToString(second);
  EXPECT_TRUE((*consume)->wait_for_stdout("\"om-2\"", seconds(60))) << (*consume)->stderr_text();
  (*consume)->signal(SIGTERM);
  EXPECT_EQ((*consume)->wait(seconds(60)), 0) << (*consume)->stderr_text();
  EXPECT_THAT(sorted_lines((*consume)->stdout_text()), SizeIs(2));
}

struct Command {
  const char* name;
  std::vector<std::string> arguments;
};

void PrintTo(const Command& command, std::ostream* out) { *out << command.name; }

class BrokerAwayTest : public ::testing::TestWithParam<Command> {};

TEST_P(BrokerAwayTest, FailsWithTheAddress) {
  std::string address = fmt::format("127.0.0.1:{}", free_port());
  std::vector<std::string> command = {omashu_program()};
  command.insert(command.end(), GetParam().arguments.begin(), GetParam().arguments.end());
  command.insert(command.end(), {"--bootstrap-server", address, "--timeout", "2s"});
  CommandResult result =
      run_command(command, {.input = table_row(1, 1) + "\n", .environment = shared_server_environment()});
  EXPECT_EQ(result.exit_code, 1) << PrintToString(result);
  EXPECT_EQ(result.out, "");
  EXPECT_THAT(result.err, HasSubstr(address));
  EXPECT_THAT(sorted_lines(result.err), SizeIs(1)) << result.err;
}

constexpr const char* kSpecification = OMASHU_SOURCE_DIR "/examples/downloads/topics_and_schemas.txt";

INSTANTIATE_TEST_SUITE_P(Commands, BrokerAwayTest,
                         ::testing::Values(Command{"list", {"list", "t"}}, Command{"get", {"get", "t", "om-1"}},
                                           Command{"watch", {"watch", "t"}},
                                           Command{"put", {"put", "t", "--from", "-", "--key-field", "omashuId"}},
                                           Command{"produce", {"produce", "t"}}, Command{"consume", {"consume", "t"}},
                                           Command{"init_kafka", {"init-kafka", kSpecification}},
                                           Command{"init_kafka_plan", {"init-kafka", "plan", kSpecification}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace omashu::real
