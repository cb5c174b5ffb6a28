#include "cli/text_table.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

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

TEST(TextTable, CountsCharactersNotBytes) {
  EXPECT_EQ(text_table({"A", "B"}, {{"äöü", "1"}, {"xyz", "2"}}, 0), "A    B\näöü  1\nxyz  2\n");
  EXPECT_EQ(text_table({"A"}, {{"äöüäöüäöü"}}, 6), "A\näöüäö…\n");
}

TEST(TextTable, ControlCharactersDoNotReachTheTerminal) {
  EXPECT_EQ(text_table({"A"}, {{"x\x1b[2J\ny"}}, 0), "A\nx?[2J?y\n");
}

TEST(TextTable, MissingCellsAreEmpty) { EXPECT_EQ(text_table({"A", "B"}, {{"1"}, {}}, 0), "A  B\n1\n\n"); }

}  // namespace
}  // namespace omashu::cli
