// `omashu sink file` and `omashu replay` on a real Kafka: every record is in the file once, whenever the process was
// killed. OMASHU_SINK_KILLS says how often that is (5; `scripts/test --long` has it 100 times).

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <thread>

#include "base/json.h"
#include "real/support/eventually.h"
#include "real/support/http.h"
#include "real/support/omashu_command.h"
#include "real/support/process.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::chrono::seconds kPatience{60};

struct Line {
  std::string topic;
  int64_t partition = 0;
  int64_t offset = 0;
  std::string key, value;
};

std::vector<Line> read_lines(const std::filesystem::path& path) {
  std::vector<Line> lines;
  for (const std::string& text : lines_of(read_file(path))) {
    const auto json = json::parse(text);
    if (!json) {
      ADD_FAILURE() << "no line of JSON: " << text;
      continue;
    }
    lines.push_back({.topic = json->find("topic")->text(),
                     .partition = *json->find("partition")->as_int64(),
                     .offset = *json->find("offset")->as_int64(),
                     .key = json->find("key")->text(),
                     .value = json->find("value")->text()});
  }
  return lines;
}

class SinkTest : public ::testing::Test {
 protected:
  SinkTest() : topic_(make_topic({.name = unique_name("sink"), .partitions = 3, .is_compacted = false})) {}

  // So many records, k-0 to k-11 in turn, of which each partition has some; their values count on from the last call.
  void produce(int count) {
    std::string lines;
    for (int i = 0; i < count; ++i, ++produced_) {
      lines +=
          R"({"key":"k-)" + std::to_string(produced_ % 12) + R"(","value":")" + std::to_string(produced_) + "\"}\n";
    }
    const CommandResult result = run_omashu({"produce", topic_, "-q"}, lines);
    ASSERT_EQ(result.exit_code, 0) << ::testing::PrintToString(result);
  }

  // A value that says it has a schema, of an id that nobody gave.
  void produce_undecodable(const std::string& key) {
    const std::string line = R"({"key":")" + key + R"(","value":{"base64":"AH/////v"}})" + "\n";
    const CommandResult result = run_omashu({"produce", topic_, "-q"}, line);
    ASSERT_EQ(result.exit_code, 0) << ::testing::PrintToString(result);
  }

  std::string path(const std::string& name = "records.jsonl") const { return (folder_.path() / name).string(); }
  std::vector<std::string> sink_arguments(std::vector<std::string> more = {}, const std::string& file = "") const {
    std::vector<std::string> arguments = {"sink", "file", "--path", file.empty() ? path() : file, "--group", topic_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.push_back(topic_);
    return arguments;
  }
  CommandResult run_to_end(std::vector<std::string> more = {}) {
    more.emplace_back("--exit-at-end");
    return run_omashu(sink_arguments(std::move(more)));
  }

  std::unique_ptr<Process> start(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), omashu_program());
    auto process = Process::start({.command = std::move(arguments),
                                   .environment = shared_server_environment(),
                                   .stdout_file = folder_.path() / ("out-" + std::to_string(++started_))});
    EXPECT_TRUE(process) << process.error().message;
    return process ? *std::move(process) : nullptr;
  }

  // Every record that was produced stands in the files once, those of a partition in their order within a file.
  void expect_exactly_once(const std::vector<Line>& lines) const {
    std::map<int64_t, int64_t> next;
    std::vector<int> values;
    for (const Line& line : lines) {
      EXPECT_EQ(line.offset, next[line.partition]++) << "partition " << line.partition;
      values.push_back(std::stoi(line.value));
    }
    std::ranges::sort(values);
    ASSERT_EQ(values.size(), static_cast<size_t>(produced_));
    for (int i = 0; i < produced_; ++i) ASSERT_EQ(values[static_cast<size_t>(i)], i);
  }

  const ScratchFolder folder_;
  const std::string topic_;
  int produced_ = 0;
  int started_ = 0;
};

TEST_F(SinkTest, EveryRecordIsInTheFileOnceHoweverOftenTheProcessIsKilled) {
  const char* wanted = std::getenv("OMASHU_SINK_KILLS");
  const int kills = wanted == nullptr ? 5 : std::atoi(wanted);
  std::mt19937_64 random(7);
  // As the same member, it need not wait until the group has missed the one that was killed.
  const std::vector<std::string> options = {"--batch-records",      "7", "--batch-wait", "5ms", "-X",
                                            "group.instance.id=one"};
  for (int i = 0; i < kills && !HasFatalFailure(); ++i) {
    const uintmax_t before = read_file(path()).size();
    produce(static_cast<int>(100 + random() % 400));
    const auto process = start(sink_arguments(options));
    ASSERT_TRUE(process);
    // At any time from its start on; every other time not before it has written something.
    if (i % 2 == 0) {
      ASSERT_TRUE(eventually([&] { return read_file(path()).size() > before; })) << process->stdout_text();
    }
    EXPECT_EQ(process->wait(std::chrono::milliseconds(random() % 600)), std::nullopt) << process->stdout_text();
    process->signal(SIGKILL);
    process->wait(kPatience);
  }
  const CommandResult result = run_to_end({"-X", "group.instance.id=one"});
  ASSERT_EQ(result.exit_code, 0) << ::testing::PrintToString(result);
  expect_exactly_once(read_lines(path()));
}

TEST_F(SinkTest, ATermLetsTheBatchEndAndCommits) {
  produce(100);
  const auto process = start(sink_arguments());
  ASSERT_TRUE(process);
  ASSERT_TRUE(eventually([&] { return lines_of(read_file(path())).size() == 100; })) << process->stdout_text();
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(kPatience), 0) << process->stdout_text();
  const CommandResult lag = run_omashu({"groups", "describe", topic_, "--output", "json"});
  EXPECT_THAT(lag.out, HasSubstr(R"("lag":0})")) << lag.err;
  expect_exactly_once(read_lines(path()));
}

TEST_F(SinkTest, ARecordThatDoesNotDecodeStopsTheSinkAndNamesItsPlace) {
  produce_undecodable("k");
  const CommandResult result = run_to_end();
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.err, HasSubstr(topic_ + "-"));
  EXPECT_THAT(result.err, HasSubstr("cannot be written: "));
  EXPECT_THAT(result.err, HasSubstr("--dead-letters"));
}

TEST_F(SinkTest, DeadLettersAreTheRecordsAsTheyWereAndCanBeReplayedUntilTheyHaveDiedThreeTimes) {
  const std::string dead = topic_ + ".dead";
  produce(10);
  produce_undecodable("bad");
  const CommandResult first = run_to_end({"--dead-letters", dead});
  ASSERT_EQ(first.exit_code, 0) << ::testing::PrintToString(first);
  EXPECT_THAT(first.err, HasSubstr("11 records written, 1 of them to the dead letters"));
  EXPECT_THAT(read_lines(path()), SizeIs(10));
  const auto consume = [&] {
    const CommandResult letters = run_omashu(
        {"consume", dead, "--from-beginning", "--exit-at-end", "--output", "json", "--value-format", "bytes"});
    return lines_of(letters.out);
  };
  ASSERT_THAT(consume(), SizeIs(1));
  const auto letter = json::parse(consume()[0]);
  ASSERT_TRUE(letter);
  EXPECT_EQ(letter->find("key")->text(), "bad");
  EXPECT_EQ(letter->find("value")->find("base64")->text(), "AH/////v");
  std::map<std::string, std::string> headers;
  for (const json::Value& header : letter->find("headers")->items()) {
    headers[header.find("name")->text()] = header.find("value")->text();
  }
  EXPECT_EQ(headers["__connect.errors.topic"], topic_);
  EXPECT_EQ(headers["__connect.errors.connector.name"], "file");
  EXPECT_EQ(headers["__connect.errors.stage"], "VALUE_CONVERTER");
  EXPECT_THAT(headers["__connect.errors.exception.message"], HasSubstr("schema id 2147483647"));

  const CommandResult loop = run_omashu({"replay", dead, "--to", dead});
  EXPECT_EQ(loop.exit_code, 2);
  const CommandResult other = run_omashu({"replay", dead, "--to", make_topic({.name = unique_name("other")})});
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_THAT(other.err, HasSubstr("failed in " + topic_));
  for (int i = 1; i <= 4; ++i) {
    const CommandResult replayed = run_omashu({"replay", dead, "--to", topic_});
    ASSERT_EQ(replayed.exit_code, 0) << ::testing::PrintToString(replayed);
    EXPECT_THAT(replayed.err, HasSubstr(i <= 3 ? "1 replayed" : "0 replayed, 1 left that died again"));
    const CommandResult again = run_to_end({"--dead-letters", dead});
    ASSERT_EQ(again.exit_code, 0) << ::testing::PrintToString(again);
    ASSERT_THAT(consume(), SizeIs(static_cast<size_t>(std::min(i, 3)) + 1));
  }
  EXPECT_THAT(consume().back(), HasSubstr(R"({"name":"omashu.replays","value":"3"})"));
  EXPECT_THAT(run_omashu({"replay", dead, "--to", topic_}).err, HasSubstr("omashu: 0 replayed\n"));
}

TEST_F(SinkTest, TwoMembersShareThePartitionsAndOneTakesOverFromTheOther) {
  const std::string second_path = path("second.jsonl");
  const auto first = start(sink_arguments());
  const auto second = start(sink_arguments({}, second_path));
  ASSERT_TRUE(first && second);
  const auto total = [&] { return lines_of(read_file(path())).size() + lines_of(read_file(second_path)).size(); };
  // Until both have written: then both have partitions.
  ASSERT_TRUE(eventually([&] {
    produce(20);
    return !read_file(path()).empty() && !read_file(second_path).empty();
  })) << first->stdout_text()
      << second->stdout_text();
  ASSERT_TRUE(eventually([&] { return total() >= static_cast<size_t>(produced_); }));
  first->signal(SIGTERM);
  EXPECT_EQ(first->wait(kPatience), 0) << first->stdout_text();
  produce(50);
  EXPECT_TRUE(eventually([&] { return total() >= static_cast<size_t>(produced_); })) << second->stdout_text();
  second->signal(SIGTERM);
  EXPECT_EQ(second->wait(kPatience), 0) << second->stdout_text();
  std::vector<int> values;
  for (const std::string& file : {path(), second_path}) {
    for (const Line& line : read_lines(file)) values.push_back(std::stoi(line.value));
  }
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
  EXPECT_THAT(values, SizeIs(static_cast<size_t>(produced_))) << "none is missing";
}

TEST_F(SinkTest, AFileRunsSeveralSinksInOneProcessWhichTellsOfThem) {
  produce(30);
  const std::string config = path("sinks.properties"), ready = path("ready");
  std::ofstream(config) << "http = 127.0.0.1:0\nready-file = " << ready << "\n[one]\nsink = file\ngroup = " << topic_
                        << "-1\npath = " << path("1.jsonl") << "\ntopics = " << topic_
                        << "\n[two]\nsink = file\ngroup = " << topic_ << "-2\npath = " << path("2.jsonl")
                        << "\ntopics = " << topic_ << "\n";
  const auto process = start({"sink", "--config", config});
  ASSERT_TRUE(process);
  ASSERT_TRUE(eventually([&] { return !read_file(ready).empty(); })) << process->stdout_text();
  std::string url = read_file(ready);
  url = url.substr(url.find('=') + 1);
  url.erase(url.find_last_not_of("\n") + 1);
  ASSERT_TRUE(eventually([&] {
    const std::string body = http_get(url + "/metrics").body;
    return body.find("omashu_sink_records_total{sink=\"one\"} 30\n") != std::string::npos &&
           body.find("omashu_sink_records_total{sink=\"two\"} 30\n") != std::string::npos;
  })) << http_get(url + "/metrics").body;
  ASSERT_TRUE(eventually([&] { return http_get(url + "/readyz").status == 200; })) << http_get(url + "/readyz").body;
  const std::string expected = R"({"name":"one","state":"running","records":30,"lag":0})";
  EXPECT_TRUE(eventually([&] { return http_get(url + "/healthz").body.contains(expected); }))
      << http_get(url + "/healthz").body;
  process->signal(SIGTERM);
  EXPECT_EQ(process->wait(kPatience), 0) << process->stdout_text();
  expect_exactly_once(read_lines(path("1.jsonl")));
  expect_exactly_once(read_lines(path("2.jsonl")));
}

}  // namespace
}  // namespace omashu::real
