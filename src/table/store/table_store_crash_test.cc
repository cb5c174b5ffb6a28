// A process that changes a store is killed with SIGKILL at random moments of changes, flushes and compactions, again
// and again. What is then found must be the state after some batch: rows, index entries, counters, notes and positions
// of exactly that one, and no less than what had been flushed.
//
// OMASHU_STORE_CRASH_ROUNDS is the number of kills, 8 without it; OMASHU_STORE_CRASH_SEED says which changes and when.

#include <fcntl.h>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>

#include "base/testing/scratch_folder.h"
#include "table/store/table_store.h"

namespace omashu::table {
namespace {

constexpr size_t kKeys = 300, kPartitions = 3, kNotes = 4;
const std::vector<std::string> kStatuses = {"CANCELLED", "DONE", "FAILED", "QUEUED", "RUNNING"};

uint64_t number_of(const char* text, uint64_t otherwise) {
  uint64_t number = otherwise;
  if (text != nullptr) std::from_chars(text, text + std::strlen(text), number);
  return number;
}

StoreIdentity identity() { return {.topic = "t", .topic_id = "i", .key_schema = "", .indexes = {"status", "size"}}; }

StoreOptions options_of(const std::string& folder) {
  // So little that memory tables are full, and levels compacted, every now and then.
  return {.folder = folder, .memory = std::make_shared<StoreMemory>(StoreMemory::kMinBytes)};
}

// ---- what the store should be

// The state after a number of batches, each of which follows from the seed and from the state before it.
class Model {
 public:
  struct Row {
    std::string bytes;
    std::optional<std::string> status, size;  // absent: deleted
  };

  explicit Model(uint64_t seed) : seed_(seed) {}

  uint64_t batches() const { return batches_; }

  ChangeBatch next() {
    std::mt19937_64 random(seed_ * 1'000'003 + batches_++);
    ChangeBatch batch;
    for (size_t i = random() % 40; i > 0; --i) change_row(fmt::format("key-{}", random() % kKeys), random, batch);
    if (random() % 4 == 0) {
      const std::string name = fmt::format("note-{}", random() % kNotes);
      std::optional<std::string> note = fmt::format("{}", batches_);
      if (random() % 3 == 0) note.reset();
      batch.notes.emplace_back(name, note);
      if (note) {
        notes_[name] = *note;
      } else {
        notes_.erase(name);
      }
    }
    const auto partition = static_cast<kafka::PartitionId>(1 + random() % kPartitions);
    offsets_[partition] += 1 + static_cast<int64_t>(random() % 5);
    offsets_[0] = static_cast<int64_t>(batches_);  // tells which state a store is in
    batch.next_offsets = {{0, offsets_[0]}, {partition, offsets_[partition]}};
    return batch;
  }

  void expect_equal(const StoreSnapshot& store) const {
    EXPECT_EQ(store.next_offsets(), offsets_);
    std::map<std::string, std::string> rows, expected_rows;
    std::vector<std::pair<std::string, std::string>> entries[2], expected_entries[2];
    std::map<std::string, int64_t> counts[2], expected_counts[2];
    int64_t live = 0;
    for (const auto& [key, row] : rows_) {
      expected_rows[key] = row.bytes;
      live += row.status ? 1 : 0;
      for (const size_t index : {0u, 1u}) {
        const auto& value = index == 0 ? row.status : row.size;
        if (!value) continue;
        expected_entries[index].emplace_back(*value, key);
        ++expected_counts[index][*value];
      }
    }
    ASSERT_TRUE(store.scan({}, false, [&](std::string_view key, std::string_view row) {
      rows.emplace(key, row);
      return true;
    }));
    EXPECT_TRUE(rows == expected_rows);
    EXPECT_EQ(store.live_rows(), live);
    for (const size_t index : {0u, 1u}) {
      ASSERT_TRUE(store.scan_index(index, {}, false, std::nullopt, [&](std::string_view value, std::string_view key) {
        entries[index].emplace_back(value, key);
        return true;
      }));
      std::ranges::sort(expected_entries[index]);
      EXPECT_TRUE(entries[index] == expected_entries[index]);
      const auto counted = store.counts(index);
      ASSERT_TRUE(counted);
      for (const auto& [value, count] : *counted) counts[index][value] = count;
      EXPECT_EQ(counts[index], expected_counts[index]);
    }
    for (size_t i = 0; i < kNotes; ++i) {
      const std::string name = fmt::format("note-{}", i);
      const auto note = store.note(name);
      ASSERT_TRUE(note);
      EXPECT_EQ(*note, notes_.contains(name) ? std::optional(notes_.at(name)) : std::nullopt);
    }
  }

 private:
  void change_row(const std::string& key, std::mt19937_64& random, ChangeBatch& batch) {
    if (std::ranges::any_of(batch.rows, [&](const RowChange& row) { return row.key == key; })) return;
    const auto found = rows_.find(key);
    const Row before = found == rows_.end() ? Row() : found->second;
    RowChange change{.key = key, .row = std::nullopt, .live = 0, .indexes = {}};
    Row after;
    const uint64_t kind = random() % 10;
    if (kind > 0) after.bytes = fmt::format("{} {}", batches_, std::string(random() % 3'000, 'x'));
    if (kind > 2) {
      after.status = kStatuses[random() % kStatuses.size()];
      after.size = fmt::format("{}", random() % 50);
    }
    if (kind > 0) change.row = after.bytes;
    change.live = static_cast<int>(after.status.has_value()) - static_cast<int>(before.status.has_value());
    if (before.status != after.status) change.indexes.push_back({0, before.status, after.status});
    if (before.size != after.size) change.indexes.push_back({1, before.size, after.size});
    batch.rows.push_back(std::move(change));
    if (kind > 0) {
      rows_[key] = after;
    } else {
      rows_.erase(key);
    }
  }

  const uint64_t seed_;
  uint64_t batches_ = 0;
  std::map<std::string, Row> rows_;
  std::map<std::string, std::string> notes_;
  NextOffsets offsets_;
};

// ---- the process that is killed

// What it tells, in words of 16 bytes.
enum class Event : uint64_t { kApplying, kFlushing, kFlushed };
struct Word {
  Event event = Event::kApplying;
  uint64_t batches = 0;
};

void say(Event event, uint64_t batches) {
  const Word word{.event = event, .batches = batches};
  if (::write(STDOUT_FILENO, &word, sizeof word) != sizeof word) std::_Exit(3);
}

// Changes the store until it is killed. A status other than 0 says that something failed.
int write_until_killed(const std::string& folder, uint64_t seed, uint64_t round) {
  auto store = TableStore::open(options_of(folder), identity());
  if (!store || (*store)->emptied_because()) return 4;
  const NextOffsets found = (*store)->snapshot()->next_offsets();
  Model model(seed);
  while (found.contains(0) && static_cast<int64_t>(model.batches()) < found.at(0)) model.next();
  std::mt19937_64 random(seed + round);
  bool is_restoring = false;
  for (;;) {
    ChangeBatch batch = model.next();
    batch.is_bulk = random() % 5 == 0;
    say(Event::kApplying, model.batches());
    if (!(*store)->apply(batch)) return 5;
    if (random() % 50 == 0) {
      is_restoring = !is_restoring;
      if (is_restoring) {
        (*store)->begin_restore();
      } else if (!(*store)->end_restore()) {
        return 6;
      }
    }
    if (random() % 20 == 0) {
      say(Event::kFlushing, model.batches());
      if (!(*store)->flush()) return 7;
      say(Event::kFlushed, model.batches());
    }
  }
}

// ---- who kills it

struct Killed {
  uint64_t applying = 0, flushed = 0;
};

// Kills the process at a word that it says, or a moment after it.
Killed run_and_kill(const std::string& folder, uint64_t seed, uint64_t round) {
  int ends[2];
  EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::string words[] = {"table_store_crash_test", "--write", folder, std::to_string(seed), std::to_string(round)};
  char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), words[4].data(), nullptr};
  pid_t process = 0;
  EXPECT_EQ(::posix_spawn(&process, "/proc/self/exe", &actions, nullptr, arguments, environ), 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);

  std::mt19937_64 random(seed * 7 + round);
  Killed killed;
  Word word;
  for (uint64_t left = 1 + random() % 400; left > 0; --left) {
    if (::read(ends[0], &word, sizeof word) != sizeof word) break;
    if (word.event == Event::kApplying) killed.applying = word.batches;
    if (word.event == Event::kFlushed) killed.flushed = word.batches;
    if (left < 50 && word.event == Event::kFlushing && random() % 2 == 0) break;
  }
  random.discard(random() % 300'000);  // up to a few milliseconds
  ::kill(process, SIGKILL);
  while (::read(ends[0], &word, sizeof word) == sizeof word) {
    if (word.event == Event::kApplying) killed.applying = word.batches;
    if (word.event == Event::kFlushed) killed.flushed = word.batches;
  }
  ::close(ends[0]);
  int status = 0;
  EXPECT_EQ(::waitpid(process, &status, 0), process);
  EXPECT_TRUE(WIFSIGNALED(status)) << "the process ended by itself with status " << WEXITSTATUS(status);
  return killed;
}

TEST(TableStoreCrash, LeavesTheStateAfterSomeBatchAndNoLessThanWhatWasFlushed) {
  const uint64_t seed = number_of(std::getenv("OMASHU_STORE_CRASH_SEED"), 1);
  const uint64_t rounds = number_of(std::getenv("OMASHU_STORE_CRASH_ROUNDS"), 8);
  const ScratchFolder folder;
  Model model(seed);
  uint64_t lost = 0;
  for (uint64_t round = 1; round <= rounds && !testing::Test::HasFailure(); ++round) {
    SCOPED_TRACE(fmt::format("seed {}, round {}", seed, round));
    const Killed killed = run_and_kill(folder.path(), seed, round);
    const auto store = TableStore::open(options_of(folder.path()), identity());
    ASSERT_TRUE(store) << store.error().message;
    ASSERT_EQ((*store)->emptied_because(), std::nullopt);
    const auto snapshot = (*store)->snapshot();
    const uint64_t found =
        snapshot->next_offsets().contains(0) ? static_cast<uint64_t>(snapshot->next_offsets().at(0)) : 0;
    ASSERT_GE(found, std::max(killed.flushed, model.batches()));
    ASSERT_LE(found, std::max(killed.applying, model.batches()));
    lost += std::max(killed.applying, found) - found;
    while (model.batches() < found) model.next();
    model.expect_equal(*snapshot);
  }
  fmt::print("{} kills, {} batches kept, {} lost that were not flushed\n", rounds, model.batches(), lost);
}

}  // namespace
}  // namespace omashu::table

int main(int argc, char** argv) {
  using namespace omashu::table;
  if (argc == 5 && std::string_view(argv[1]) == "--write") {
    return write_until_killed(argv[2], number_of(argv[3], 0), number_of(argv[4], 0));
  }
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
