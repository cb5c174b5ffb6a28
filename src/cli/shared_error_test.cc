#include "cli/shared_error.h"

#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using Answers = std::vector<Result<int>>;

TEST(SharedError, IsTheOneThatAllAnswersAre) {
  const auto away = fail(ErrorCode::kUnavailable, "away"), other = fail(ErrorCode::kNotFound, "not there");
  EXPECT_EQ(shared_error(Answers{away, away})->message, "away");
  EXPECT_EQ(shared_error(Answers{away})->message, "away");
  EXPECT_FALSE(shared_error(Answers{away, other}));
  EXPECT_FALSE(shared_error(Answers{other, other})) << "each is told with its name";
  EXPECT_FALSE(shared_error(Answers{away, 1}));
  EXPECT_FALSE(shared_error(Answers{1, away}));
  EXPECT_FALSE(shared_error(Answers{}));
}

}  // namespace
}  // namespace omashu::cli
