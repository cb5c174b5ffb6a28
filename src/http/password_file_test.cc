#include "http/password_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "http/authenticator.h"

namespace omashu::http {
namespace {

using ::testing::HasSubstr;

// openssl passwd -6 -salt saltsalt alice-secret; bcrypt of bob-secret with few rounds.
constexpr const char* kFile = R"(# who may come in
alice:$6$saltsalt$/C2f2mI63GwVL6w19P4eF9FOXe7XWkzn4T/rCm8eslDhgHnf5Xha/dbmfk9FLYdb4a6das.sbqAQgZo/l3Rus0

bob:$2y$04$abcdefghijklmnopqrstuutONqXI.Tky7szVMAjFWKbaQptzT4HRm:read-only
carl:$2y$04$abcdefghijklmnopqrstuutONqXI.Tky7szVMAjFWKbaQptzT4HRm:read,write@status-*
)";

bool may(const IdentityPtr& identity, Access access) {
  return identity != nullptr && identity->grants.allow(access, std::nullopt);
}

TEST(PasswordFile, ChecksHashes) {
  const auto file = PasswordFile::parse(kFile);
  ASSERT_TRUE(file.has_value()) << file.error().message;
  EXPECT_TRUE(may(file->check("alice", "alice-secret"), Access::kAdmin));
  EXPECT_TRUE(may(file->check("bob", "bob-secret"), Access::kRead));
  EXPECT_FALSE(may(file->check("bob", "bob-secret"), Access::kWrite));
  EXPECT_TRUE(file->check("carl", "bob-secret")->grants.allow(Access::kWrite, "status-download"));
  EXPECT_FALSE(file->check("carl", "bob-secret")->grants.allow(Access::kWrite, "download-request"));
  EXPECT_EQ(file->check("alice", "bob-secret"), nullptr);
  EXPECT_EQ(file->check("alice", ""), nullptr);
  EXPECT_EQ(file->check("carol", "alice-secret"), nullptr);
  EXPECT_EQ(file->check("", ""), nullptr);
}

TEST(PasswordFile, TakesAsLongForEveryName) {
  const auto file = PasswordFile::parse(
      "a:$6$saltsalt$x\nb:$2y$10$yyy\nc:$2y$12$zzz\nd:$6$rounds=9000$salt$x\ne:$y$j9T$s$x\nf:$y$jBT$s$x\n"
      "g:$7$CU..../....salt$x\nh:$7$DU..../....salt$x\ni:$6$other$x\n");
  ASSERT_TRUE(file.has_value()) << file.error().message;
  const auto costs = [&](const std::string& user) {
    std::vector<std::string> kinds;
    for (const std::string& hash : file->hashes_to_compare(user)) kinds.push_back(hash.substr(0, 7));
    return kinds;
  };
  const std::vector<std::string> unknown = costs("nobody");
  EXPECT_EQ(unknown.size(), 8) << "one of each kind and cost";
  for (const char* user : {"a", "b", "c", "d", "e", "f", "g", "h", "i"}) {
    EXPECT_EQ(costs(user).size(), unknown.size()) << user;
  }
  EXPECT_THAT(file->hashes_to_compare("i"), ::testing::Contains("$6$other$x"));
  EXPECT_THAT(file->hashes_to_compare("i"), ::testing::Not(::testing::Contains("$6$saltsalt$x")));
}

TEST(PasswordFile, RefusesWhatIsNotSafe) {
  const std::pair<const char*, const char*> wrong[] = {
      {"", "nobody"},
      {"alice", "line 1"},
      {":x", "line 1"},
      {"alice:secret", "must be hashed"},
      {"# c\nalice:$1$salt$hash", "line 2: the password must be hashed"},
      {"alice:{SHA}xxx", "must be hashed"},
      {"alice:$6$s$h:owner", "line 1: a role is read, write or admin"},
      {"alice:$6$s$h:", "no role is given"},
      {"alice:$6$s$h\nalice:$6$s$h", "twice"},
  };
  for (const auto& [text, message] : wrong) {
    const auto file = PasswordFile::parse(text);
    ASSERT_FALSE(file.has_value()) << text;
    EXPECT_THAT(file.error().message, HasSubstr(message)) << text;
  }
  EXPECT_EQ(PasswordFile::read("/no/such/file").error().code, ErrorCode::kIo);
}

TEST(PasswordFile, AHashThatDoesNotTellItsCostLetsNobodyIn) {
  const PasswordFile file = PasswordFile::parse("bob:$2y$XXXXXXXX").value();
  EXPECT_EQ(file.check("nobody", "secret"), nullptr);
  EXPECT_EQ(file.check("bob", "secret"), nullptr);
}

TEST(Authenticator, RemembersWhatWasRight) {
  Authenticator authenticator(PasswordFile::parse(kFile).value());
  const std::string right = "Basic " + to_base64("alice:alice-secret");
  EXPECT_EQ(authenticator.recall(right), nullptr);
  EXPECT_TRUE(may(authenticator.check(right), Access::kAdmin));
  EXPECT_TRUE(may(authenticator.recall(right), Access::kAdmin));
  EXPECT_EQ(authenticator.check("bAsIc " + to_base64("bob:bob-secret"))->name, "bob");

  const std::string wrong = "Basic " + to_base64("alice:wrong");
  EXPECT_EQ(authenticator.check(wrong), nullptr);
  EXPECT_EQ(authenticator.recall(wrong), nullptr);
  for (const char* header : {"", "Basic", "Basic !", "Basic YQ==", "Bearer YWxpY2U6YWxpY2Utc2VjcmV0"}) {
    EXPECT_EQ(authenticator.check(header), nullptr) << header;
  }
}

}  // namespace
}  // namespace omashu::http
