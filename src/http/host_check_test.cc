#include "http/host_check.h"

#include <gtest/gtest.h>

namespace omashu::http {
namespace {

TEST(HostCheck, OnLoopbackOnlyItsNamesAndAddressesAndGivenNamesPass) {
  for (const char* address : {"127.0.0.1", "localhost", "::1", "127.0.0.5"}) {
    const HostCheck check({.host = address, .port = 8081}, {"registry.example"});
    for (const char* host : {"localhost", "localhost:8081", "LocalHost.:8081", "127.0.0.1", "127.1.2.3:9", "[::1]",
                             "[::1]:8081", "registry.example", "Registry.Example:443", "registry.example."}) {
      EXPECT_TRUE(check.lets_pass(host)) << host;
    }
    for (const char* host :
         {"evil.example", "evil.example:8081", "127.0.0.1.evil.example", "127.evil", "localhost.evil", "10.0.0.1",
          "0.0.0.0:8081", "[::2]:8081", "xlocalhost", "registry.example.evil"}) {
      EXPECT_FALSE(check.lets_pass(host)) << host;
    }
    EXPECT_TRUE(check.lets_pass("")) << "HTTP/1.0";
  }
}

TEST(HostCheck, BeyondLoopbackAllPassUntilItIsGivenNames) {
  EXPECT_TRUE(HostCheck({.host = "0.0.0.0", .port = 8081}, {}).lets_pass("anything.example"));
  const HostCheck check({.host = "0.0.0.0", .port = 8081}, {"registry.example"});
  for (const char* host : {"registry.example:8081", "10.0.0.1:8081", "[fe80::1]:8081", "localhost:8081"}) {
    EXPECT_TRUE(check.lets_pass(host)) << host;
  }
  EXPECT_FALSE(check.lets_pass("evil.example:8081"));
}

}  // namespace
}  // namespace omashu::http
