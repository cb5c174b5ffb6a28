#include "sink/postgres/connection_string.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::sink::postgres {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(ConnectionString, IsWhatLibpqTakes) {
  for (const char* dsn : {"", "downloads", "host=db dbname=d user=u", "service=prod",
                          "postgresql://u@db:5433/d?sslmode=verify-full", "postgres:///d?host=/run/postgresql"}) {
    EXPECT_TRUE(check_connection_string(dsn)) << dsn;
  }
}

TEST(ConnectionString, WithAPasswordIsRefusedAndNotShown) {
  for (const char* dsn : {"host=db password=s3cret", "postgresql://u:s3cret@db/d", "postgresql://db/d?password=s3cret",
                          "sslpassword='s3cret'"}) {
    const auto refused = check_connection_string(dsn);
    ASSERT_FALSE(refused) << dsn;
    EXPECT_THAT(refused.error().message,
                AllOf(HasSubstr("PGPASSFILE"), HasSubstr("PGPASSWORD"), HasSubstr("PGSERVICE")));
    EXPECT_THAT(refused.error().message, Not(HasSubstr("s3cret")));
  }
}

TEST(ConnectionString, ThatLibpqDoesNotReadIsNotShown) {
  for (const char* dsn : {"password=s3 cret", "postgresql://u:s3%zzcret@db/d", "nonsense=s3cret"}) {
    const auto refused = check_connection_string(dsn);
    ASSERT_FALSE(refused) << dsn;
    EXPECT_THAT(refused.error().message, Not(HasSubstr("s3")));
  }
}

}  // namespace
}  // namespace omashu::sink::postgres
