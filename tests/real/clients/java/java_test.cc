// Kafka's own command line tools, of Java 4.x. Each call starts a JVM, which costs a second: a test follows one topic
// through several tools rather than starting them for each claim.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "real/clients/client.h"
#include "real/support/process.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kTools = "org.apache.kafka.tools.";

// Where it is not Java's writing that is tested.
bool write_with_kcat(const std::string& topic, const std::string& lines, const std::string& partition = "0") {
  const std::string server = shared_kafka().bootstrap_server();
  return run_command({"kcat", "-b", server, "-P", "-t", topic, "-p", partition}, {.input = lines}).exit_code == 0;
}

CommandResult topic_command(const std::vector<std::string>& arguments) {
  return shared_kafka().tool(kTools + "TopicCommand", arguments);
}

TEST(JavaTopicCommand, CreatesDescribesWidensAndDeletes) {
  const std::string topic = "java-topics";
  const std::vector<std::string> create = {
      "--create", "--topic", topic, "--partitions", "4", "--config", "cleanup.policy=compact"};
  EXPECT_THAT(topic_command(create).out, HasSubstr("Created topic " + topic));
  const CommandResult again = topic_command(create);
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_THAT(again.out, HasSubstr("already exists"));

  EXPECT_EQ(topic_command({"--alter", "--topic", topic, "--partitions", "6"}).exit_code, 0);
  const CommandResult described = topic_command({"--describe", "--topic", topic});
  EXPECT_THAT(described.out, HasSubstr("PartitionCount: 6\tReplicationFactor: 1\tConfigs: cleanup.policy=compact"));
  EXPECT_THAT(described.out, HasSubstr("Partition: 5\tLeader: 1\tReplicas: 1\tIsr: 1"));

  EXPECT_EQ(topic_command({"--delete", "--topic", topic}).exit_code, 0);
  make_topics({"java-listed"});
  EXPECT_THAT(lines_of(topic_command({"--list"}).out), AllOf(Contains("java-listed"), Not(Contains(topic))));
}

// Java 4 asks with DescribeTopicPartitions, a page at a time.
TEST(JavaTopicCommand, DescribesATopicPageByPage) {
  const std::string topic = "java-pages";
  make_topics({topic}, 5);
  const CommandResult described =
      topic_command({"--describe", "--topic", topic, "--partition-size-limit-per-response", "2"});
  EXPECT_THAT(described.out, HasSubstr("PartitionCount: 5\t")) << described.err;
  for (const char* partition : {"0", "1", "2", "3", "4"}) {
    EXPECT_THAT(described.out, HasSubstr(std::string("Partition: ") + partition + "\tLeader: 1\tReplicas: 1\tIsr: 1"));
  }
}

TEST(JavaConfigCommand, AltersDescribesAndRestoresConfigs) {
  const std::string topic = "java-configs";
  make_topics({topic});
  const auto configs = [&](const std::vector<std::string>& arguments) {
    std::vector<std::string> all = {"--entity-type", "topics", "--entity-name", topic};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return shared_kafka().tool("kafka.admin.ConfigCommand", all);
  };
  EXPECT_EQ(configs({"--alter", "--add-config", "cleanup.policy=[compact,delete],retention.ms=3600000"}).exit_code, 0);
  EXPECT_THAT(configs({"--describe"}).out,
              AllOf(HasSubstr("cleanup.policy=compact,delete sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:"),
                    HasSubstr("retention.ms=3600000 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:")));
  EXPECT_EQ(configs({"--alter", "--delete-config", "retention.ms"}).exit_code, 0);
  EXPECT_THAT(configs({"--describe", "--all"}).out, HasSubstr("  retention.ms=604800000 sensitive=false"));
  const CommandResult refused = configs({"--alter", "--add-config", "retention.ms=soon"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("InvalidConfigurationException"));
}

TEST(JavaConfigCommand, DescribesTheBroker) {
  const CommandResult described = shared_kafka().tool(
      "kafka.admin.ConfigCommand", {"--entity-type", "brokers", "--entity-name", "1", "--describe", "--all"});
  EXPECT_THAT(described.out, HasSubstr("auto.create.topics.enable=false sensitive=false"));
  EXPECT_THAT(described.out, HasSubstr("  advertised.listeners=PLAINTEXT://"));
  EXPECT_THAT(described.out, HasSubstr("  log.retention.hours=168 sensitive=false"));
}

TEST(JavaConfigCommand, AltersTheBrokersAndTheTopicsFollow) {
  const std::string topic = "java-broker-configs";
  const std::string setting = "log.cleaner.delete.retention.ms";
  make_topics({topic});
  const auto configs = [&](const std::string& type, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"--entity-type", type});
    return shared_kafka().tool("kafka.admin.ConfigCommand", arguments);
  };
  const CommandResult altered =
      configs("brokers", {"--entity-default", "--alter", "--add-config", setting + "=3600000"});
  ASSERT_EQ(altered.exit_code, 0) << altered.err;
  EXPECT_THAT(configs("brokers", {"--entity-default", "--describe"}).out, HasSubstr(setting + "=3600000"));
  EXPECT_THAT(configs("topics", {"--entity-name", topic, "--describe", "--all"}).out,
              HasSubstr("  delete.retention.ms=3600000 sensitive=false "
                        "synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:log.cleaner.delete.retention.ms=3600000, "
                        "DEFAULT_CONFIG:log.cleaner.delete.retention.ms=86400000}"));
  EXPECT_EQ(configs("brokers", {"--entity-default", "--alter", "--delete-config", setting}).exit_code, 0);
  EXPECT_THAT(configs("topics", {"--entity-name", topic, "--describe", "--all"}).out,
              HasSubstr("  delete.retention.ms=86400000 sensitive=false"));
  const CommandResult refused =
      configs("brokers", {"--entity-name", "1", "--alter", "--add-config", "num.partitions=7"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("Cannot update these configs dynamically"));
}

TEST(JavaConfigCommand, QuotasCannotBeSet) {
  const CommandResult refused = shared_kafka().tool(
      "kafka.admin.ConfigCommand",
      {"--entity-type", "clients", "--entity-name", "a", "--alter", "--add-config", "consumer_byte_rate=1024"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("This broker limits no clients"));
}

CommandResult console_producer(const std::vector<std::string>& arguments, const std::string& input) {
  return shared_kafka().tool(kTools + "ConsoleProducer", arguments, input);
}

CommandResult console_consumer(const std::vector<std::string>& arguments) {
  return shared_kafka().tool(kTools + "consumer.ConsoleConsumer", arguments);
}

TEST(JavaConsole, WritesAndReadsKeysHeadersAndTombstones) {
  const std::string topic = "java-records";
  make_topics({topic});
  const CommandResult wrote = console_producer(
      {"--topic", topic, "--reader-property", "parse.key=true", "--reader-property", "parse.headers=true",
       "--reader-property", "null.marker=NULL", "--command-property", "enable.idempotence=true"},
      "trace:x,trace:y\ta\tone\ntrace:z\tb\tNULL\n");
  ASSERT_EQ(wrote.exit_code, 0) << ::testing::PrintToString(wrote);
  const CommandResult read = console_consumer(
      {"--topic", topic, "--from-beginning", "--max-messages", "2", "--formatter-property", "print.key=true",
       "--formatter-property", "print.headers=true", "--formatter-property", "print.offset=true",
       "--formatter-property", "print.partition=true", "--isolation-level", "read_committed"});
  EXPECT_EQ(read.out, "Partition:0\tOffset:0\ttrace:x,trace:y\ta\tone\nPartition:0\tOffset:1\ttrace:z\tb\tnull\n");
}

CommandResult group_command(const std::vector<std::string>& arguments) {
  return shared_kafka().tool(kTools + "consumer.group.ConsumerGroupCommand", arguments);
}

TEST(JavaConsumerGroupCommand, FollowsAGroupFromItsFirstCommitToItsEnd) {
  const std::string topic = "java-offsets", group = "java-offsets";
  make_topics({topic});
  ASSERT_TRUE(write_with_kcat(topic, "1\n2\n3\n4\n5\n"));
  const auto read = [&](const std::string& count) {
    return console_consumer({"--topic", topic, "--group", group, "--command-property", "auto.offset.reset=earliest",
                             "--max-messages", count})
        .out;
  };
  EXPECT_EQ(read("3"), "1\n2\n3\n");
  EXPECT_EQ(read("1"), "4\n");

  EXPECT_THAT(lines_of(group_command({"--list"}).out), Contains(group));
  EXPECT_THAT(group_command({"--describe", "--group", group}).out,
              ContainsRegex(group + " +" + topic + " +0 +4 +5 +1 +- "));
  const CommandResult reset =
      group_command({"--reset-offsets", "--group", group, "--topic", topic, "--to-offset", "1", "--execute"});
  EXPECT_THAT(reset.out, ContainsRegex(topic + " +0 +1")) << reset.err;
  EXPECT_EQ(read("1"), "2\n");

  EXPECT_THAT(group_command({"--delete-offsets", "--group", group, "--topic", topic}).out, HasSubstr("Successful"));
  EXPECT_THAT(group_command({"--delete", "--group", group}).out, HasSubstr("successful"));
}

// A console consumer that goes on until it is told to leave.
class ConsoleMember {
 public:
  explicit ConsoleMember(const std::string& topic) {
    auto started =
        Process::start({.command = shared_kafka().tool_command(
                            kTools + "consumer.ConsoleConsumer",
                            {"--topic", topic, "--group", topic, "--command-property", "heartbeat.interval.ms=100"}),
                        .stdout_file = folder_.path() / "stdout",
                        .stderr_file = folder_.path() / "stderr"});
    if (!started) throw std::runtime_error(started.error().message);
    process_ = *std::move(started);
  }
  bool reads(const std::string& record) { return process_->wait_for_stdout(record + "\n", std::chrono::seconds(60)); }
  size_t count() const { return lines_of(process_->stdout_text()).size(); }
  void leave() {
    process_->signal(SIGTERM);
    process_->wait(std::chrono::seconds(60));
  }

 private:
  ScratchFolder folder_;
  std::unique_ptr<Process> process_;
};

TEST(JavaConsole, SharesAGroupWithKcatAndTakesOverWhatItLeaves) {
  const std::string topic = "java-group";
  make_topics({topic}, 4);
  ConsoleMember java(topic);
  ASSERT_EQ(run_client("go", {"await-group", topic, "1"}).out, "[4]\n");
  ConsoleMember other(topic);
  ASSERT_EQ(run_client("go", {"await-group", topic, "2"}).out, "[2 2]\n");
  for (const char* partition : {"0", "1", "2", "3"}) {
    ASSERT_TRUE(write_with_kcat(topic, "record\n", partition));
  }
  EXPECT_TRUE(java.reads("record\nrecord") && other.reads("record\nrecord"));
  EXPECT_EQ(java.count() + other.count(), 4u);

  other.leave();
  ScratchFolder folder;
  auto kcat = Process::start({.command = {"kcat", "-b", shared_kafka().bootstrap_server(), "-G", topic, "-u", topic},
                              .stdout_file = folder.path() / "stdout",
                              .stderr_file = folder.path() / "stderr"});
  ASSERT_TRUE(kcat) << kcat.error().message;
  ASSERT_EQ(run_client("go", {"await-group", topic, "2"}).out, "[2 2]\n");
  EXPECT_TRUE((*kcat)->wait_for_stderr("assigned: " + topic, std::chrono::seconds(60)));

  const CommandResult members = group_command({"--describe", "--group", topic, "--members", "--verbose"});
  EXPECT_THAT(members.out, AllOf(HasSubstr("console-consumer"), HasSubstr("rdkafka"))) << members.err;
  EXPECT_THAT(group_command({"--delete", "--group", topic}).out, HasSubstr("could not be deleted"));
}

// What the tools of a cluster's operator say of the one node.
TEST(JavaOperatorTools, FindOneBrokerThatLeadsEverything) {
  const std::string topic = "java-operator";
  make_topics({topic});
  ASSERT_TRUE(write_with_kcat(topic, "1\n2\n"));

  const CommandResult sizes = shared_kafka().tool(kTools + "LogDirsCommand", {"--describe", "--topic-list", topic});
  EXPECT_THAT(sizes.out, ContainsRegex("\"partition\":\"" + topic + "-0\",\"size\":[1-9]")) << sizes.err;

  ScratchFolder folder;
  const std::filesystem::path file = folder.path() / "assignment.json";
  std::ofstream(file) << R"({"version":1,"partitions":[{"topic":")" << topic << R"(","partition":0,"replicas":[1]}]})";
  const CommandResult verified = shared_kafka().tool(kTools + "reassign.ReassignPartitionsCommand",
                                                     {"--verify", "--reassignment-json-file", file});
  EXPECT_THAT(verified.out, HasSubstr("Reassignment of partition " + topic + "-0 is completed")) << verified.err;
  EXPECT_EQ(verified.exit_code, 0) << "the throttles of a reassignment are removed, as Kafka's tool does: "
                                   << verified.err;

  const CommandResult elected = shared_kafka().tool(
      kTools + "LeaderElectionCommand", {"--election-type", "preferred", "--topic", topic, "--partition", "0"});
  EXPECT_THAT(elected.out, HasSubstr("Valid replica already elected for partitions " + topic + "-0")) << elected.err;

  const CommandResult quorum = shared_kafka().tool(kTools + "MetadataQuorumCommand", {"describe", "--status"});
  EXPECT_THAT(quorum.out, ContainsRegex("LeaderId: +1\n")) << quorum.err;
  EXPECT_THAT(quorum.out, HasSubstr("\"endpoints\": [\"PLAINTEXT://" + shared_kafka().bootstrap_server() + "\"]"));
}

TEST(JavaDeleteRecords, MovesTheStartOfAPartition) {
  const std::string topic = "java-deletes";
  make_topics({topic});
  ASSERT_TRUE(write_with_kcat(topic, "1\n2\n3\n"));
  ScratchFolder folder;
  const std::filesystem::path file = folder.path() / "offsets.json";
  std::ofstream(file) << R"({"version":1,"partitions":[{"topic":")" << topic << R"(","partition":0,"offset":2}]})";
  const CommandResult deleted =
      shared_kafka().tool("org.apache.kafka.tools.DeleteRecordsCommand", {"--offset-json-file", file});
  EXPECT_THAT(deleted.out, HasSubstr("low_watermark: 2")) << ::testing::PrintToString(deleted);
  const CommandResult earliest = shared_kafka().tool(kTools + "GetOffsetShell", {"--topic", topic, "--time", "-2"});
  EXPECT_EQ(earliest.out, topic + ":0:2\n");
}

TEST(JavaTransactionsCommand, DescribesIdempotentProducers) {
  const std::string topic = "java-producers";
  make_topics({topic});
  ASSERT_EQ(console_producer({"--topic", topic, "--command-property", "enable.idempotence=true"}, "a\n").exit_code, 0);
  const CommandResult described =
      shared_kafka().tool(kTools + "TransactionsCommand", {"describe-producers", "--topic", topic, "--partition", "0"});
  EXPECT_THAT(described.out, ContainsRegex("\n[0-9]+ *\t0 *\t-1 *\t0 *\t[0-9]+ *\tNone")) << described.err;
}

TEST(JavaProducerPerformance, DeliversEveryRecord) {
  const std::string topic = "java-performance";
  make_topics({topic}, 2);
  const CommandResult result =
      shared_kafka().tool(kTools + "ProducerPerformance",
                          {"--topic", topic, "--num-records", "50000", "--record-size", "100", "--throughput", "-1",
                           "--command-property", "acks=all", "--command-property", "compression.type=zstd"});
  EXPECT_THAT(result.out, HasSubstr("50000 records sent")) << ::testing::PrintToString(result);
  int64_t sum = 0;
  for (const auto& line : lines_of(shared_kafka().tool(kTools + "GetOffsetShell", {"--topic", topic}).out)) {
    sum += std::stoll(line.substr(line.rfind(':') + 1));
  }
  EXPECT_EQ(sum, 50'000);
}

TEST(JavaProducerPerformance, ATransactionalProducerFailsAtOnce) {
  const CommandResult refused =
      shared_kafka().tool(kTools + "ProducerPerformance",
                          {"--topic", "java-transactions", "--num-records", "1", "--record-size", "1", "--throughput",
                           "-1", "--transactional-id", "tx", "--transaction-duration-ms", "100"});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, HasSubstr("TransactionalIdAuthorizationException"));
}

}  // namespace
}  // namespace omashu::real
