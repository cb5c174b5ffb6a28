// put, get, list, watch, delete and count on a real Kafka and a real registry.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <map>
#include <set>

#include "base/json.h"
#include "real/support/free_port.h"
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
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::PrintToString;
using ::testing::SizeIs;

constexpr const char* kKey = R"({"type":"record","name":"Key","fields":[{"name":"omashuId","type":"string"}]})";
constexpr const char* kKeyWithTenant = R"({"type":"record","name":"Key","fields":[{"name":"omashuId","type":"string"},)"
                                       R"({"name":"tenant","type":"string","default":"main"}]})";
constexpr const char* kValue =
    R"({"type":"record","name":"Status","fields":[{"name":"omashuId","type":"string"},)"
    R"({"name":"status","type":{"type":"enum","name":"State","symbols":["QUEUED","RUNNING","FAILED"]}},)"
    R"({"name":"number","type":"long","default":0}]})";

// A compacted topic with a value schema, and a key schema unless told otherwise.
std::string make_table(const std::string& stem, int partitions, bool has_key_schema = true) {
  const std::string topic = make_topic({.name = unique_name(stem), .partitions = partitions});
  register_schema(topic + "-value", kValue);
  if (has_key_schema) register_schema(topic + "-key", kKey);
  return topic;
}

std::string status(const std::string& id, const std::string& state, int number = 0) {
  return fmt::format(R"({{"omashuId":"{}","status":"{}","number":{}}})", id, state, number);
}

// The rows that `list` prints, by the text of their keys.
std::map<std::string, json::Value> rows_of(const CommandResult& list) {
  std::map<std::string, json::Value> rows;
  for (const std::string& line : lines_of(list.out)) {
    const auto row = json::parse(line);
    EXPECT_TRUE(row) << line;
    if (row) rows[json::to_text(*row->find("key"))] = *row;
  }
  return rows;
}

TEST(Tables, PutChecksTransitionsWhereItIsToldTo) {
  const std::string topic = make_topic({.name = unique_name("transitions"), .partitions = 3});
  register_schema(topic + "-key", kKey);
  register_schema(topic + "-value",
                  R"({"type":"record","name":"Status","fields":[{"name":"omashuId","type":"string"},)"
                  R"({"name":"status","type":{"type":"enum","name":"State","symbols":["QUEUED","RUNNING","FAILED"],)"
                  R"("transitions":{"QUEUED":["RUNNING"],"RUNNING":["FAILED"]},"initial":["QUEUED"]}},)"
                  R"({"name":"number","type":"long","default":0}]})");
  const auto put = [&](const std::string& state) {
    return run_omashu({"put", topic, "om-1", status("om-1", state), "--check-transitions"});
  };
  const CommandResult too_early = put("RUNNING");
  EXPECT_EQ(too_early.exit_code, 1);
  EXPECT_EQ(too_early.err, "omashu: " + topic + ": status cannot begin as RUNNING: it may begin as QUEUED\n");
  EXPECT_EQ(put("QUEUED").exit_code, 0);
  EXPECT_EQ(put("RUNNING").exit_code, 0);
  EXPECT_EQ(put("RUNNING").exit_code, 0);
  EXPECT_EQ(put("QUEUED").err,
            "omashu: " + topic + ": status cannot go from RUNNING to QUEUED: from RUNNING it may go to FAILED\n");

  // Of a file, each line is checked against the line before it, too; one that is wrong does not keep the others back.
  const std::string lines = status("om-2", "QUEUED") + "\n" + status("om-2", "FAILED") + "\n" +
                            status("om-2", "RUNNING") + "\n" + status("om-1", "FAILED") + "\n";
  const CommandResult file = run_omashu({"put", topic, "--from", "-", "--check-transitions"}, lines);
  EXPECT_EQ(file.exit_code, 1);
  EXPECT_THAT(lines_of(file.out), SizeIs(3));
  EXPECT_THAT(file.err, HasSubstr(":2: status cannot go from QUEUED to FAILED: from QUEUED it may go to RUNNING"));

  // Nobody checks where nobody asked for it.
  EXPECT_EQ(run_omashu({"put", topic, "om-1", status("om-1", "QUEUED")}).exit_code, 0);
}

TEST(Tables, ListShowsTheLatestOfEveryKey) {
  const std::string topic = make_table("latest", 3);
  std::string input;
  for (int i = 0; i < 10'000; ++i)
    input += status(fmt::format("om-{}", i % 100), i % 2 == 0 ? "RUNNING" : "QUEUED", i) + "\n";
  const CommandResult put = run_omashu({"put", topic, "--from", "-"}, input);
  ASSERT_EQ(put.exit_code, 0) << PrintToString(put);
  const auto written = lines_of(put.out);
  EXPECT_THAT(written, SizeIs(10'000));
  EXPECT_EQ(std::set<std::string>(written.begin(), written.end()).size(), 10'000u);
  EXPECT_THAT(written.front(), MatchesRegex(topic + "-[0-2]-[0-9]+"));

  const CommandResult list = run_omashu({"list", topic});
  ASSERT_EQ(list.exit_code, 0) << PrintToString(list);
  EXPECT_EQ(list.err, "");
  const auto rows = rows_of(list);
  ASSERT_THAT(rows, SizeIs(100));
  for (int key = 0; key < 100; ++key) {
    const auto row = rows.find(fmt::format(R"({{"omashuId":"om-{}"}})", key));
    ASSERT_NE(row, rows.end()) << key;
    EXPECT_EQ(row->second.find("value")->find("number")->as_int64(), 9'900 + key);
  }

  EXPECT_THAT(lines_of(run_omashu({"list", topic, "--where", "status=QUEUED"}).out), SizeIs(50));
  EXPECT_THAT(lines_of(run_omashu({"list", topic, "--limit", "7"}).out), SizeIs(7));
  EXPECT_EQ(run_omashu({"count", topic, "--by", "status"}).out,
            "{\"status\":\"QUEUED\",\"count\":50}\n{\"status\":\"RUNNING\",\"count\":50}\n");
  EXPECT_EQ(run_omashu({"get", topic, "om-42"}).out, status("om-42", "RUNNING", 9'942) + "\n");
}

TEST(Tables, OneKeyIsPutReadAndDeleted) {
  const std::string topic = make_table("one", 3);
  const CommandResult put = run_omashu({"put", topic, "om-1", status("om-1", "QUEUED")});
  ASSERT_EQ(put.exit_code, 0) << PrintToString(put);
  EXPECT_THAT(put.out, MatchesRegex(topic + "-[0-2]-0\n"));
  EXPECT_EQ(run_omashu({"get", topic, R"({"omashuId":"om-1"})"}).out, status("om-1", "QUEUED") + "\n");

  EXPECT_EQ(run_omashu({"delete", topic, "om-1"}).exit_code, 0);
  const CommandResult deleted = run_omashu({"get", topic, "om-1"});
  EXPECT_EQ(deleted.exit_code, 1);
  EXPECT_EQ(deleted.out, "");
  EXPECT_THAT(deleted.err, HasSubstr("key om-1 was deleted"));
  EXPECT_EQ(run_omashu({"list", topic}).out, "");
  EXPECT_THAT(run_omashu({"get", topic, "om-2"}).err, HasSubstr("key om-2 is not there"));
}

TEST(Tables, AKeyAndItsValueMustAgree) {
  const std::string topic = make_table("agreement", 1);
  const CommandResult refused = run_omashu({"put", topic, "om-2", status("om-1", "QUEUED")});
  EXPECT_EQ(refused.exit_code, 1) << PrintToString(refused);
  EXPECT_THAT(refused.err, HasSubstr("the key has the omashuId 'om-2', and the value 'om-1'"));
  EXPECT_EQ(run_omashu({"list", topic}).out, "");

  register_schema(topic + "-value",
                  R"({"type":"record","name":"Status","fields":[{"name":"omashuId","type":"string"},)"
                  R"({"name":"status","type":{"type":"enum","name":"State","symbols":["QUEUED","RUNNING","FAILED"]}},)"
                  R"({"name":"number","type":"long","default":0},{"name":"other","type":"string","default":""}]})");
  const CommandResult lines = run_omashu({"put", topic, "--from", "-", "--key-field", "other"},
                                         R"({"omashuId":"om-1","status":"QUEUED","number":1,"other":"om-2"})"
                                         "\n"
                                         R"({"omashuId":"om-3","status":"QUEUED","number":1,"other":"om-3"})");
  EXPECT_EQ(lines.exit_code, 1);
  EXPECT_THAT(lines.err, HasSubstr("standard input:1: the key has the omashuId 'om-2'"));
  EXPECT_THAT(lines_of(lines.out), SizeIs(1));

  const CommandResult meant = run_omashu({"put", topic, "om-2", status("om-1", "QUEUED"), "--allow-key-mismatch"});
  EXPECT_EQ(meant.exit_code, 0) << PrintToString(meant);
  EXPECT_THAT(lines_of(run_omashu({"list", topic, "--where", "key.omashuId=om-2"}).out), SizeIs(1));
  EXPECT_THAT(run_omashu({"list", topic, "--output", "table"}).out, HasSubstr("key.omashuId"));
}

TEST(Tables, RowsAreSeenThroughTheLatestSchema) {
  const std::string topic = make_table("latest-schema", 1);
  ASSERT_EQ(run_omashu({"put", topic, "om-1", status("om-1", "QUEUED", 3)}).exit_code, 0);
  register_schema(topic + "-value",
                  R"({"type":"record","name":"Status","fields":[{"name":"omashuId","type":"string"},)"
                  R"({"name":"status","type":{"type":"enum","name":"State","symbols":["QUEUED","RUNNING","FAILED"]}},)"
                  R"({"name":"number","type":"long","default":0},{"name":"percent","type":"int","default":7}]})");
  EXPECT_EQ(run_omashu({"count", topic, "--by", "percent"}).out, "{\"percent\":7,\"count\":1}\n");
  EXPECT_EQ(
      run_omashu({"count", topic, "--by", "status", "--by", "percent", "--sum", "number", "--max", "percent"}).out,
      "{\"status\":\"QUEUED\",\"percent\":7,\"count\":1,\"sum(number)\":3,\"max(percent)\":7}\n");
  EXPECT_EQ(run_omashu({"get", topic, "om-1"}).out,
            "{\"omashuId\":\"om-1\",\"status\":\"QUEUED\",\"number\":3,\"percent\":7}\n");
  EXPECT_THAT(lines_of(run_omashu({"list", topic, "--where", "percent>=7"}).out), SizeIs(1));
  EXPECT_THAT(run_omashu({"list", topic, "--where", "status=QUEUD"}).err,
              HasSubstr("column 8: State has no symbol 'QUEUD': did you mean QUEUED?"));
}

TEST(Tables, ARowThatTheLatestSchemaCannotReadIsShownAsItWasWritten) {
  const std::string topic = make_table("unresolved", 1, false);
  const CommandResult other =
      run_omashu({"produce", topic, "--property",
                  R"(value.schema={"type":"record","name":"Other","fields":[{"name":"text","type":"string"}]})",
                  "--property", "value.subject.name.strategy=RecordNameStrategy"},
                 R"({"key":"a","value":{"text":"x"}})");
  ASSERT_EQ(other.exit_code, 0) << PrintToString(other);
  const CommandResult list = run_omashu({"list", topic});
  EXPECT_EQ(rows_of(list).at("\"a\"").find("value")->find("text")->text(), "x");
  EXPECT_THAT(list.err, HasSubstr(topic + "-0-0: shown as it was written"));
}

TEST(Tables, TwoVersionsOfAKeysSchemaAreOneRow) {
  const std::string topic = make_table("versions", 4);
  ASSERT_EQ(run_omashu({"put", topic, "om-1", status("om-1", "QUEUED")}).exit_code, 0);
  register_schema(topic + "-key", kKeyWithTenant);
  EXPECT_EQ(run_omashu({"get", topic, R"({"omashuId":"om-1"})"}).out, status("om-1", "QUEUED") + "\n");
  ASSERT_EQ(run_omashu({"put", topic, R"({"omashuId":"om-1"})", status("om-1", "RUNNING")}).exit_code, 0);

  const CommandResult list = run_omashu({"list", topic});
  const auto rows = rows_of(list);
  ASSERT_THAT(rows, SizeIs(1)) << PrintToString(list);
  EXPECT_EQ(rows.begin()->first, R"({"omashuId":"om-1","tenant":"main"})");
  EXPECT_EQ(rows.begin()->second.find("value")->find("status")->text(), "RUNNING");
  EXPECT_THAT(list.err, HasSubstr(R"(key {"omashuId":"om-1","tenant":"main"} has 2 live records)"));

  const CommandResult deleted = run_omashu({"delete", topic, R"({"omashuId":"om-1"})"});
  EXPECT_THAT(lines_of(deleted.out), SizeIs(2)) << PrintToString(deleted);
  const CommandResult after = run_omashu({"list", topic});
  EXPECT_EQ(after.out, "");
  EXPECT_EQ(after.err, "");
}

TEST(Tables, ARecordThatDoesNotDecodeHidesNothing) {
  const std::string topic = make_table("undecodable", 1, false);
  ASSERT_EQ(run_omashu({"put", topic, "a", status("a", "QUEUED")}).exit_code, 0);
  const CommandResult garbage =
      run_omashu({"produce", topic, "--value-format", "string"}, R"({"key":"a","value":"garbage"})");
  ASSERT_EQ(garbage.exit_code, 0) << PrintToString(garbage);
  const CommandResult list = run_omashu({"list", topic});
  EXPECT_EQ(list.exit_code, 0);
  EXPECT_EQ(rows_of(list).at("\"a\"").find("value")->find("status")->text(), "QUEUED");
  EXPECT_THAT(list.err, HasSubstr(topic + "-0-1"));
  EXPECT_EQ(run_omashu({"get", topic, "a"}).out, status("a", "QUEUED") + "\n");
}

TEST(Tables, WrongLinesAreNamedAndTheOthersWritten) {
  const std::string topic = make_table("wrong", 1);
  const CommandResult put = run_omashu(
      {"put", topic, "--from", "-"},
      status("a", "QUEUED") + "\n{\"omashuId\":\"b\",\"status\":\"LOST\"}\nnonsense\n" + status("c", "QUEUED"));
  EXPECT_EQ(put.exit_code, 1);
  EXPECT_THAT(lines_of(put.out), ElementsAre(topic + "-0-0", topic + "-0-1"));
  EXPECT_THAT(put.err, HasSubstr("standard input:2: value: "));
  EXPECT_THAT(put.err, HasSubstr("standard input:3: "));
  EXPECT_THAT(put.err, HasSubstr("2 of 4 records were written"));
}

TEST(Tables, WatchTellsWhatEntersAndLeaves) {
  const std::string topic = make_table("watch", 2);
  ASSERT_EQ(run_omashu({"put", topic, "a", status("a", "RUNNING", 1)}).exit_code, 0);
  ScratchFolder folder;
  auto watch = Process::start({.command = {omashu_program(), "watch", topic, "--where", "status=RUNNING"},
                               .environment = shared_server_environment(),
                               .stdout_file = folder.path() / "out",
                               .stderr_file = folder.path() / "err"});
  ASSERT_TRUE(watch) << watch.error().message;
  ASSERT_TRUE((*watch)->wait_for_stdout("\"event\":\"enter\"}\n", seconds(30))) << (*watch)->stderr_text();
  ASSERT_EQ(run_omashu({"put", topic, "--from", "-"}, status("a", "RUNNING", 2) + "\n" + status("b", "QUEUED") + "\n")
                .exit_code,
            0);
  EXPECT_TRUE((*watch)->wait_for_stdout("\"event\":\"update\"}\n", seconds(30)));
  ASSERT_EQ(run_omashu({"put", topic, "a", status("a", "FAILED", 3)}).exit_code, 0);
  EXPECT_TRUE((*watch)->wait_for_stdout("\"event\":\"leave\"}\n", seconds(30)));
  ASSERT_EQ(run_omashu({"put", topic, "b", status("b", "RUNNING", 4)}).exit_code, 0);
  ASSERT_EQ(run_omashu({"delete", topic, "b"}).exit_code, 0);
  EXPECT_TRUE((*watch)->wait_for_stdout("\"event\":\"delete\"}\n", seconds(30)));
  (*watch)->signal(SIGTERM);
  EXPECT_EQ((*watch)->wait(seconds(30)), 0);
  std::vector<std::string> events;
  for (const std::string& line : lines_of((*watch)->stdout_text())) {
    const auto event = json::parse(line);
    ASSERT_TRUE(event) << line;
    events.push_back(event->find("key")->find("omashuId")->text() + " " + event->find("event")->text());
  }
  EXPECT_THAT(events, ElementsAre("a enter", "a update", "a leave", "b enter", "b delete"));
  EXPECT_EQ((*watch)->stderr_text(), "");
}

TEST(Tables, ATableOutlivesItsBrokersDeath) {
  auto broker = KafkaBroker::start();
  ASSERT_TRUE(broker) << broker.error().message;
  const std::string topic = unique_name("killed");
  const CommandResult made =
      (*broker)->tool("org.apache.kafka.tools.TopicCommand",
                      {"--create", "--topic", topic, "--partitions", "3", "--config", "cleanup.policy=compact"});
  ASSERT_EQ(made.exit_code, 0) << PrintToString(made);
  register_schema(topic + "-value", kValue);
  register_schema(topic + "-key", kKey);
  const std::vector<std::string> there = {"--bootstrap-server", (*broker)->bootstrap_server()};
  const auto run = [&](std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.end(), there.begin(), there.end());
    return run_omashu(arguments, input);
  };
  std::string input;
  for (int i = 0; i < 10'000; ++i) input += status(fmt::format("om-{}", i % 100), "RUNNING", i) + "\n";
  ASSERT_EQ(run({"put", topic, "--from", "-", "-q"}, input).exit_code, 0);
  const CommandResult before = run({"list", topic});
  EXPECT_THAT(rows_of(before), SizeIs(100)) << PrintToString(before);
  (*broker)->kill9();
  const auto again = (*broker)->start_again();
  ASSERT_TRUE(again) << again.error().message;
  const CommandResult after = run({"list", topic});
  EXPECT_EQ(after.exit_code, 0) << PrintToString(after);
  EXPECT_EQ(after.out, before.out);
}

// Two readers that go on until they are stopped: watch, and consume without a group.
TEST(Tables, WhoGoesOnReadingIsToldThatTheBrokerIsGoneAndThatItIsBack) {
  auto broker = KafkaBroker::start();
  ASSERT_TRUE(broker) << broker.error().message;
  const std::string topic = unique_name("outage");
  make_topic(**broker, {.name = topic});
  register_schema(topic + "-value", kValue);
  register_schema(topic + "-key", kKey);
  const std::vector<std::string> there = {"--bootstrap-server", (*broker)->bootstrap_server()};
  const auto put = [&](const std::string& id) {
    return run_omashu({"put", topic, id, status(id, "RUNNING"), there[0], there[1]}).exit_code;
  };
  ASSERT_EQ(put("before"), 0);
  ScratchFolder folder;
  std::vector<std::unique_ptr<Process>> readers;
  for (const std::vector<std::string>& command : {std::vector<std::string>{"watch"}, {"consume", "--from-beginning"}}) {
    std::vector<std::string> words = {omashu_program(), command[0], topic, there[0], there[1]};
    words.insert(words.end(), command.begin() + 1, command.end());
    auto reader = Process::start({.command = words,
                                  .environment = shared_server_environment(),
                                  .stdout_file = folder.path() / (command[0] + ".out"),
                                  .stderr_file = folder.path() / (command[0] + ".err")});
    ASSERT_TRUE(reader) << reader.error().message;
    ASSERT_TRUE((*reader)->wait_for_stdout("before", seconds(30))) << (*reader)->stderr_text();
    readers.push_back(*std::move(reader));
  }
  (*broker)->kill9();
  for (const auto& reader : readers) {
    EXPECT_TRUE(reader->wait_for_stderr("answers: ", seconds(30))) << reader->stderr_text();
  }
  const auto again = (*broker)->start_again();
  ASSERT_TRUE(again) << again.error().message;
  for (const auto& reader : readers) {
    EXPECT_TRUE(reader->wait_for_stderr("a broker answers again", seconds(30))) << reader->stderr_text();
  }
  ASSERT_EQ(put("after"), 0);
  for (const auto& reader : readers) {
    EXPECT_TRUE(reader->wait_for_stdout("after", seconds(30))) << reader->stderr_text();
    reader->signal(SIGTERM);
    EXPECT_EQ(reader->wait(seconds(30)), 0);
    EXPECT_THAT(lines_of(reader->stderr_text()),
                ElementsAre(MatchesRegex("omashu: warning: no broker at .* answers: .*; waiting until one does"),
                            "omashu: a broker answers again; reading goes on"));
  }
}

TEST(Tables, MistakesAreAnsweredWithWhatWasMeant) {
  const std::string topic = make_table("mistakes", 1);
  const CommandResult mistyped = run_omashu({"list", topic.substr(1)});
  EXPECT_EQ(mistyped.exit_code, 1);
  EXPECT_THAT(mistyped.err, HasSubstr("did you mean " + topic + "?"));
  EXPECT_THAT(lines_of(mistyped.err), SizeIs(1));
  const CommandResult field = run_omashu({"list", topic, "--where", "statsu=FAILED"});
  EXPECT_EQ(field.exit_code, 1);
  EXPECT_THAT(field.err, HasSubstr("did you mean status?"));
}

TEST(Tables, ABrokerThatIsAwayIsNamed) {
  const std::string nobody = fmt::format("127.0.0.1:{}", free_port());
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"list", "t"}, {"get", "t", "k"}, {"put", "t", "k", "{}"}, {"watch", "t"}}) {
    std::vector<std::string> arguments = command;
    arguments.insert(arguments.end(), {"--bootstrap-server", nobody, "--timeout", "5s"});
    const CommandResult result = run_omashu(arguments);
    EXPECT_EQ(result.exit_code, 1) << PrintToString(result);
    EXPECT_THAT(lines_of(result.err), SizeIs(1));
    EXPECT_THAT(result.err, HasSubstr(nobody));
  }
}

TEST(Tables, ARegistryThatIsAwayIsNamed) {
  const std::string topic = make_table("noregistry", 1);
  const std::string nobody = fmt::format("http://127.0.0.1:{}", free_port());
  const CommandResult result = run_omashu({"list", topic, "--registry", nobody, "--timeout", "2s"});
  EXPECT_EQ(result.exit_code, 1) << PrintToString(result);
  EXPECT_THAT(lines_of(result.err), SizeIs(1));
  EXPECT_THAT(result.err, HasSubstr(nobody));
}

}  // namespace
}  // namespace omashu::real
