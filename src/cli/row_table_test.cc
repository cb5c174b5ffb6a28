#include "cli/row_table.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

table::Row row(std::string_view key, std::string_view value, kafka::Offset offset) {
  return {.key = key, .value = value, .position = {0, offset}, .timestamp_ms = 0};
}

TEST(RowTable, HasAColumnForEachField) {
  EXPECT_EQ(row_table({row(R"({"id":"a"})", R"({"id":"a","status":"OK","reason":null})", 1),
                       row(R"({"id":"b"})", R"({"id":"b","status":"FAILED","reason":"why","extra":{"n":[1]}})", 22)},
                      0),
            "id  status  reason  extra      (timestamp)               (partition-offset)\n"
            "a   OK                         1970-01-01T00:00:00.000Z  0-1\n"
            "b   FAILED  why     {\"n\":[1]}  1970-01-01T00:00:00.000Z  0-22\n");
}

TEST(RowTable, ValuesThatAreNoRecordsStandInOneColumn) {
  EXPECT_EQ(row_table({row("\"a\"", "7", 1)}, 0),
            "key  value  (timestamp)               (partition-offset)\n"
            "a    7      1970-01-01T00:00:00.000Z  0-1\n");
}

}  // namespace
}  // namespace omashu::cli
