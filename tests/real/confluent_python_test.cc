// Records written by omashu, read by Confluent's own Python client, and the other way; the same bytes from both. The
// data is in python/cases.py.

#include <gtest/gtest.h>

#include "real/support/installed_parts.h"
#include "real/support/omashu_command.h"
#include "real/support/run_command.h"
#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

class ConfluentPythonTest : public ::testing::TestWithParam<const char*> {};

TEST_P(ConfluentPythonTest, BothWriteTheSameBytesAndReadEachOther) {
  auto python = installed_part("OMASHU_REAL_PYTHON");
  ASSERT_TRUE(python) << python.error().message;
  CommandResult result = run_command({*python, "-B", OMASHU_SOURCE_DIR "/tests/real/python/confluent_test.py",
                                      std::string("ConfluentTest.test_") + GetParam()},
                                     {.environment = shared_server_environment(), .timeout = std::chrono::minutes(3)});
  EXPECT_EQ(result.exit_code, 0) << ::testing::PrintToString(result);
}

INSTANTIATE_TEST_SUITE_P(Cases, ConfluentPythonTest,
                         ::testing::Values("key_schema", "string_key_and_value", "bytes_value", "primitives",
                                           "collections", "referenced_schema", "union", "enum", "tombstone",
                                           "decimal_bytes", "decimal_fixed", "uuid", "date", "time_millis",
                                           "time_micros", "timestamp_millis", "timestamp_micros",
                                           "local_timestamp_millis", "local_timestamp_micros", "uuid_fixed", "duration",
                                           "timestamp_nanos", "local_timestamp_nanos"),
                         [](const auto& tested) { return std::string(tested.param); });

// A case that was added in Python alone would not run.
TEST(ConfluentPythonCases, AreAllListedHere) {
  auto python = installed_part("OMASHU_REAL_PYTHON");
  ASSERT_TRUE(python) << python.error().message;
  CommandResult result = run_command({*python, "-B", "-c", "import cases; print(len(cases.CASES))"},
                                     {.environment = {{"PYTHONPATH", OMASHU_SOURCE_DIR "/tests/real/python"}}});
  EXPECT_EQ(result.out, "23\n") << ::testing::PrintToString(result);
}

}  // namespace
}  // namespace omashu::real
