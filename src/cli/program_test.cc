// The real program, run as a shell runs it.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "cli/commands.h"
#include "cli/output/display_width.h"

namespace omashu::cli {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

struct Finished {
  int exit_code = -1;  // -1 where a signal ended it
  std::string out;
  std::string err;
};

std::string read_to_end(int file_descriptor) {
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(file_descriptor, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<size_t>(got));
  }
  ::close(file_descriptor);
  return text;
}

// Runs it with its output in pipes. Where `closes_stdout`, nobody reads what it writes there.
Finished run(std::vector<std::string> words, bool closes_stdout = false) {
  int out[2], err[2];
  EXPECT_EQ(::pipe(out), 0);
  EXPECT_EQ(::pipe(err), 0);
  if (closes_stdout) ::close(out[0]);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(out[1], STDOUT_FILENO);
    ::dup2(err[1], STDERR_FILENO);
    for (const int end : {out[0], out[1], err[0], err[1]}) ::close(end);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ::execv(arguments[0], arguments.data());
    ::_exit(127);
  }
  ::close(out[1]);
  ::close(err[1]);
  Finished finished;
  std::jthread reader([&] { finished.err = read_to_end(err[0]); });
  if (!closes_stdout) finished.out = read_to_end(out[0]);
  reader.join();
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  finished.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return finished;
}

Finished omashu(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), OMASHU_PROGRAM);
  return run(std::move(arguments));
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    lines.push_back(text.substr(0, text.find('\n')));
    text.remove_prefix(std::min(lines.back().size() + 1, text.size()));
  }
  return lines;
}

void expect_useful_help(const std::string& path, Command& command, std::vector<std::string> words) {
  words.emplace_back("--help");
  const Finished help = omashu(words);
  EXPECT_EQ(help.exit_code, 0) << path;
  EXPECT_EQ(help.err, "") << path;
  EXPECT_THAT(help.out, HasSubstr("Usage: omashu " + path));
  for (const std::string_view line : lines_of(help.out)) EXPECT_LE(display_width(line), 80u) << path << ": " << line;
  ASSERT_THAT(help.out, HasSubstr("\nExamples:\n"));
  EXPECT_GE(count(help.out.substr(help.out.find("\nExamples:\n")), "  # "), 2u) << path;
  words.pop_back();
  for (const auto& verb : command.verbs()) {
    const std::string name(verb->description().name);
    words.push_back(name);
    expect_useful_help(path + " " + name, *verb, words);
    words.pop_back();
  }
}

TEST(Program, EveryCommandHasAHelpWithTwoExamples) {
  for (const auto& command : all_commands()) {
    const std::string name(command->description().name);
    expect_useful_help(name, *command, {name});
  }
}

TEST(Program, ListsItsCommands) {
  const Finished help = omashu({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const auto& command : all_commands()) {
    EXPECT_THAT(help.out, HasSubstr("\n  " + std::string(command->description().name) + " "));
  }
  EXPECT_EQ(omashu({"help"}).out, help.out);
  EXPECT_EQ(omashu({"help", "completion"}).out, omashu({"completion", "--help"}).out);
  EXPECT_EQ(omashu({}).exit_code, 2);
}

TEST(Program, NamesItsBuild) {
  const Finished version = omashu({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_THAT(version.out, StartsWith("omashu "));
  EXPECT_THAT(version.out, HasSubstr("GNU 12"));
}

TEST(Program, UsageErrorsAreOneLineAndExitWithTwo) {
  const Finished unknown_command = omashu({"complteion"});
  EXPECT_EQ(unknown_command.exit_code, 2);
  EXPECT_EQ(unknown_command.out, "");
  EXPECT_EQ(unknown_command.err,
            "omashu: unknown command 'complteion': did you mean completion? (see omashu --help)\n");
  const Finished unknown_option = omashu({"completion", "bash", "--hepl"});
  EXPECT_EQ(unknown_option.exit_code, 2);
  EXPECT_EQ(unknown_option.err, "omashu: unknown option --hepl: did you mean --help? (see omashu completion --help)\n");
  EXPECT_EQ(omashu({"completion", "tcsh"}).exit_code, 2);
  EXPECT_EQ(omashu({"--bootstrap-server", "x"}).exit_code, 2);
}

TEST(Program, OutsideBytesDoNotReachTheTerminalRaw) {
  const Finished finished = omashu({"\x1b[2Jx\ny"});
  EXPECT_EQ(finished.exit_code, 2);
  EXPECT_THAT(finished.err, Not(HasSubstr("\x1b")));
  EXPECT_EQ(count(finished.err, "\n"), 1u);
}

// What the program writes to a terminal on stderr when it is told an unknown command.
std::string complaint_on_terminal(const char* no_color, const char* term = "xterm") {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  EXPECT_GE(terminal, 0);
  EXPECT_EQ(::grantpt(terminal), 0);
  EXPECT_EQ(::unlockpt(terminal), 0);
  const int other_end = ::open(::ptsname(terminal), O_RDWR | O_NOCTTY);
  EXPECT_GE(other_end, 0);
  const pid_t child = ::fork();
  if (child == 0) {
    if (no_color != nullptr) ::setenv("NO_COLOR", no_color, 1);
    ::setenv("TERM", term, 1);
    ::dup2(other_end, STDERR_FILENO);
    ::execl(OMASHU_PROGRAM, OMASHU_PROGRAM, "nonsense", nullptr);
    ::_exit(127);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  char buffer[1024];
  const ssize_t got = ::read(terminal, buffer, sizeof buffer);
  ::close(other_end);
  ::close(terminal);
  return got > 0 ? std::string(buffer, static_cast<size_t>(got)) : "";
}

TEST(Program, ErrorsAreRedOnATerminalUnlessColourIsUnwanted) {
  ::unsetenv("NO_COLOR");
  EXPECT_THAT(complaint_on_terminal(nullptr), StartsWith("\x1b[31momashu: unknown command"));
  EXPECT_THAT(complaint_on_terminal(""), StartsWith("\x1b[31m"));
  EXPECT_THAT(complaint_on_terminal("1"), StartsWith("omashu: unknown command"));
  EXPECT_THAT(complaint_on_terminal(nullptr, "dumb"), StartsWith("omashu: unknown command"));
  EXPECT_THAT(omashu({"nonsense"}).err, StartsWith("omashu: unknown command"));
}

TEST(Program, OptionsThatDoNotGoTogetherAreUsageErrors) {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"list", "t", "--where", "status"},
                                                    {"put", "t"},
                                                    {"put", "t", "k", "{}", "--from", "x"},
                                                    {"list", "t", "--limit", "-1"},
                                                    {"get", "t"},
                                                    {"consume", "t", "--offset", "5", "--from", "2h"},
                                                    {"consume", "t", "--group", "g", "--partition", "0"},
                                                    {"consume", "t", "--property", "print.kye=true"},
                                                    {"produce", "t", "--property", "parse.key=maybe"},
                                                    {"list", "t", "--timeout", "soon"}}) {
    const Finished finished = omashu(arguments);
    EXPECT_EQ(finished.exit_code, 2) << finished.err;
    EXPECT_EQ(count(finished.err, "\n"), 1u) << finished.err;
  }
}

TEST(Program, TheMemoryOfTablesIsANumberThatMakesSense) {
  for (const char* size : {"1", "1048577"}) {
    const Finished run = omashu({"serve", "--tables", "a", "--table-memory", size});
    EXPECT_EQ(run.exit_code, 2);
    EXPECT_THAT(run.err, HasSubstr(std::string("--table-memory ") + size + ": from 8 to 1048576 MiB"));
  }
}

TEST(Program, KeepsContextsWithoutTheirSecrets) {
  const std::string home = testing::TempDir() + "omashu_program_contexts";
  ::setenv("XDG_CONFIG_HOME", home.c_str(), 1);
  ::unsetenv("OMASHU_CONTEXT");
  const Finished refused = omashu({"context", "set", "prod", "-X", "sasl.password=geheim"});
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("sasl.password=env:VARIABLE"));
  EXPECT_THAT(refused.err, Not(HasSubstr("geheim")));
  EXPECT_EQ(omashu({"context", "set", "prod", "--registry", "http://me:geheim@r:1"}).exit_code, 2);
  EXPECT_THAT(omashu({"context", "set", "prod", "-X", "sasl.pasword=env:X"}).err,
              HasSubstr("did you mean sasl.password?"));

  EXPECT_EQ(
      omashu({"context", "set", "prod", "--bootstrap-server", "127.0.0.1:1", "-X", "sasl.password=env:P"}).exit_code,
      0);
  EXPECT_EQ(omashu({"context", "set", "other"}).exit_code, 0);
  EXPECT_EQ(omashu({"context", "list"}).out,
            "{\"context\":\"other\",\"inUse\":false,\"bootstrapServers\":\"\",\"registry\":\"\"}\n"
            "{\"context\":\"prod\",\"inUse\":true,\"bootstrapServers\":\"127.0.0.1:1\",\"registry\":\"\"}\n");
  EXPECT_EQ(omashu({"context", "show"}).out,
            "{\"property\":\"bootstrap.servers\",\"value\":\"127.0.0.1:1\"}\n"
            "{\"property\":\"sasl.password\",\"value\":\"env:P\"}\n");
  EXPECT_THAT(omashu({"topics", "list"}).err,
              HasSubstr("context prod: sasl.password: the environment variable P is not set"));
  EXPECT_EQ(omashu({"__complete", "omashu", "topics", "list", "--context", "o"}).out, "other\n");
  EXPECT_EQ(omashu({"context", "use", "other"}).exit_code, 0);
  EXPECT_EQ(omashu({"context", "use", "othre"}).err, "omashu: there is no context othre: did you mean other?\n");
  EXPECT_EQ(omashu({"context", "delete", "other"}).exit_code, 0);
  EXPECT_EQ(omashu({"context", "show"}).err, "omashu: no context is in use: name one\n");
  EXPECT_EQ(omashu({"context", "delete", "prod"}).exit_code, 0);
  EXPECT_EQ(omashu({"context", "list"}).out, "");
  ::unsetenv("XDG_CONFIG_HOME");
}

TEST(Program, IsInitKafkaUnderThatName) {
  const Finished help = run({INIT_KAFKA_PROGRAM, "--help"});
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("Usage: init-kafka "));
  EXPECT_THAT(help.out, HasSubstr("\n  init-kafka topics_and_schemas.txt\n"));
  EXPECT_THAT(omashu({"init-kafka", "--help"}).out, HasSubstr("\n  omashu init-kafka topics_and_schemas.txt\n"));
  EXPECT_THAT(run({INIT_KAFKA_PROGRAM, "help", "plan"}).out, HasSubstr("Usage: init-kafka plan "));
  EXPECT_EQ(run({INIT_KAFKA_PROGRAM, "nowhere.txt"}).err,
            "init-kafka: cannot read nowhere.txt: No such file or directory\n");
  EXPECT_THAT(omashu({"init-kafka", "nowhere.txt"}).err, StartsWith("omashu: cannot read nowhere.txt: "));
}

TEST(Program, LintTellsFindingsByItsExitCode) {
  const std::string folder = testing::TempDir() + "omashu_program_lint";
  std::filesystem::create_directories(folder);
  const std::string list = folder + "/topics.txt";
  std::ofstream(list) << "orders-placed 3 1 - false delete true retention.ms=7d\n";
  const auto lint = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {INIT_KAFKA_PROGRAM, "lint"});
    return run(std::move(words));
  };
  const Finished found = lint({list});
  EXPECT_EQ(found.exit_code, 1);
  EXPECT_THAT(found.out, StartsWith(list + ":1:1: warning: topic orders-placed: its values have no schema: name a file "
                                           "in the column schema_file [value-schema]\n"));
  EXPECT_THAT(lint({list, "--output", "json"}).out, HasSubstr(R"("rule":"value-schema","severity":"warning")"));
  EXPECT_EQ(lint({list, "--severity", "error"}).exit_code, 0);
  EXPECT_EQ(lint({}).exit_code, 2);
  EXPECT_EQ(lint({list, "--rules"}).exit_code, 2);
  std::ofstream(list) << "orders-placed 3 1 - false delete true retention.ms=7d  # lint off=value-schema plain text\n";
  EXPECT_EQ(lint({list}).out, list + ": 1 topic, nothing to find, 1 on purpose\n");
  std::ofstream(list) << "orders-placed 0 1 - false delete true\n";
  EXPECT_EQ(lint({list}).exit_code, 1);
}

TEST(Program, TheListsOfTheExamplesAreWellDesigned) {
  for (const char* list : {"topics_and_schemas.txt", "cluster.txt"}) {
    const Finished found = run({INIT_KAFKA_PROGRAM, "lint", std::string(OMASHU_EXAMPLES "/downloads/") + list});
    EXPECT_EQ(found.exit_code, 0) << found.out << found.err;
  }
}

TEST(Program, SuggestsTheVerbThatWasMeant) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"pln"}, {"pln", "topics_and_schemas.txt"}}) {
    std::vector<std::string> command = {INIT_KAFKA_PROGRAM};
    command.insert(command.end(), words.begin(), words.end());
    const Finished finished = run(command);
    EXPECT_EQ(finished.exit_code, 2);
    EXPECT_EQ(finished.err, "init-kafka: unknown command 'pln': did you mean plan? (see init-kafka --help)\n");
  }
}

TEST(Program, APortInUseNamesTheOptionThatGivesAnother) {
  const int taken = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(taken, reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(taken, 1), 0);
  ASSERT_EQ(::getsockname(taken, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const std::string place = "127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  char folder[] = "/tmp/omashu-port-XXXXXX";
  ASSERT_NE(::mkdtemp(folder), nullptr);
  const std::string advice = ": Address already in use: another program has this port; give another with ";
  EXPECT_EQ(omashu({"up", "--data", folder, "--no-registry", "--kafka", place}).err,
            "omashu: cannot listen on " + place + advice + "--kafka, where port 0 takes a free one\n");
  EXPECT_EQ(
      omashu({"up", "--data", folder, "--kafka", "127.0.0.1:0", "--http", place}).err,
      "omashu: cannot listen on " + place + advice + "--http, where port 0 takes a free one; --no-http does without\n");
  EXPECT_EQ(omashu({"up", "--data", folder, "--no-http", "--kafka", "127.0.0.1:0", "--registry", place}).err,
            "omashu: the schema registry: cannot listen on " + place + advice +
                "--registry, where port 0 takes a free one\n");
  ::close(taken);
  std::filesystem::remove_all(folder);
}

TEST(Program, AReaderThatWentAwayIsNoError) {
  const Finished finished = run({OMASHU_PROGRAM, "completion", "bash"}, true);
  EXPECT_EQ(finished.exit_code, 0);
  EXPECT_EQ(finished.err, "");
}

TEST(Program, AFullDiskIs) {
  const int full = ::open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  const int saved = ::dup(STDOUT_FILENO);
  ::fflush(stdout);
  ::dup2(full, STDOUT_FILENO);
  const std::string command = std::string(OMASHU_PROGRAM) + " completion bash 2>/dev/null";
  const int status = ::system(command.c_str());
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved);
  ::close(full);
  EXPECT_EQ(WEXITSTATUS(status), 1);
}

// Runs a script of a shell that finds this build's programs, and whose servers are away.
std::string run_in_shell(const std::string& shell, const std::string& script) {
  const std::string programs = std::string(OMASHU_PROGRAM).substr(0, std::string(OMASHU_PROGRAM).rfind('/'));
  const Finished finished =
      run({"/usr/bin/env", "PATH=" + programs + ":/usr/bin:/bin", "KAFKA_BOOTSTRAP_SERVERS=127.0.0.1:1",
           "SCHEMA_REGISTRY_URL=http://127.0.0.1:1", shell, "-c", script});
  EXPECT_EQ(finished.err, "") << shell;
  return finished.out;
}

TEST(Program, CompletesInBash) {
  const auto complete = [](const std::string& line, const std::string& words) {
    return run_in_shell("bash", "source <(omashu completion bash); COMP_LINE='" + line +
                                    "'; COMP_POINT=${#COMP_LINE}; " + "COMP_WORDS=(" + words +
                                    "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _omashu; " +
                                    "printf '%s\\n' \"${COMPREPLY[@]}\"");
  };
  EXPECT_EQ(complete("omashu compl", "omashu compl"), "completion\n");
  EXPECT_EQ(complete("init-kafka va", "init-kafka va"), "validate\n");
  EXPECT_EQ(complete("omashu list t --output=t", "omashu list t --output = t"), "table\n");
  EXPECT_EQ(complete("omashu get ", "omashu get ''"), "\n") << "the servers are away";
}

TEST(Program, CompletesInFish) {
  const auto complete = [](const std::string& line) {
    return run_in_shell("fish", "omashu completion fish | source; complete -C'" + line + "'");
  };
  EXPECT_THAT(complete("omashu compl"), StartsWith("completion\tPrint a script"));
  EXPECT_THAT(complete("init-kafka va"), StartsWith("validate\t"));
  EXPECT_EQ(complete("omashu list t --output t"), "table\n");
}

TEST(Program, CompletesInZsh) {
  // What zsh's own functions would be given.
  const auto complete = [](const std::string& words) {
    return run_in_shell(
        "zsh",
        "compdef() { :; }; _files() { :; }; compadd() { print -l -- \"$@\"; }; _describe() { print -l -- ${(P)3}; };"
        "source <(omashu completion zsh); words=(" +
            words + "); CURRENT=$#words; _omashu");
  };
  EXPECT_THAT(complete("omashu compl"), StartsWith("completion:Print a script"));
  EXPECT_THAT(complete("init-kafka va"), StartsWith("validate:"));
  EXPECT_EQ(complete("omashu list t --output=t"), "--\n--output=table\n");
}

}  // namespace
}  // namespace omashu::cli
