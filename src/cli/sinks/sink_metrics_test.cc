#include "cli/sinks/sink_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

namespace omashu::cli {
namespace {

using sink::EngineStats;
using ::testing::HasSubstr;

NamedStats two_sinks() {
  EngineStats first;
  first.state = EngineStats::State::kRunning;
  first.records = 12;
  first.partitions[{"t", kafka::PartitionId{1}}] = {.position = kafka::Offset{12}, .lag = 3};
  first.sink = {{.name = "omashu_sink_file_bytes", .help = "Bytes.", .value = 7}};
  EngineStats second;
  second.state = EngineStats::State::kTryingAgain;
  second.last_failure = "the database is away";
  return {{"one", first}, {"two", second}};
}

TEST(SinkMetrics, AreFamiliesWithASampleForEachSink) {
  const std::string text = sink_metrics(two_sinks());
  EXPECT_THAT(text, HasSubstr("# TYPE omashu_sink_records_total counter\n"
                              "omashu_sink_records_total{sink=\"one\"} 12\n"
                              "omashu_sink_records_total{sink=\"two\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("omashu_sink_running{sink=\"one\"} 1\nomashu_sink_running{sink=\"two\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("omashu_sink_lag{sink=\"one\",topic=\"t\",partition=\"1\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("# TYPE omashu_sink_file_bytes gauge\nomashu_sink_file_bytes{sink=\"one\"} 7\n"));
}

TEST(SinkMetrics, ASinkThatTriesAgainIsHealthyAndNotReady) {
  NamedStats sinks = two_sinks();
  EXPECT_TRUE(is_healthy(sinks));
  EXPECT_FALSE(is_ready(sinks));
  EXPECT_THAT(sink_health(sinks), HasSubstr(R"({"name":"one","state":"running","records":12,"lag":3})"));
  EXPECT_THAT(sink_health(sinks), HasSubstr(R"("failure":"the database is away")"));
  sinks[1].second.state = EngineStats::State::kFailed;
  EXPECT_FALSE(is_healthy(sinks));
  EXPECT_THAT(sink_health(sinks), HasSubstr(R"({"status":"failed")"));
}

// The other metrics are those of omashu serve, whose test on real servers looks for them.
TEST(SinkMetrics, AreThoseThatDashboardAndAlertsAreMadeOf) {
  const std::string exported = sink_metrics(two_sinks());
  const std::regex metric("omashu_sink_[a-z_]+");
  for (const char* file : {"grafana/dashboards/omashu.json", "prometheus/omashu.rules.yml"}) {
    std::ifstream in(std::string(OMASHU_SOURCE_DIR "/deploy/") + file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    size_t found = 0;
    for (auto name = std::sregex_iterator(text.begin(), text.end(), metric); name != std::sregex_iterator(); ++name) {
      EXPECT_THAT(exported, HasSubstr("# TYPE " + name->str() + " ")) << file;
      ++found;
    }
    EXPECT_GT(found, 1U) << file;
  }
}

}  // namespace
}  // namespace omashu::cli
