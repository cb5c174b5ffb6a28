#include "net/memory_budget.h"

#include <gtest/gtest.h>

namespace omashu::net {
namespace {

TEST(MemoryBudget, IsSharedByRequests) {
  MemoryBudget budget(100);
  MemoryBudget::Share first(budget);
  MemoryBudget::Share second(budget);
  EXPECT_TRUE(first.take(60));
  EXPECT_TRUE(first.take(60)) << "it has it already";
  EXPECT_FALSE(second.take(41));
  EXPECT_TRUE(second.take(40));
  first.release();
  second.release();
  EXPECT_TRUE(second.take(100));
}

TEST(MemoryBudget, AdmitsASingleRequestAboveTheLimit) {
  MemoryBudget budget(100);
  MemoryBudget::Share large(budget);
  EXPECT_TRUE(large.take(1000));
  {
    MemoryBudget::Share other(budget);
    EXPECT_FALSE(other.take(1));
  }
  large.release();
  MemoryBudget::Share other(budget);
  EXPECT_TRUE(other.take(1));
}

}  // namespace
}  // namespace omashu::net
