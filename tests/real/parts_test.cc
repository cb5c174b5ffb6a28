// The real parts themselves: they start, answer, come back after a kill and leave nothing behind.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "real/support/apache_kafka.h"
#include "real/support/faulty_proxy.h"
#include "real/support/http.h"
#include "real/support/process.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "real/support/shared_servers.h"

namespace omashu::real {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

TEST(ProcessTest, EndsWithItsOwner) {
  pid_t pid = 0;
  {
    auto process = Process::start({.command = {"sleep", "1000"}});
    ASSERT_TRUE(process) << process.error().message;
    pid = (*process)->pid();
    EXPECT_EQ(kill(pid, 0), 0);
  }
  EXPECT_EQ(kill(pid, 0), -1);
}

TEST(ProcessTest, EndsWithATestProgramThatIsKilled) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  pid_t test_program = fork();
  if (test_program == 0) {
    auto process = Process::start({.command = {"sleep", "1000"}});
    pid_t pid = process ? (*process)->pid() : 0;
    if (write(ends[1], &pid, sizeof pid) == sizeof pid) raise(SIGKILL);
    _exit(1);
  }
  pid_t pid = 0;
  ASSERT_EQ(read(ends[0], &pid, sizeof pid), ssize_t{sizeof pid});
  ASSERT_GT(pid, 0);
  int pid_fd = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  waitpid(test_program, nullptr, 0);
  if (pid_fd >= 0) {  // else it is gone already
    pollfd ended{pid_fd, POLLIN, 0};
    EXPECT_EQ(poll(&ended, 1, 60'000), 1);
    close(pid_fd);
  }
  close(ends[0]);
  close(ends[1]);
}

TEST(ProcessTest, AChildOfTheProcessEndsWithItToo) {
  ScratchFolder folder;
  auto process = Process::start(
      {.command = {"bash", "-c", "sleep 1000 & echo child $!; wait"}, .stdout_file = folder.path() / "out"});
  ASSERT_TRUE(process) << process.error().message;
  ASSERT_TRUE((*process)->wait_for_stdout("\n", seconds(30)));
  pid_t child = std::stoi((*process)->stdout_text().substr(6));
  process->reset();
  // Whoever adopts the child may take a moment to reap it: until then it is a zombie, with no command line.
  EXPECT_EQ(read_file("/proc/" + std::to_string(child) + "/cmdline"), "");
}

TEST(RunCommandTest, InputOutputAndExitCode) {
  CommandResult result =
      run_command({"bash", "-c", "cat; echo oops >&2; exit 3"}, {.input = std::string(1 << 20, 'x')});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_EQ(result.out.size(), size_t{1} << 20);
  EXPECT_EQ(result.err, "oops\n");
  EXPECT_EQ(run_command({"no-such-program"}).exit_code, 127);
}

TEST(RunCommandTest, TheDeadlineKills) {
  CommandResult result =
      run_command({"sleep", "1000"}, {.input = std::string(1 << 20, 'x'), .timeout = milliseconds(50)});
  EXPECT_TRUE(result.timed_out);
  EXPECT_EQ(result.exit_code, 128 + SIGKILL);
}

TEST(KafkaBrokerTest, KafkasOwnToolSeesTheTopicsOfASharedBroker) {
  std::string topic = unique_name("parts");
  CommandResult created = shared_kafka().tool("org.apache.kafka.tools.TopicCommand", {"--create", "--topic", topic});
  EXPECT_EQ(created.exit_code, 0) << ::testing::PrintToString(created);
  CommandResult listed = shared_kafka().tool("org.apache.kafka.tools.TopicCommand", {"--list"});
  EXPECT_THAT(listed.out, HasSubstr(topic));
}

TEST(KafkaBrokerTest, ComesBackAfterAKillWithItsDataOnItsPort) {
  auto broker = KafkaBroker::start();
  ASSERT_TRUE(broker) << broker.error().message;
  std::string before = (*broker)->bootstrap_server();
  CommandResult created = (*broker)->tool("org.apache.kafka.tools.TopicCommand", {"--create", "--topic", "kept"});
  ASSERT_EQ(created.exit_code, 0) << ::testing::PrintToString(created);
  (*broker)->kill9();
  EXPECT_NE(run_command({"kcat", "-b", before, "-L", "-m", "1"}).exit_code, 0);
  auto again = (*broker)->start_again();
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_THAT(run_command({"kcat", "-b", before, "-L", "-m", "10"}).out, HasSubstr("\"kept\""));
}

TEST(KafkaBrokerTest, SecuredListenersTakeTheUserWithThePassword) {
  auto broker = ApacheKafka::start({.secured = true});
  ASSERT_TRUE(broker) << broker.error().message;
  auto ask = [&](const std::string& server, const std::string& protocol, const std::string& password) {
    return run_command({"kcat", "-b", server, "-L", "-m", "3", "-X", "security.protocol=" + protocol, "-X",
                        "sasl.mechanism=PLAIN", "-X", std::string("sasl.username=") + ApacheKafka::kUser, "-X",
                        "sasl.password=" + password, "-X", "ssl.ca.location=" + (*broker)->ca_file()})
        .exit_code;
  };
  EXPECT_EQ(ask((*broker)->sasl_plaintext_server(), "SASL_PLAINTEXT", ApacheKafka::kPassword), 0);
  EXPECT_EQ(ask((*broker)->sasl_ssl_server(), "SASL_SSL", ApacheKafka::kPassword), 0);
  EXPECT_EQ(ask((*broker)->ssl_server(), "SSL", ""), 0);
  EXPECT_NE(ask((*broker)->sasl_plaintext_server(), "SASL_PLAINTEXT", "wrong"), 0);
}

TEST(SchemaRegistryServerTest, RegistersASchema) {
  std::string subjects = shared_registry().url() + "/subjects/";
  std::string subject = unique_name("parts-value");
  HttpAnswer sent = http_send("POST", subjects + subject + "/versions", R"({"schema":"\"string\""})");
  EXPECT_EQ(sent.status, 200) << sent.body;
  HttpAnswer got = http_get(subjects + subject + "/versions/latest");
  EXPECT_EQ(got.status, 200);
  EXPECT_THAT(got.body, HasSubstr("string"));
}

TEST(FaultyProxyTest, MisbehavesAsToldAndPassesOnAfterwards) {
  SchemaRegistryServer& registry = shared_registry();
  FaultyProxy proxy(registry.port());
  auto ask = [&] { return http_get(registry.url_at(proxy.port()) + "/subjects").status; };
  EXPECT_EQ(ask(), 200);
  proxy.answer_times(2, http_answer("503 Service Unavailable", "text/plain", "later"));
  EXPECT_EQ(ask(), 503);
  EXPECT_EQ(ask(), 503);
  EXPECT_EQ(ask(), 200);
  EXPECT_EQ(proxy.connections(), 4);
}

}  // namespace
}  // namespace omashu::real
