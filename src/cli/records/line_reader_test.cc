#include "cli/records/line_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "cli/stop_signal.h"

namespace omashu::cli {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string write_file(const std::string& text) {
  const std::string path = testing::TempDir() + "line_reader_test." + std::to_string(::getpid());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::vector<std::string> read_all(const std::string& text) {
  const StopSignal stop;
  auto reader = LineReader::open(write_file(text), stop);
  EXPECT_TRUE(reader);
  std::vector<std::string> lines;
  for (;;) {
    const auto outcome = reader->next(milliseconds(-1));
    EXPECT_TRUE(outcome);
    if (!outcome || *outcome != LineReader::Outcome::kLine) break;
    lines.emplace_back(reader->line());
  }
  EXPECT_EQ(reader->number(), static_cast<int64_t>(lines.size()));
  EXPECT_EQ(reader->bytes_total(), static_cast<int64_t>(text.size()));
  EXPECT_EQ(reader->bytes_read(), static_cast<int64_t>(text.size()));
  return lines;
}

TEST(LineReader, ReadsEveryLineHoweverItEnds) {
  EXPECT_THAT(read_all(""), IsEmpty());
  EXPECT_THAT(read_all("a\nb\r\n\nc"), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(read_all("\xef\xbb\xbf{}\n"), ElementsAre("{}"));
}

TEST(LineReader, LinesMayBeLongerThanAChunk) {
  const std::string line(1'000'000, 'x');
  EXPECT_THAT(read_all(line + "\ny\n"), ElementsAre(line, "y"));
}

TEST(LineReader, AFileThatIsNotThereIsNamed) {
  const StopSignal stop;
  const auto reader = LineReader::open("/nowhere/x.jsonl", stop);
  ASSERT_FALSE(reader);
  EXPECT_THAT(reader.error().message, HasSubstr("/nowhere/x.jsonl: cannot be read: No such file"));
}

TEST(LineReader, AStopEndsTheWaiting) {
  const StopSignal stop;
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  auto reader = LineReader::open("/dev/fd/" + std::to_string(ends[0]), stop);
  ASSERT_TRUE(reader);
  EXPECT_EQ(*reader->next(milliseconds(0)), LineReader::Outcome::kWaiting);
  ASSERT_EQ(::write(ends[1], "a\nb", 3), 3);
  EXPECT_EQ(*reader->next(milliseconds(-1)), LineReader::Outcome::kLine);
  EXPECT_EQ(reader->line(), "a");
  EXPECT_EQ(reader->place(), "/dev/fd/" + std::to_string(ends[0]) + ":1");
  ASSERT_EQ(::raise(SIGTERM), 0);
  EXPECT_EQ(*reader->next(milliseconds(-1)), LineReader::Outcome::kStopped);
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace omashu::cli
