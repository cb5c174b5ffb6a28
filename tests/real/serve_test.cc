// Reads through `omashu serve`, on real servers: what curl and Python's httpx are answered, what stays over a restart,
// and Schemathesis, which asks what openapi.json allows and does not allow.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <string>

#include "base/json.h"
#include "real/support/http.h"
#include "real/support/installed_parts.h"
#include "real/support/omashu_command.h"
#include "real/support/omashu_serve.h"
#include "real/support/run_command.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::PrintToString;
using ::testing::StartsWith;

constexpr const char* kKey = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kValue =
    R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},{"name":"status","type":{"type":"enum",)"
    R"("name":"Status","symbols":["QUEUED","RUNNING","FAILED"]}},{"name":"size","type":["null","long"],)"
    R"("default":null}]})";

std::string value(const std::string& id, const std::string& status, int size) {
  return fmt::format(R"({{"id":"{}","status":"{}","size":{}}})", id, status, size);
}

// Rows om-0 to om-(count-1); every third one failed.
std::string make_table(const std::string& stem, int count) {
  const std::string topic = make_topic({.name = unique_name(stem), .partitions = 3});
  register_schema(topic + "-key", kKey);
  register_schema(topic + "-value", kValue);
  std::string lines;
  for (int i = 0; i < count; ++i) {
    lines += value("om-" + std::to_string(i), i % 3 == 0 ? "FAILED" : "RUNNING", i) + "\n";
  }
  const CommandResult put = run_omashu({"put", topic, "--from", "-", "--key-field", "id"}, lines);
  EXPECT_EQ(put.exit_code, 0) << PrintToString(put);
  return topic;
}

// The position that the record got.
std::string put(const std::string& topic, const std::string& id, const std::string& status, int size) {
  const CommandResult result = run_omashu({"put", topic, id, value(id, status, size)});
  EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
  return result.out.substr(0, result.out.find('\n'));
}

std::string with_head(const std::string& url, std::vector<std::string> options = {}) {
  std::vector<std::string> command = {"curl", "-si", url};
  command.insert(command.end(), options.begin(), options.end());
  return run_command(command).out;
}

TEST(Serve, ARowIsAnsweredWithItsPlace) {
  const std::string topic = make_table("row", 3);
  const std::string position = put(topic, "om-1", "QUEUED", 7);
  const OmashuServe serve({"--tables", topic});
  const std::string row = serve.url() + "/v1/tables/" + topic + "/rows/om-1";
  const std::string answer = with_head(row);
  EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 200 OK"), HasSubstr("ETag: \"" + position + "\""),
                            HasSubstr("Last-Modified: "), HasSubstr("Omashu-Position: " + topic + "-"),
                            HasSubstr("Omashu-Lag: 0\r\n"), HasSubstr("\r\n\r\n" + value("om-1", "QUEUED", 7))));
  EXPECT_THAT(with_head(row, {"-H", "If-None-Match: \"" + position + "\""}), StartsWith("HTTP/1.1 304"));
  EXPECT_THAT(http_get(serve.url() + "/v1/tables/" + topic + "/rows/none").body, HasSubstr("/problems/row-not-found"));
  EXPECT_EQ(http_get(serve.url() + "/v1/tables/none").status, 404);
}

TEST(Serve, AWriteIsReadByWhoNamesItsPosition) {
  const std::string topic = make_table("after", 1);
  const OmashuServe serve({"--tables", topic});
  const std::string row = serve.url() + "/v1/tables/" + topic + "/rows/om-0";
  for (int size = 1; size <= 5; ++size) {
    const std::string position = put(topic, "om-0", "RUNNING", size);
    EXPECT_EQ(http_get(row + "?after=" + position).body, value("om-0", "RUNNING", size));
  }
  EXPECT_EQ(http_get(row + "?after=" + topic + "-0-1000000&wait=10ms").status, 504);
  const CommandResult deleted = run_omashu({"delete", topic, "om-0"});
  ASSERT_EQ(deleted.exit_code, 0) << PrintToString(deleted);
  EXPECT_EQ(http_get(row + "?after=" + deleted.out.substr(0, deleted.out.find('\n'))).status, 410);
}

TEST(Serve, EarlierRecordsOfAKeyAreToldAsFarAsTheLogHasThem) {
  const std::string topic = make_table("history", 1);
  for (int size = 1; size <= 3; ++size) put(topic, "om-0", "RUNNING", size);
  const OmashuServe serve({"--tables", topic});
  const std::string row = serve.url() + "/v1/tables/" + topic + "/rows/om-0";
  const auto history = json::parse(http_get(row + "?history=3").body);
  ASSERT_TRUE(history) << history.error().message;
  ASSERT_EQ(history->find("records")->items().size(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(history->find("records")->items()[static_cast<size_t>(i)].find("value")->find("size")->as_int64(), 3 - i);
  }
  EXPECT_EQ(http_get(row + "?at=2020-01-01T00:00Z").status, 404);
  EXPECT_EQ(http_get(row + "?at=now").body, value("om-0", "RUNNING", 3));
}

TEST(Serve, TheSameTableIsThereAfterARestart) {
  const std::string topic = make_table("restart", 20);
  OmashuServe serve({"--tables", topic, "--index", "status"});
  const std::string count = "/v1/tables/" + topic + "/count?by=status";
  const std::string before = http_get(serve.url() + count).body;
  EXPECT_THAT(before, HasSubstr(R"({"count":20,"groups":[{"by":{"status":"RUNNING"},"count":13},)"));
  EXPECT_EQ(serve.stop(), 0);
  put(topic, "om-1", "FAILED", 1);
  serve.start();
  EXPECT_THAT(http_get(serve.url() + count).body,
              HasSubstr(R"({"count":20,"groups":[{"by":{"status":"RUNNING"},"count":12},)"));
  EXPECT_EQ(serve.stop(), 0);
}

TEST(Serve, AMistypedTopicIsNamed) {
  const std::string topic = make_table("named", 1);
  const CommandResult refused =
      run_omashu({"serve", "--tables", topic + "x", "--http", "127.0.0.1:0", "--data", "/nonexistent/omashu"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(run_omashu({"serve"}).exit_code, 2);
}

TEST(Serve, PythonsHttpxReadsRowsPagesAndStreams) {
  const auto python = installed_part("OMASHU_REAL_HTTP_PYTHON");
  ASSERT_TRUE(python) << python.error().message;
  for (const std::vector<std::string>& indexes :
       {std::vector<std::string>{}, {"--index", "status", "--index", "size"}}) {
    const std::string topic = make_table("httpx", 50);
    std::vector<std::string> arguments = {"--tables", topic};
    arguments.insert(arguments.end(), indexes.begin(), indexes.end());
    const OmashuServe serve(arguments);
    const CommandResult result =
        run_command({*python, "-B", OMASHU_SOURCE_DIR "/tests/real/http/httpx_test.py", serve.url(), topic, "50"});
    EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
  }
}

TEST(Serve, SchemathesisFindsNothing) {
  const auto python = installed_part("OMASHU_REAL_HTTP_PYTHON");
  ASSERT_TRUE(python) << python.error().message;
  const std::string schemathesis = python->substr(0, python->rfind('/')) + "/schemathesis";
  const std::string topic = make_table("schemathesis", 5);
  OmashuServe serve({"--tables", topic, "--index", "status"});
  const CommandResult result =
      run_command({schemathesis, "--config-file", OMASHU_SOURCE_DIR "/tests/real/http/schemathesis.toml", "run",
                   serve.url() + "/openapi.json", "--seed", "1", "--generation-deterministic", "--max-examples", "20",
                   "--phases", "examples,coverage,fuzzing", "--include-path-regex",
                   "^/(v1/(tables|cluster|topics|groups|schemas|plan)|openapi|healthz|readyz|metrics|problems)",
                   "--exclude-path-regex", "/watch$", "--no-color"},
                  {.timeout = std::chrono::minutes(5)});
  EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
  EXPECT_EQ(serve.stop(), 0);
}

// Names of metrics in a text: words that start with `prefix`.
std::set<std::string> metrics_in(const std::string& text, const std::string& prefix) {
  const std::regex name("\\b" + prefix + "[a-z0-9_]+");
  std::set<std::string> names;
  for (auto match = std::sregex_iterator(text.begin(), text.end(), name); match != std::sregex_iterator(); ++match) {
    names.insert(match->str());
  }
  return names;
}

TEST(RealServe, ExportsTheMetricsThatDashboardAndAlertsAreMadeOf) {
  const std::string topic = make_table("metrics", 3);
  const OmashuServe server({"--tables", topic});
  const std::string exported = http_get(server.url() + "/metrics").body;
  for (const char* file : {"grafana/dashboards/omashu.json", "prometheus/omashu.rules.yml"}) {
    const std::string text = read_file(std::string(OMASHU_SOURCE_DIR "/deploy/") + file);
    std::set<std::string> names = metrics_in(text, "omashu_");
    std::erase_if(names, [](const std::string& name) { return name.starts_with("omashu_sink_"); });  // cli_test's
    names.merge(metrics_in(text, "process_"));
    EXPECT_GE(names.size(), 3U) << file;
    for (std::string name : names) {
      const std::string bucket = "_bucket";  // of a histogram
      if (name.ends_with(bucket)) name.resize(name.size() - bucket.size());
      EXPECT_THAT(exported, HasSubstr("# TYPE " + name + " ")) << file;
    }
  }
}

}  // namespace
}  // namespace omashu::real
