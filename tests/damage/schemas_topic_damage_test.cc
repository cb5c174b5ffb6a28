// Damages each file in the folder of _schemas-0 in ten ways, after a clean stop and after SIGKILL, from fixed seeds,
// and has a registry's store read what the log then serves. The store knows what was acknowledged, or it knows that
// something is lost (then the registry answers, and writes nothing: 42205), or the log has reported it. Whatever it
// writes next, with or without a repair, gives out no id again.
//
// OMASHU_DAMAGE_ROUNDS is the number of folders for each way to stop, 3 without it.

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>

#include "broker/log/testing/damage.h"
#include "broker/log/testing/memory_log_fixture.h"
#include "schema_registry/server/deletion.h"
#include "schema_registry/server/settings.h"
#include "schema_registry/server/testing/memory_topic.h"
#include "schema_registry/server/testing/requests.h"

namespace omashu::broker {
namespace {

namespace registry = schema_registry::server;
using registry::Store;
using registry::TopicRecord;
using registry::testing::describe;
using registry::testing::registration;

constexpr const char* kTerm = "1-x";

struct ReadRecord {
  std::string key;
  std::optional<std::string> value;
};

class SchemasTopic : public MemoryLogFixture {
 public:
  explicit SchemasTopic(unsigned seed) : random_(seed) {
    config.is_compacted = true;
    config.is_deleted = false;
    config.min_cleanable_dirty_ratio = 0;
    config.segment_bytes = 1500;
    config.index_interval_bytes = 200;
    open();
    acknowledged_.lead(kTerm);
    append_new_records();
  }
  void TestBody() override {}

  void write() {
    for (int64_t i = 15 + uniform(30); i > 0; --i) {
      write_one();
      append_new_records();
      if (uniform(12) == 0) {
        now_ms += 60'000;
        ASSERT_TRUE(log().maintain(now_ms));
        ASSERT_TRUE(log().compact({.now_ms = now_ms}));
      }
      if (uniform(20) == 0) reopen_cleanly();
    }
  }

  // For each damage the log begins again as it was when it was stopped.
  void stop(bool is_clean) {
    is_clean_ = is_clean;
    if (is_clean) {
      ASSERT_TRUE(log().close());
    }
    for (const std::string& name : files_with("")) {
      files_[name] = disk.read_file(folder() + "/" + name, 1 << 20).value();
    }
  }
  const std::map<std::string, std::string>& files() const { return files_; }

  void check_with(const std::string& name, Damage how) {
    log().retire();
    for (const std::string& old : files_with("")) ASSERT_TRUE(disk.remove_file(folder() + "/" + old));
    for (const auto& [file, bytes] : files_) ASSERT_TRUE(disk.replace_file(folder() + "/" + file, bytes));
    ASSERT_TRUE(damage_file(disk, folder() + "/" + name, how, random_));
    reports.clear();
    open();
    const bool is_newest = name == last_log();
    // What was cut off behind the recovery point is as if it had never been written.
    const bool is_cut = !is_clean_ && is_newest && (how == Damage::kTruncate || how == Damage::kEmpty);
    check(is_cut);
  }

 private:
  int64_t uniform(int64_t bound) { return static_cast<int64_t>(random_() % static_cast<uint64_t>(bound)); }

  std::string last_log() const {
    std::string last;
    for (const auto& [name, bytes] : files_) {
      if (name.ends_with(".log")) last = name;
    }
    return last;
  }

  void write_one() {
    const Store& store = acknowledged_.store();
    const std::string subject = fmt::format("s{}", uniform(4));
    switch (uniform(4)) {
      case 0: {
        const auto level = uniform(2) == 0 ? "NONE" : "BACKWARD";
        const auto update = registry::parse_config_request(fmt::format(R"({{"compatibility":"{}"}})", level));
        acknowledged_.write(registry::set_config(store, subject, update.value()), kTerm);
        break;
      }
      case 1: acknowledged_.write(registry::delete_subject(store, subject, uniform(3) == 0), kTerm); break;
      default: {
        const std::string field = registry::testing::field(fmt::format("f{}", ++count_), "int", R"(,"default":0)");
        acknowledged_.write(
            registry::register_schema(store, registration(subject, registry::testing::record("r", field))), kTerm);
        break;
      }
    }
  }

  void append_new_records() {
    given_ids_.resize(acknowledged_.log().size(), given_before_);
    given_before_ = acknowledged_.store().given_ids();
    for (; appended_ < acknowledged_.log().size(); ++appended_) {
      const TopicRecord& record = acknowledged_.log()[appended_].record;
      const auto value = record.value ? std::optional<std::string_view>(*record.value) : std::nullopt;
      const auto result = append_batch(RecordBatchBuilder(now_ms).add(record.key, value, now_ms).build());
      ASSERT_EQ(result.error, KafkaError::kNone) << result.message;
      ASSERT_EQ(result.base_offset, Offset{static_cast<int64_t>(appended_)});
    }
  }

  std::map<Offset, ReadRecord> read_all(const LogOffsets& offsets) {
    std::map<Offset, ReadRecord> records;
    for (Offset offset = offsets.log_start_offset; offset < offsets.log_end_offset;) {
      const std::string bytes = bytes_of(log().read(offset, {.max_bytes = 700, .min_one_batch = true}));
      const Offset before = offset;
      std::string_view rest = bytes;
      while (const auto batch = RecordBatchView::parse(rest)) {
        EXPECT_TRUE(batch->has_valid_crc());
        offset = batch->header.next_offset();
        RecordReader reader(batch->records(), batch->header.records_count);
        while (const RecordView* record = reader.next()) {
          ReadRecord& read = records[batch->header.offset_of(record->offset_delta)];
          read.key = record->key.value_or("");
          if (record->value) read.value = *record->value;
        }
        rest.remove_prefix(batch->bytes.size());
      }
      EXPECT_GT(offset, before) << "whoever reads on waits for ever";
      if (offset <= before) break;
    }
    return records;
  }

  // As a registry reads it: what is missing at the end was lost, since compaction leaves the last records alone.
  void apply(Store& store, const std::map<Offset, ReadRecord>& records, Offset log_end_offset) const {
    int64_t next_offset = 0;
    for (const auto& [offset, record] : records) {
      const auto value = record.value ? std::optional<std::string_view>(*record.value) : std::nullopt;
      const auto index = static_cast<size_t>(std::to_underlying(offset));
      store.apply({.offset = std::to_underlying(offset),
                   .key = record.key,
                   .value = value,
                   .term = acknowledged_.log()[index].term,
                   .given_ids = given_ids_[index]});
      next_offset = std::to_underlying(offset) + 1;
    }
    const int64_t end = std::to_underlying(log_end_offset);
    if (next_offset < end) store.note_unreadable(next_offset, end);
    store.check_ids();
  }

  void check(bool is_cut) {
    const auto offsets = log().offsets();
    ASSERT_TRUE(offsets) << offsets.error().message;
    const auto records = read_all(*offsets);
    ASSERT_FALSE(HasFailure());
    for (const auto& [offset, record] : records) {
      const TopicRecord& written = acknowledged_.log().at(static_cast<size_t>(std::to_underlying(offset))).record;
      ASSERT_EQ(record.key, written.key) << offset;
      ASSERT_EQ(record.value, written.value) << offset;
    }
    Store store;
    apply(store, records, offsets->log_end_offset);
    if (describe(store) == describe(acknowledged_.store())) return;
    if (is_cut && !store.is_damaged()) return;
    ASSERT_TRUE(store.is_damaged() || !reports.empty()) << "something is lost, and nobody says so";
    // After SIGKILL, damage at the end of the log cannot be told from a write that was not finished.
    const bool is_torn = !is_clean_ && offsets->log_end_offset < Offset{static_cast<int64_t>(appended_)};
    if (!is_torn) check_ids(store, *offsets);
  }

  // The next leader's ids are above all that were given: at once where the store is not damaged, else after a repair.
  void check_ids(const Store& store, const LogOffsets& offsets) {
    auto max_ids = store.leader_value({}).max_ids;
    if (store.is_damaged()) {
      max_ids = store.repaired_value({2, "repair"}, std::to_underlying(offsets.log_end_offset)).max_ids;
    }
    for (const auto& [context, given] : acknowledged_.store().max_ids()) {
      ASSERT_GE(max_ids[context], given) << "an id is given out again; " << store.describe_damage();
    }
  }

  std::mt19937 random_;
  registry::testing::MemoryTopic acknowledged_;
  size_t appended_ = 0;
  std::vector<int64_t> given_ids_;  // of each record, the mark that the writer makes
  int64_t given_before_ = 0;
  int count_ = 0;
  bool is_clean_ = false;
  std::map<std::string, std::string> files_;  // by name, as they were when the log was stopped
};

unsigned rounds() {
  const char* text = std::getenv("OMASHU_DAMAGE_ROUNDS");
  return text == nullptr ? 3 : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

class DamagedSchemasTopic : public testing::TestWithParam<bool> {};

TEST_P(DamagedSchemasTopic, IsServedRightlyOrSaysWhatIsLost) {
  for (unsigned seed = 1; seed <= rounds() && !HasFailure(); ++seed) {
    SchemasTopic topic(seed);
    topic.write();
    topic.stop(GetParam());
    for (const auto& [name, bytes] : topic.files()) {
      for (const Damage how : kAllDamages) {
        SCOPED_TRACE(fmt::format("seed {}, {} damaged in way {}", seed, name, static_cast<int>(how)));
        ASSERT_NO_FATAL_FAILURE(topic.check_with(name, how));
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AfterACleanStop, DamagedSchemasTopic, testing::Values(true));
INSTANTIATE_TEST_SUITE_P(AfterAKill, DamagedSchemasTopic, testing::Values(false));

}  // namespace
}  // namespace omashu::broker
