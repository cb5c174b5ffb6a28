#include "table/watcher.h"

#include <gtest/gtest.h>

namespace omashu::table {
namespace {

Row row(std::string_view key, std::optional<std::string_view> value) {
  return {.key = key, .value = value, .position = {}, .timestamp_ms = 0};
}

TEST(Watcher, TellsWhenARowEntersAndLeavesTheFilter) {
  Watcher watcher;
  EXPECT_EQ(watcher.observe(row("a", "queued"), false), std::nullopt);
  EXPECT_EQ(watcher.observe(row("a", "running"), true), Event::kEnter);
  EXPECT_EQ(watcher.observe(row("a", "running on"), true), Event::kUpdate);
  EXPECT_EQ(watcher.observe(row("a", "completed"), false), Event::kLeave);
  EXPECT_EQ(watcher.observe(row("a", "completed too"), false), std::nullopt);
  EXPECT_EQ(watcher.observe(row("a", std::nullopt), false), std::nullopt);
  EXPECT_EQ(watcher.observe(row("a", "running"), true), Event::kEnter);
  EXPECT_EQ(watcher.observe(row("a", std::nullopt), false), Event::kDelete);
  EXPECT_EQ(watcher.observe(row("a", std::nullopt), true), std::nullopt);
  EXPECT_EQ(event_name(Event::kLeave), "leave");
}

}  // namespace
}  // namespace omashu::table
