// What each client can do by itself, subject by subject: the programs hold what is expected.

#include <gtest/gtest.h>

#include "real/clients/client.h"

namespace omashu::real {
namespace {

using Subject = std::tuple<std::string, std::string>;

class ClientSubjectTest : public ::testing::TestWithParam<Subject> {};

TEST_P(ClientSubjectTest, IsAsTheClientExpects) {
  const auto& [client, subject] = GetParam();
  const CommandResult result = run_client(client, {"check", subject});
  EXPECT_EQ(result.exit_code, 0) << ::testing::PrintToString(result);
}

INSTANTIATE_TEST_SUITE_P(
    Clients, ClientSubjectTest,
    ::testing::Combine(::testing::Values("go", "javascript", "python"),
                       ::testing::Values("topics", "configs", "records", "groups", "offsets", "deletes", "schemas")),
    [](const auto& tested) { return std::get<0>(tested.param) + "_" + std::get<1>(tested.param); });

}  // namespace
}  // namespace omashu::real
