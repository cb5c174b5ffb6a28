#include "sink/dynamodb/signature.h"

#include <gtest/gtest.h>

#include <vector>

namespace omashu::sink::dynamodb {
namespace {

struct Vector {
  const char* name;
  const char* method;
  const char* path;
  const char* query;
  std::vector<std::pair<std::string, std::string>> headers;
  const char* body;
  const char* signature;
};

// AWS's Signature Version 4 test suite, as its SDKs carry it: requests in their canonical form, and what the suite says
// of each. All are of AKIDEXAMPLE at 2015-08-30T12:36:00Z, in us-east-1, for "service".
const std::vector<Vector> kVectors = {
    // clang-format off
    {"get-header-key-duplicate", "GET", "/", "", {{"host", "example.amazonaws.com"}, {"my-header1", "value2,value2,value1"}, {"x-amz-date", "20150830T123600Z"}}, "", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
    {"get-header-value-multiline", "GET", "/", "", {{"host", "example.amazonaws.com"}, {"my-header1", "value1,value2,value3"}, {"x-amz-date", "20150830T123600Z"}}, "", "ba17b383a53190154eb5fa66a1b836cc297cc0a3d70a5d00705980573d8ff790"},
    {"get-header-value-order", "GET", "/", "", {{"host", "example.amazonaws.com"}, {"my-header1", "value4,value1,value3,value2"}, {"x-amz-date", "20150830T123600Z"}}, "", "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
    {"get-header-value-trim", "GET", "/", "", {{"host", "example.amazonaws.com"}, {"my-header1", "value1"}, {"my-header2", "\"a b c\""}, {"x-amz-date", "20150830T123600Z"}}, "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
    {"get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "", "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
    {"get-utf8", "GET", "/%E1%88%B4", "", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
    {"get-vanilla", "GET", "/", "", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
    {"get-vanilla-empty-query-key", "GET", "/", "Param1=value1", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "", "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"},
    {"get-vanilla-query-order-key-case", "GET", "/", "Param1=value1&Param2=value2", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
    {"get-vanilla-query-unreserved", "GET", "/", "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "", "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
    {"get-vanilla-utf8-query", "GET", "/", "%E1%88%B4=bar", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "", "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
    {"post-header-key-case", "POST", "/", "", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-header-key-sort", "POST", "/", "", {{"host", "example.amazonaws.com"}, {"my-header1", "value1"}, {"x-amz-date", "20150830T123600Z"}}, "", "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
    {"post-header-value-case", "POST", "/", "", {{"host", "example.amazonaws.com"}, {"my-header1", "VALUE1"}, {"x-amz-date", "20150830T123600Z"}}, "", "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
    {"post-sts-header-after", "POST", "/", "", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-sts-header-before", "POST", "/", "", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}, {"x-amz-security-token", "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="}}, "", "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead"},
    {"post-vanilla", "POST", "/", "", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
    {"post-vanilla-query", "POST", "/", "Param1=value1", {{"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
    {"post-x-www-form-urlencoded", "POST", "/", "", {{"content-type", "application/x-www-form-urlencoded"}, {"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "Param1=value1", "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
    {"post-x-www-form-urlencoded-parameters", "POST", "/", "", {{"content-type", "application/x-www-form-urlencoded; charset=utf8"}, {"host", "example.amazonaws.com"}, {"x-amz-date", "20150830T123600Z"}}, "Param1=value1", "1a72ec8f64bd914b0e42e42607c7fbce7fb2c7465f63e3092b3b0d39fa77a6fe"},
    // clang-format on
};

const Credentials kCredentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};

TEST(Signature, IsThatOfAwssTestSuite) {
  Signer signer("us-east-1", "service");
  for (const Vector& vector : kVectors) {
    std::string names;
    for (const auto& [name, value] : vector.headers) names += (names.empty() ? "" : ";") + name;
    EXPECT_EQ(signer.authorization({vector.method, vector.path, vector.query, vector.headers, vector.body},
                                   kCredentials, "20150830T123600Z"),
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=" +
                  names + ", Signature=" + vector.signature)
        << vector.name;
  }
}

TEST(Signature, TheKeyIsDerivedAnewForAnotherDayAndAnotherSecret) {
  const std::vector<std::pair<std::string, std::string>> headers = {{"host", "example.amazonaws.com"}};
  const RequestToSign request{"POST", "/", "", headers, "{}"};
  const Credentials others{"AKIDEXAMPLE", "another"};
  Signer signer("us-east-1", "dynamodb");
  const std::string first = signer.authorization(request, kCredentials, "20150830T123600Z");
  const std::string next_day = signer.authorization(request, kCredentials, "20150831T123600Z");
  const std::string of_others = signer.authorization(request, others, "20150830T123600Z");
  EXPECT_NE(first, of_others);
  EXPECT_EQ(signer.authorization(request, kCredentials, "20150830T123600Z"), first);
  EXPECT_EQ(Signer("us-east-1", "dynamodb").authorization(request, kCredentials, "20150831T123600Z"), next_day);
}

TEST(Signature, TheDateIsUtcToTheSecond) {
  using namespace std::chrono_literals;
  EXPECT_EQ(amz_date(std::chrono::system_clock::time_point(1440938160s) + 999ms), "20150830T123600Z");
}

}  // namespace
}  // namespace omashu::sink::dynamodb
