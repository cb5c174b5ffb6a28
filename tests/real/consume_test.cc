// Where consume starts and ends, what it picks, and how it prints, on a real Kafka and a real registry.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "real/support/omashu_command.h"
#include "real/support/process.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::PrintToString;

constexpr const char* kValue =
    R"({"type":"record","name":"V","fields":[{"name":"n","type":"long"},{"name":"status","type":"string"}]})";

std::string make_typed_topic(const std::string& stem, int partitions = 1) {
  // Compacted, so that records of 2024 stay.
  const std::string topic = make_topic({.name = unique_name(stem), .partitions = partitions});
  register_schema(topic + "-value", kValue);
  return topic;
}

// Records of a partition, a minute apart from 2024-01-01T00:00Z on; every third one has failed.
std::string numbered(int first, int last, int partition = 0) {
  std::string lines;
  for (int n = first; n < last; ++n) {
    lines += fmt::format(
        R"({{"partition":{},"timestamp":"2024-01-01T{:02}:{:02}:00Z","headers":{{"worker":"w{}"}},"key":"k{}",)"
        R"("value":{{"n":{},"status":"{}"}}}})",
        partition, n / 60, n % 60, n % 2, n, n, n % 3 == 0 ? "FAILED" : "DONE");
    lines += '\n';
  }
  return lines;
}

CommandResult consume(const std::string& topic, std::vector<std::string> options) {
  options.insert(options.begin(), {"consume", topic});
  return run_omashu(options);
}

// The keys of what is printed, each with a blank behind it.
std::string keys(const std::string& topic, std::vector<std::string> options) {
  options.insert(options.end(), {"-f", "%k "});
  const CommandResult result = consume(topic, options);
  EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
  return result.out;
}

class Consume : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    topic_ = make_typed_topic("consume");
    ASSERT_EQ(run_omashu({"produce", topic_, "-q"}, numbered(0, 10)).exit_code, 0);
  }
  static std::string topic_;
};

std::string Consume::topic_;

TEST_F(Consume, ToThePresentEnd) {
  EXPECT_EQ(keys(topic_, {"--from-beginning", "-e"}), "k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 ");
  EXPECT_EQ(keys(topic_, {"--exit-at-end"}), "");
  EXPECT_EQ(keys(topic_, {"--from-beginning", "-e", "--max-messages", "2"}), "k0 k1 ");
}

TEST_F(Consume, FromAnOffset) {
  EXPECT_EQ(keys(topic_, {"--offset", "7", "-e"}), "k7 k8 k9 ");
  EXPECT_EQ(keys(topic_, {"--offset", "-2", "-e"}), "k8 k9 ");
  EXPECT_EQ(keys(topic_, {"--offset=-100", "-e", "--partition", "0", "--max-messages", "1"}), "k0 ");
  const CommandResult beyond = consume(topic_, {"--offset", "99", "-e"});
  EXPECT_EQ(beyond.exit_code, 0);
  EXPECT_THAT(beyond.err, HasSubstr(topic_ + "-0: offset 99 is beyond the end: reading what comes from offset 10 on"));
}

TEST_F(Consume, FromAnOffsetBelowTheFirstThatIsThere) {
  const std::string topic = make_topic({.name = unique_name("trimmed"), .is_compacted = false});
  ASSERT_EQ(run_omashu({"produce", topic, "-q"}, "{\"value\":\"a\"}\n{\"value\":\"b\"}\n{\"value\":\"c\"}\n").exit_code,
            0);
  ScratchFolder folder;
  std::ofstream(folder.path() / "offsets.json")
      << R"({"version":1,"partitions":[{"topic":")" << topic << R"(","partition":0,"offset":2}]})";
  const CommandResult trimmed = shared_kafka().tool("org.apache.kafka.tools.DeleteRecordsCommand",
                                                    {"--offset-json-file", (folder.path() / "offsets.json").string()});
  ASSERT_EQ(trimmed.exit_code, 0) << PrintToString(trimmed);
  const CommandResult consumed = consume(topic, {"--offset", "0", "-e", "--output", "value"});
  EXPECT_EQ(consumed.exit_code, 0);
  EXPECT_EQ(consumed.out, "c\n");
  EXPECT_THAT(consumed.err, HasSubstr(topic + "-0: offset 0 is below the first that is there: reading from 2 on"));
}

TEST_F(Consume, PlainTextIsWhatKafkasOwnConsolePrints) {
  const std::string topic = make_topic({.name = unique_name("plain"), .is_compacted = false});
  const std::string lines = R"({"headers":{"a":"1","b":null},"key":"k ü","value":"v\t1"})"
                            "\n"
                            R"({"key":null,"value":null})"
                            "\n";
  ASSERT_EQ(run_omashu({"produce", topic, "-q", "--value-format", "string"}, lines).exit_code, 0);
  std::vector<std::string> arguments = {"--topic", topic, "--from-beginning", "--max-messages", "2"};
  for (const char* name : {"print.timestamp", "print.partition", "print.offset", "print.headers", "print.key"}) {
    arguments.insert(arguments.end(), {"--formatter-property", std::string(name) + "=true"});
  }
  const CommandResult javas = shared_kafka().tool("org.apache.kafka.tools.consumer.ConsoleConsumer", arguments);
  auto ours = arguments;
  ours.insert(ours.begin(), {"consume", "--value-format", "string", "--key-format", "string"});
  const CommandResult consumed = run_omashu(ours);
  EXPECT_EQ(consumed.exit_code, 0) << PrintToString(consumed);
  EXPECT_EQ(consumed.out, javas.out) << javas.err;
  EXPECT_EQ(consumed.err, "Processed a total of 2 messages\n");
}

TEST_F(Consume, BetweenTwoTimes) {
  EXPECT_EQ(keys(topic_, {"--from", "2024-01-01T00:08Z", "-e"}), "k8 k9 ");
  EXPECT_EQ(keys(topic_, {"--from", "2024-01-01T00:03Z", "--until", "2024-01-01T00:05:00Z"}), "k3 k4 ");
  EXPECT_EQ(keys(topic_, {"--until", "1704067260000"}), "k0 ");
  EXPECT_EQ(keys(topic_, {"--from", "1h", "-e"}), "");
  EXPECT_EQ(consume(topic_, {"--from", "1h", "--until", "2h"}).exit_code, 2);
  EXPECT_EQ(consume(topic_, {"--until", "2999-01-01"}).exit_code, 2);
}

TEST_F(Consume, TheLastOnes) {
  EXPECT_EQ(keys(topic_, {"--tail", "3"}), "k7 k8 k9 ");
  EXPECT_EQ(keys(topic_, {"--tail", "100"}), "k0 k1 k2 k3 k4 k5 k6 k7 k8 k9 ");
  EXPECT_EQ(keys(topic_, {"--tail", "2", "--where", "status=FAILED"}), "k6 k9 ");
}

TEST_F(Consume, TheLastOnesOfAllPartitionsByTheirTimes) {
  const std::string topic = make_typed_topic("tail", 2);
  ASSERT_EQ(run_omashu({"produce", topic, "-q"}, numbered(0, 6, 0) + numbered(5, 9, 1)).exit_code, 0);
  EXPECT_EQ(keys(topic, {"--tail", "5"}), "k5 k5 k6 k7 k8 ");
  EXPECT_EQ(keys(topic, {"--tail", "1", "--partition", "0"}), "k5 ");
}

TEST_F(Consume, PicksByKeyHeaderAndCondition) {
  EXPECT_EQ(keys(topic_, {"--from-beginning", "-e", "--key", "k4"}), "k4 ");
  EXPECT_EQ(keys(topic_, {"--from-beginning", "-e", "--header", "worker=w1"}), "k1 k3 k5 k7 k9 ");
  EXPECT_EQ(keys(topic_, {"--from-beginning", "-e", "--where", "n>=7"}), "k7 k8 k9 ");
  EXPECT_EQ(keys(topic_, {"--from-beginning", "-e", "--where", "status=FAILED", "--header", "worker=w0"}), "k0 k6 ");
  EXPECT_EQ(consume(topic_, {"--from-beginning", "-e", "--where", "stauts=FAILED"}).exit_code, 1);
}

TEST_F(Consume, PrintsByATemplate) {
  EXPECT_EQ(
      consume(topic_, {"--offset", "3", "-e", "--max-messages", "1", "--output", "%t %p/%o %T %k %v %K %h%%\\n"}).out,
      topic_ + R"( 0/3 1704067380000 k3 {"n":3,"status":"FAILED"} 2 worker=w1%)" + "\n");
  const CommandResult wrong = consume(topic_, {"-f", "%k %q"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("--output: column 4: '%q' is not known"));
}

TEST_F(Consume, PrintsValuesAndTables) {
  EXPECT_EQ(consume(topic_, {"--offset", "8", "-e", "--output", "value"}).out,
            "{\"n\":8,\"status\":\"DONE\"}\n{\"n\":9,\"status\":\"FAILED\"}\n");
  const CommandResult table = consume(topic_, {"--tail", "2", "--output", "table", "--columns", "key,n,status"});
  EXPECT_EQ(table.exit_code, 0) << PrintToString(table);
  EXPECT_THAT(lines_of(table.out), ::testing::SizeIs(3));
  EXPECT_THAT(table.out, HasSubstr("k9   9  FAILED"));
  EXPECT_EQ(consume(topic_, {"--tail", "1", "--output", "csv"}).exit_code, 2);
}

TEST_F(Consume, AMemberOfAGroupEndsAtTheEndOfItsPartitions) {
  const std::string topic = make_typed_topic("group-end", 2);
  ASSERT_EQ(run_omashu({"produce", topic, "-q"}, numbered(0, 3, 0) + numbered(3, 5, 1)).exit_code, 0);
  const std::string group = unique_name("group-end");
  const CommandResult first = consume(topic, {"--group", group, "--from-beginning", "-e"});
  EXPECT_EQ(first.exit_code, 0) << PrintToString(first);
  EXPECT_THAT(lines_of(first.out), ::testing::SizeIs(5));
  EXPECT_EQ(consume(topic, {"--group", group, "-e"}).out, "");
}

TEST_F(Consume, OfAnEmptyTopicItSaysWhatItWaitsFor) {
  const std::string topic = make_typed_topic("empty");
  ScratchFolder folder;
  auto consumer = Process::start({.command = {omashu_program(), "consume", topic, "--from-beginning"},
                                  .environment = shared_server_environment(),
                                  .stdout_file = folder.path() / "out",
                                  .stderr_file = folder.path() / "err"});
  ASSERT_TRUE(consumer) << consumer.error().message;
  EXPECT_TRUE((*consumer)->wait_for_stderr(topic + " is empty: waiting for its first record", seconds(60)));
  ASSERT_EQ(run_omashu({"produce", topic, "-q"}, numbered(0, 1)).exit_code, 0);
  EXPECT_TRUE((*consumer)->wait_for_stdout("\"n\":0", seconds(60)));
  (*consumer)->signal(SIGTERM);
  EXPECT_EQ((*consumer)->wait(seconds(30)), 0);
}

TEST_F(Consume, ACopyMayLeaveThePartitionsToTheKeys) {
  const std::string from = make_typed_topic("copied", 3);
  const std::string to = make_typed_topic("copy");
  ASSERT_EQ(run_omashu({"produce", from, "-q"}, numbered(0, 3, 2)).exit_code, 0);
  const CommandResult lines = consume(from, {"--from-beginning", "-e"});
  EXPECT_EQ(run_omashu({"produce", to}, lines.out).exit_code, 1) << "there is no partition 2";
  ASSERT_EQ(run_omashu({"produce", to, "--ignore-partition", "-q"}, lines.out).exit_code, 0);
  EXPECT_EQ(keys(to, {"--from-beginning", "-e"}), "k0 k1 k2 ");
}

}  // namespace
}  // namespace omashu::real
