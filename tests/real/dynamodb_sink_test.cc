// `omashu sink dynamodb` into dynalite, on real servers: the items are the table, whatever happens on the way.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "base/json.h"
#include "real/support/dynalite.h"
#include "real/support/omashu_command.h"
#include "real/support/process.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/table_topic.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using ::testing::HasSubstr;
using ::testing::PrintToString;
using ::testing::SizeIs;

const Dynalite& dynalite() {
  static const Dynalite server;
  return server;
}

std::string make_topic_of_rows(const std::string& stem) {
  const std::string topic = unique_name(stem);
  make_table_topic(shared_kafka(), shared_registry().url(), topic);
  return topic;
}

void put_rows(const std::string& topic, int ids, int count) {
  std::string lines;
  for (int id = 0; id < ids; ++id) lines += table_row(id, count) + "\n";
  const CommandResult put = run_omashu({"put", topic, "--from", "-", "--key-field", "omashuId"}, lines);
  ASSERT_EQ(put.exit_code, 0) << PrintToString(put);
}

void delete_row(const std::string& topic, int id) {
  const CommandResult deleted = run_omashu({"delete", topic, fmt::format("om-{}", id)});
  ASSERT_EQ(deleted.exit_code, 0) << PrintToString(deleted);
}

std::vector<std::pair<std::string, std::string>> sink_environment() {
  auto environment = shared_server_environment();
  for (auto& variable : aws_test_environment()) environment.push_back(std::move(variable));
  return environment;
}

std::vector<std::string> sink_command(const std::string& topic, const std::vector<std::string>& options) {
  std::vector<std::string> command = {omashu_program(), "sink",         "dynamodb", "--endpoint",
                                      dynalite().url(), "--table",      topic,      "--create",
                                      "--hash",         "omashuId=key", "--group",  topic + "-sink"};
  command.insert(command.end(), options.begin(), options.end());
  command.push_back(topic);
  return command;
}

CommandResult run_sink(const std::string& topic, std::vector<std::string> options = {}) {
  options.push_back("--exit-at-end");
  return run_command(sink_command(topic, options), {.environment = sink_environment()});
}

// The counts by id, as `omashu list` prints them.
std::map<std::string, std::string> listed(const std::string& topic) {
  const CommandResult list = run_omashu({"list", topic, "--output", "json"});
  EXPECT_EQ(list.exit_code, 0) << PrintToString(list);
  std::map<std::string, std::string> rows;
  for (const std::string& line : lines_of(list.out)) {
    const json::Value row = json::parse(line).value();
    const json::Value& value = *row.find("value");
    rows[value.find("omashuId")->text()] = value.find("count")->text();
  }
  return rows;
}

// The same of the table's items; those that are marked as deleted are none.
std::map<std::string, std::string> items_of(const std::string& table) {
  std::map<std::string, std::string> rows;
  for (const auto& [id, items] : dynalite().scan(table, "omashuId")) {
    EXPECT_THAT(items, SizeIs(1));
    const json::Value item = json::parse(items.front()).value();
    if (item.find("_deleted") == nullptr) rows[id] = item.find("count")->find("N")->text();
  }
  return rows;
}

TEST(DynamodbSink, TheItemsAreTheTableRowByRow) {
  const std::string topic = make_topic_of_rows("latest");
  put_rows(topic, 300, 1);
  put_rows(topic, 200, 2);
  for (int id = 0; id < 5; ++id) delete_row(topic, id);
  const CommandResult first = run_sink(topic);
  ASSERT_EQ(first.exit_code, 0) << PrintToString(first);
  EXPECT_EQ(items_of(topic), listed(topic));
  put_rows(topic, 100, 3);
  ASSERT_EQ(run_sink(topic).exit_code, 0);
  EXPECT_EQ(items_of(topic), listed(topic));
  EXPECT_THAT(items_of(topic), SizeIs(300));
}

TEST(DynamodbSink, ARewindWritesOverNothingAndBringsNothingBack) {
  const std::string topic = make_topic_of_rows("rewind");
  put_rows(topic, 20, 1);
  put_rows(topic, 20, 2);
  delete_row(topic, 7);
  ASSERT_EQ(run_sink(topic).exit_code, 0);
  // What another hand adds stays as long as no newer record comes.
  dynalite().call("UpdateItem", fmt::format(R"({{"TableName":"{}","Key":{{"omashuId":{{"S":"om-3"}}}},)"
                                            R"("UpdateExpression":"SET note = :n","ExpressionAttributeValues":)"
                                            R"({{":n":{{"S":"mine"}}}}}})",
                                            topic));
  const auto before = dynalite().scan(topic, "omashuId");
  const CommandResult again = run_sink(topic, {"--group", topic + "-again"});
  ASSERT_EQ(again.exit_code, 0) << PrintToString(again);
  EXPECT_EQ(dynalite().scan(topic, "omashuId"), before);
  EXPECT_THAT(before.at("om-3").front(), HasSubstr("mine"));
  EXPECT_THAT(before.at("om-7").front(), HasSubstr("_deleted"));
}

TEST(DynamodbSink, ATopicThatWasMadeAnewStartsAnew) {
  const std::string topic = make_topic_of_rows("anew");
  for (int count = 1; count <= 5; ++count) put_rows(topic, 3, count);
  ASSERT_EQ(run_sink(topic).exit_code, 0);
  ASSERT_EQ(run_omashu({"topics", "delete", topic, "--yes"}).exit_code, 0);
  make_topic(shared_kafka(), {.name = topic, .partitions = 3});
  put_rows(topic, 3, 77);
  const CommandResult sink = run_sink(topic, {"--group", topic + "-anew"});
  ASSERT_EQ(sink.exit_code, 0) << PrintToString(sink);
  EXPECT_EQ(items_of(topic), listed(topic));
  EXPECT_EQ(items_of(topic).at("om-0"), "77");
}

TEST(DynamodbSink, AHistoryHasEveryRecord) {
  const std::string topic = make_topic_of_rows("history");
  for (int count = 1; count <= 4; ++count) put_rows(topic, 40, count);
  for (int run = 0; run < 2; ++run) {
    const CommandResult sink =
        run_sink(topic, {"--mode", "history", "--sort", "position", "--group", fmt::format("{}-{}", topic, run)});
    ASSERT_EQ(sink.exit_code, 0) << PrintToString(sink);
    const auto items = dynalite().scan(topic, "omashuId");
    ASSERT_THAT(items, SizeIs(40));
    for (const auto& [id, records] : items) EXPECT_THAT(records, SizeIs(4)) << id;
  }
}

TEST(DynamodbSink, ARecordThatHasNoPlaceInItIsSetAsideAlone) {
  const std::string topic = make_topic_of_rows("refused");
  const std::string dead = make_topic({.name = topic + ".dead", .partitions = 1, .is_compacted = false});
  put_rows(topic, 10, 1);
  const CommandResult put =
      run_omashu({"put", topic, "--from", "-", "--key-field", "omashuId"}, R"({"omashuId":"","count":1})"
                                                                           "\n");
  ASSERT_EQ(put.exit_code, 0) << PrintToString(put);
  const CommandResult sink = run_sink(topic, {"--dead-letters", dead});
  ASSERT_EQ(sink.exit_code, 0) << PrintToString(sink);
  EXPECT_THAT(items_of(topic), SizeIs(10));
  const CommandResult letters = run_omashu({"consume", dead, "--from-beginning", "--exit-at-end", "--output", "json"});
  EXPECT_THAT(lines_of(letters.out), SizeIs(1)) << PrintToString(letters);
}

int kill_rounds() {
  const char* rounds = std::getenv("OMASHU_SINK_KILLS");
  return rounds == nullptr ? 10 : std::atoi(rounds);
}

// How many items of the table have this count.
int items_with(const std::string& table, int count) {
  int found = 0;
  for (const auto& [id, text] : items_of(table)) found += text == std::to_string(count) ? 1 : 0;
  return found;
}

TEST(DynamodbSink, KilledAtAnyInstantItLosesNothing) {
  constexpr int kRows = 100;
  const std::string topic = make_topic_of_rows("killed");
  dynalite().create_table(topic, "omashuId");
  // A member of the same name takes the place of the one that was killed at once; else the group would wait until that
  // one's session has timed out.
  const std::vector<std::string> options = {"--batch-records", "5", "--batch-wait", "1ms",
                                            "--concurrency",   "2", "-X",           "group.instance.id=" + topic};
  std::minstd_rand random(7);
  const auto some_time = [&](int most_ms) {
    return std::chrono::milliseconds(std::uniform_int_distribution<int>(0, most_ms)(random));
  };
  int in_the_middle = 0;  // of writing a round's rows
  for (int round = 1; round <= kill_rounds(); ++round) {
    put_rows(topic, kRows, round);
    if (round % 3 == 2) delete_row(topic, round);
    const ScratchFolder folder;
    auto sink = Process::start({.command = sink_command(topic, options),
                                .environment = sink_environment(),
                                .stdout_file = folder.path() / "out"});
    ASSERT_TRUE(sink.has_value());
    // Each third one before it has begun to write, perhaps; the others once they have.
    if (round % 3 == 0) (void)(*sink)->wait(some_time(1500));
    while (round % 3 != 0 && items_with(topic, round) == 0) {
      ASSERT_TRUE((*sink)->is_running()) << (*sink)->stdout_text();
    }
    (void)(*sink)->wait(some_time(50));
    (*sink)->signal(9);
    (void)(*sink)->wait(std::chrono::seconds(30));
    in_the_middle += items_with(topic, round) < kRows - 1 ? 1 : 0;
  }
  RecordProperty("killed_in_the_middle", in_the_middle);
  const CommandResult last = run_sink(topic, {"-X", "group.instance.id=" + topic});
  ASSERT_EQ(last.exit_code, 0) << PrintToString(last);
  EXPECT_EQ(items_of(topic), listed(topic));
}

}  // namespace
}  // namespace omashu::real
