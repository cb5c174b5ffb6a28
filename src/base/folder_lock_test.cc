#include "base/folder_lock.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/testing/scratch_folder.h"

namespace omashu {
namespace {

TEST(FolderLock, TheSecondIsToldWhoHoldsIt) {
  const ScratchFolder folder;
  const auto first = FolderLock::take(folder.path());
  ASSERT_TRUE(first) << first.error().message;
  const auto second = FolderLock::take(folder.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(second.error().message, testing::HasSubstr("in use by process " + std::to_string(::getpid())));
}

TEST(FolderLock, IsFreeAgainAfterItsHolder) {
  const ScratchFolder folder;
  EXPECT_TRUE(FolderLock::take(folder.path()));
  EXPECT_TRUE(FolderLock::take(folder.path()));
}

TEST(FolderLock, AFolderThatIsNotThereIsAnError) {
  const auto lock = FolderLock::take("/nowhere/at/all");
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace omashu
