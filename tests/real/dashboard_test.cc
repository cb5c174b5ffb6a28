// The dashboard in a real browser, over the example's topics: on `omashu up`, and on Apache Kafka with `omashu serve`
// beside it. What is checked, and how, is in dashboard/: one program of JavaScript that drives Chromium. Its
// screenshots are left in the build folder, real-results/dashboard.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "real/support/installed_parts.h"
#include "real/support/omashu_command.h"
#include "real/support/omashu_serve.h"
#include "real/support/omashu_up.h"
#include "real/support/run_command.h"

namespace omashu::real {
namespace {

const std::string kSource = OMASHU_SOURCE_DIR;

using Environment = std::vector<std::pair<std::string, std::string>>;

std::string part(const std::string& variable) {
  auto place = installed_part(variable);
  EXPECT_TRUE(place) << place.error().message;
  return place.value_or("");
}

CommandResult run_node(std::vector<std::string> arguments, Environment environment = {}) {
  arguments.insert(arguments.begin(), part("OMASHU_REAL_JAVASCRIPT") + "/bin/node");
  environment.emplace_back("DASHBOARD_MODULES", part("OMASHU_REAL_DASHBOARD"));
  environment.emplace_back("DASHBOARD_SCREENSHOTS", DASHBOARD_SCREENSHOTS);
  return run_command(arguments, {.environment = std::move(environment), .timeout = std::chrono::minutes(5)});
}

class Dashboard : public ::testing::Test {
 protected:
  // One for all tests: the first to look fills the table with ten thousand rows.
  static void SetUpTestSuite() {
    const std::string file = kSource + "/examples/downloads/topics_and_schemas.txt";
    const char* servers = std::getenv("OMASHU_REAL_SERVERS");
    if (servers != nullptr && std::string_view(servers) == "apache") {
      const CommandResult made = run_init_kafka({file});
      ASSERT_EQ(made.exit_code, 0) << made.err;
      serve_ = std::make_unique<OmashuServe>(std::vector<std::string>{"--file", file});
      environment_ = shared_server_environment();
      environment_.emplace_back("OMASHU_URL", serve_->url());
      return;
    }
    auto up = OmashuUp::start({"--file", file});
    ASSERT_TRUE(up) << up.error().message;
    up_ = *std::move(up);
    environment_ = {{"OMASHU_URL", up_->url()},
                    {"KAFKA_BOOTSTRAP_SERVERS", up_->bootstrap_server()},
                    {"SCHEMA_REGISTRY_URL", fmt::format("http://127.0.0.1:{}", up_->registry_port())}};
  }
  static void TearDownTestSuite() {
    serve_.reset();
    up_.reset();
  }

  static CommandResult check(const std::string& name) {
    Environment environment = environment_;
    environment.emplace_back("OMASHU_PROGRAM", omashu_program());
    return run_node({kSource + "/tests/real/dashboard/main.mjs", name}, std::move(environment));
  }

 private:
  static inline std::unique_ptr<OmashuUp> up_;
  static inline std::unique_ptr<OmashuServe> serve_;
  static inline Environment environment_;  // where all of it is
};

// The tests that stand beside the modules, under Node's own test runner.
TEST_F(Dashboard, ItsModulesDoWhatTheirTestsSay) {
  const CommandResult tests = run_node({"--test", kSource + "/web/**/*.test.js"});
  EXPECT_EQ(tests.exit_code, 0) << tests.out << tests.err;
}

TEST_F(Dashboard, EveryPageFitsThreeWidthsInBothColoursAndIsAccessible) {
  const CommandResult checked = check("pages");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST_F(Dashboard, TheBoardFollowsWhatIsWritten) {
  const CommandResult checked = check("board");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST_F(Dashboard, TenThousandRowsAreScrolledSortedAndFilteredAndTheAddressSaysSo) {
  const CommandResult checked = check("rows");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST_F(Dashboard, TheKeyboardAloneDoesTheMainJob) {
  const CommandResult checked = check("keyboard");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST_F(Dashboard, RecordsAreFoundAndShownWithAllThatBelongsToThem) {
  const CommandResult checked = check("records");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST_F(Dashboard, FilesDroppedOnItArePlanned) {
  const CommandResult checked = check("plan");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST_F(Dashboard, NamesAndValuesThatWouldBeMarkupAreText) {
  const CommandResult checked = check("hostile");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST_F(Dashboard, WhatIsStaleLooksStale) {
  const CommandResult checked = check("stale");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

}  // namespace
}  // namespace omashu::real
