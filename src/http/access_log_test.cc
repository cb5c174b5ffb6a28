#include "http/access_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/json.h"

namespace omashu::http {
namespace {

AccessRecord record() {
  return {.time = std::chrono::system_clock::time_point(std::chrono::milliseconds(1'796'025'600'123)),
          .client = "127.0.0.1",
          .method = "GET",
          .path = "/v1/tables?x=1",
          .status = 200,
          .bytes = 312,
          .ms = 0.41};
}

TEST(AccessLog, ALineIsJson) {
  AccessRecord one = record();
  EXPECT_EQ(access_line(one),
            R"({"time":"2026-11-30T08:00:00.123Z","client":"127.0.0.1","method":"GET","path":"/v1/tables?x=1",)"
            R"("status":200,"bytes":312,"ms":0.410})"
            "\n");
  one.user = "a\"b\n";
  one.path = "/\xff\xc3\xa9\x01";
  const std::string line = access_line(one);
  EXPECT_EQ(std::ranges::count(line, '\n'), 1);
  const auto parsed = json::parse(line);
  ASSERT_TRUE(parsed.has_value()) << line;
  EXPECT_EQ(parsed->find("user")->text(), "a\"b\n");
  EXPECT_EQ(parsed->find("path")->text(), "/\xef\xbf\xbd\xc3\xa9\x01");
  one.path = std::string_view();
  const std::string long_path(100'000, 'x');
  one.path = long_path;
  EXPECT_LT(access_line(one).size(), 3000U);
}

TEST(AccessLog, LinesAreAppendedAndNoneIsLostAtTheEnd) {
  std::string folder = (std::filesystem::temp_directory_path() / "omashu-access-log-XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/access.log";
  for (int run = 0; run < 2; ++run) {
    const auto log = AccessLog::open(path).value();
    for (int i = 0; i < 1000; ++i) log->add(record());
  }
  std::ifstream in(path);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  EXPECT_EQ(std::ranges::count(text, '\n'), 2000);
  std::filesystem::remove_all(folder);
  EXPECT_THAT(AccessLog::open(path).error().message, ::testing::HasSubstr(path));
}

}  // namespace
}  // namespace omashu::http
