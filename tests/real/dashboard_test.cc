// The dashboard in a real browser. What is checked, and how, is in dashboard/: one program of JavaScript that drives
// Chromium. Its screenshots are left in the build folder, real-results/dashboard.

#include <gtest/gtest.h>

#include "real/support/installed_parts.h"
#include "real/support/run_command.h"

namespace omashu::real {
namespace {

const std::string kSource = OMASHU_SOURCE_DIR;

std::string part(const std::string& variable) {
  auto place = installed_part(variable);
  EXPECT_TRUE(place) << place.error().message;
  return place.value_or("");
}

CommandResult run_node(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), part("OMASHU_REAL_JAVASCRIPT") + "/bin/node");
  return run_command(arguments, {.environment = {{"DASHBOARD_MODULES", part("OMASHU_REAL_DASHBOARD")},
                                                 {"DASHBOARD_SCREENSHOTS", DASHBOARD_SCREENSHOTS}},
                                 .timeout = std::chrono::minutes(5)});
}

CommandResult check(const std::string& name) { return run_node({kSource + "/tests/real/dashboard/main.mjs", name}); }

// The tests that stand beside the modules, under Node's own test runner.
TEST(Dashboard, ItsModulesDoWhatTheirTestsSay) {
  const CommandResult tests = run_node({"--test", kSource + "/web/**/*.test.js"});
  EXPECT_EQ(tests.exit_code, 0) << tests.out << tests.err;
}

TEST(Dashboard, EveryPageFitsThreeWidthsInBothColoursAndIsAccessible) {
  const CommandResult checked = check("pages");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST(Dashboard, TheBoardFollowsWhatIsWrittenWithinASecond) {
  const CommandResult checked = check("board");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST(Dashboard, TenThousandRowsAreScrolledSortedAndFilteredAndTheAddressSaysSo) {
  const CommandResult checked = check("rows");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST(Dashboard, TheKeyboardAloneDoesTheMainJob) {
  const CommandResult checked = check("keyboard");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST(Dashboard, FilesDroppedOnItArePlanned) {
  const CommandResult checked = check("plan");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST(Dashboard, NamesAndValuesThatWouldBeMarkupAreText) {
  const CommandResult checked = check("hostile");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

TEST(Dashboard, WhatIsStaleLooksStale) {
  const CommandResult checked = check("stale");
  EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
}

}  // namespace
}  // namespace omashu::real
