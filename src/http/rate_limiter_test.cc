#include "http/rate_limiter.h"

#include <gtest/gtest.h>

namespace omashu::http {
namespace {

using namespace std::chrono_literals;

RateLimiter::Time at(std::chrono::milliseconds time) { return RateLimiter::Time(time); }

TEST(RateLimiter, LetsABurstPassAndThenSoManyASecond) {
  RateLimiter limiter({.requests_per_second = 10, .burst = 3});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.count("a", at(0ms)), std::nullopt) << i;
  EXPECT_EQ(limiter.count("a", at(0ms)), 100ms);
  EXPECT_EQ(limiter.count("a", at(60ms)), 40ms) << "one that was refused costs nothing";
  EXPECT_EQ(limiter.count("b", at(60ms)), std::nullopt) << "others have their own";
  EXPECT_EQ(limiter.count("a", at(100ms)), std::nullopt);
  EXPECT_EQ(limiter.count("a", at(100ms)), 100ms);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limiter.count("a", at(10s)), std::nullopt) << "it fills up, and no further";
  EXPECT_EQ(limiter.count("a", at(10s)), 100ms);
}

TEST(RateLimiter, WithoutALimitNothingIsCounted) {
  RateLimiter limiter({});
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(limiter.count("a", at(0ms)), std::nullopt);
  EXPECT_EQ(limiter.clients(), 0U);
}

TEST(RateLimiter, KeepsABoundedNumberOfClients) {
  RateLimiter limiter({.requests_per_second = 1, .burst = 1}, 100);
  for (int i = 0; i < 10'000; ++i) {
    static_cast<void>(limiter.count(std::to_string(i), at(0ms)));
    ASSERT_LE(limiter.clients(), 100U);
  }
  for (int i = 0; i < 100; ++i) static_cast<void>(limiter.count(std::to_string(i), at(5s)));
  EXPECT_LE(limiter.clients(), 100U);
}

TEST(RateLimiter, AnAddressIsAClientAndANetworkOfIpv6IsOne) {
  EXPECT_EQ(client_of_address("192.0.2.1"), "192.0.2.1");
  EXPECT_NE(client_of_address("192.0.2.1"), client_of_address("192.0.2.2"));
  EXPECT_EQ(client_of_address("2001:db8:1:2::1"), client_of_address("2001:db8:1:2:ffff::9"));
  EXPECT_NE(client_of_address("2001:db8:1:2::1"), client_of_address("2001:db8:1:3::1"));
  EXPECT_EQ(client_of_address("::ffff:192.0.2.1"), "::ffff:192.0.2.1");
  EXPECT_EQ(client_of_address(""), "");
}

}  // namespace
}  // namespace omashu::http
