// `omashu topics`, `groups` and `schemas` on a real Kafka and a real registry: every verb.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <map>

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
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::PrintToString;
using ::testing::SizeIs;
using ::testing::StartsWith;

// The lines of JSON that a command prints, by the text of this member.
std::map<std::string, json::Value> rows_by(const std::string& member, const CommandResult& result) {
  EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
  std::map<std::string, json::Value> rows;
  for (const std::string& line : lines_of(result.out)) {
    const auto row = json::parse(line);
    EXPECT_TRUE(row) << line;
    if (!row || row->find(member) == nullptr) continue;
    const json::Value& name = *row->find(member);
    rows[name.is_string() ? name.text() : json::to_text(name)] = *row;
  }
  return rows;
}

int64_t number(const json::Value& object, std::string_view member) {
  const json::Value* found = object.find(member);
  return found == nullptr ? -99 : found->as_int64().value_or(-98);
}

// A topic with records in partition 0 whose timestamps are the first seconds of 1970. It is compacted, and their keys
// differ, so that none is deleted for its age.
std::string topic_with_records(const std::string& stem, int partitions, int records) {
  const std::string topic = make_topic({.name = unique_name(stem), .partitions = partitions});
  std::string input;
  for (int i = 0; i < records; ++i) {
    input += fmt::format(R"({{"key":"k{0}","value":"v{0}","partition":0,"timestamp":{1}}})", i, 1000 * (i + 1)) + "\n";
  }
  const CommandResult produced =
      run_omashu({"produce", topic, "--key-format", "string", "--value-format", "string"}, input);
  EXPECT_EQ(produced.exit_code, 0) << PrintToString(produced);
  return topic;
}

// A group that has read this much of the topic.
std::string group_that_read(const std::string& topic, int records) {
  const std::string group = unique_name("group");
  const CommandResult consumed = run_omashu({"consume", topic, "--group", group, "--from-beginning", "--max-messages",
                                             std::to_string(records), "--value-format", "string"});
  EXPECT_EQ(consumed.exit_code, 0) << PrintToString(consumed);
  return group;
}

// A member that stays until the object ends.
class Member {
 public:
  Member(const std::string& topic, const std::string& group) {
    auto started = Process::start({.command = {omashu_program(), "consume", topic, "--group", group, "--from-beginning",
                                               "--value-format", "string"},
                                   .environment = shared_server_environment(),
                                   .stdout_file = folder_.path() / "out",
                                   .stderr_file = folder_.path() / "err"});
    EXPECT_TRUE(started) << started.error().message;
    process_ = std::move(*started);
    EXPECT_TRUE(process_->wait_for_stdout("\n", seconds(60))) << process_->stderr_text();
  }
  void stop() {
    process_->signal(SIGTERM);
    EXPECT_EQ(process_->wait(seconds(60)), 0);
  }

 private:
  ScratchFolder folder_;
  std::unique_ptr<Process> process_;
};

TEST(Topics, AreListedWithoutKafkasOwn) {
  const std::string topic = make_topic({.name = unique_name("listed"), .partitions = 3});
  const auto topics = rows_by("topic", run_omashu({"topics", "list"}));
  ASSERT_TRUE(topics.contains(topic));
  EXPECT_EQ(number(topics.at(topic), "partitions"), 3);
  EXPECT_EQ(number(topics.at(topic), "replication_factor"), 1);
  EXPECT_EQ(topics.at(topic).find("cleanup_policy")->text(), "compact");
  for (const auto& [name, row] : topics) EXPECT_THAT(name, Not(StartsWith("__")));
  group_that_read(topic_with_records("offsets", 1, 1), 1);  // makes __consumer_offsets
  EXPECT_TRUE(rows_by("topic", run_omashu({"topics", "list", "--all"})).contains("__consumer_offsets"));
  EXPECT_THAT(rows_by("topic", run_omashu({"topics", "list", "--prefix", topic})), SizeIs(1));
  EXPECT_THAT(run_omashu({"topics", "list", "--prefix", topic, "--output", "table"}).out,
              AllOf(StartsWith("topic "), HasSubstr("\n" + topic + "  3 ")));
}

TEST(Topics, AreDescribedWithOffsetsSettingsNewestRecordAndReaders) {
  const std::string topic = topic_with_records("described", 2, 5);
  const std::string group = group_that_read(topic, 3);
  const auto reports = rows_by("topic", run_omashu({"topics", "describe", topic, "--output", "json"}));
  ASSERT_TRUE(reports.contains(topic));
  const json::Value& report = reports.at(topic);
  const auto& partitions = report.find("partitions")->items();
  ASSERT_THAT(partitions, SizeIs(2));
  EXPECT_EQ(number(partitions[0], "begin_offset"), 0);
  EXPECT_EQ(number(partitions[0], "end_offset"), 5);
  EXPECT_EQ(number(partitions[1], "end_offset"), 0);
  EXPECT_GE(number(partitions[0], "leader"), 0);
  const json::Value& newest = *report.find("newest_record");
  EXPECT_EQ(number(newest, "offset"), 4);
  EXPECT_EQ(newest.find("timestamp")->text(), "1970-01-01T00:00:05.000Z");
  bool is_set_on_topic = false;
  for (const json::Value& config : report.find("configs")->items()) {
    EXPECT_NE(config.find("source")->text(), "default");
    if (config.find("name")->text() == "cleanup.policy") is_set_on_topic = config.find("source")->text() == "topic";
  }
  EXPECT_TRUE(is_set_on_topic);
  const auto& groups = report.find("groups")->items();
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_EQ(groups[0].find("group")->text(), group);
  EXPECT_EQ(number(groups[0], "lag"), 2);

  const CommandResult table = run_omashu({"topics", "describe", topic, "--output", "table"});
  EXPECT_THAT(table.out, StartsWith(topic + ": 2 partitions, replication factor 1, 5 offsets\n"));
  EXPECT_THAT(table.out, HasSubstr("\nnewest record: 1970-01-01T00:00:05.000Z (" + topic + "-0-4)\n"));
  EXPECT_THAT(table.out, HasSubstr("\ncleanup.policy  "));
  EXPECT_THAT(table.out, HasSubstr("\n" + group + " "));
}

TEST(Topics, AMistypedOneIsSuggestedAndTheOthersDescribed) {
  const std::string topic = make_topic({.name = unique_name("suggested-status-download")});
  const CommandResult described = run_omashu({"topics", "describe", topic, topic + "x"});
  EXPECT_EQ(described.exit_code, 1);
  EXPECT_THAT(lines_of(described.out), SizeIs(1));
  EXPECT_THAT(described.err, HasSubstr("topic " + topic + "x does not exist"));
  EXPECT_THAT(described.err, HasSubstr("did you mean " + topic + "?"));
}

TEST(Groups, AreListedAndDescribedWithTheirLag) {
  const std::string topic = topic_with_records("lag", 2, 5);
  const std::string group = group_that_read(topic, 3);
  const auto groups = rows_by("group", run_omashu({"groups", "list"}));
  ASSERT_TRUE(groups.contains(group));
  EXPECT_EQ(groups.at(group).find("state")->text(), "Empty");
  EXPECT_EQ(number(groups.at(group), "members"), 0);

  const auto report = rows_by("group", run_omashu({"groups", "describe", group})).at(group);
  EXPECT_EQ(number(report, "lag"), 2);
  const json::Value& partition = report.find("partitions")->items().at(0);
  EXPECT_EQ(number(partition, "committed"), 3);
  EXPECT_EQ(number(partition, "end_offset"), 5);
  EXPECT_EQ(number(partition, "lag"), 2);

  const CommandResult mistyped = run_omashu({"groups", "describe", group + "x"});
  EXPECT_EQ(mistyped.exit_code, 1);
  EXPECT_THAT(mistyped.err, HasSubstr("did you mean " + group + "?"));
}

TEST(Groups, AMemberIsShownAndForbidsResetAndDeletion) {
  const std::string topic = topic_with_records("member", 2, 3);
  const std::string group = unique_name("group");
  Member member(topic, group);
  const auto report = rows_by("group", run_omashu({"groups", "describe", group})).at(group);
  EXPECT_EQ(report.find("state")->text(), "Stable");
  ASSERT_THAT(report.find("members")->items(), SizeIs(1));
  const json::Value& shown = report.find("members")->items()[0];
  EXPECT_EQ(shown.find("client_id")->text(), "omashu");
  EXPECT_THAT(shown.find("host")->text(), HasSubstr("127.0.0.1"));
  EXPECT_THAT(shown.find("partitions")->items(), SizeIs(2));
  EXPECT_THAT(run_omashu({"groups", "describe", group, "--output", "table"}).out, HasSubstr("1 member"));

  const CommandResult dry = run_omashu({"groups", "reset", group, "--topic", topic, "--to", "earliest"});
  EXPECT_EQ(dry.exit_code, 0);
  EXPECT_THAT(dry.err, HasSubstr("is Stable with 1 member (omashu at "));
  const CommandResult refused =
      run_omashu({"groups", "reset", group, "--topic", topic, "--to", "earliest", "--execute"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, HasSubstr("stop them first; nothing was changed"));
  EXPECT_THAT(run_omashu({"groups", "delete", group, "--yes"}).err, HasSubstr("stop them first; nothing was deleted"));
  member.stop();
  EXPECT_EQ(run_omashu({"groups", "delete", group, "--yes"}).out, "deleted group " + group + "\n");
  EXPECT_THAT(run_omashu({"groups", "describe", group}).err, HasSubstr("does not exist"));
}

int64_t committed(const std::string& group) {
  const auto report = rows_by("group", run_omashu({"groups", "describe", group})).at(group);
  return number(report.find("partitions")->items().at(0), "committed");
}

TEST(Groups, OffsetsAreResetOnlyWithExecute) {
  const std::string topic = topic_with_records("reset", 1, 10);
  const std::string group = group_that_read(topic, 4);
  const auto reset = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"groups", "reset", group, "--topic", topic});
    const CommandResult result = run_omashu(words);
    EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
    return number(json::parse(result.out).value_or(json::Value()), "new_offset");
  };
  EXPECT_EQ(reset({"--to", "earliest"}), 0);
  EXPECT_EQ(reset({"--to", "latest", "--dry-run"}), 10);
  EXPECT_EQ(committed(group), 4);

  EXPECT_EQ(reset({"--to", "-1", "--execute"}), 3);
  EXPECT_EQ(committed(group), 3);
  EXPECT_EQ(reset({"--to", "+2", "--execute"}), 5);
  EXPECT_EQ(reset({"--to", "1970-01-01T00:00:08Z", "--execute"}), 7);
  EXPECT_EQ(reset({"--to-datetime", "8000", "--execute"}), 7);
  EXPECT_EQ(reset({"--to", "1h", "--execute"}), 10);
  EXPECT_EQ(reset({"--to", "99", "--execute"}), 10);
  EXPECT_EQ(reset({"--to-offset", "2", "--execute"}), 2);
  EXPECT_EQ(committed(group), 2);
  const CommandResult all = run_omashu({"groups", "reset", group, "--all-topics", "--to-earliest", "--execute"});
  EXPECT_THAT(rows_by("topic", all), SizeIs(1));
  EXPECT_EQ(committed(group), 0);

  EXPECT_THAT(run_omashu({"groups", "reset", group, "--topic", topic + ":4", "--to", "0"}).err,
              HasSubstr("has no partition 4: it has 1 partition"));
  EXPECT_EQ(run_omashu({"groups", "reset", group, "--topic", topic}).exit_code, 2);
  EXPECT_EQ(run_omashu({"groups", "reset", group, "--topic", topic, "--to", "soon"}).exit_code, 2);
}

TEST(Groups, AreDeletedTogetherOrNotAtAll) {
  const std::string topic = topic_with_records("deleted", 1, 1);
  const std::string first = group_that_read(topic, 1), second = group_that_read(topic, 1);
  EXPECT_EQ(run_omashu({"groups", "delete", first}).exit_code, 2) << "nobody can be asked";
  const CommandResult refused = run_omashu({"groups", "delete", first, second + "x", "--yes"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("did you mean " + second + "?"));
  EXPECT_TRUE(rows_by("group", run_omashu({"groups", "list"})).contains(first));
  EXPECT_EQ(run_omashu({"groups", "delete", first, second, "--yes"}).exit_code, 0);
  const auto left = rows_by("group", run_omashu({"groups", "list"}));
  EXPECT_FALSE(left.contains(first) || left.contains(second));
}

}  // namespace
}  // namespace omashu::real
