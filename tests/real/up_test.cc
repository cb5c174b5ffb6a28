// `omashu up` as its user meets it: how it starts, what it says, how it ends, and what it does on a full disk.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "real/support/http.h"
#include "real/support/omashu_command.h"
#include "real/support/process.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"

namespace omashu::real {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr milliseconds kPatience = seconds(30);

class UpTest : public ::testing::Test {
 protected:
  std::string data() const { return folder_.path() / "data"; }
  std::string ready_file() const { return folder_.path() / "ready"; }

  std::vector<std::string> command(std::vector<std::string> options = {}) const {
    std::vector<std::string> all = {omashu_program(), "up",         "--data",      data(),         "--kafka",
                                    "127.0.0.1:0",    "--registry", "127.0.0.1:0", "--ready-file", ready_file(),
                                    "--log",          "text",       "--http",      "127.0.0.1:0"};
    all.insert(all.end(), options.begin(), options.end());
    return all;
  }

  // For a start that is refused: it ends by itself.
  CommandResult run(std::vector<std::string> options) const {
    return run_command(command(std::move(options)), {.timeout = kPatience});
  }

  std::unique_ptr<Process> launch(std::vector<std::string> whole_command,
                                  std::vector<std::pair<std::string, std::string>> environment = {}) const {
    auto process = Process::start({.command = std::move(whole_command),
                                   .environment = std::move(environment),
                                   .stdout_file = folder_.path() / "stdout",
                                   .stderr_file = folder_.path() / "stderr"});
    EXPECT_TRUE(process) << process.error().message;
    return process ? *std::move(process) : nullptr;
  }

  // Launches it, and waits for its first words.
  std::unique_ptr<Process> start(std::vector<std::string> options = {},
                                 std::vector<std::pair<std::string, std::string>> environment = {}) const {
    std::filesystem::remove(folder_.path() / "stdout");
    auto process = launch(command(std::move(options)), std::move(environment));
    EXPECT_TRUE(process->wait_for_stdout("SCHEMA_REGISTRY_URL", kPatience)) << process->stderr_text();
    return process;
  }

  // What the ready file tells, by name.
  std::map<std::string, std::string> addresses() const {
    std::map<std::string, std::string> found;
    std::istringstream lines(read_file(ready_file()));
    for (std::string line; std::getline(lines, line);) {
      const size_t equals = line.find('=');
      found[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return found;
  }

  CommandResult omashu(std::vector<std::string> arguments, const std::string& input = "") const {
    arguments.insert(arguments.begin(), omashu_program());
    const auto known = addresses();
    return run_command(arguments, {.input = input, .environment = {known.begin(), known.end()}, .timeout = kPatience});
  }

  CommandResult kcat(const std::vector<std::string>& arguments, const std::string& input = "") const {
    std::vector<std::string> all = {"kcat", "-b", addresses().at("KAFKA_BOOTSTRAP_SERVERS")};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return run_command(all, {.input = input, .timeout = kPatience});
  }

  // Asked again and again: each question takes a process.
  static bool answers_in_time(const std::string& url) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (http_get(url).status != 200) {
      if (std::chrono::steady_clock::now() > deadline) return false;
    }
    return true;
  }

  static int end(Process& process, int signal = SIGTERM) {
    process.signal(signal);
    return process.wait(kPatience).value_or(-1);
  }

  ScratchFolder folder_;
};

TEST_F(UpTest, SaysWhereItIsAndWhatToTry) {
  const auto up = start();
  const std::string banner = up->stdout_text();
  const auto told = addresses();
  ASSERT_TRUE(told.contains("KAFKA_BOOTSTRAP_SERVERS"));
  ASSERT_TRUE(told.contains("SCHEMA_REGISTRY_URL"));
  for (const auto& [name, address] : told) EXPECT_THAT(banner, HasSubstr(name + "=" + address));
  EXPECT_THAT(banner, HasSubstr(data()));
  EXPECT_THAT(banner, HasSubstr("init-kafka topics_and_schemas.txt"));
  EXPECT_THAT(banner, HasSubstr("omashu list TOPIC"));
  EXPECT_THAT(banner, Not(HasSubstr("\x1b"))) << "colours, in a file";
  EXPECT_EQ(up->stderr_text(), "");
  EXPECT_EQ(http_get(told.at("SCHEMA_REGISTRY_URL") + "/subjects").body, "[]");
  EXPECT_EQ(kcat({"-L"}).exit_code, 0);
}

TEST_F(UpTest, ServesCompactedTopicsOverHttpAlsoThoseThatAreMadeLater) {
  const std::string file = OMASHU_SOURCE_DIR "/examples/downloads/topics_and_schemas.txt";
  const std::string record = R"({"omashuId":"om-1","status":"QUEUED","requestedAt":"2026-11-30T08:00:00Z",)"
                             R"("updatedAt":"2026-11-30T08:00:00Z","source":{"url":"https://example.org/a"}})";
  {
    const auto up = start({"--file", file});
    const std::string url = addresses().at("OMASHU_URL");
    EXPECT_THAT(up->stdout_text(), HasSubstr("Its dashboard is at " + url));
    EXPECT_THAT(http_get(url + "/v1/tables").body,
                HasSubstr(R"("name":"status-download","rows":0,"indexes":["status"])"));
    const CommandResult put = omashu({"put", "status-download", "om-1", record});
    EXPECT_EQ(put.exit_code, 0) << put.err;
    const std::string position = put.out.substr(0, put.out.find('\n'));
    EXPECT_EQ(http_get(url + "/v1/tables/status-download/rows/om-1?after=" + position).status, 200);
    EXPECT_EQ(omashu({"topics", "create", "later", "--config", "cleanup.policy=compact"}).exit_code, 0);
    EXPECT_TRUE(answers_in_time(url + "/v1/tables/later"));
    EXPECT_EQ(http_get(url + "/v1/tables/download-request").status, 404);
    EXPECT_EQ(end(*up), 0);
  }
  const auto up = start({"--file", file});
  EXPECT_EQ(http_get(addresses().at("OMASHU_URL") + "/v1/tables/status-download/count?by=status").body.substr(0, 64),
            R"({"count":1,"groups":[{"by":{"status":"QUEUED"},"count":1}],"posi)");
}

TEST_F(UpTest, ServesNothingOverHttpWhereNobodyWantsIt) {
  const CommandResult refused = run({"--no-http"});
  EXPECT_EQ(refused.exit_code, 2);  // --http is among its options
  const auto up = launch({omashu_program(), "up", "--data", data(), "--kafka", "127.0.0.1:0", "--registry",
                          "127.0.0.1:0", "--no-http", "--ready-file", ready_file()});
  ASSERT_TRUE(up->wait_for_stdout("SCHEMA_REGISTRY_URL", kPatience)) << up->stderr_text();
  EXPECT_FALSE(addresses().contains("OMASHU_URL"));
}

// Opens a connection to "127.0.0.1:9092", and sends nothing.
class IdleConnection {
 public:
  explicit IdleConnection(const std::string& address) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1))));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  ~IdleConnection() { ::close(socket_); }
  IdleConnection(const IdleConnection&) = delete;
  IdleConnection& operator=(const IdleConnection&) = delete;

 private:
  const int socket_;
};

TEST_F(UpTest, MoreIdleClientsThanItMayHaveOpenFilesKeepNobodyOut) {
  std::vector<std::string> limited = {"bash", "-c", "ulimit -n 128 && exec \"$@\"", "bash"};
  for (const std::string& word : command()) limited.push_back(word);
  const auto up = launch(limited);
  ASSERT_TRUE(up->wait_for_stdout("SCHEMA_REGISTRY_URL", kPatience)) << up->stderr_text();
  std::vector<std::unique_ptr<IdleConnection>> idle;
  for (int i = 0; i < 150; ++i) {
    idle.push_back(std::make_unique<IdleConnection>(addresses().at("KAFKA_BOOTSTRAP_SERVERS")));
    idle.push_back(std::make_unique<IdleConnection>(addresses().at("SCHEMA_REGISTRY_URL")));
  }
  for (int topic = 0; topic < 40; ++topic) {
    const std::string name = "topic-" + std::to_string(topic);
    const CommandResult produced = kcat({"-P", "-t", name}, "a record\n");
    ASSERT_EQ(produced.exit_code, 0) << produced.err;
  }
  EXPECT_EQ(kcat({"-C", "-e", "-q", "-t", "topic-0"}).out, "a record\n");
  EXPECT_EQ(http_get(addresses().at("SCHEMA_REGISTRY_URL") + "/subjects").body, "[]");
  const std::string messages = up->stderr_text();
  EXPECT_THAT(messages, ContainsRegex("the broker has all the [0-9]+ connections that it may have"));
  EXPECT_THAT(messages, ContainsRegex("the schema registry has all the [0-9]+ connections that it may have"));
  EXPECT_EQ(std::ranges::count(messages, '\n'), 2) << messages;
}

TEST_F(UpTest, JsonIsOneLineForEachEvent) {
  const auto up = start({"--log", "json"});
  EXPECT_THAT(up->stdout_text(),
              ContainsRegex("^\\{\"event\":\"ready\",.*\"KAFKA_BOOTSTRAP_SERVERS\":\"127[^\n]*\\}\n$"));
}

TEST_F(UpTest, EndsCleanlyAndComesBackWithItsData) {
  for (const int signal : {SIGTERM, SIGINT}) {
    const auto up = start();
    const CommandResult produced = kcat({"-P", "-t", "kept", "-X", "acks=all"}, "a record\n");
    EXPECT_EQ(produced.exit_code, 0) << produced.err;
    EXPECT_EQ(end(*up, signal), 0) << up->stderr_text();
    EXPECT_FALSE(std::filesystem::exists(ready_file()));
  }
  const auto up = start();
  const CommandResult kept = kcat({"-C", "-t", "kept", "-o", "beginning", "-e", "-q"});
  EXPECT_EQ(kept.out, "a record\na record\n") << kept.err;
}

TEST_F(UpTest, ASecondStartSaysWhoHoldsTheFolder) {
  const auto first = start();
  const CommandResult second = run({});
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_THAT(second.err, HasSubstr(data() + " is in use by process " + std::to_string(first->pid())));
  EXPECT_TRUE(std::filesystem::exists(ready_file())) << "the first one is still ready";
}

TEST_F(UpTest, APortThatIsTakenIsNamed) {
  const auto first = start();
  for (const auto& [option, name] :
       {std::pair("--kafka", "KAFKA_BOOTSTRAP_SERVERS"), std::pair("--registry", "SCHEMA_REGISTRY_URL")}) {
    std::string address = addresses().at(name);
    if (address.starts_with("http://")) address.erase(0, 7);
    const CommandResult second =
        run({"--data", folder_.path() / "another", "--ready-file", folder_.path() / "another ready", option, address});
    EXPECT_EQ(second.exit_code, 1);
    EXPECT_THAT(second.err, HasSubstr(address));
  }
}

TEST_F(UpTest, OtherMachinesAreLetInOnlyWhereThatIsSaid) {
  for (const char* option : {"--kafka", "--registry"}) {
    const CommandResult refused = run({option, "0.0.0.0:0"});
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_THAT(refused.err, HasSubstr("--insecure-listen"));
  }
  const auto up = start({"--kafka", "0.0.0.0:0", "--advertised-host", "127.0.0.1", "--insecure-listen"});
  EXPECT_THAT(up->stderr_text(), HasSubstr("0.0.0.0:0 is open to other machines"));
}

TEST_F(UpTest, ClientsOfEachListenerAreToldWhereToFindIt) {
  const std::string name = "broker.invalid";  // RFC 6761: it never resolves
  const auto up = launch({omashu_program(), "up", "--data", data(), "--registry", "127.0.0.1:0", "--http",
                          "127.0.0.1:0", "--ready-file", ready_file(), "--listener", "NAMED://127.0.0.1:0",
                          "--listener", "HOST://127.0.0.1:0", "--advertised-listener", "NAMED://" + name + ":0"});
  ASSERT_TRUE(up->wait_for_stdout("SCHEMA_REGISTRY_URL", kPatience)) << up->stderr_text();
  const auto told = addresses();
  const std::string named = told.at("KAFKA_BOOTSTRAP_SERVERS_NAMED"), host = told.at("KAFKA_BOOTSTRAP_SERVERS_HOST");
  EXPECT_EQ(told.at("KAFKA_BOOTSTRAP_SERVERS"), named);
  EXPECT_THAT(named, StartsWith(name + ":"));
  EXPECT_THAT(host, StartsWith("127.0.0.1:"));
  const auto metadata = [](const std::string& server) {
    return run_command({"kcat", "-b", server, "-L"}, {.timeout = kPatience}).out;
  };
  EXPECT_THAT(metadata("127.0.0.1:" + named.substr(name.size() + 1)), HasSubstr("broker 1 at " + named));
  EXPECT_THAT(metadata(host), HasSubstr("broker 1 at " + host));
}

TEST_F(UpTest, ASettingThatIsGivenAtTheStartActs) {
  const CommandResult refused = run({"--config", "log.preallocate=true"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--config: log.preallocate is true: this broker takes 'false' alone"));
  const auto up = start({"--config", "message.max.bytes=5000"});
  EXPECT_EQ(kcat({"-P", "-t", "t"}, std::string(4000, 'v')).exit_code, 0);
  const CommandResult too_large = kcat({"-P", "-t", "t"}, std::string(6000, 'v'));
  EXPECT_EQ(too_large.exit_code, 1);
  EXPECT_THAT(too_large.err, HasSubstr("Message size too large"));
}

TEST_F(UpTest, AnAdvertisedNameNeedNotResolveHere) {
  const auto up = start({"--advertised-host", "broker.invalid"});
  EXPECT_EQ(http_get(addresses().at("SCHEMA_REGISTRY_URL") + "/subjects").body, "[]");
}

TEST_F(UpTest, AnUnspecifiedAddressNeedsSomethingToAdvertise) {
  const CommandResult refused = run({"--kafka", "0.0.0.0:0", "--insecure-listen"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("--advertised-host HOST"));
}

TEST_F(UpTest, TellsSystemdWhenItIsReady) {
  const std::string path = folder_.path() / "notify";
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  const auto up = start({}, {{"NOTIFY_SOCKET", path}});
  pollfd readable{.fd = socket, .events = POLLIN, .revents = 0};
  ASSERT_EQ(::poll(&readable, 1, static_cast<int>(kPatience.count())), 1);
  char message[64];
  const ssize_t size = ::recv(socket, message, sizeof message, 0);
  ::close(socket);
  EXPECT_EQ(std::string(message, static_cast<size_t>(size)), "READY=1");
}

TEST_F(UpTest, AReadyFileThatCannotBeWrittenEndsTheStart) {
  const CommandResult refused = run({"--ready-file", folder_.path() / "nowhere" / "ready"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("nowhere/ready: No such file or directory"));
}

TEST_F(UpTest, TheTopicsAndSchemasOfAFileAreThereWhenItIsReady) {
  const std::string file = OMASHU_SOURCE_DIR "/examples/downloads/topics_and_schemas.txt";
  {
    const auto up = start({"--file", file});
    const CommandResult list = omashu({"list", "status-download"});
    EXPECT_EQ(list.exit_code, 0) << list.err;
    EXPECT_THAT(http_get(addresses().at("SCHEMA_REGISTRY_URL") + "/subjects").body, HasSubstr("download-source-value"));
    EXPECT_EQ(end(*up), 0);
  }
  const auto again = start({"--file", file});
  EXPECT_THAT(again->stdout_text(), HasSubstr("nothing to do"));
}

TEST_F(UpTest, MistakesInAFileEndTheStartWithTheirPlaces) {
  const std::string file = folder_.path() / "topics.txt";
  std::ofstream(file) << "topic 0 1 missing.avsc false delete true\n";
  const CommandResult refused = run({"--file", file});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_THAT(refused.err, HasSubstr("topics.txt:1:7: "));
  EXPECT_FALSE(std::filesystem::exists(ready_file()));
}

// Its files may grow to a megabyte and no further: to a process, much like a disk that is full.
class FullDiskTest : public UpTest {
 protected:
  std::unique_ptr<Process> start_with_little_room() const {
    std::vector<std::string> whole = {"prlimit", "--fsize=1000000:unlimited"};
    for (std::string& word : command({"--housekeeping-interval", "10ms"})) whole.push_back(std::move(word));
    auto up = launch(std::move(whole));
    EXPECT_TRUE(up->wait_for_stdout("SCHEMA_REGISTRY_URL", kPatience)) << up->stderr_text();
    return up;
  }

  CommandResult fill() const {
    std::string lines;
    for (int i = 0; i < 400; ++i) lines += std::string(1000, static_cast<char>('a' + i % 26)) + "\n";
    return kcat({"-P", "-t", "filled", "-X", "acks=all", "-X", "retries=0"}, lines);
  }
};

TEST_F(FullDiskTest, WritesAreRefusedAndReadsServedUntilThereIsRoomAgain) {
  const auto up = start_with_little_room();
  int delivered = 0;
  CommandResult last = fill();
  for (; last.exit_code == 0 && delivered < 10; ++delivered) last = fill();
  ASSERT_GE(delivered, 1) << last.err;
  ASSERT_LT(delivered, 10) << "there is more room than there was to be";
  EXPECT_THAT(last.err, HasSubstr("Disk error when trying to access log file on disk"));
  EXPECT_TRUE(up->wait_for_stderr("filled-0: ", kPatience));
  EXPECT_THAT(up->stderr_text(), HasSubstr("File too large"));

  const CommandResult read = kcat({"-C", "-t", "filled", "-o", "beginning", "-e", "-q"});
  EXPECT_EQ(read.exit_code, 0) << read.err;
  EXPECT_GE(std::ranges::count(read.out, '\n'), 400 * delivered) << "acknowledged records that cannot be read";

  ASSERT_EQ(run_command({"prlimit", "--pid", std::to_string(up->pid()), "--fsize=unlimited"}).exit_code, 0);
  last = fill();
  EXPECT_EQ(last.exit_code, 0) << last.err;
  EXPECT_EQ(end(*up), 0) << up->stderr_text();
}

TEST_F(FullDiskTest, ARegistrationIsRefusedAtOnceAndLeavesNothingBehind) {
  const auto up = start_with_little_room();
  const std::string subjects = addresses().at("SCHEMA_REGISTRY_URL") + "/subjects/";
  const auto put = [&](int number, size_t size) {
    const std::string name = "R" + std::to_string(number) + std::string(size, 'x');
    const std::string schema = R"({\"type\":\"record\",\"name\":\")" + name + R"(\",\"fields\":[]})";
    return http_send("POST", subjects + "s" + std::to_string(number) + "/versions", "{\"schema\":\"" + schema + "\"}");
  };
  int registered = 0;
  auto last = put(1, 90'000);
  for (; last.status == 200 && registered < 20; ++registered) last = put(registered + 2, 90'000);
  ASSERT_EQ(last.status, 500) << last.body;
  EXPECT_THAT(last.body, HasSubstr("50001"));
  EXPECT_THAT(last.body, HasSubstr("nothing was written"));
  EXPECT_THAT(last.body, HasSubstr("KAFKA_STORAGE_ERROR: cannot write"));

  ASSERT_EQ(run_command({"prlimit", "--pid", std::to_string(up->pid()), "--fsize=unlimited"}).exit_code, 0);
  last = put(100, 10);
  EXPECT_EQ(last.body, R"({"id":)" + std::to_string(registered + 1) + "}") << "the id of what was refused";
  EXPECT_EQ(end(*up), 0) << up->stderr_text();
  const auto again = start();
  const std::string url = addresses().at("SCHEMA_REGISTRY_URL");
  EXPECT_EQ(http_get(url + "/subjects/s" + std::to_string(registered + 1) + "/versions").status, 404);
  EXPECT_THAT(http_get(url + "/schemas/ids/" + std::to_string(registered + 1)).body, HasSubstr("R100x"));
}

}  // namespace
}  // namespace omashu::real
