#include "cli/output/row_output.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/diagnostics.h"
#include "cli/option_parser.h"
#include "cli/stop_signal.h"

namespace omashu::cli {
namespace {

struct Printed {
  std::string out;
  std::string error;
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

struct Stdout {
  bool is_terminal = false;
  const char* columns = "200";
};

// Each of `parts` is flushed by itself, as a command does that waits between them.
Printed print_parts(const std::vector<std::string>& options, const std::vector<std::vector<const char*>>& parts,
                    const Stdout& to = {}, std::optional<size_t> limit = std::nullopt) {
  ::setenv("COLUMNS", to.columns, 1);
  int ends[2];
  EXPECT_EQ(::pipe(ends), 0);
  RowOutput rows;
  OptionParser parser;
  rows.declare(parser);
  const auto parsed = parser.parse(options);
  EXPECT_TRUE(parsed) << parsed.error().message;
  Printed printed;
  if (const auto usable = rows.check(); !usable) printed.error = usable.error().message;
  if (limit) rows.limit(*limit);
  {
    Output out(ends[1], to.is_terminal);
    Diagnostics messages(STDERR_FILENO);
    const StopSignal stop;
    Context context{.out = out, .messages = messages, .stop = stop};
    for (const auto& part : parts) {
      for (const char* row : part) rows.add(out, json::parse(row).value());
      if (parts.size() > 1) rows.flush(out);
    }
    if (const auto finished = rows.finish(context); !finished) printed.error = finished.error().message;
    EXPECT_TRUE(out.flush());
  }
  ::close(ends[1]);
  printed.out = read_to_end(ends[0]);
  return printed;
}

std::string print(const std::vector<std::string>& options, const std::vector<const char*>& rows,
                  const Stdout& to = {}) {
  const Printed printed = print_parts(options, {rows}, to);
  EXPECT_EQ(printed.error, "");
  return printed.out;
}

constexpr Stdout kTerminal{.is_terminal = true};

const std::vector<const char*> kRows = {
    R"j({"id":"b","n":9,"source":{"url":"x"},"(timestamp)":"2026-11-30T08:00:00.000Z"})j",
    R"j({"id":"a","n":10,"source":null,"(timestamp)":"2026-11-30T09:00:00.000Z"})j"};

TEST(RowOutput, IsATableOnATerminalAndJsonInAPipe) {
  EXPECT_EQ(print({}, {R"({"id":"a","n":1,"x":null})"}, kTerminal), "id  n  x\na   1\n");
  EXPECT_EQ(print({}, {R"({"id":"a","n":1,"x":null})"}), "{\"id\":\"a\",\"n\":1,\"x\":null}\n");
  EXPECT_EQ(print({"--output", "json"}, {R"({"id":"a"})"}, kTerminal), "{\"id\":\"a\"}\n");
  EXPECT_EQ(print({"--output", "table"}, {R"({"id":"a"})"}), "id\na\n");
  EXPECT_EQ(print({}, {}, kTerminal), "");
}

TEST(RowOutput, ATableFitsTheTerminal) {
  const std::vector<const char*> rows = {R"({"id":"om-1","reason":"a long reason why this failed"})"};
  EXPECT_EQ(print({}, rows, {.is_terminal = true, .columns = "20"}), "id    reason\nom-1  a long reason…\n");
  EXPECT_EQ(print({"--output", "table"}, rows), "id    reason\nom-1  a long reason why this failed\n");
}

TEST(RowOutput, TimesShowWhatDiffers) {
  EXPECT_EQ(print({"--output", "table"}, kRows),
            "id  n   source       (timestamp) 2026-11-30\n"
            "b   9   {\"url\":\"x\"}  08:00:00Z\n"
            "a   10               09:00:00Z\n");
}

TEST(RowOutput, ColumnsAreChosenInTheirOrder) {
  EXPECT_EQ(print({"--columns", "timestamp,id,source.url"}, kRows),
            "{\"timestamp\":\"2026-11-30T08:00:00.000Z\",\"id\":\"b\",\"source.url\":\"x\"}\n"
            "{\"timestamp\":\"2026-11-30T09:00:00.000Z\",\"id\":\"a\",\"source.url\":null}\n");
  EXPECT_EQ(print({"--columns", "n,id"}, kRows, kTerminal), "n   id\n9   b\n10  a\n");
}

TEST(RowOutput, RowsAreSortedByNumbersAndTexts) {
  EXPECT_EQ(print({"--sort", "n", "--columns", "n"}, kRows), "{\"n\":9}\n{\"n\":10}\n");
  EXPECT_EQ(print({"--sort", "-n", "--columns", "n"}, kRows), "{\"n\":10}\n{\"n\":9}\n");
  EXPECT_EQ(print({"--sort", "id", "--columns", "id"}, kRows), "{\"id\":\"a\"}\n{\"id\":\"b\"}\n");
  EXPECT_EQ(print({"--sort=-timestamp", "--columns", "id"}, kRows), "{\"id\":\"a\"}\n{\"id\":\"b\"}\n");
  // What is not there is last in both directions.
  EXPECT_EQ(print({"--sort", "source.url", "--columns", "id"}, kRows), "{\"id\":\"b\"}\n{\"id\":\"a\"}\n");
  EXPECT_EQ(print({"--sort", "-source.url", "--columns", "id"}, kRows), "{\"id\":\"b\"}\n{\"id\":\"a\"}\n");
}

TEST(RowOutput, TheLimitIsOfTheSortedRows) {
  EXPECT_EQ(print_parts({"--sort", "-n", "--columns", "n"}, {kRows}, {}, 1).out, "{\"n\":10}\n");
  EXPECT_EQ(print_parts({"--columns", "n"}, {kRows}, {}, 1).out, "{\"n\":9}\n");
}

TEST(RowOutput, VerboseIsAFieldALine) {
  EXPECT_EQ(print({"-v", "--columns", "id,source.url"}, kRows),
            "id          b\n"
            "source.url  x\n"
            "\n"
            "id          a\n"
            "source.url\n");
  EXPECT_EQ(print_parts({"-v", "--output", "json"}, {}).error, "-v and --output json: give one of them");
}

TEST(RowOutput, RowsThatComeLaterContinueTheTable) {
  EXPECT_EQ(
      print_parts({}, {{R"j({"id":"om-1","(event)":"enter"})j"}, {R"j({"id":"om-2","(event)":"leave"})j"}}, kTerminal)
          .out,
      "id    (event)\n"
      "om-1  enter\n"
      "om-2  leave\n");
}

TEST(RowOutput, AColumnThatNoRowHasIsAnError) {
  EXPECT_EQ(print_parts({"--columns", "id,stauts"}, {{R"({"id":"a","status":"OK"})"}}).error,
            "--columns: no row has a column stauts: did you mean status?");
  EXPECT_EQ(print_parts({"--sort", "-place"}, {{R"({"n":1})"}}).error, "--sort: no row has a column place");
  EXPECT_EQ(print_parts({"--columns", "id"}, {{}}).error, "");
  EXPECT_EQ(print_parts({"--columns", "id,"}, {}).error, "--columns: a name is empty: write NAME or NAME,NAME");
}

}  // namespace
}  // namespace omashu::cli
