#include "cli/connection/wait_notice.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

namespace omashu::cli {
namespace {

// What is written to the terminal up to the first time that `end` appears.
std::string read_until(int terminal, const std::string& end) {
  std::string text;
  char c = 0;
  while (!text.ends_with(end) && ::read(terminal, &c, 1) == 1) text += c;
  return text;
}

TEST(WaitNotice, ShowsOnATerminalWhatIsWaitedForUntilItHasCome) {
  ::setenv("TERM", "xterm", 1);
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  ASSERT_GE(terminal, 0);
  ASSERT_EQ(::grantpt(terminal), 0);
  ASSERT_EQ(::unlockpt(terminal), 0);
  const int other_end = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
  ASSERT_GE(other_end, 0);
  {
    Diagnostics messages(other_end);
    WaitNotice notice(messages, "Kafka at 127.0.0.1:9092");
    notice.change(1);
    EXPECT_EQ(read_until(terminal, "9092"), "\r\x1b[Kwaiting for Kafka at 127.0.0.1:9092");
    notice.change(-1);
    EXPECT_EQ(read_until(terminal, "\x1b[K"), "\r\x1b[K");
    notice.change(1);
    EXPECT_EQ(read_until(terminal, "9092"), "\r\x1b[Kwaiting for Kafka at 127.0.0.1:9092");
  }
  EXPECT_EQ(read_until(terminal, "\x1b[K"), "\r\x1b[K") << "what is shown goes with the notice";
  ::close(other_end);
  ::close(terminal);
}

}  // namespace
}  // namespace omashu::cli
