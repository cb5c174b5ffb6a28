// A process with live tables, for tests that kill it.
//
//   live_table_process BOOTSTRAP REGISTRY_URL FOLDER TOPIC INDEX
//
// Says `ready` when the table is restored, and what was made anew (`note …`). For each line of stdin, a position, it
// waits until that was read, and writes what the table has: `row KEY VALUE POSITION` for each, `index KEY` in the order
// of the index, `count VALUE COUNT`, `duplicates COUNT`, `unreadable COUNT`, `rows COUNT`, `end`.

#include <fmt/core.h>
#include <signal.h>

#include <condition_variable>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <string>

#include "schema_registry/client/client.h"
#include "table/live/table_reader.h"

using namespace omashu;

namespace {

void say(const std::string& line) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
}

[[noreturn]] void die(const std::string& what) {
  say("failed " + what);
  std::_Exit(1);
}

template <class T>
T check(Result<T> result) {
  if (!result) die(result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

void wait_until_read(table::LiveTable& table, const table::PositionSet& positions) {
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<bool> told;
  table.when_read(positions, std::chrono::steady_clock::now() + std::chrono::minutes(1), [&](bool is_read) {
    const std::lock_guard lock(mutex);
    told = is_read;
    changed.notify_one();
  });
  std::unique_lock lock(mutex);
  changed.wait(lock, [&] { return told.has_value(); });
  if (!*told) die("not read within a minute");
}

void dump(table::LiveTable& table) {
  const auto snapshot = table.snapshot();
  const auto typed = table.typed();
  check(snapshot->for_each_row({}, false, [&](const table::LiveRow& row) {
    say(fmt::format("row {} {} {}", row.key, check(typed->row_value(row.view())).text,
                    table::position_text(table.topic(), row.position)));
    return true;
  }));
  check(snapshot->for_each_indexed(0, {}, false, {}, [&](std::string_view, const table::LiveRow& row) {
    say("index " + row.key);
    return true;
  }));
  for (const auto& [value, count] : check(snapshot->counts(0))) say(fmt::format("count {} {}", value, count));
  const table::TableStatus status = table.status();
  say(fmt::format("duplicates {}\nunreadable {}\nrows {}\nend", status.duplicates, status.unreadable, status.rows));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) die("wrong arguments");
  schema_registry::ClientOptions registry_options;
  registry_options.urls = {argv[2]};
  const auto registry = check(schema_registry::Client::open(registry_options));
  table::TableReaderOptions options;
  options.kafka.set("bootstrap.servers", argv[1]);
  options.data_folder = argv[3];
  options.tables = {{.topic = argv[4], .indexes = {argv[5]}}};
  options.flush_every = std::chrono::milliseconds(20);  // so that a kill meets flushes and compactions
  options.look_every = std::chrono::milliseconds(500);
  options.report = [](const std::string& line) { say("note " + line); };
  const auto reader = check(table::TableReader::open(std::move(options), *registry));
  table::LiveTable& table = *reader->tables()[0];
  wait_until_read(table, {.topic = table.topic(), .offsets = {}});
  while (table.status().is_restoring) {
    wait_until_read(table, table.positions());
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  say("ready");
  for (std::string line; std::getline(std::cin, line);) {
    wait_until_read(table, check(table::parse_position_set(line)));
    dump(table);
  }
  return 0;
}
