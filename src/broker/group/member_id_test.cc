#include "broker/group/member_id.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::broker {
namespace {

TEST(MemberId, IsTheClientAndARandomUuid) {
  uint32_t next = 0;
  EXPECT_EQ(make_member_id("c", [&] { return next++; }), "c-00000000-0000-4001-8000-000200000003");
  EXPECT_EQ(make_member_id("", [] { return 0xffffffff; }), "-ffffffff-ffff-4fff-bfff-ffffffffffff");
}

}  // namespace
}  // namespace omashu::broker
