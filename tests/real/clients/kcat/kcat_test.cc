// kcat on the librdkafka that Debian has, 2.0.2: what it lists, writes, reads and looks up, and its groups.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "real/clients/client.h"
#include "real/support/process.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto kDeadline = std::chrono::seconds(60);

std::vector<std::string> kcat_command(const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {"kcat", "-b", shared_kafka().bootstrap_server()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

CommandResult kcat(const std::vector<std::string>& arguments, const std::string& input = "") {
  return run_command(kcat_command(arguments), {.input = input});
}

std::string one_topic(const std::string& name) {
  make_topics({name});
  return name;
}

TEST(Kcat, ListsBrokersTopicsAndPartitions) {
  const std::string topic = one_topic("kcat-listed");
  const CommandResult listed = kcat({"-L", "-t", topic});
  EXPECT_EQ(listed.exit_code, 0) << ::testing::PrintToString(listed);
  EXPECT_THAT(listed.out, HasSubstr("broker 1 at " + shared_kafka().bootstrap_server() + " (controller)"));
  EXPECT_THAT(listed.out, HasSubstr("topic \"" + topic + "\" with 1 partitions:"));
  EXPECT_THAT(listed.out, HasSubstr("partition 0, leader 1, replicas: 1, isrs: 1"));
  EXPECT_THAT(kcat({"-L", "-t", "kcat-absent"}).out, HasSubstr("Unknown topic or partition"));
}

TEST(Kcat, WritesAndReadsKeysHeadersTombstonesAndTimestamps) {
  const std::string topic = one_topic("kcat-records");
  const CommandResult wrote =
      kcat({"-P", "-t", topic, "-K", "\t", "-Z", "-H", "trace=x", "-H", "trace=y"}, "a\tone\nb\t\nc\tthree\n");
  ASSERT_EQ(wrote.exit_code, 0) << ::testing::PrintToString(wrote);
  const CommandResult read = kcat({"-C", "-t", topic, "-e", "-q", "-f", "%p %o %k %S %s %h\n"});
  EXPECT_EQ(read.out, "0 0 a 3 one trace=x,trace=y\n0 1 b -1  trace=x,trace=y\n0 2 c 5 three trace=x,trace=y\n");
}

TEST(Kcat, WritesIdempotently) {
  const std::string topic = one_topic("kcat-idempotent");
  const CommandResult wrote =
      kcat({"-P", "-t", topic, "-X", "enable.idempotence=true", "-X", "batch.num.messages=1"}, "1\n2\n3\n");
  ASSERT_EQ(wrote.exit_code, 0) << ::testing::PrintToString(wrote);
  EXPECT_EQ(kcat({"-C", "-t", topic, "-e", "-q"}).out, "1\n2\n3\n");
}

TEST(Kcat, IsToldWhatIsRefused) {
  const std::string soon = "topic.metadata.propagation.max.ms=100";  // an absent topic may be about to come, for 30 s
  EXPECT_THAT(kcat({"-P", "-t", "kcat-absent", "-X", soon}, "x\n").err, HasSubstr("Unknown topic or partition"));
  const std::string topic = one_topic("kcat-refusing");
  const CommandResult large = kcat({"-P", "-t", topic, "-X", "message.max.bytes=4000000"}, std::string(2'000'000, 'x'));
  EXPECT_EQ(large.exit_code, 1);
  EXPECT_THAT(large.err, HasSubstr("Message size too large"));
}

TEST(Kcat, FindsOffsetsByTime) {
  const std::string topic = one_topic("kcat-times");
  ASSERT_EQ(kcat({"-P", "-t", topic}, "1\n2\n3\n4\n").exit_code, 0);
  const auto offset_at = [&](const std::string& time) { return kcat({"-Q", "-t", topic + ":0:" + time}).out; };
  EXPECT_EQ(offset_at("-2"), topic + " [0] offset 0\n");
  EXPECT_EQ(offset_at("-1"), topic + " [0] offset 4\n");
  EXPECT_EQ(offset_at("1"), topic + " [0] offset 0\n");
  EXPECT_EQ(kcat({"-C", "-t", topic, "-o", "-2", "-e", "-q"}).out, "3\n4\n");
  EXPECT_EQ(kcat({"-C", "-t", topic, "-o", "s@1", "-e", "-q"}).out, "1\n2\n3\n4\n");
}

TEST(Kcat, GoesOnInItsGroupWhereItStopped) {
  const std::string topic = one_topic("kcat-resumed");
  ASSERT_EQ(kcat({"-P", "-t", topic}, "1\n2\n3\n4\n5\n").exit_code, 0);
  const auto read = [&](const std::string& count) {
    return kcat({"-G", topic, "-X", "auto.offset.reset=earliest", "-q", "-c", count, topic}).out;
  };
  EXPECT_EQ(read("3"), "1\n2\n3\n");
  EXPECT_EQ(read("2"), "4\n5\n");
}

class KcatMember {
 public:
  explicit KcatMember(const std::string& topic) {
    auto started = Process::start({.command = kcat_command({"-G", topic, "-X", "heartbeat.interval.ms=100", "-X",
                                                            "auto.offset.reset=earliest", "-u", topic}),
                                   .stdout_file = folder_.path() / "stdout",
                                   .stderr_file = folder_.path() / "stderr"});
    if (!started) throw std::runtime_error(started.error().message);
    process_ = *std::move(started);
  }

  // What the member is assigned first.
  std::string assigned() {
    const std::string words = "assigned: ";
    if (!process_->wait_for_stderr(words, kDeadline)) return "";
    const std::string text = process_->stderr_text();
    const size_t start = text.find(words) + words.size();
    return text.substr(start, text.find('\n', start) - start);
  }
  bool reads(const std::string& record) { return process_->wait_for_stdout(record + "\n", kDeadline); }
  std::string records() const { return process_->stdout_text(); }
  void leave() {
    process_->signal(SIGTERM);
    process_->wait(kDeadline);
  }

 private:
  ScratchFolder folder_;
  std::unique_ptr<Process> process_;
};

TEST(Kcat, SharesAGroupAndTakesOverWhatAMemberLeaves) {
  const std::string topic = "kcat-group";
  make_topics({topic}, 4);
  const std::string first_half = topic + " [0], " + topic + " [1]";
  KcatMember first(topic);
  ASSERT_EQ(first.assigned(), first_half + ", " + topic + " [2], " + topic + " [3]");
  KcatMember second(topic);
  ASSERT_EQ(run_client("go", {"await-group", topic, "2"}).out, "[2 2]\n");
  const bool second_has_the_first = second.assigned() == first_half;
  KcatMember& of_the_first = second_has_the_first ? second : first;
  KcatMember& of_the_last = second_has_the_first ? first : second;

  for (const char* partition : {"0", "1", "2", "3"}) {
    ASSERT_EQ(kcat({"-P", "-t", topic, "-p", partition}, std::string("record ") + partition + "\n").exit_code, 0);
  }
  EXPECT_TRUE(of_the_first.reads("record 0") && of_the_first.reads("record 1"));
  EXPECT_TRUE(of_the_last.reads("record 2") && of_the_last.reads("record 3"));
  EXPECT_THAT(of_the_first.records(), Not(HasSubstr("record 2")));

  second.leave();
  ASSERT_EQ(run_client("go", {"await-group", topic, "1"}).out, "[4]\n");
  ASSERT_EQ(kcat({"-P", "-t", topic, "-p", "3"}, "the last\n").exit_code, 0);
  EXPECT_TRUE(first.reads("the last"));
}

}  // namespace
}  // namespace omashu::real
