// A registry's life at random: leaders come and go, deposed ones write on, and the topic is compacted. An id that was
// answered means the same schema for ever, and whoever reads the topic anew knows what the others know.

#include <gtest/gtest.h>

#include <map>
#include <random>

#include "schema_registry/server/deletion.h"
#include "schema_registry/server/registration.h"
#include "schema_registry/server/settings.h"
#include "schema_registry/server/testing/memory_topic.h"
#include "schema_registry/server/testing/requests.h"

namespace omashu::schema_registry::server {
namespace {

using testing::describe;
using testing::field;
using testing::MemoryTopic;
using testing::record;
using testing::registration;

class RandomLife {
 public:
  explicit RandomLife(uint32_t seed) : random_(seed) {
    topic_.append(config_record("", {.level = avro::CompatibilityLevel::kNone}));
    lead();
  }

  void step() {
    const int what = below(20);
    if (what == 0) return lead();
    if (what == 1) return write_as_deposed();
    if (what == 2) return restart(below(2) == 0);
    apply(decide(topic_.store()), term_);
  }

  void check() {
    topic_.append_all(topic_.store().repairs(), term_);
    const std::string known = describe(topic_.store());
    EXPECT_EQ(describe(topic_.read_again()), known);
    topic_.compact();
    EXPECT_EQ(describe(topic_.read_again()), known);
    for (const auto& [context_and_id, schema] : answered_) {
      const Content* content = topic_.store().find(context_and_id.first, SchemaId{context_and_id.second});
      if (content == nullptr) continue;
      EXPECT_EQ(content->text.schema, schema) << context_and_id.second;
    }
  }

 private:
  int below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }

  std::string subject() { return (below(4) == 0 ? ":.c:s" : "s") + std::to_string(below(4)); }

  Answer<Decision> decide(const Store& store) {
    switch (below(8)) {
      case 0: return delete_subject(store, subject(), below(2) == 0);
      case 1: return delete_version(store, subject(), std::to_string(1 + below(4)), below(2) == 0);
      case 2:
        return set_config(store, subject(),
                          {.value = {.level = avro::CompatibilityLevel::kNone}, .named = {"compatibilityLevel"}});
      case 3: return set_mode(store, subject(), below(5) == 0 ? Mode::kReadOnly : Mode::kReadWrite, false);
      default: return register_some(store);
    }
  }

  Answer<Decision> register_some(const Store& store) {
    Registration wanted = registration(subject(), record("R" + std::to_string(below(12)), field("a", "int")));
    if (below(4) == 0) {
      wanted = registration("s" + std::to_string(below(4)), record("W" + std::to_string(below(6)), ""),
                            {{"x", "s" + std::to_string(below(4)), 1 + below(3)}});
    }
    return register_schema(store, wanted);
  }

  void apply(const Answer<Decision>& decision, const std::string& term) {
    if (!decision) return;
    for (const TopicRecord& record : decision->records) {
      if (topic_.append(record, term) == Store::Outcome::kApplied) note(record);
    }
  }

  // What was applied may have been answered.
  void note(const TopicRecord& record) {
    const auto parsed = parse_record(record.key, record.value);
    const auto* schema = std::get_if<SchemaValue>(&parsed->value);
    if (schema == nullptr) return;
    const std::string context = schema->subject.starts_with(":") ? ":.c:" : "";
    const auto [known, is_new] = answered_.try_emplace({context, static_cast<int>(schema->id)}, schema->text.schema);
    EXPECT_EQ(known->second, schema->text.schema) << "id " << known->first.second << " was given twice";
  }

  void lead() {
    deposed_terms_.push_back(term_);
    term_ = std::to_string(deposed_terms_.size()) + "-name";
    topic_.lead(term_);
    topic_.append_all(topic_.store().repairs(), term_);
  }

  // On the state as it was some time ago.
  void write_as_deposed() {
    const std::string& term = deposed_terms_[static_cast<size_t>(below(static_cast<int>(deposed_terms_.size())))];
    if (term.empty()) return;
    apply(decide(old_), term);
    old_ = topic_.read_again();
  }

  void restart(bool after_compaction) {
    if (!after_compaction) return;
    topic_.append_all(topic_.store().repairs(), term_);
    topic_.compact();
    MemoryTopic again = topic_.restarted();
    again.store().check_ids();
    EXPECT_FALSE(again.store().is_damaged()) << again.store().describe_damage();
    topic_ = std::move(again);
    lead();
  }

  std::mt19937 random_;
  MemoryTopic topic_;
  Store old_;
  std::string term_;
  std::vector<std::string> deposed_terms_;
  std::map<std::pair<std::string, int>, std::string> answered_;
};

TEST(StoreProperty, IdsKeepTheirMeaningAndCompactionChangesNothing) {
  for (uint32_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    RandomLife life(seed);
    for (int i = 0; i < 120; ++i) life.step();
    life.check();
    if (::testing::Test::HasFailure()) return;
  }
}

}  // namespace
}  // namespace omashu::schema_registry::server
