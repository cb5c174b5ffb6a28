#include "service/group/member_name.h"

#include <gtest/gtest.h>

namespace omashu::service {
namespace {

TEST(MemberName, SaysTheAddressOfAServer) {
  for (const char* url : {"http://127.0.0.1:8080", "https://tables-1.example.org:443", "http://[::1]:65535"}) {
    EXPECT_TRUE(is_member_url(url)) << url;
    EXPECT_EQ(member_client_id(url), std::string("omashu-serve@") + url);
    EXPECT_EQ(member_url(member_client_id(url)), url);
  }
}

TEST(MemberName, OthersSayNone) {
  for (const char* url :
       {"", "http://", "http://a", "http://a:", "http://:8080", "http://a:0", "http://a:08", "http://a:65536",
        "http://a:8080/", "http://a:8080/v1", "http://a b:8080", "http://user@a:8080", "http://a\r\nX: y:8080",
        "ftp://a:8080", "a:8080", "http://[]:8080", "http://[::1:8080", "http://-a:8080", "http://a:+80"}) {
    EXPECT_FALSE(is_member_url(url)) << url;
    EXPECT_EQ(member_url(member_client_id(url)), std::nullopt) << url;
  }
  EXPECT_EQ(member_url("rdkafka"), std::nullopt);
  EXPECT_EQ(member_url("omashu-serve@"), std::nullopt);
  EXPECT_FALSE(is_member_url("http://" + std::string(300, 'a') + ":80"));
}

}  // namespace
}  // namespace omashu::service
