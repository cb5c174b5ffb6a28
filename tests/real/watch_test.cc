// Those who watch a table through `omashu serve`, on real servers: curl, Python's httpx-sse, and a WebSocket.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <string>

#include "real/support/installed_parts.h"
#include "real/support/omashu_command.h"
#include "real/support/omashu_serve.h"
#include "real/support/process.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"
#include "real/support/topics.h"

namespace omashu::real {
namespace {

using ::testing::HasSubstr;
using ::testing::PrintToString;
using namespace std::chrono_literals;

constexpr const char* kKey = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kValue =
    R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},{"name":"status","type":{"type":"enum",)"
    R"("name":"Status","symbols":["QUEUED","RUNNING","FAILED"]}},{"name":"size","type":["null","long"],)"
    R"("default":null}]})";

void put(const std::string& topic, const std::string& id, const std::string& status) {
  const CommandResult result =
      run_omashu({"put", topic, id, fmt::format(R"({{"id":"{}","status":"{}","size":1}})", id, status)});
  EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
}

// The rows om-0, which has FAILED, om-1 and om-2, which are RUNNING.
std::string make_table(const std::string& stem) {
  const std::string topic = make_topic({.name = unique_name(stem), .partitions = 3});
  register_schema(topic + "-key", kKey);
  register_schema(topic + "-value", kValue);
  for (int i = 0; i < 3; ++i) put(topic, "om-" + std::to_string(i), i == 0 ? "FAILED" : "RUNNING");
  return topic;
}

TEST(Watch, CurlSeesAChangeAndHearsGoodbyeWhenTheServerStops) {
  const std::string topic = make_table("watched");
  OmashuServe serve({"--tables", topic});
  const ScratchFolder folder;
  auto curl = Process::start(
      {.command = {"curl", "-sN", "--compressed", serve.url() + "/v1/tables/" + topic + "/watch?where=status=RUNNING"},
       .stdout_file = folder.path() / "events"});
  ASSERT_TRUE(curl) << curl.error().message;
  ASSERT_TRUE((*curl)->wait_for_stdout("event: ready\n", 10s)) << (*curl)->stdout_text();
  put(topic, "om-0", "RUNNING");
  EXPECT_TRUE((*curl)->wait_for_stdout("event: enter\nid: ", 10s)) << (*curl)->stdout_text();
  EXPECT_TRUE(
      (*curl)->wait_for_stdout(R"({"key":{"id":"om-0"},"value":{"id":"om-0","status":"RUNNING","size":1})", 10s));
  EXPECT_EQ(serve.stop(), 0);
  EXPECT_EQ((*curl)->wait(10s), 0) << "the answer is whole";
  EXPECT_THAT((*curl)->stdout_text(),
              HasSubstr("event: bye\ndata: {\"reason\":\"the server stops: connect again\"}\n\n"));
}

TEST(Watch, PythonsHttpxSseAndAWebSocketAreToldEachChangeOnce) {
  const auto python = installed_part("OMASHU_REAL_HTTP_PYTHON");
  ASSERT_TRUE(python) << python.error().message;
  const std::string topic = make_table("sse");
  const OmashuServe serve({"--tables", topic});
  const CommandResult result = run_command({*python, "-B", OMASHU_SOURCE_DIR "/tests/real/http/sse_test.py",
                                            serve.url(), topic, omashu_program(), "put", topic},
                                           {.environment = shared_server_environment()});
  EXPECT_EQ(result.exit_code, 0) << PrintToString(result);
}

}  // namespace
}  // namespace omashu::real
