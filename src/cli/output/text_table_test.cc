#include "cli/output/text_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TextTable, ColumnsAreAsWideAsTheirWidestCell) {
  EXPECT_EQ(text_table({"KEY", "STATUS"}, {{"om-1", "FAILED"}, {"om-100", "OK"}}, 0),
            "KEY     STATUS\n"
            "om-1    FAILED\n"
            "om-100  OK\n");
}

TEST(TextTable, CutsTheWidestColumnsToTheWidth) {
  EXPECT_EQ(text_table({"K", "URL"}, {{"a", "http://example.org/long"}}, 12),
            "K  URL\n"
            "a  http://e…\n");
  // Nothing is cut to less than can be read.
  EXPECT_EQ(text_table({"KEY"}, {{"0123456789"}}, 2),
            "KEY\n"
            "01234…\n");
}

TEST(TextTable, CutsWhereTheFewestCellsLose) {
  // All names are eight characters long; one reason alone is long.
  EXPECT_EQ(text_table({"NAME", "REASON"},
                       {{"om-00001", "a reason that is told at length"}, {"om-00002", "none"}, {"om-00003", ""}}, 18),
            "NAME      REASON\n"
            "om-00001  a reaso…\n"
            "om-00002  none\n"
            "om-00003\n");
}

TEST(TextTable, CutsTitlesBeforeCells) {
  EXPECT_EQ(text_table({"topic", "leaderlesspartitions"}, {{"download-request", "0"}}, 30),
            "topic             leaderlessp…\n"
            "download-request  0\n");
  EXPECT_EQ(text_table({"topic", "leaderless_partitions"}, {{"download-request", "0"}}, 30),
            "                  leaderless_\n"
            "topic             partitions\n"
            "download-request  0\n");
}

TEST(TextTable, LeavesOutTheColumnsThatHaveNoRoom) {
  TextTable table(20);
  EXPECT_EQ(table.lines({"A", "B", "C", "D"}, {{"aaaaaaaa", "bbbbbbbb", "cccccccc", "dddddddd"}}),
            "A         B\n"
            "aaaaaaaa  bbbbbbbb\n");
  EXPECT_THAT(table.left_out(), ElementsAre("C", "D"));
}

TEST(TextTable, LeavesOutWhatIsEmptyFirst) {
  TextTable table(18);
  EXPECT_EQ(table.lines({"A", "REASON", "B"}, {{"aaaaaaaa", "", "bbbbbbbb"}}),
            "A         B\n"
            "aaaaaaaa  bbbbbbbb\n");
  EXPECT_THAT(table.left_out(), ElementsAre("REASON"));
}

TEST(TextTable, TitlesOfSeveralWordsTakeSeveralLinesWhereRoomIsShort) {
  const std::vector<std::string> titles = {"A", "updated 2026-11-30"};
  const std::vector<std::vector<std::string>> rows = {{"aaaa", "08:00:00Z"}};
  EXPECT_EQ(text_table(titles, rows, 24), "A     updated 2026-11-30\naaaa  08:00:00Z\n");
  EXPECT_EQ(text_table(titles, rows, 23), "      updated\nA     2026-11-30\naaaa  08:00:00Z\n");
}

TEST(TextTable, LaterPartsKeepTheColumnsAndTheTitles) {
  TextTable table(0);
  EXPECT_EQ(table.lines({"A", "B"}, {{"1234", "x"}}), "A     B\n1234  x\n");
  EXPECT_EQ(table.lines({"A", "B"}, {{"1", "y"}}), "1     y\n");
  EXPECT_EQ(table.lines({"A", "B"}, {{"12345", "z"}, {"1", "z"}}), "12345  z\n1      z\n");
  EXPECT_EQ(table.lines({"A", "C"}, {{"1", "y"}}), "A  C\n1  y\n");
  EXPECT_THAT(table.left_out(), IsEmpty());
}

TEST(TextTable, CountsColumnsOfTheTerminalNotBytes) {
  EXPECT_EQ(text_table({"A", "B"}, {{"äöü", "1"}, {"xyz", "2"}}, 0), "A    B\näöü  1\nxyz  2\n");
  EXPECT_EQ(text_table({"A"}, {{"äöüäöüäöü"}}, 6), "A\näöüäö…\n");
  EXPECT_EQ(text_table({"A", "B"}, {{"日本", "1"}, {"x", "2"}}, 0), "A     B\n日本  1\nx     2\n");
}

TEST(TextTable, ControlCharactersDoNotReachTheTerminal) {
  EXPECT_EQ(text_table({"A"}, {{"x\x1b[2J\ny"}}, 0), "A\nx?[2J?y\n");
}

TEST(TextTable, MissingCellsAreEmpty) { EXPECT_EQ(text_table({"A", "B"}, {{"1"}, {}}, 0), "A  B\n1\n\n"); }

}  // namespace
}  // namespace omashu::cli
