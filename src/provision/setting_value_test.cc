#include "provision/setting_value.h"

#include <gtest/gtest.h>

#include <array>

namespace omashu::provision {
namespace {

TEST(SettingValue, TimesAndSizesBecomeNumbers) {
  const std::array<const char*, 3> cases[] = {
      {"retention.ms", "7d", "604800000"},
      {"retention.ms", "90m", "5400000"},
      {"segment.ms", "500ms", "500"},
      {"segment.bytes", "64MiB", "67108864"},
      {"retention.bytes", "2TiB", "2199023255552"},
      {"max.message.bytes", "16KiB", "16384"},
      {"retention.ms", "-1", "-1"},
      {"retention.ms", "60", "60"},  // milliseconds, as ever
      {"cleanup.policy", "compact", "compact"},
      {"other.makes.ms", "1h", "3600000"},
      {"retention.ms", "default", "default"},
  };
  for (const auto& [name, text, value] : cases) {
    const SettingValue read = read_setting(name, text);
    EXPECT_EQ(read.value, value) << name << "=" << text;
    EXPECT_EQ(read.problem, std::nullopt) << name << "=" << text;
  }
}

TEST(SettingValue, SaysWhatWouldBeRight) {
  const std::array<const char*, 3> cases[] = {
      {"retention.ms", "7days",
       "retention.ms is '7days': it takes a whole number of milliseconds, or a time as 7d, 12h, 30m, 10s or 500ms"},
      {"retention.ms", "-7d",
       "retention.ms is '-7d': it takes a whole number of milliseconds, or a time as 7d, 12h, 30m, 10s or 500ms"},
      {"segment.bytes", "64MB",
       "segment.bytes is '64MB': it takes a whole number of bytes, or a size as 16KiB, 64MiB or 2GiB (of 1024)"},
      {"retention.bytes", "9999999999TiB",
       "retention.bytes is '9999999999TiB': it takes a whole number of bytes, or a size as 16KiB, 64MiB or 2GiB (of "
       "1024)"},
      {"segment.bytes", "4GiB", "segment.bytes is 4294967296: it must be from 14 to 2147483647"},
      {"retention.mss", "default", "unknown setting retention.mss: did you mean retention.ms?"},
      {"ttl", "5",
       "unknown setting ttl: write a topic setting as Kafka names it, compatibility=LEVEL or "
       "reference.SUBJECT=VERSION"},
      {"index", "x", "unknown setting index: did you mean index.interval.bytes?"},
      {"compatability", "FULL", "unknown setting compatability: did you mean compatibility?"},
      {"retention.mss", "7d", "unknown setting retention.mss: did you mean retention.ms?"},
  };
  for (const auto& [name, text, problem] : cases) EXPECT_EQ(read_setting(name, text).problem, problem);
}

}  // namespace
}  // namespace omashu::provision
