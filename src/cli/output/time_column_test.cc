#include "cli/output/time_column.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using testing::ElementsAre;

struct Column {
  std::string title = "at";
  std::vector<std::string> cells;
};

Column shortened(std::vector<std::string> cells) {
  Column column{.cells = std::move(cells)};
  std::vector<std::string*> places;
  for (std::string& cell : column.cells) places.push_back(&cell);
  shorten_times(column.title, places);
  return column;
}

TEST(TimeColumn, ADateThatAllShareStandsInTheTitle) {
  const Column column = shortened({"2026-11-30T08:15:00.250Z", "", "2026-11-30T23:59:59.000Z"});
  EXPECT_EQ(column.title, "at 2026-11-30");
  EXPECT_THAT(column.cells, ElementsAre("08:15:00.250Z", "", "23:59:59.000Z"));
}

TEST(TimeColumn, ZerosBehindTheSecondsThatAllHaveAreLeftOut) {
  const Column column = shortened({"2026-11-29T08:15:00.000Z", "2026-11-30T08:15:00Z"});
  EXPECT_EQ(column.title, "at");
  EXPECT_THAT(column.cells, ElementsAre("2026-11-29T08:15:00Z", "2026-11-30T08:15:00Z"));
}

TEST(TimeColumn, OtherTextsStayAsTheyAre) {
  for (const char* text : {"2026-11-30", "2026-11-30T08:15:00.2x0Z", "2026-11-30 08:15:00Z", "om-1", "Z"}) {
    const Column column = shortened({"2026-11-30T08:15:00.250Z", text});
    EXPECT_EQ(column.title, "at");
    EXPECT_THAT(column.cells, ElementsAre("2026-11-30T08:15:00.250Z", text));
  }
  EXPECT_EQ(shortened({"", ""}).title, "at");
}

}  // namespace
}  // namespace omashu::cli
