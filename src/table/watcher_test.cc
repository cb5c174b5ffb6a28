#include "table/watcher.h"

#include <gtest/gtest.h>

namespace omashu::table {
namespace {

Row row(std::string_view key, std::optional<std::string_view> value) {
  return {.key = key, .value = value, .position = {}, .timestamp_ms = 0};
}

TEST(Watcher, TellsWhenARowEntersAndLeavesTheFilter) {
  Watcher watcher(*Filter::parse(std::vector<std::string>{"status=RUNNING"}));
  EXPECT_EQ(watcher.observe(row("a", R"({"status":"QUEUED"})")), std::nullopt);
  EXPECT_EQ(watcher.observe(row("a", R"({"status":"RUNNING","bytes":1})")), Event::kEnter);
  EXPECT_EQ(watcher.observe(row("a", R"({"status":"RUNNING","bytes":2})")), Event::kUpdate);
  EXPECT_EQ(watcher.observe(row("a", R"({"status":"COMPLETED"})")), Event::kLeave);
  EXPECT_EQ(watcher.observe(row("a", R"({"status":"COMPLETED","x":1})")), std::nullopt);
  EXPECT_EQ(watcher.observe(row("a", std::nullopt)), std::nullopt);
  EXPECT_EQ(watcher.observe(row("a", R"({"status":"RUNNING"})")), Event::kEnter);
  EXPECT_EQ(watcher.observe(row("a", std::nullopt)), Event::kDelete);
}

TEST(Watcher, WithoutAFilterEveryRowIsWatched) {
  Watcher watcher{Filter()};
  EXPECT_EQ(watcher.observe(row("a", "1")), Event::kEnter);
  EXPECT_EQ(watcher.observe(row("b", "1")), Event::kEnter);
  EXPECT_EQ(watcher.observe(row("a", "2")), Event::kUpdate);
  EXPECT_EQ(watcher.observe(row("a", std::nullopt)), Event::kDelete);
  EXPECT_EQ(watcher.observe(row("a", std::nullopt)), std::nullopt);
  EXPECT_EQ(event_name(Event::kLeave), "leave");
}

}  // namespace
}  // namespace omashu::table
