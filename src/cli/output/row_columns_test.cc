#include "cli/output/row_columns.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

std::string columns_of(std::string_view key, std::optional<std::string_view> value,
                       std::optional<table::Event> event = std::nullopt) {
  return json::to_text(row_columns({.key = key, .value = value, .position = {0, 22}, .timestamp_ms = 0}, event));
}

TEST(RowColumns, AreTheFieldsOfKeyAndValueAndWhatIsKnownOfTheRecord) {
  EXPECT_EQ(columns_of(R"({"id":"a"})", R"({"id":"a","status":"OK","extra":{"n":[1]}})"),
            R"({"id":"a","status":"OK","extra":{"n":[1]},)"
            R"j("(timestamp)":"1970-01-01T00:00:00.000Z","(partition-offset)":"0-22"})j");
}

TEST(RowColumns, AKeyThatSaysOtherwiseThanTheValueStandsApart) {
  EXPECT_EQ(columns_of(R"({"id":"om-2","tenant":"main"})", R"({"id":"om-1","status":"OK"})"),
            R"({"key.id":"om-2","tenant":"main","id":"om-1","status":"OK",)"
            R"j("(timestamp)":"1970-01-01T00:00:00.000Z","(partition-offset)":"0-22"})j");
}

TEST(RowColumns, ValuesThatAreNoRecordsStandInOneColumn) {
  EXPECT_EQ(columns_of("\"a\"", "7"),
            R"j({"key":"a","value":7,"(timestamp)":"1970-01-01T00:00:00.000Z","(partition-offset)":"0-22"})j");
}

TEST(RowColumns, ADeletedRowHasItsKeyAlone) {
  EXPECT_EQ(columns_of(R"({"id":"a"})", std::nullopt, table::Event::kDelete),
            R"j({"id":"a","(event)":"delete",)j"
            R"j("(timestamp)":"1970-01-01T00:00:00.000Z","(partition-offset)":"0-22"})j");
}

}  // namespace
}  // namespace omashu::cli
