#include "cli/sinks/sink_config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Error error_of(std::string_view text) {
  const auto config = parse_sink_config(text);
  EXPECT_FALSE(config) << text;
  return config ? Error{} : config.error();
}

TEST(SinkConfigFile, HasASinkInEachSectionWithTheOptionsOfTheCommandLine) {
  const auto config = parse_sink_config(
      "bootstrap-server = kafka:9092\nhttp = 127.0.0.1:0\nexit-at-end = true\n\n"
      "[archive]\nsink = file\npath = /tmp/a.jsonl\ntopics = status-download, requests\nbatch-wait = 50ms\n"
      "dead-letters = dead\nretry = 1m,10m\nfrom-end = true\n"
      "[other]\nsink=file\npath=/tmp/b.jsonl\ntopics=requests\nfrom-end=false\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->connection.bootstrap_server, "kafka:9092");
  EXPECT_EQ(config->process.http_address, "127.0.0.1:0");
  EXPECT_TRUE(config->process.exits_at_end);
  ASSERT_EQ(config->jobs.size(), 2u);
  EXPECT_EQ(config->jobs[0].name, "archive");
  EXPECT_THAT(config->jobs[0].options.topics(), ElementsAre("status-download", "requests"));
  const sink::EngineOptions options = config->jobs[0].options.engine_options("archive", "file");
  EXPECT_EQ(options.limits.batch_wait, milliseconds(50));
  EXPECT_EQ(options.dead_letters, "dead");
  EXPECT_THAT(options.retry_delays, ElementsAre(milliseconds(60'000), milliseconds(600'000)));
  EXPECT_FALSE(options.from_beginning);
  EXPECT_TRUE(config->jobs[1].options.engine_options("other", "file").from_beginning);
  EXPECT_EQ(config->jobs[1].options.group("other"), "omashu-sink-other");
}

TEST(SinkConfigFile, MistakesNameTheLine) {
  const Error unknown = error_of("[a]\nsink=file\ntopics=t\npaht=x\n");
  EXPECT_EQ(unknown.position->line, 4u);
  EXPECT_THAT(unknown.message, HasSubstr("did you mean"));
  EXPECT_THAT(error_of("[a]\ntopics=t\n").message, HasSubstr("[a] does not say what it writes to: sink = file"));
  EXPECT_THAT(error_of("[a]\nsink=fiel\ntopics=t\n").message, HasSubstr("there is no sink 'fiel'"));
  EXPECT_THAT(error_of("[a]\nsink=file\npath=x\n").message, HasSubstr("topics = TOPIC TOPIC"));
  EXPECT_THAT(error_of("[a]\nsink=file\ntopics=t\n").message, HasSubstr("--path FILE is missing"));
  EXPECT_THAT(error_of("[a]\nsink=file\npath=x\ntopics=t\nfrom-end=yes\n").message, HasSubstr("true or false"));
  EXPECT_THAT(error_of("[a]\nsink=file\npath=x\ntopics=t\nretry=1m\n").message, HasSubstr("--dead-letters"));
  EXPECT_THAT(error_of("http=127.0.0.1:0\n").message, HasSubstr("there is no sink"));
}

}  // namespace
}  // namespace omashu::cli
