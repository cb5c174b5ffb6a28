#include "table/store/table_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/testing/scratch_folder.h"

namespace omashu::table {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

constexpr size_t kStatus = 0;

StoreIdentity identity() {
  return {.topic = "status-download", .topic_id = "id-1", .key_schema = "f", .indexes = {"status", "source.url"}};
}

StoreIdentity with_topic_id(std::string id) {
  StoreIdentity other = identity();
  other.topic_id = std::move(id);
  return other;
}

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().message);
  return *std::move(result);
}

void expect_ok(const Result<void>& result) { ASSERT_TRUE(result) << result.error().message; }

// A row that comes, changes or goes, with its value of the index on status.
RowChange change(std::string key, std::optional<std::string> row, std::optional<std::string> before,
                 std::optional<std::string> after) {
  const int live = static_cast<int>(after.has_value()) - static_cast<int>(before.has_value());
  return {.key = std::move(key),
          .row = std::move(row),
          .live = live,
          .indexes = {{.index = kStatus, .before = std::move(before), .after = std::move(after)}}};
}

class TableStoreTest : public testing::Test {
 protected:
  TableStoreTest() { open(); }

  void open(const StoreIdentity& of = identity()) {
    store_.reset();
    store_ =
        value_of(TableStore::open({.folder = folder_.path(), .memory = std::make_shared<StoreMemory>(16u << 20)}, of));
  }

  void put(std::string key, std::string row, std::string status) {
    expect_ok(store_->apply({.rows = {change(std::move(key), std::move(row), std::nullopt, std::move(status))}}));
  }

  std::optional<std::string> get(std::string_view key) const { return value_of(store_->get(key, Reach::kDisk)); }

  static std::vector<std::pair<std::string, std::string>> rows_of(const StoreSnapshot& snapshot, const Range& keys,
                                                                  bool descending = false) {
    std::vector<std::pair<std::string, std::string>> rows;
    expect_ok(snapshot.scan(keys, descending, [&](std::string_view key, std::string_view row) {
      rows.emplace_back(key, row);
      return true;
    }));
    return rows;
  }

  using Entries = std::vector<std::pair<std::string, std::string>>;
  static Entries entries_of(const StoreSnapshot& snapshot, const Range& values, bool descending = false,
                            const std::optional<std::pair<std::string, std::string>>& after = std::nullopt) {
    Entries entries;
    expect_ok(
        snapshot.scan_index(kStatus, values, descending, after, [&](std::string_view value, std::string_view key) {
          entries.emplace_back(value, key);
          return true;
        }));
    return entries;
  }

  static std::map<std::string, int64_t> counts_of(const StoreSnapshot& snapshot) {
    std::map<std::string, int64_t> counts;
    for (const auto& [value, count] : value_of(snapshot.counts(kStatus))) counts[value] = count;
    return counts;
  }

  const ScratchFolder folder_;
  std::unique_ptr<TableStore> store_;
};

TEST_F(TableStoreTest, KeepsRowsIndexesCountersNotesAndPositionsOverAReopening) {
  expect_ok(store_->apply(
      {.rows = {change("a", "row a", std::nullopt, "RUNNING"), change("b", "row b", std::nullopt, "QUEUED"),
                change("c", "row c", std::nullopt, "RUNNING")},
       .notes = {{"started", "yes"}, {"empty", ""}},
       .next_offsets = {{0, 12}, {2, 7}}}));
  expect_ok(store_->apply(
      {.rows = {change("b", "row b, done", "QUEUED", "DONE"), change("c", "gone", "RUNNING", std::nullopt)},
       .next_offsets = {{2, 9}}}));
  for (const bool is_reopened : {false, true}) {
    SCOPED_TRACE(is_reopened);
    if (is_reopened) open();
    EXPECT_EQ(store_->emptied_because(), std::nullopt);
    const auto snapshot = store_->snapshot();
    EXPECT_THAT(rows_of(*snapshot, {}), ElementsAre(Pair("a", "row a"), Pair("b", "row b, done"), Pair("c", "gone")));
    EXPECT_THAT(entries_of(*snapshot, {}), ElementsAre(Pair("DONE", "b"), Pair("RUNNING", "a")));
    EXPECT_THAT(counts_of(*snapshot), ElementsAre(Pair("DONE", 1), Pair("RUNNING", 1)));
    EXPECT_EQ(snapshot->live_rows(), 2);
    EXPECT_THAT(snapshot->next_offsets(), ElementsAre(Pair(0, 12), Pair(2, 9)));
    EXPECT_EQ(value_of(snapshot->note("started")), "yes");
    EXPECT_EQ(value_of(snapshot->note("empty")), "");
    EXPECT_EQ(value_of(snapshot->note("never")), std::nullopt);
  }
}

TEST_F(TableStoreTest, AnswersManyKeysInTheirOrder) {
  put("a", "1", "RUNNING");
  put("b", "2", "RUNNING");
  expect_ok(store_->flush());
  put("c", "3", "RUNNING");
  const std::vector<std::string_view> keys = {"c", "nothing", "a", "b", "a"};
  EXPECT_THAT(value_of(store_->get_many(keys)), ElementsAre("3", std::nullopt, "1", "2", "1"));
  EXPECT_THAT(value_of(store_->get_many({})), testing::IsEmpty());
}

TEST_F(TableStoreTest, WhileItIsRestoredEachRowThatCameIsFound) {
  const auto find = [&](std::initializer_list<std::string_view> keys) {
    return value_of(store_->get_many(std::vector(keys)));
  };
  for (const bool has_rows_before : {false, true}) {
    store_->begin_restore();
    EXPECT_THAT(find({"new"}), ElementsAre(std::nullopt));
    expect_ok(store_->apply({.rows = {change("a", "1", std::nullopt, "QUEUED")}}));
    EXPECT_THAT(find({"new", "a"}), ElementsAre(std::nullopt, "1"));
    expect_ok(store_->apply({.rows = {change("a", "2", "QUEUED", "DONE"), change("b", "3", std::nullopt, "DONE")}}));
    EXPECT_THAT(find({"b", "old", "a"}), ElementsAre("3", has_rows_before ? std::optional("row") : std::nullopt, "2"));
    expect_ok(store_->end_restore());
    EXPECT_THAT(find({"b", "new", "a"}), ElementsAre("3", std::nullopt, "2"));
    EXPECT_THAT(counts_of(*store_->snapshot())["DONE"], has_rows_before ? 3 : 2);
    if (has_rows_before) break;
    open(with_topic_id("other"));
    put("old", "row", "DONE");
    open(with_topic_id("other"));
  }
}

TEST_F(TableStoreTest, BatchesInBulkAreSeenAsOthersAreAlsoBetweenThem) {
  expect_ok(store_->apply({.rows = {change("b", "1", std::nullopt, "QUEUED")}, .notes = {{"z", "1"}, {"a", "1"}}}));
  auto before = store_->snapshot();
  const auto bulk = [](ChangeBatch batch) {
    batch.is_bulk = true;
    return batch;
  };
  expect_ok(store_->apply(bulk({.rows = {change("c", "2", std::nullopt, "DONE"),
                                         change("a", "2", std::nullopt, "QUEUED"), change("b", "2", "QUEUED", "DONE")},
                                .notes = {{"z", "2"}, {"a", std::nullopt}},
                                .next_offsets = {{300, 7}, {0, 2}}})));
  expect_ok(store_->apply({.rows = {change("a", "3", "QUEUED", "DONE")}, .next_offsets = {{0, 3}}}));
  expect_ok(store_->apply(
      bulk({.rows = {change("c", std::nullopt, "DONE", std::nullopt), change("d", "4", std::nullopt, "QUEUED")},
            .next_offsets = {{0, 5}}})));
  EXPECT_THAT(rows_of(*before, {}), ElementsAre(Pair("b", "1")));
  before.reset();  // it holds the folder
  for (const bool is_reopened : {false, true}) {
    SCOPED_TRACE(is_reopened);
    if (is_reopened) open();
    EXPECT_EQ(store_->emptied_because(), std::nullopt);
    const auto snapshot = store_->snapshot();
    EXPECT_THAT(rows_of(*snapshot, {}), ElementsAre(Pair("a", "3"), Pair("b", "2"), Pair("d", "4")));
    EXPECT_THAT(entries_of(*snapshot, {}), ElementsAre(Pair("DONE", "a"), Pair("DONE", "b"), Pair("QUEUED", "d")));
    EXPECT_THAT(counts_of(*snapshot), ElementsAre(Pair("DONE", 2), Pair("QUEUED", 1)));
    EXPECT_EQ(snapshot->live_rows(), 3);
    EXPECT_THAT(snapshot->next_offsets(), ElementsAre(Pair(0, 5), Pair(300, 7)));
    EXPECT_EQ(value_of(snapshot->note("z")), "2");
    EXPECT_EQ(value_of(snapshot->note("a")), std::nullopt);
    EXPECT_FALSE(std::filesystem::exists(folder_.path() + "/arriving"));
  }
}

// As after a crash between RocksDB's taking a file over and the end of its first name.
TEST_F(TableStoreTest, AFileThatRocksDBHasIsNotWrittenOverWhereItsFirstNameIsLeft) {
  expect_ok(store_->apply({.rows = {change("a", "1", std::nullopt, "DONE")}, .is_bulk = true}));
  store_.reset();
  for (const auto& file : std::filesystem::directory_iterator(folder_.path() + "/rocksdb")) {
    if (file.path().extension() != ".sst") continue;
    std::filesystem::create_hard_link(file.path(), folder_.path() + "/arriving");
    break;
  }
  ASSERT_TRUE(std::filesystem::exists(folder_.path() + "/arriving"));
  open();
  expect_ok(store_->apply({.rows = {change("b", "2", std::nullopt, "DONE")}, .is_bulk = true}));
  open();
  EXPECT_THAT(rows_of(*store_->snapshot(), {}), ElementsAre(Pair("a", "1"), Pair("b", "2")));
}

TEST_F(TableStoreTest, ForgetsARow) {
  put("a", "1", "RUNNING");
  expect_ok(store_->apply({.rows = {change("a", std::nullopt, "RUNNING", std::nullopt)}, .notes = {{"note", "text"}}}));
  expect_ok(store_->apply({.notes = {{"note", std::nullopt}}}));
  EXPECT_EQ(get("a"), std::nullopt);
  EXPECT_EQ(store_->snapshot()->live_rows(), 0);
  EXPECT_THAT(counts_of(*store_->snapshot()), testing::IsEmpty());
  EXPECT_EQ(value_of(store_->snapshot()->note("note")), std::nullopt);
}

TEST_F(TableStoreTest, ASnapshotStaysAsItIs) {
  expect_ok(store_->apply({.rows = {change("a", "old", std::nullopt, "RUNNING")}, .next_offsets = {{0, 1}}}));
  const auto before = store_->snapshot();
  expect_ok(store_->apply({.rows = {change("a", "new", "RUNNING", "DONE"), change("b", "b", std::nullopt, "DONE")},
                           .next_offsets = {{0, 3}}}));
  expect_ok(store_->flush());
  EXPECT_EQ(value_of(before->get("a", Reach::kDisk)), "old");
  EXPECT_THAT(rows_of(*before, {}), ElementsAre(Pair("a", "old")));
  EXPECT_THAT(entries_of(*before, {}), ElementsAre(Pair("RUNNING", "a")));
  EXPECT_THAT(counts_of(*before), ElementsAre(Pair("RUNNING", 1)));
  EXPECT_EQ(before->live_rows(), 1);
  EXPECT_THAT(before->next_offsets(), ElementsAre(Pair(0, 1)));
  EXPECT_EQ(get("a"), "new");
}

TEST_F(TableStoreTest, ASnapshotOutlivesItsStore) {
  put("a", "row", "RUNNING");
  const auto snapshot = store_->snapshot();
  store_.reset();
  EXPECT_EQ(value_of(snapshot->get("a", Reach::kDisk)), "row");
}

TEST_F(TableStoreTest, ASnapshotThatLivesLongHoldsNothingUp) {
  for (int i = 0; i < 100; ++i) put(std::to_string(i), "old", "RUNNING");
  const auto before = store_->snapshot();
  const std::string large(2'000, 'x');
  for (int round = 0; round < 50; ++round) {
    ChangeBatch batch;
    for (int i = 0; i < 100; ++i) {
      RowChange updated = change(std::to_string(i), large + std::to_string(round), std::nullopt, std::nullopt);
      batch.rows.push_back(std::move(updated));
    }
    expect_ok(store_->apply(batch));
    if (round % 5 == 0) expect_ok(store_->flush());
  }
  EXPECT_EQ(rows_of(*before, {}).size(), 100u);
  EXPECT_EQ(value_of(before->get("7", Reach::kDisk)), "old");
  EXPECT_EQ(get("7"), large + "49");
}

TEST_F(TableStoreTest, EachSnapshotIsOneStateWhileChangesGoOn) {
  std::atomic<bool> is_done = false;
  const auto read_snapshots = [&] {
    int64_t last_offset = 0;
    while (!is_done) {
      const auto snapshot = store_->snapshot();
      const auto entries = entries_of(*snapshot, {});
      int64_t counted = 0;
      for (const auto& [value, count] : counts_of(*snapshot)) counted += count;
      const auto offset = snapshot->next_offsets().contains(0) ? snapshot->next_offsets().at(0) : 0;
      EXPECT_EQ(counted, snapshot->live_rows());
      EXPECT_EQ(static_cast<int64_t>(entries.size()), snapshot->live_rows());
      EXPECT_EQ(snapshot->live_rows(), std::min<int64_t>(offset, 50));
      EXPECT_GE(offset, last_offset);
      last_offset = offset;
    }
  };
  std::thread readers[] = {std::thread(read_snapshots), std::thread(read_snapshots)};
  const char* statuses[] = {"QUEUED", "RUNNING", "DONE"};
  for (int i = 0; i < 1'500; ++i) {
    const bool is_new = i < 50;
    const auto before = is_new ? std::nullopt : std::optional<std::string>(statuses[(i - 50) / 50 % 3]);
    EXPECT_TRUE(store_->apply(
        {.rows = {change(std::to_string(i % 50), "row", before, statuses[i / 50 % 3])}, .next_offsets = {{0, i + 1}}}));
    if (i % 300 == 0) expect_ok(store_->flush());
  }
  is_done = true;
  for (std::thread& reader : readers) reader.join();
}

TEST_F(TableStoreTest, ScansARangeOfKeysInBothDirectionsUntilItIsEnough) {
  for (const char* key : {"a", "b", "c", "d"}) put(key, key, "RUNNING");
  const auto snapshot = store_->snapshot();
  EXPECT_THAT(rows_of(*snapshot, {.from = "b", .to = "d"}), ElementsAre(Pair("b", "b"), Pair("c", "c")));
  EXPECT_THAT(rows_of(*snapshot, {.from = "b", .to = ""}, true),
              ElementsAre(Pair("d", "d"), Pair("c", "c"), Pair("b", "b")));
  EXPECT_THAT(rows_of(*snapshot, {.from = "d", .to = "b"}), testing::IsEmpty());
  std::vector<std::string> first_two;
  expect_ok(snapshot->scan({}, false, [&](std::string_view key, std::string_view) {
    first_two.emplace_back(key);
    return first_two.size() < 2;
  }));
  EXPECT_THAT(first_two, ElementsAre("a", "b"));
}

TEST_F(TableStoreTest, ScansAnIndexByRangeAndGoesOnBehindAnEntry) {
  put("k2", "", "DONE");
  put("k1", "", "DONE");
  put("k3", "", "FAILED");
  put("k0", "", "RUNNING");
  const auto snapshot = store_->snapshot();
  EXPECT_THAT(entries_of(*snapshot, {.from = "DONE", .to = "FAILED"}),
              ElementsAre(Pair("DONE", "k1"), Pair("DONE", "k2")));
  EXPECT_THAT(entries_of(*snapshot, {.from = "FAILED", .to = ""}),
              ElementsAre(Pair("FAILED", "k3"), Pair("RUNNING", "k0")));
  EXPECT_THAT(entries_of(*snapshot, {}, false, std::pair("DONE", "k1")),
              ElementsAre(Pair("DONE", "k2"), Pair("FAILED", "k3"), Pair("RUNNING", "k0")));
  EXPECT_THAT(entries_of(*snapshot, {}, true, std::pair("FAILED", "k3")),
              ElementsAre(Pair("DONE", "k2"), Pair("DONE", "k1")));
  // The entry may be gone, or outside of the range.
  EXPECT_THAT(entries_of(*snapshot, {.from = "FAILED", .to = ""}, false, std::pair("FAILED", "k30")),
              ElementsAre(Pair("RUNNING", "k0")));
  EXPECT_THAT(entries_of(*snapshot, {.from = "FAILED", .to = ""}, false, std::pair("A", "k")).size(), 2u);
  EXPECT_THAT(entries_of(*snapshot, {.from = "", .to = "FAILED"}, true, std::pair("Z", "k")).size(), 2u);
}

TEST_F(TableStoreTest, CountsManyChangesOfOneValueExactly) {
  for (int i = 0; i < 1'000; ++i) {
    put(std::to_string(i), "row", i % 3 == 0 ? "DONE" : "RUNNING");
    if (i % 100 == 0) expect_ok(store_->flush());
  }
  EXPECT_THAT(counts_of(*store_->snapshot()), ElementsAre(Pair("DONE", 334), Pair("RUNNING", 666)));
  open();
  EXPECT_THAT(counts_of(*store_->snapshot()), ElementsAre(Pair("DONE", 334), Pair("RUNNING", 666)));
}

TEST_F(TableStoreTest, WithReachMemoryARowOnTheDiskIsNotWaitedFor) {
  // More than the block that opening reads.
  for (int i = 0; i < 1'000; ++i) put(std::to_string(i), std::string(100, 'x'), "RUNNING");
  EXPECT_TRUE(value_of(store_->get("999", Reach::kMemory)));
  open();  // its blocks are not in the cache any more
  const auto cold = store_->get("999", Reach::kMemory);
  ASSERT_FALSE(cold);
  EXPECT_EQ(cold.error().code, ErrorCode::kUnavailable);
  const auto cold_snapshot = store_->snapshot()->get("999", Reach::kMemory);
  ASSERT_FALSE(cold_snapshot);
  EXPECT_EQ(cold_snapshot.error().code, ErrorCode::kUnavailable);
  EXPECT_TRUE(get("999"));
  EXPECT_TRUE(value_of(store_->get("999", Reach::kMemory)));
  EXPECT_TRUE(value_of(store_->snapshot()->get("999", Reach::kMemory)));
  EXPECT_EQ(value_of(store_->get("1000", Reach::kMemory)), std::nullopt);
}

TEST_F(TableStoreTest, AFolderIsOneStores) {
  const auto second = TableStore::open({.folder = folder_.path()}, identity());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kAlreadyExists);
  EXPECT_THAT(second.error().message, HasSubstr("in use by process"));
}

TEST_F(TableStoreTest, AStoreOfAnotherIdentityStartsEmpty) {
  const auto with = [](auto change_it) {
    StoreIdentity other = identity();
    change_it(other);
    return other;
  };
  for (const StoreIdentity& other :
       {with([](auto& it) { it.topic_id = "id-2"; }), with([](auto& it) { it.topic = "t"; }),
        with([](auto& it) { it.key_schema = "g"; }), with([](auto& it) { it.indexes.pop_back(); })}) {
    open();
    put("a", "row", "RUNNING");
    open(other);
    ASSERT_TRUE(store_->emptied_because());
    EXPECT_THAT(*store_->emptied_because(), HasSubstr("it was made of {"));
    EXPECT_EQ(get("a"), std::nullopt);
    EXPECT_EQ(store_->snapshot()->live_rows(), 0);
    EXPECT_THAT(counts_of(*store_->snapshot()), testing::IsEmpty());
    open(other);
    EXPECT_EQ(store_->emptied_because(), std::nullopt);
  }
}

// Replaces bytes in the middle of every file whose name ends so.
size_t damage(const std::string& folder, const std::string& ending) {
  size_t count = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder + "/rocksdb")) {
    if (!file.path().string().ends_with(ending)) continue;
    std::fstream bytes(file.path(), std::ios::in | std::ios::out | std::ios::binary);
    for (std::streamoff at = 10; at < 60; ++at) {
      bytes.seekp(at);
      bytes.put('\x55');
    }
    ++count;
  }
  return count;
}

TEST_F(TableStoreTest, ADamagedRowIsAnErrorAndTheNextOpenStartsEmpty) {
  put("a", "row", "RUNNING");
  store_.reset();
  ASSERT_EQ(damage(folder_.path(), ".sst"), 1u);
  open();
  if (!store_->emptied_because()) {
    const auto row = store_->get("a", Reach::kDisk);
    ASSERT_FALSE(row);
    EXPECT_EQ(row.error().code, ErrorCode::kCorrupt);
    EXPECT_THAT(row.error().message, HasSubstr("cannot read the table"));
    open();
  }
  ASSERT_TRUE(store_->emptied_because());
  EXPECT_THAT(*store_->emptied_because(), HasSubstr("damaged"));
  EXPECT_EQ(get("a"), std::nullopt);
  put("a", "again", "RUNNING");
  open();
  EXPECT_EQ(store_->emptied_because(), std::nullopt);
  EXPECT_EQ(get("a"), "again");
}

TEST_F(TableStoreTest, FilesThatAreGoneOrCutStartEmpty) {
  const auto each_file = [&](const std::string& name, const auto& spoil) {
    put("a", "row", "RUNNING");
    store_.reset();
    size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(folder_.path() + "/rocksdb")) {
      if (file.path().filename().string().find(name) == std::string::npos) continue;
      spoil(file.path());
      ++count;
    }
    ASSERT_GT(count, 0u) << name;
    open();
    EXPECT_TRUE(store_->emptied_because()) << name;
    EXPECT_EQ(get("a"), std::nullopt);
  };
  for (const std::string name : {".sst", "MANIFEST", "CURRENT"}) {
    each_file(name, [](const auto& path) { std::filesystem::remove(path); });
    each_file(name, [](const auto& path) { std::filesystem::resize_file(path, 1); });
    each_file(name, [](const auto& path) { std::filesystem::resize_file(path, 0); });
  }
}

TEST_F(TableStoreTest, ItsThreadsLeaveSignalsToTheMainThread) {
  put("a", "row", "RUNNING");
  expect_ok(store_->flush());
  size_t threads = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream status(task.path() / "status");
    std::string name, line;
    while (std::getline(status, line)) {
      if (line.starts_with("Name:")) name = line;
      if (!line.starts_with("SigBlk:") || name.find("rocksdb:") == std::string::npos) continue;
      ++threads;
      const uint64_t blocked = std::stoull(line.substr(7), nullptr, 16);
      EXPECT_NE(blocked & (uint64_t{1} << (SIGTERM - 1)), 0u) << name;
    }
  }
  EXPECT_GT(threads, 0u);
}

TEST_F(TableStoreTest, AFolderThatCannotBeMadeIsAnError) {
  const auto store = TableStore::open({.folder = "/proc/nowhere"}, identity());
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message, HasSubstr("/proc/nowhere"));
}

}  // namespace
}  // namespace omashu::table
