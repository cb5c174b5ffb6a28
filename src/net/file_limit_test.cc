#include "net/file_limit.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

namespace omashu::net {
namespace {

TEST(FileLimit, TheSoftLimitIsRaisedToTheHardOne) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit lowered{.rlim_cur = 128, .rlim_max = before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lowered), 0);
  EXPECT_EQ(raise_open_file_limit(), std::min<size_t>(before.rlim_max, 1'000'000));
  rlimit after{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, std::min<rlim_t>(before.rlim_max, 1'000'000));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

TEST(FileLimit, EachHasItsShareAndSomethingIsLeft) {
  for (const size_t limit : {128, 256, 1024, 4096, 65'536, 1'000'000}) {
    const OpenFileShares shares = divide_open_files(limit);
    EXPECT_GE(shares.log_files, 8u) << limit;
    EXPECT_GE(shares.broker_connections, 8u) << limit;
    EXPECT_GE(shares.http_connections, 4u) << limit;
    EXPECT_LE(shares.log_files + shares.broker_connections + shares.http_connections, limit - 64) << limit;
  }
  EXPECT_EQ(divide_open_files(1'000'000).http_connections, 1'000u);
  EXPECT_EQ(divide_open_files(1'000'000).broker_connections, 10'000u);
}

}  // namespace
}  // namespace omashu::net
