#include "base/nearest.h"

#include <gtest/gtest.h>

#include <vector>

namespace omashu {
namespace {

TEST(Nearest, CountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0u);
  EXPECT_EQ(edit_distance("", "abc"), 3u);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3u);
  EXPECT_EQ(edit_distance("status", "status"), 0u);
  EXPECT_EQ(edit_distance("stauts", "status"), 1u);  // a swap is one slip
}

TEST(Nearest, FindsTheWordThatWasMeant) {
  const std::vector<std::string> words = {"put", "get", "list", "watch", "consume"};
  EXPECT_EQ(nearest("lits", words), "list");
  EXPECT_EQ(nearest("LIST", words), "list");
  EXPECT_EQ(nearest("consmue", words), "consume");
  EXPECT_EQ(nearest("con", words), "consume");
}

TEST(Nearest, DoesNotGuessWhatIsFarAway) {
  const std::vector<std::string> words = {"put", "get", "list"};
  EXPECT_EQ(nearest("restore", words), std::nullopt);
  EXPECT_EQ(nearest("", words), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 'x'), words), std::nullopt);
  EXPECT_EQ(did_you_mean("restore", words), "");
  EXPECT_EQ(did_you_mean("gett", words), ": did you mean get?");
}

}  // namespace
}  // namespace omashu
