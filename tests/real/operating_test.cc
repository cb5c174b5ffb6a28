// `omashu topics`, `groups` and `schemas` on a real Kafka and a real registry: every verb.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <fstream>
#include <map>

#include "base/json.h"
#include "real/support/http.h"
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
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
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
  Member(const std::string& topic, const std::string& group, const std::vector<std::string>& options = {}) {
    std::vector<std::string> command = {omashu_program(),   "consume",        topic,   "--group", group,
                                        "--from-beginning", "--value-format", "string"};
    command.insert(command.end(), options.begin(), options.end());
    auto started = Process::start({.command = std::move(command),
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
  EXPECT_THAT(table.out, StartsWith(topic + ": 2 partitions, replication factor 1, 5 offsets, "));
  EXPECT_THAT(table.out, HasSubstr("\nnewest record: 1970-01-01T00:00:05.000Z (" + topic + "-0-4)\n"));
  EXPECT_THAT(table.out, HasSubstr("\ncleanup.policy  "));
  EXPECT_THAT(table.out, HasSubstr("\n" + group + " "));
}

TEST(Topics, TellHowMuchSpaceTheyTake) {
  const std::string topic = topic_with_records("sized", 2, 5);
  const auto reports = rows_by("topic", run_omashu({"topics", "describe", topic, "--output", "json"}));
  ASSERT_TRUE(reports.contains(topic));
  const json::Value& report = reports.at(topic);
  const auto& partitions = report.find("partitions")->items();
  ASSERT_THAT(partitions, SizeIs(2));
  const int64_t bytes = number(partitions[0], "bytes");
  EXPECT_GT(bytes, 61 + 5 * 10) << "a batch's header, and five records";
  EXPECT_LT(bytes, 1'000);
  EXPECT_EQ(number(partitions[1], "bytes"), 0);
  EXPECT_EQ(number(report, "bytes"), bytes);
  EXPECT_EQ(number(report, "replicas_bytes"), bytes) << "there is one replica";
  EXPECT_EQ(number(rows_by("topic", run_omashu({"topics", "list", "--prefix", topic})).at(topic), "bytes"), bytes);
  const std::string size = fmt::format("{} B", bytes);
  EXPECT_THAT(run_omashu({"topics", "list", "--prefix", topic, "--output", "table"}).out,
              HasSubstr("  " + size + "\n"));
  EXPECT_THAT(run_omashu({"topics", "describe", topic, "--output", "table"}).out,
              AllOf(HasSubstr("5 offsets, " + size + "\n"), HasSubstr("  5    " + size + "\n")));
}

TEST(Topics, AreCreatedAlteredAndDeleted) {
  const std::string topic = unique_name("created");
  EXPECT_EQ(run_omashu({"topics", "create", topic, "--partitions", "2", "--dry-run"}).out,
            "would create topic " + topic + "\n");
  const CommandResult created =
      run_omashu({"topics", "create", topic, "--partitions", "2", "--config", "retention.ms=7d"});
  EXPECT_EQ(created.exit_code, 0) << PrintToString(created);
  EXPECT_EQ(created.out, "created topic " + topic + "\n");
  EXPECT_THAT(run_omashu({"topics", "create", topic}).err, HasSubstr("TOPIC_ALREADY_EXISTS"));
  EXPECT_EQ(run_omashu({"topics", "create", topic, "--if-not-exists"}).out, "found topic " + topic + "\n");
  EXPECT_EQ(run_omashu({"topics", "create", "not a name"}).exit_code, 2);

  EXPECT_EQ(run_omashu({"topics", "alter", topic, "--config", "retention.ms=1h"}).out,
            topic + ": retention.ms = 3600000\n");
  const auto listed = [&] { return rows_by("topic", run_omashu({"topics", "list", "--prefix", topic})).at(topic); };
  EXPECT_EQ(number(listed(), "retention_ms"), 3'600'000);
  EXPECT_EQ(number(listed(), "partitions"), 2);
  EXPECT_EQ(run_omashu({"topics", "alter", topic, "--default", "retention.ms", "--partitions", "4"}).exit_code, 0);
  EXPECT_EQ(number(listed(), "retention_ms"), 604'800'000);
  EXPECT_EQ(number(listed(), "partitions"), 4);
  EXPECT_EQ(run_omashu({"topics", "alter", topic, "--config", "cleanup.policy=compact"}).exit_code, 0);
  EXPECT_THAT(run_omashu({"topics", "alter", topic, "--partitions", "5"}).err, HasSubstr("--allow-repartition"));

  EXPECT_EQ(run_omashu({"topics", "delete", topic}).exit_code, 2) << "nobody can be asked";
  EXPECT_THAT(run_omashu({"topics", "delete", topic, topic + "x", "--yes"}).err,
              HasSubstr("did you mean " + topic + "?"));
  EXPECT_EQ(run_omashu({"topics", "delete", topic, "--yes", "--output", "json"}).out,
            R"({"topic":")" + topic + R"(","result":"deleted"})" + "\n");
  EXPECT_THAT(rows_by("topic", run_omashu({"topics", "list", "--prefix", topic})), SizeIs(0));
}

TEST(Topics, AtATerminalTheNameIsAskedForOnceMore) {
  const std::string topic = make_topic({.name = unique_name("asked")});
  const auto delete_at_terminal = [&](const std::string& typed) {
    const std::string command = omashu_program() + " topics delete " + topic;
    return run_command({"script", "-qec", command, "/dev/null"},
                       {.input = typed + "\n", .environment = shared_server_environment()});
  };
  const CommandResult refused = delete_at_terminal("another");
  EXPECT_EQ(refused.exit_code, 1) << PrintToString(refused);
  EXPECT_THAT(refused.out, AllOf(HasSubstr("type " + topic + " to delete the topic with all its records:"),
                                 HasSubstr("that is not " + topic + ": nothing was deleted")));
  const CommandResult deleted = delete_at_terminal(topic);
  EXPECT_EQ(deleted.exit_code, 0) << PrintToString(deleted);
  EXPECT_THAT(deleted.out, HasSubstr("deleted topic " + topic));
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

// ConsumerGroupDescribe is what would tell them.
TEST(Groups, OfTheNewConsumerProtocolAreSaidToHaveUnknownMembers) {
  const std::string topic = topic_with_records("new-protocol", 2, 3);
  const std::string group = unique_name("group");
  Member member(topic, group, {"-X", "group.protocol=consumer"});
  const auto listed = rows_by("group", run_omashu({"groups", "list"})).at(group);
  EXPECT_EQ(listed.find("state")->text(), "Stable");
  EXPECT_TRUE(listed.find("members")->is_null()) << json::to_text(listed);
  const auto report = rows_by("group", run_omashu({"groups", "describe", group})).at(group);
  EXPECT_TRUE(report.find("members")->is_null()) << json::to_text(report);
  EXPECT_THAT(run_omashu({"groups", "describe", group, "--output", "table"}).out,
              HasSubstr("its members are not known"));
  const CommandResult refused =
      run_omashu({"groups", "reset", group, "--topic", topic, "--to", "earliest", "--execute"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("stop them first; nothing was changed"));
  member.stop();
  EXPECT_EQ(run_omashu({"groups", "delete", group, "--yes"}).out, "deleted group " + group + "\n");
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

constexpr const char* kSource = R"({"type":"enum","name":"Source","namespace":"x","symbols":["A"]})";
constexpr const char* kFirst = R"({"type":"record","name":"R","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kSecond = R"({"type":"record","name":"R","fields":[{"name":"id","type":"string"},)"
                                R"({"name":"n","type":"long","default":0}]})";

// A subject with both versions.
std::string subject_with_versions(const std::string& stem) {
  const std::string subject = unique_name(stem) + "-value";
  register_schema(subject, kFirst);
  register_schema(subject, kSecond);
  EXPECT_EQ(run_omashu({"schemas", "level", subject, "--set", "backward"}).exit_code, 0);
  return subject;
}

json::Value only_line(const CommandResult& result) {
  EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
  return json::parse(result.out).value_or(json::Value());
}

TEST(Schemas, AreListedAndTheirTextsPrinted) {
  const std::string subject = subject_with_versions("listed");
  const auto subjects = rows_by("subject", run_omashu({"schemas", "list", "--prefix", subject}));
  ASSERT_THAT(subjects, SizeIs(1));
  EXPECT_EQ(json::to_text(*subjects.at(subject).find("versions")), "[1,2]");
  EXPECT_EQ(subjects.at(subject).find("type")->text(), "AVRO");
  const int64_t id = number(subjects.at(subject), "id");

  EXPECT_EQ(run_omashu({"schemas", "get", subject}).out, std::string(kSecond) + "\n");
  EXPECT_EQ(run_omashu({"schemas", "get", subject, "--version", "1"}).out, std::string(kFirst) + "\n");
  EXPECT_EQ(run_omashu({"schemas", "get", "--id", std::to_string(id)}).out, std::string(kSecond) + "\n");
  const json::Value whole = only_line(run_omashu({"schemas", "get", subject, "--output", "json"}));
  EXPECT_EQ(number(whole, "version"), 2);
  EXPECT_EQ(number(whole, "id"), id);
  EXPECT_EQ(whole.find("schema")->text(), kSecond);
  EXPECT_THAT(run_omashu({"schemas", "get", subject, "--version", "9"}).err, HasSubstr("no version 9: it has 1, 2"));
  const auto versions = rows_by("version", run_omashu({"schemas", "versions", subject}));
  ASSERT_THAT(versions, SizeIs(2));
  EXPECT_EQ(number(versions.at("2"), "id"), id);
  const CommandResult mistyped = run_omashu({"schemas", "get", subject + "s"});
  EXPECT_EQ(mistyped.exit_code, 1);
  EXPECT_THAT(mistyped.err, HasSubstr("did you mean " + subject + "?"));
}

TEST(Schemas, ADifferenceIsToldInWordsAndAsDiffHasIt) {
  const std::string subject = subject_with_versions("diff");
  const CommandResult diff = run_omashu({"schemas", "diff", subject});
  EXPECT_EQ(diff.exit_code, 0) << PrintToString(diff);
  EXPECT_THAT(diff.out, StartsWith("R.n added: long, default 0\n\n--- " + subject + " version 1 (id "));
  EXPECT_THAT(diff.out, HasSubstr("\n+++ " + subject + " version 2 (id "));
  EXPECT_THAT(diff.out, HasSubstr("\n+      \"name\": \"n\",\n"));
  EXPECT_THAT(run_omashu({"schemas", "diff", subject, "2", "1"}).out, StartsWith("R.n removed\n"));
  EXPECT_EQ(run_omashu({"schemas", "diff", subject, "2", "2"}).out, "versions 2 and 2 are the same\n");
  const json::Value object = only_line(run_omashu({"schemas", "diff", subject, "1", "--output", "json"}));
  EXPECT_EQ(json::to_text(*object.find("changes")), R"(["R.n added: long, default 0"])");
  EXPECT_EQ(run_omashu({"schemas", "diff", subject, "first"}).exit_code, 2);
}

TEST(Schemas, ReferencesAreShownBothWays) {
  const std::string source = unique_name("source"), user = unique_name("user");
  register_schema(source, kSource);
  const std::string body = fmt::format(
      R"({{"schema":"{{\"type\":\"array\",\"items\":\"x.Source\"}}","references":[{{"name":"x.Source","subject":"{}","version":1}}]}})",
      source);
  ASSERT_EQ(http_send("POST", shared_registry().url() + "/subjects/" + user + "/versions", body).status, 200);
  const auto outgoing = rows_by("direction", run_omashu({"schemas", "references", user}));
  ASSERT_TRUE(outgoing.contains("refers to"));
  EXPECT_EQ(outgoing.at("refers to").find("subject")->text(), source);
  EXPECT_EQ(number(outgoing.at("refers to"), "subject_version"), 1);
  const auto incoming = rows_by("direction", run_omashu({"schemas", "references", source, "--version", "1"}));
  ASSERT_TRUE(incoming.contains("referred to by"));
  EXPECT_EQ(incoming.at("referred to by").find("subject")->text(), user);
  EXPECT_EQ(incoming.at("referred to by").find("type")->text(), "x.Source");
  EXPECT_EQ(run_omashu({"schemas", "delete", source, "--permanent", "--yes"}).exit_code, 1);
}

TEST(Schemas, TheLevelIsShownSetAndUnset) {
  const std::string subject = unique_name("level") + "-value";
  register_schema(subject, kFirst);
  const json::Value global = only_line(run_omashu({"schemas", "level"}));
  const auto level = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"schemas", "level", subject};
    words.insert(words.end(), more.begin(), more.end());
    const json::Value shown = only_line(run_omashu(words));
    return shown.find("level")->text() + (shown.find("global")->boolean() ? " (global)" : "");
  };
  // Apicurio does not tell a subject's own level from none: it says NONE.
  const std::string none = is_on_omashu() ? global.find("level")->text() + " (global)" : "NONE";
  EXPECT_EQ(level({}), none);
  EXPECT_EQ(level({"--set", "full_transitive"}), "FULL_TRANSITIVE");
  EXPECT_EQ(level({}), "FULL_TRANSITIVE");
  EXPECT_EQ(level({"--unset"}), none);
  EXPECT_EQ(level({"--unset"}), none);
  const CommandResult wrong = run_omashu({"schemas", "level", subject, "--set", "BACKWARDS"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("did you mean BACKWARD?"));
  EXPECT_THAT(run_omashu({"schemas", "level", subject + "x"}).err, HasSubstr("did you mean " + subject + "?"));
}

TEST(Schemas, AFileIsCheckedAndEachConflictHasItsPlace) {
  const std::string subject = subject_with_versions("check");
  const ScratchFolder folder;
  const auto file = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
    return (folder.path() / name).string();
  };
  const std::string good = file("good.avsc", "// A comment.\n" + std::string(kSecond));
  const CommandResult compatible = run_omashu({"schemas", "check", subject, good});
  EXPECT_EQ(compatible.exit_code, 0) << PrintToString(compatible);
  EXPECT_EQ(compatible.out, good + ": compatible with " + subject + " (level BACKWARD)\n");

  const std::string bad = file("bad.avsc",
                               "{\"type\":\"record\",\"name\":\"R\",\"fields\":[\n"
                               " {\"name\":\"id\",\"type\":\"string\"},\n"
                               " {\"name\":\"more\",\"type\":\"int\"}]}");
  const CommandResult incompatible = run_omashu({"schemas", "check", subject, bad});
  EXPECT_EQ(incompatible.exit_code, 1);
  EXPECT_THAT(incompatible.out, StartsWith(bad + ":3:2: version 2: this cannot read what that version wrote: "
                                                 "READER_FIELD_MISSING_DEFAULT_VALUE at /fields/1: "));
  EXPECT_THAT(incompatible.err, HasSubstr("bad.avsc is not compatible with " + subject + " (level BACKWARD)"));
  const CommandResult as_json = run_omashu({"schemas", "check", subject, bad, "--output", "json"});
  EXPECT_EQ(as_json.exit_code, 1);
  const json::Value verdict = json::parse(as_json.out).value_or(json::Value());
  EXPECT_FALSE(verdict.find("compatible")->boolean());
  EXPECT_EQ(number(verdict.find("conflicts")->items().at(0), "line"), 3);

  const CommandResult wrong = run_omashu({"schemas", "check", subject, file("wrong.avsc", R"({"type":"strin"})")});
  EXPECT_EQ(wrong.exit_code, 1);
  EXPECT_THAT(wrong.err, HasSubstr("wrong.avsc:1:9"));
  const CommandResult fresh = run_omashu({"schemas", "check", subject + "x", bad});
  EXPECT_EQ(fresh.exit_code, 0) << PrintToString(fresh);
  EXPECT_THAT(fresh.err, HasSubstr("did you mean " + subject + "?"));
}

TEST(Schemas, AVersionIsDeletedAndCanStillBeRead) {
  const std::string subject = subject_with_versions("deleted");
  EXPECT_EQ(run_omashu({"schemas", "delete", subject, "--version", "2", "--yes"}).out,
            "deleted version 2 of subject " + subject + "\n");
  EXPECT_THAT(rows_by("version", run_omashu({"schemas", "versions", subject})), SizeIs(1));
  const auto versions = rows_by("version", run_omashu({"schemas", "versions", subject, "--deleted"}));
  ASSERT_THAT(versions, SizeIs(2));
  EXPECT_TRUE(versions.at("2").find("deleted")->boolean());
  EXPECT_FALSE(versions.at("1").find("deleted")->boolean());
  EXPECT_EQ(run_omashu({"schemas", "get", subject, "--version", "2", "--deleted"}).out, std::string(kSecond) + "\n");
}

TEST(Schemas, AreDeletedSoftlyAndForGood) {
  const std::string subject = subject_with_versions("deleted");
  EXPECT_EQ(run_omashu({"schemas", "delete", subject}).exit_code, 2) << "nobody can be asked";
  EXPECT_EQ(run_omashu({"schemas", "delete", subject, "--yes"}).out, "deleted subject " + subject + "\n");
  EXPECT_THAT(rows_by("subject", run_omashu({"schemas", "list", "--prefix", subject})), SizeIs(0));
  const auto deleted = rows_by("subject", run_omashu({"schemas", "list", "--prefix", subject, "--deleted"}));
  ASSERT_THAT(deleted, SizeIs(1));
  EXPECT_EQ(json::to_text(*deleted.at(subject).find("deleted")), "[1,2]");
  const CommandResult gone = run_omashu({"schemas", "delete", subject, "--permanent", "--yes"});
  EXPECT_EQ(gone.exit_code, 0) << PrintToString(gone);
  EXPECT_THAT(rows_by("subject", run_omashu({"schemas", "list", "--prefix", subject, "--deleted"})), SizeIs(0));
  EXPECT_EQ(run_omashu({"schemas", "delete", subject, "--yes"}).exit_code, 1);
}

// What a shell's completion asks.
std::vector<std::string> completions(std::vector<std::string> words) {
  words.insert(words.begin(), {"__complete", "omashu"});
  const CommandResult result = run_omashu(words);
  EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
  return lines_of(result.out);
}

TEST(Completion, KnowsTheNamesThatTheServersHave) {
  const std::string topic = topic_with_records("completed", 1, 1);
  const std::string group = group_that_read(topic, 1);
  register_schema(topic + "-value", R"({"type":"record","name":"V","fields":[{"name":"status","type":["null",)"
                                    R"({"type":"enum","name":"S","symbols":["FAILED","RUNNING"]}]},)"
                                    R"({"name":"at","type":"long"}]})");
  EXPECT_THAT(completions({"topics", "describe", topic.substr(0, topic.size() - 1)}), Contains(topic));
  EXPECT_THAT(completions({"groups", "reset", group}), ElementsAre(group));
  EXPECT_THAT(completions({"groups", "reset", "g", "--topic=" + topic}), ElementsAre("--topic=" + topic));
  EXPECT_THAT(completions({"schemas", "diff", topic}), ElementsAre(topic + "-value"));
  EXPECT_THAT(completions({"count", topic, "--by", ""}), ElementsAre("status", "at"));
  EXPECT_THAT(completions({"list", topic, "--where", "s"}), ElementsAre("status="));
  EXPECT_THAT(completions({"list", topic, "--where", "status=F"}), ElementsAre("status=FAILED"));
  EXPECT_THAT(completions({"schemas", "check", topic, ""}), ElementsAre(":files"));
  // As bash asks: what stands behind the last = is what it expects.
  const auto in_bash = [](const std::string& line) { return lines_of(run_omashu({"__complete", "--line", line}).out); };
  EXPECT_THAT(in_bash("omashu list " + topic + " --where status=R"), ElementsAre("RUNNING"));
  EXPECT_THAT(in_bash("omashu list " + topic + " --where=status=R"), ElementsAre("RUNNING"));
  EXPECT_THAT(in_bash("omashu list " + topic + " --where \"status!=R"), ElementsAre("RUNNING"));
  EXPECT_THAT(in_bash("omashu list " + topic + " --columns at,s"), ElementsAre("at,status"));
}

TEST(Completion, KnowsFieldsWithinFieldsAndThoseOfTheKey) {
  const std::string topic = make_topic({.name = unique_name("nested")});
  register_schema(topic + "-key", R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})");
  register_schema(topic + "-value", R"({"type":"record","name":"V","fields":[{"name":"source","type":{"type":"record",)"
                                    R"("name":"S","fields":[{"name":"isLocal","type":"boolean"}]}}]})");
  EXPECT_THAT(completions({"count", topic, "--by", ""}), ElementsAre("source", "source.isLocal", "key.id"));
  EXPECT_THAT(completions({"list", topic, "--where", "source.isLocal="}),
              ElementsAre("source.isLocal=true", "source.isLocal=false"));
}

TEST(Completion, IsSilentWhereNobodyAnswers) {
  EXPECT_THAT(completions({"topics", "describe", "--bootstrap-server", "127.0.0.1:1", ""}), IsEmpty());
  EXPECT_THAT(completions({"schemas", "get", "--registry", "http://127.0.0.1:1", ""}), IsEmpty());
  EXPECT_THAT(completions({"schemas", "get", "--registry", "nonsense", ""}), IsEmpty());
}

}  // namespace
}  // namespace omashu::real
