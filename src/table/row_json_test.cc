#include "table/row_json.h"

#include <gtest/gtest.h>

namespace omashu::table {
namespace {

TEST(RowJson, IsOneLine) {
  std::string out;
  append_row(out, {.key = R"({"omashuId":"om-1"})",
                   .value = R"({"status":"FAILED"})",
                   .position = {2, 17},
                   .timestamp_ms = 1'709'251'199'999});
  EXPECT_EQ(out, R"({"key":{"omashuId":"om-1"},"value":{"status":"FAILED"},"partition":2,"offset":17,)"
                 R"("timestamp":"2024-02-29T23:59:59.999Z"})");
}

TEST(RowJson, ADeletedRowHasNoValue) {
  std::string out;
  append_row(out, {.key = "\"k\"", .value = std::nullopt, .position = {0, 1}, .timestamp_ms = -1}, Event::kDelete);
  EXPECT_EQ(out, R"({"key":"k","value":null,"partition":0,"offset":1,"timestamp":null,"event":"delete"})");
}

}  // namespace
}  // namespace omashu::table
