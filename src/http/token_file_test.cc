#include "http/token_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::http {
namespace {

using ::testing::HasSubstr;

// printf %s secret-token | sha256sum
constexpr const char* kHash = "930bbdc51b6aed5c2a5678fd6e28dee7a05e8a4b643cfc0b4427c3efb86c0d94";

TEST(TokenFile, FindsWhoHasAToken) {
  const auto file = TokenFile::parse(std::string("# machines\n\nci:") + kHash + ":read,write@status-*\r\n");
  ASSERT_TRUE(file.has_value()) << file.error().message;
  const IdentityPtr identity = file->check("secret-token");
  ASSERT_NE(identity, nullptr);
  EXPECT_EQ(identity->name, "ci");
  EXPECT_TRUE(identity->grants.allow(Access::kWrite, "status-download"));
  EXPECT_FALSE(identity->grants.allow(Access::kWrite, "other"));
  EXPECT_EQ(file->check("secret-toke"), nullptr);
  EXPECT_EQ(file->check(""), nullptr);
  EXPECT_EQ(file->check(kHash), nullptr) << "who reads the file cannot come in";
}

TEST(TokenFile, EachMalformedLineIsNamedAndNotRepeated) {
  const std::string hash = kHash;
  const std::pair<std::string, const char*> wrong[] = {
      {"", "nobody"},
      {"# comment", "nobody"},
      {"ci", "line 1: a line is NAME:SHA256:ROLES"},
      {"ci:" + hash, "line 1: a line is"},
      {":" + hash + ":read", "line 1: a line is"},
      {"ci:secret-token:read", "must be hashed"},
      {"ci:" + hash.substr(1) + ":read", "must be hashed"},
      {"ci:" + hash + "0:read", "must be hashed"},
      {"ci:g" + hash.substr(1) + ":read", "must be hashed"},
      {"ci:" + hash + ":", "no role is given"},
      {"ci:" + hash + ":owner", "a role is read, write or admin"},
      {"\nci:" + hash + ":read\nci:" + std::string(64, '0') + ":read", "line 3: the name is there twice"},
      {"a:" + hash + ":read\nb:" + hash + ":read", "line 2: the token is there twice"},
  };
  for (const auto& [text, message] : wrong) {
    const auto file = TokenFile::parse(text);
    ASSERT_FALSE(file.has_value()) << text;
    EXPECT_THAT(file.error().message, HasSubstr(message)) << text;
    EXPECT_THAT(file.error().message, ::testing::Not(HasSubstr("secret"))) << text;
  }
  EXPECT_EQ(TokenFile::read("/no/such/file").error().code, ErrorCode::kIo);
}

}  // namespace
}  // namespace omashu::http
