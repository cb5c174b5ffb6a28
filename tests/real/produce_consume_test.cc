// produce and consume on a real Kafka and a real registry.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "base/json.h"
#include "real/support/omashu_command.h"
#include "real/support/process.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::PrintToString;
using ::testing::SizeIs;

constexpr const char* kValue =
    R"({"type":"record","name":"V","fields":[{"name":"n","type":"long"},)"
    R"({"name":"at","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null}]})";

std::string make_typed_topic(const std::string& stem, int partitions = 1) {
  const std::string topic = make_topic({.name = unique_name(stem), .partitions = partitions, .is_compacted = false});
  register_schema(topic + "-value", kValue);
  return topic;
}

std::string numbered(int first, int last) {
  std::string lines;
  for (int n = first; n < last; ++n) lines += fmt::format("{{\"key\":\"k{}\",\"value\":{{\"n\":{}}}}}\n", n, n);
  return lines;
}

// The numbers of the records that a consumer printed, in their order.
std::vector<int64_t> numbers_of(const std::string& out) {
  std::vector<int64_t> numbers;
  for (const std::string& line : lines_of(out)) {
    const auto record = json::parse(line);
    EXPECT_TRUE(record) << line;
    if (record) numbers.push_back(record->find("value")->find("n")->as_int64().value_or(-1));
  }
  return numbers;
}

TEST(ProduceConsume, WhatWasPrintedGoesInAgain) {
  const std::string topic = make_typed_topic("again");
  const std::string line = R"({"partition":0,"offset":0,"timestamp":"2024-02-29T23:59:59.999Z",)"
                           R"("headers":[{"name":"trace","value":"abc"},{"name":"raw","base64":"/w=="}],)"
                           R"("key":"k","value":{"n":7,"at":"2024-01-02T03:04:05.006Z"}})";
  const std::string tombstone =
      R"({"partition":0,"offset":1,"timestamp":"2024-03-01T00:00:00.000Z","key":"k","value":null})";
  const CommandResult produced = run_omashu({"produce", topic}, line + "\n" + tombstone + "\n");
  ASSERT_EQ(produced.exit_code, 0) << PrintToString(produced);
  EXPECT_EQ(produced.out, topic + "-0-0\n" + topic + "-0-1\n");
  const CommandResult consumed = run_omashu({"consume", topic, "--from-beginning", "--max-messages", "2"});
  EXPECT_EQ(consumed.exit_code, 0) << PrintToString(consumed);
  EXPECT_EQ(consumed.out, line + "\n" + tombstone + "\n");

  const CommandResult avro = run_omashu({"consume", topic, "--from-beginning", "--max-messages", "1", "--avro-json"});
  EXPECT_THAT(avro.out, HasSubstr(R"("timestamp":1709251199999)"));
  EXPECT_THAT(avro.out, HasSubstr(R"("value":{"n":7,"at":{"long":1704164645006}})"));
  ASSERT_EQ(run_omashu({"produce", topic}, avro.out).exit_code, 0);
  EXPECT_THAT(run_omashu({"consume", topic, "--partition", "0", "--offset", "2", "--max-messages", "1"}).out,
              HasSubstr(R"("value":{"n":7,"at":"2024-01-02T03:04:05.006Z"})"));
}

TEST(ProduceConsume, ARecordWithoutAKeyIsNotSentToACompactedTopic) {
  const std::string topic = make_topic({.name = unique_name("keyless")});
  register_schema(topic + "-value", kValue);
  const CommandResult produced =
      run_omashu({"produce", topic}, "{\"value\":{\"n\":1}}\n{\"key\":\"k\",\"value\":{\"n\":2}}\n");
  EXPECT_EQ(produced.exit_code, 1);
  EXPECT_EQ(produced.out, topic + "-0-0\n");
  EXPECT_EQ(produced.err, "omashu: standard input:1: a record of " + topic +
                              " needs a key, since that topic is compacted (cleanup.policy)\n"
                              "omashu: 1 of 2 records were written\n");
}

TEST(ProduceConsume, ARecordThatIsTooLargeNamesTheLimits) {
  const std::string topic = make_typed_topic("large");
  const std::string line = "{\"value\":\"" + std::string(2'000'000, 'x') + "\"}\n";
  const CommandResult refused = run_omashu({"produce", topic, "--value-format", "string"}, line);
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("-X message.max.bytes=BYTES"));
  const CommandResult sent =
      run_omashu({"produce", topic, "--value-format", "string", "-X", "message.max.bytes=3000000"}, line);
  EXPECT_EQ(sent.exit_code, 1);
  EXPECT_THAT(sent.err, HasSubstr("raise the topic's max.message.bytes"));
}

TEST(ProduceConsume, AGroupGoesOnWhereItWasStopped) {
  const std::string topic = make_typed_topic("group", 2);
  const std::string group = unique_name("group");
  ASSERT_EQ(run_omashu({"produce", topic, "-q"}, numbered(0, 100)).exit_code, 0);
  ScratchFolder folder;
  auto consumer = Process::start({.command = {omashu_program(), "consume", topic, "--group", group, "--from-beginning"},
                                  .environment = shared_server_environment(),
                                  .stdout_file = folder.path() / "out",
                                  .stderr_file = folder.path() / "err"});
  ASSERT_TRUE(consumer) << consumer.error().message;
  for (int n = 0; n < 100; ++n) {
    ASSERT_TRUE((*consumer)->wait_for_stdout(fmt::format("\"n\":{},", n), seconds(60))) << (*consumer)->stderr_text();
  }
  (*consumer)->signal(SIGTERM);
  EXPECT_EQ((*consumer)->wait(seconds(30)), 0);
  EXPECT_EQ((*consumer)->stderr_text(), "");
  EXPECT_THAT(numbers_of((*consumer)->stdout_text()), SizeIs(100));

  ASSERT_EQ(run_omashu({"produce", topic, "-q"}, numbered(100, 150)).exit_code, 0);
  const CommandResult resumed =
      run_omashu({"consume", topic, "--group", group, "--from-beginning", "--max-messages", "50"});
  EXPECT_EQ(resumed.exit_code, 0) << PrintToString(resumed);
  auto numbers = numbers_of(resumed.out);
  std::ranges::sort(numbers);
  ASSERT_THAT(numbers, SizeIs(50));
  EXPECT_EQ(numbers.front(), 100);
  EXPECT_EQ(numbers.back(), 149);
}

TEST(ProduceConsume, AReaderThatWentAwayEndsTheConsumer) {
  const std::string topic = make_typed_topic("head");
  ASSERT_EQ(run_omashu({"produce", topic, "-q"}, numbered(0, 10)).exit_code, 0);
  const CommandResult piped = run_command(
      {"bash", "-c", "set -o pipefail; " + omashu_program() + " consume " + topic + " --from-beginning | head -n 3"},
      {.environment = shared_server_environment()});
  EXPECT_FALSE(piped.timed_out);
  EXPECT_EQ(piped.exit_code, 0) << PrintToString(piped);
  EXPECT_THAT(numbers_of(piped.out), ElementsAre(0, 1, 2));
}

TEST(ProduceConsume, ARecordThatDoesNotDecodeStopsOrIsSkipped) {
  const std::string topic = make_typed_topic("skip");
  ASSERT_EQ(run_omashu({"produce", topic}, numbered(0, 1)).exit_code, 0);
  ASSERT_EQ(run_omashu({"produce", topic, "--value-format", "string"}, R"({"value":"garbage"})").exit_code, 0);
  ASSERT_EQ(run_omashu({"produce", topic}, numbered(2, 3)).exit_code, 0);
  const std::vector<std::string> consume = {"consume",        topic, "--from-beginning", "--value-format", "avro",
                                            "--max-messages", "2"};
  const CommandResult stopped = run_omashu(consume);
  EXPECT_EQ(stopped.exit_code, 1);
  EXPECT_THAT(numbers_of(stopped.out), ElementsAre(0));
  EXPECT_THAT(stopped.err, HasSubstr(topic + "-0-1 value"));
  auto skipping = consume;
  skipping.emplace_back("--skip-message-on-error");
  const CommandResult skipped = run_omashu(skipping);
  EXPECT_EQ(skipped.exit_code, 0);
  EXPECT_THAT(numbers_of(skipped.out), ElementsAre(0, 2));
}

TEST(ProduceConsume, SpeaksTheConsoleToolsFormat) {
  const std::string topic = make_topic({.name = unique_name("console"), .is_compacted = false});
  const CommandResult produced = run_omashu(
      {"produce", "--topic", topic, "--property", "parse.key=true", "--property", "key.separator=|", "--property",
       R"(key.schema="string")", "--property", "value.schema=/* a comment */" + std::string(kValue)},
      "\"k\"|{\"n\":1,\"at\":{\"long\":5}}\n");
  ASSERT_EQ(produced.exit_code, 0) << PrintToString(produced);
  EXPECT_EQ(produced.out, "");
  const CommandResult consumed =
      run_omashu({"consume", "--topic", topic, "--from-beginning", "--max-messages", "1", "--avro-json", "--property",
                  "print.key=true", "--property", "print.offset=true"});
  EXPECT_EQ(consumed.out, "Offset:0\t\"k\"\t{\"n\":1,\"at\":{\"long\":5}}\n");
  EXPECT_EQ(consumed.err, "Processed a total of 1 messages\n");
}

TEST(ProduceConsume, ALineThatIsWrongIsNamed) {
  const std::string topic = make_typed_topic("lines");
  const CommandResult produced = run_omashu({"produce", topic}, "{\"value\":{\"n\":1}}\n{\"value\":{\"n\":\"x\"}}\n");
  EXPECT_EQ(produced.exit_code, 1);
  EXPECT_EQ(produced.out, topic + "-0-0\n");
  EXPECT_THAT(produced.err, HasSubstr("standard input:2: value: "));
  EXPECT_THAT(produced.err, HasSubstr("1 of 2 records were written"));
}

}  // namespace
}  // namespace omashu::real
