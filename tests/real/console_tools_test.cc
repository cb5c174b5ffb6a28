// console-producer and console-consumer on a real Kafka and a real registry: as Confluent's tools of that name.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "real/support/omashu_command.h"
#include "real/support/process.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::PrintToString;
using ::testing::StartsWith;

constexpr const char* kValueSchema = R"(value.schema={"type":"record","name":"V","fields":[{"name":"n","type":"long"},)"
                                     R"({"name":"s","type":["null","string"]}]})";

std::string make_topic_of(const std::string& stem, int partitions = 1) {
  return make_topic({.name = unique_name(stem), .partitions = partitions, .is_compacted = false});
}

CommandResult produce(const std::string& topic, const std::string& lines, std::vector<std::string> options = {}) {
  options.insert(options.begin(), {"console-producer", "--topic", topic, "--property", kValueSchema});
  return run_omashu(options, lines);
}

CommandResult consume(const std::string& topic, std::vector<std::string> options) {
  options.insert(options.begin(), {"console-consumer", "--topic", topic});
  return run_omashu(options);
}

TEST(ConsoleTools, WhatIsProducedIsConsumed) {
  const std::string topic = make_topic_of("console");
  const CommandResult produced =
      produce(topic, "h:1\t\"k\"\t{\"n\":1,\"s\":{\"string\":\"ü\"}}\n\tNULL\tNULL\n",
              {"--property", "parse.key=true", "--reader-property", "parse.headers=true", "--property",
               "key.schema=\"string\"", "--property", "null.marker=NULL", "--property", "ignore.error=true"});
  ASSERT_EQ(produced.exit_code, 0) << PrintToString(produced);
  EXPECT_EQ(produced.out, "");
  EXPECT_EQ(produced.err, "");
  const CommandResult consumed =
      consume(topic, {"--from-beginning", "--max-messages", "2", "--property", "print.key=true", "--formatter-property",
                      "print.headers=true", "--property", "print.partition=true", "--property", "print.offset=true",
                      "--property",
                      "headers.deserializer=org.apache.kafka.common.serialization."
                      "StringDeserializer"});
  EXPECT_EQ(consumed.exit_code, 0) << PrintToString(consumed);
  EXPECT_EQ(consumed.out,
            "Partition:0\tOffset:0\th:1\t\"k\"\t{\"n\":1,\"s\":{\"string\":\"ü\"}}\n"
            "Partition:0\tOffset:1\t:null\tnull\tnull\n");
  EXPECT_EQ(consumed.err, "Processed a total of 2 messages\n");
}

TEST(ConsoleTools, ATopicThatIsNotThereIsLeftToTheBroker) {
  // Neither of the shared brokers makes topics by itself.
  const CommandResult produced = produce(unique_name("missing"), "{\"n\":1,\"s\":null}\n");
  EXPECT_EQ(produced.exit_code, 1);
  EXPECT_THAT(produced.err, HasSubstr("does not exist"));
}

TEST(ConsoleTools, WithoutFromBeginningItStartsAtTheEnd) {
  const std::string topic = make_topic_of("end");
  ASSERT_EQ(produce(topic, "{\"n\":1,\"s\":null}\n").exit_code, 0);
  const CommandResult consumed = consume(topic, {"--timeout-ms", "1500"});
  EXPECT_EQ(consumed.exit_code, 0);
  EXPECT_EQ(consumed.out, "");
  EXPECT_EQ(consumed.err, "Processed a total of 0 messages\n");
  EXPECT_EQ(consume(topic, {"--timeout-ms", "500", "--partition", "0"}).out, "");
}

TEST(ConsoleTools, WithoutAGroupItHasOneOfItsOwn) {
  const std::string topic = make_topic_of("own-group");
  ScratchFolder folder;
  auto consumer =
      Process::start({.command = {omashu_program(), "console-consumer", "--topic", topic, "--from-beginning"},
                      .environment = shared_server_environment(),
                      .stdout_file = folder.path() / "out",
                      .stderr_file = folder.path() / "err"});
  ASSERT_TRUE(consumer) << consumer.error().message;
  ASSERT_EQ(produce(topic, "{\"n\":1,\"s\":null}\n").exit_code, 0);
  ASSERT_TRUE((*consumer)->wait_for_stdout("{\"n\":1,\"s\":null}\n", std::chrono::seconds(60)));
  EXPECT_THAT(run_omashu({"groups", "list"}).out, ::testing::ContainsRegex("\"console-consumer-[0-9]+\""));
  (*consumer)->signal(SIGTERM);
  EXPECT_EQ((*consumer)->wait(std::chrono::seconds(30)), 0);
  EXPECT_EQ((*consumer)->stderr_text(), "Processed a total of 1 messages\n");
}

TEST(ConsoleTools, AnOffsetOfAPartition) {
  const std::string topic = make_topic_of("offset");
  ASSERT_EQ(produce(topic, "{\"n\":1,\"s\":null}\n{\"n\":2,\"s\":null}\n{\"n\":3,\"s\":null}\n").exit_code, 0);
  const CommandResult third = consume(topic, {"--partition", "0", "--offset", "2", "--max-messages", "1"});
  EXPECT_EQ(third.out, "{\"n\":3,\"s\":null}\n");
  const CommandResult earliest = consume(topic, {"--partition", "0", "--offset", "EARLIEST", "--max-messages", "2"});
  EXPECT_EQ(earliest.out, "{\"n\":1,\"s\":null}\n{\"n\":2,\"s\":null}\n");
  const CommandResult beyond = consume(topic, {"--partition", "0", "--offset", "9", "--timeout-ms", "500"});
  EXPECT_EQ(beyond.exit_code, 0);
  EXPECT_THAT(beyond.err, HasSubstr("offset 9 is beyond the end: reading what comes from offset 3 on"));
}

TEST(ConsoleTools, AGroupGoesOnWhereItWas) {
  const std::string topic = make_topic_of("group");
  const std::string group = unique_name("console-group");
  ASSERT_EQ(produce(topic, "{\"n\":1,\"s\":null}\n{\"n\":2,\"s\":null}\n").exit_code, 0);
  const std::vector<std::string> options = {"--from-beginning", "--consumer-property", "group.id=" + group,
                                            "--max-messages", "1"};
  EXPECT_EQ(consume(topic, options).out, "{\"n\":1,\"s\":null}\n");
  EXPECT_EQ(consume(topic, options).out, "{\"n\":2,\"s\":null}\n");
}

TEST(ConsoleTools, TopicsAreIncludedByAPattern) {
  const std::string stem = unique_name("included");
  const std::string a = make_topic({.name = stem + "-a1", .is_compacted = false});
  const std::string b = make_topic({.name = stem + "-b2", .is_compacted = false});
  make_topic({.name = stem + "-c", .is_compacted = false});
  ASSERT_EQ(produce(a, "{\"n\":1,\"s\":null}\n").exit_code, 0);
  ASSERT_EQ(produce(b, "{\"n\":2,\"s\":null}\n").exit_code, 0);
  ASSERT_EQ(produce(stem + "-c", "{\"n\":3,\"s\":null}\n").exit_code, 0);
  const CommandResult consumed =
      run_omashu({"console-consumer", "--include", stem + "-[ab]\\d", "--from-beginning", "--timeout-ms", "3000"});
  EXPECT_EQ(consumed.exit_code, 0) << PrintToString(consumed);
  EXPECT_THAT(consumed.out, AllOf(HasSubstr("{\"n\":1,"), HasSubstr("{\"n\":2,")));
  EXPECT_EQ(consumed.err, "Processed a total of 2 messages\n");
}

TEST(ConsoleTools, ARecordThatCannotBePrintedEndsItOrIsSkipped) {
  const std::string topic = make_topic_of("skip");
  ASSERT_EQ(produce(topic, "{\"n\":1,\"s\":null}\n").exit_code, 0);
  ASSERT_EQ(run_omashu({"produce", topic, "--value-format", "string"}, R"({"value":"garbage"})").exit_code, 0);
  ASSERT_EQ(produce(topic, "{\"n\":3,\"s\":null}\n").exit_code, 0);
  const CommandResult ended = consume(topic, {"--from-beginning", "--max-messages", "3"});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(ended.out, "{\"n\":1,\"s\":null}\n");
  EXPECT_THAT(ended.err, AllOf(HasSubstr(topic + "-0-1 value"), HasSubstr("Processed a total of 2 messages\n")));
  const CommandResult skipped = consume(topic, {"--from-beginning", "--max-messages", "3", "--skip-message-on-error"});
  EXPECT_EQ(skipped.exit_code, 0);
  EXPECT_EQ(skipped.out, "{\"n\":1,\"s\":null}\n{\"n\":3,\"s\":null}\n");
  EXPECT_THAT(skipped.err, HasSubstr("Processed a total of 3 messages\n"));
}

TEST(ConsoleTools, ALineThatIsWrongEndsTheProducerAndThoseBeforeItAreWritten) {
  const std::string topic = make_topic_of("wrong");
  const CommandResult produced = produce(topic, "{\"n\":1,\"s\":null}\n{\"n\":\"x\"}\n{\"n\":3,\"s\":null}\n");
  EXPECT_EQ(produced.exit_code, 1);
  EXPECT_THAT(produced.err, HasSubstr("2: value: $.n: expected a whole number"));
  EXPECT_EQ(consume(topic, {"--from-beginning", "--timeout-ms", "2000"}).out, "{\"n\":1,\"s\":null}\n");
}

TEST(ConsoleTools, AnswerToConfluentsNames) {
  const std::string topic = make_topic_of("names");
  const auto program = [](const char* name) {
    return std::filesystem::path(omashu_program()).replace_filename(name).string();
  };
  const std::string registry = "schema.registry.url=" + shared_registry().url();
  ScratchFolder folder;
  std::ofstream(folder.path() / "value.avsc") << "{\"type\":\"map\",\"values\":\"int\"}";
  std::ofstream(folder.path() / "client.properties") << "client.id=by-file\n";
  std::ofstream(folder.path() / "format.properties") << "print.offset=true\nkey.separator=\\t|\\t\n";
  const CommandResult produced =
      run_command({program("kafka-avro-console-producer"), "--broker-list", shared_kafka().bootstrap_server(), "-topic",
                   topic, "--sync", "--compression-codec", "--request-required-acks", "1", "--producer.config",
                   (folder.path() / "client.properties").string(), "--property", registry, "--property",
                   "value.schema.file=" + (folder.path() / "value.avsc").string()},
                  {.input = "{\"b\":1,\"a\":2}\n"});
  ASSERT_EQ(produced.exit_code, 0) << PrintToString(produced);
  const CommandResult consumed = run_command(
      {program("kafka-avro-console-consumer"), "--boot", shared_kafka().bootstrap_server(), "--topic", topic,
       "--from-beginning", "--max-messages", "1", "--consumer.config", (folder.path() / "client.properties").string(),
       "--formatter-config", (folder.path() / "format.properties").string(), "--formatter-property", registry,
       "--formatter", "io.confluent.kafka.formatter.AvroMessageFormatter", "--enable-systest-events"},
      {});
  EXPECT_EQ(consumed.exit_code, 0) << PrintToString(consumed);
  EXPECT_EQ(consumed.out, "Offset:0\t|\t{\"a\":2,\"b\":1}\nshutdown_complete\n");
  EXPECT_EQ(consumed.err, "Processed a total of 1 messages\n");
}

TEST(ConsoleTools, WrongCommandLinesExitWithOneAsTheirsDo) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong = {
      {{"console-consumer"}, "--topic is missing, or --include"},
      {{"console-consumer", "--topic", "t", "--offset", "3"}, "--offset needs --partition"},
      {{"console-consumer", "--topic", "t", "--partition", "0", "--group", "g"}, "--group and --partition"},
      {{"console-consumer", "--topic", "t", "--group", "g", "--command-property", "group.id=h"}, "different groups"},
      {{"console-consumer", "--topic", "t", "--formatter", "kafka.tools.DefaultMessageFormatter"},
       "classes of Java cannot be loaded"},
      {{"console-producer"}, "--topic is missing"},
      {{"console-producer", "--topic", "t", "--line-reader", "kafka.tools.LineMessageReader"},
       "classes of Java cannot be loaded"},
      {{"console-producer", "--topic", "t", "--nonsense"}, "unknown option --nonsense"},
  };
  for (const auto& [arguments, message] : wrong) {
    const CommandResult result = run_omashu(arguments);
    EXPECT_EQ(result.exit_code, 1) << PrintToString(arguments);
    EXPECT_THAT(result.err, HasSubstr(message)) << PrintToString(arguments);
    EXPECT_EQ(result.out, "");
  }
}

TEST(ConsoleTools, APropertyThatHasNoEffectIsWarnedOf) {
  const std::string topic = make_topic_of("warned");
  ASSERT_EQ(produce(topic, "{\"n\":1,\"s\":null}\n").exit_code, 0);
  const CommandResult consumed = consume(topic, {"--from-beginning", "--max-messages", "1", "--property",
                                                 "print.kye=true", "--property", "print.value=x"});
  EXPECT_EQ(consumed.exit_code, 0);
  EXPECT_THAT(consumed.err, HasSubstr("the property print.kye has no effect: did you mean print.key?"));
  EXPECT_THAT(consumed.err, ::testing::Not(HasSubstr("print.value")));
}

}  // namespace
}  // namespace omashu::real
