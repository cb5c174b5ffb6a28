#include "net/listen_address.h"

#include <gtest/gtest.h>

namespace omashu::net {
namespace {

TEST(ListenAddress, IsHostAndPort) {
  for (const auto& [text, host, port, loopback] :
       {std::tuple("127.0.0.1:8081", "127.0.0.1", 8081, true), std::tuple("localhost:0", "localhost", 0, true),
        std::tuple("[::1]:8081", "::1", 8081, true), std::tuple("127.9.9.9:1", "127.9.9.9", 1, true),
        std::tuple(":8081", "0.0.0.0", 8081, false), std::tuple("*:8081", "0.0.0.0", 8081, false),
        std::tuple("10.0.0.1:80", "10.0.0.1", 80, false), std::tuple("[::]:80", "::", 80, false)}) {
    const auto address = parse_listen_address(text);
    ASSERT_TRUE(address.has_value()) << text;
    EXPECT_EQ(address->host, host);
    EXPECT_EQ(address->port, port);
    EXPECT_EQ(address->is_loopback(), loopback) << text;
  }
  EXPECT_EQ(address_text({"::1", 80}), "[::1]:80");
  EXPECT_EQ(address_text({"localhost", 80}), "localhost:80");
}

TEST(ListenAddress, RefusesTheRest) {
  for (const char* text : {"", "8081", "localhost", "localhost:", "localhost:http", "localhost:65536", "localhost:-1",
                           "::1:8081", "localhost:80 "}) {
    EXPECT_FALSE(parse_listen_address(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace omashu::net
