#include "cli/server/table_arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace omashu::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(TableArguments, TablesHaveTheirIndexesAndTimes) {
  const auto tables = table_options({.tables = {"jobs,files", "users"},
                                     .indexes = {"jobs:status", "jobs:source.url", "users:key.region"},
                                     .ttls = {"files:7d"}});
  ASSERT_TRUE(tables) << tables.error().message;
  ASSERT_EQ(tables->size(), 3u);
  EXPECT_EQ(tables->at(0).topic, "jobs");
  EXPECT_THAT(tables->at(0).indexes, ElementsAre("status", "source.url"));
  EXPECT_EQ(tables->at(1).ttl->duration, std::chrono::days(7));
  EXPECT_THAT(tables->at(2).indexes, ElementsAre("key.region"));
}

TEST(TableArguments, AnOnlyTableNeedNotBeNamedAgain) {
  const auto tables = table_options({.tables = {"jobs"}, .indexes = {"status"}, .ttls = {"7d,updatedAt"}});
  ASSERT_TRUE(tables);
  EXPECT_THAT(tables->front().indexes, ElementsAre("status"));
  EXPECT_EQ(tables->front().ttl->field, "updatedAt");
}

TEST(TableArguments, WhatIsWrongIsNamed) {
  const auto problem = [](const TableArguments& arguments) {
    const auto tables = table_options(arguments);
    return tables ? "" : tables.error().message;
  };
  EXPECT_THAT(problem({.tables = {"a,"}}), HasSubstr("--tables"));
  EXPECT_THAT(problem({.tables = {"a,a"}}), HasSubstr("a is named twice"));
  EXPECT_THAT(problem({.tables = {"jobs,files"}, .indexes = {"status"}}), HasSubstr("TOPIC:status"));
  EXPECT_THAT(problem({.tables = {"jobs,files"}, .indexes = {"job:status"}}), HasSubstr("did you mean jobs?"));
  EXPECT_THAT(problem({.tables = {"jobs"}, .ttls = {"soon"}}), HasSubstr("--ttl"));
}

TEST(TableArguments, CompactedTopicsOfAFileAreTablesWithWhatItSaysOfThem) {
  provision::Desired desired;
  desired.topics.push_back({.name = "jobs",
                            .configs = {{"cleanup.policy", "compact"}},
                            .indexes = {"state"},
                            .ttl = "7d",
                            .board = {"state", "-", "-", "at"},
                            .places = {}});
  desired.topics.push_back({.name = "events", .configs = {{"cleanup.policy", "delete"}}, .places = {}});
  const auto tables = tables_of(desired);
  ASSERT_TRUE(tables);
  ASSERT_EQ(tables->size(), 1u);
  EXPECT_EQ(tables->front().topic, "jobs");
  EXPECT_THAT(tables->front().indexes, ElementsAre("state"));
  EXPECT_TRUE(tables->front().ttl);
  EXPECT_THAT(tables->front().board, ElementsAre("state", "-", "-", "at"));
}

}  // namespace
}  // namespace omashu::cli
