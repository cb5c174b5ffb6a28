#include "schema_registry/client/endpoint.h"

#include <gtest/gtest.h>

namespace omashu::schema_registry {
namespace {

TEST(Endpoint, KeepsTheBasePathAndTakesTheCredentialsOut) {
  const Endpoint endpoint = parse_endpoint("https://al%40ice:p%3Aw@reg.example:8443/apis/ccompat/v7/").value();
  EXPECT_EQ(endpoint.base_url, "https://reg.example:8443/apis/ccompat/v7");
  EXPECT_EQ(endpoint.user, "al@ice");
  EXPECT_EQ(endpoint.password, "p:w");
  EXPECT_FALSE(endpoint.is_loopback);
}

TEST(Endpoint, KnowsLoopback) {
  for (const char* url : {"http://localhost:8081", "http://127.0.0.1:8081", "http://[::1]:8081/x"}) {
    EXPECT_TRUE(parse_endpoint(url).value().is_loopback) << url;
  }
  EXPECT_EQ(parse_endpoint("http://[::1]:8081/").value().base_url, "http://[::1]:8081");
}

TEST(Endpoint, WrongUrlsAreRefusedWithoutShowingAPassword) {
  for (const char* url : {"localhost:8081", "ftp://x:secret@h", "http://", "http://u:secret@h:99999999",
                          "http://u:secret@h:1/?a=b", "http://u:secret@h/#f", "u:secret@h:8081", ""}) {
    const Result<Endpoint> endpoint = parse_endpoint(url);
    ASSERT_FALSE(endpoint.has_value()) << url;
    EXPECT_EQ(endpoint.error().code, ErrorCode::kInvalidArgument);
    EXPECT_EQ(endpoint.error().message.find("secret"), std::string::npos) << endpoint.error().message;
    EXPECT_NE(endpoint.error().message.find("http://localhost:8081"), std::string::npos);
  }
}

TEST(Endpoint, ListsMayBeSeparatedByCommas) {
  const std::vector<Endpoint> endpoints = parse_endpoints({"http://a:1, http://b:2/", "http://c:3,"}).value();
  ASSERT_EQ(endpoints.size(), 3u);
  EXPECT_EQ(endpoints[1].base_url, "http://b:2");
  EXPECT_FALSE(parse_endpoints({}).has_value());
  EXPECT_FALSE(parse_endpoints({" , "}).has_value());
}

TEST(Endpoint, SegmentsAreEncodedAsConfluentClientsDo) {
  EXPECT_EQ(encode_segment("status-download_v1.x~"), "status-download_v1.x~");
  EXPECT_EQ(encode_segment("a/b c:d%é"), "a%2Fb%20c%3Ad%25%C3%A9");
}

}  // namespace
}  // namespace omashu::schema_registry
