#include "broker/config/settings_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace omashu::broker {
namespace {

TEST(SettingsPage, ThePageInDocsIsWhatIsDeclared) {
  std::ostringstream page;
  page << std::ifstream(OMASHU_SOURCE_DIR "/docs/settings.md", std::ios::binary).rdbuf();
  EXPECT_EQ(page.str(), settings_page())
      << "renew it: cmake --build --preset dev --target settings_page && build/dev/src/broker/config/settings_page > "
         "docs/settings.md";
}

TEST(SettingsPage, SaysOfEachSettingWhatItIs) {
  const std::string page = settings_page();
  for (const char* line : {"| `file.delete.delay.ms` | `0` alone | `0` | Files are deleted at once",
                           "| `retention.ms` | from -1 | `604800000` (7 days) |",
                           "| `log.retention.ms` | at run time | – | The default of the topic setting retention.ms. |",
                           "| `log.retention.hours` | at the start | `168` | The default of the topic setting "
                           "retention.ms, in hours. |",
                           "| `log.preallocate` | one value | `false` |",
                           "| `log.cleaner.threads` | – | `1` | One log is compacted after the other. |",
                           "- `message.format.version`: Kafka 4.0 removed it.\n"}) {
    EXPECT_THAT(page, testing::HasSubstr(line));
  }
}

}  // namespace
}  // namespace omashu::broker
