// What a store notices of what its topic has lost, and what a repair makes of it.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "schema_registry/server/deletion.h"
#include "schema_registry/server/registration.h"
#include "schema_registry/server/settings.h"
#include "schema_registry/server/testing/memory_topic.h"
#include "schema_registry/server/testing/requests.h"

namespace omashu::schema_registry::server {
namespace {

using ::testing::HasSubstr;
using testing::MemoryTopic;
using testing::registration;

constexpr const char* kTerm = "1-x";

class StoreDamageTest : public ::testing::Test {
 protected:
  StoreDamageTest() { topic_.lead(kTerm); }

  std::string put(const std::string& subject, const std::string& schema) {
    return topic_.write(register_schema(topic_.store(), registration(subject, schema)), kTerm);
  }

  using Picks = std::function<bool(const MemoryTopic::Entry&)>;

  // What a registry knows that reads the log without some of its records.
  Store read_without(const Picks& is_lost) const {
    Store store;
    for (const MemoryTopic::Entry& entry : topic_.log()) {
      if (!is_lost(entry)) store.apply({entry.offset, entry.record.key, entry.record.value, entry.term});
    }
    store.check_ids();
    return store;
  }
  static Picks at(int64_t offset) {
    return [offset](const MemoryTopic::Entry& entry) { return entry.offset == offset; };
  }
  static bool nothing(const MemoryTopic::Entry&) { return false; }

  int64_t last_offset() const { return topic_.log().back().offset; }

  MemoryTopic topic_;
};

TEST_F(StoreDamageTest, ALostSchemaIsNoticedByItsId) {
  put("a", "\"int\"");
  put("b", "\"long\"");
  put(":.c:a", "\"int\"");
  put(":.c:b", "\"long\"");
  EXPECT_FALSE(read_without(nothing).is_damaged());
  const Store store = read_without(at(1));
  EXPECT_TRUE(store.is_damaged());
  EXPECT_EQ(store.describe_damage(), "schemas are gone: id 1");
  EXPECT_THAT(read_without(at(4)).describe_damage(), HasSubstr("of the context .c are gone: id 1"));
}

TEST_F(StoreDamageTest, TheIdOfALostSchemaIsNotGivenAgainWhereALaterRecordTellsOfIt) {
  put("a", "\"int\"");
  put("b", "\"long\"");
  topic_.append(config_record("a", {.level = avro::CompatibilityLevel::kNone}), kTerm);
  Store store;
  for (const MemoryTopic::Entry& entry : topic_.log()) {
    if (entry.offset == 2) continue;  // the second schema
    store.apply({.offset = entry.offset,
                 .key = entry.record.key,
                 .value = entry.record.value,
                 .term = entry.term,
                 .given_ids = std::max<int64_t>(entry.offset - 1, 0)});
  }
  store.check_ids();
  EXPECT_EQ(store.max_id(""), 1);
  const LeaderValue next = store.leader_value({});
  EXPECT_EQ(next.max_ids.at(""), 2);
  const TopicRecord record = leader_record(next);
  store.apply({.offset = 4, .key = record.key, .value = record.value, .term = kTerm, .given_ids = store.given_ids()});
  store.check_ids();
  EXPECT_EQ(store.max_id(""), 2);
  EXPECT_FALSE(store.is_damaged());
  EXPECT_EQ(store.leader_value({}).max_ids.at(""), 2);
}

TEST_F(StoreDamageTest, WhatCompactionLeavesIsWhole) {
  put("a", "\"int\"");
  put("b", "\"long\"");
  put("c", "\"float\"");
  topic_.write(delete_subject(topic_.store(), "b", false), kTerm);
  topic_.write(delete_subject(topic_.store(), "b", true), kTerm);
  topic_.write(delete_subject(topic_.store(), "a", false), kTerm);
  put("a", "\"int\"");
  EXPECT_FALSE(read_without(nothing).is_damaged());
  topic_.compact();
  EXPECT_FALSE(read_without(nothing).is_damaged());
  topic_.lead("2-y");
  topic_.compact();
  const Store store = read_without(nothing);
  EXPECT_FALSE(store.is_damaged()) << store.describe_damage();
}

TEST_F(StoreDamageTest, EveryPrefixOfADeletionIsWhole) {
  put("a", "\"int\"");
  put("a", "\"long\"");
  topic_.write(delete_subject(topic_.store(), "a", false), kTerm);
  topic_.write(delete_subject(topic_.store(), "a", true), kTerm);
  for (int64_t end = 0; end <= last_offset(); ++end) {
    const Store store = read_without([&](const MemoryTopic::Entry& entry) { return entry.offset > end; });
    EXPECT_FALSE(store.is_damaged()) << end << ": " << store.describe_damage();
  }
}

TEST_F(StoreDamageTest, ARegistrationInPlaceOfADeletedOneIsWholeAtEveryMoment) {
  put("a", "\"int\"");
  topic_.write(delete_subject(topic_.store(), "a", false), kTerm);
  put("a", "\"int\"");
  EXPECT_FALSE(
      read_without([&](const MemoryTopic::Entry& entry) { return entry.offset == last_offset(); }).is_damaged());
}

TEST_F(StoreDamageTest, WhatAnImportLeavesOutIsNoLoss) {
  topic_.append(mode_record("", Mode::kImport), kTerm);
  Registration import = registration(":.c:a", "\"int\"");
  import.request.id = SchemaId{100'000};
  topic_.append(mode_record(":.c:", Mode::kImport), kTerm);
  EXPECT_EQ(topic_.write(register_schema(topic_.store(), import), kTerm), R"({"id":100000})");
  EXPECT_FALSE(read_without(nothing).is_damaged()) << read_without(nothing).describe_damage();
  topic_.lead("2-y");
  EXPECT_FALSE(read_without(nothing).is_damaged());
}

TEST_F(StoreDamageTest, AnotherRegistrysTopicHasNoAccount) {
  put("a", "\"int\"");
  put("b", "\"long\"");
  topic_.append(schema_record({.subject = "c", .version = 1, .id = SchemaId{9}, .text = {.schema = "\"bytes\""}}));
  EXPECT_FALSE(read_without(nothing).is_damaged());
  EXPECT_FALSE(read_without(at(1)).is_damaged()) << "who knows what the other one deleted";
}

TEST_F(StoreDamageTest, WhatCannotBeReadIsDamageUntilItIsRepaired) {
  put("a", "\"int\"");
  put("b", "\"long\"");
  put("c", "\"float\"");
  Store store = read_without(at(2));
  store.note_unreadable(2, 3);
  EXPECT_EQ(store.describe_damage(), "what stood at offset 2 cannot be read; schemas are gone: id 2");

  const TopicRecord repair = leader_record(store.repaired_value({2, "repair"}, 4));
  store.apply({4, repair.key, repair.value, "2-repair"});
  EXPECT_FALSE(store.is_damaged()) << store.describe_damage();

  topic_.append(repair, "2-repair");
  EXPECT_FALSE(read_without(at(2)).is_damaged()) << "the topic says it";
  topic_.lead("3-z");
  topic_.compact();
  store = read_without(at(2));
  store.note_unreadable(2, 3);
  EXPECT_FALSE(store.is_damaged()) << "the next leader says it again";
}

TEST_F(StoreDamageTest, ARepairGivesNothingOutAgain) {
  put("a", "\"int\"");
  put("a", "\"long\"");
  put("b", "\"string\"");
  put(":.c:a", "\"int\"");
  // The last two are lost, and a log end that says that there were five more.
  Store store = read_without([](const MemoryTopic::Entry& entry) { return entry.offset > 2; });
  store.note_unreadable(3, 8);
  const TopicRecord repair = leader_record(store.repaired_value({2, "repair"}, 8));
  store.apply({8, repair.key, repair.value, "2-repair"});
  EXPECT_FALSE(store.is_damaged());
  const auto answer = [&](const std::string& subject) {
    return register_schema(store, registration(subject, "\"long\""));
  };
  EXPECT_EQ(answer("b")->answer, R"({"id":2})") << "what is known keeps its id";
  const auto fresh = register_schema(store, registration("new", "\"bytes\""));
  EXPECT_EQ(fresh->answer, R"({"id":8})") << "3 to 7 may have been given";
  const auto version = register_schema(store, registration("a", "\"double\""));
  EXPECT_THAT(version->records.back().key, HasSubstr(R"("version":8)"));
  EXPECT_EQ(register_schema(store, registration(":.c:new", "\"bytes\""))->answer, R"({"id":6})")
      << "a context that is not known any more may have had as many";
}

TEST_F(StoreDamageTest, AVersionThatIsReferredToIsNotGivenAgain) {
  put("part", testing::record("Part", ""));
  topic_.write(
      register_schema(topic_.store(), registration("whole", testing::record("Whole", testing::field("x", "Part")),
                                                   {{"Part", "part", 1}})),
      kTerm);
  Store store = read_without(at(1));
  const TopicRecord repair = leader_record(store.repaired_value({2, "repair"}, 3));
  store.apply({3, repair.key, repair.value, "2-repair"});
  const auto decision = register_schema(store, registration("part", "\"int\""));
  EXPECT_THAT(decision->records.back().key, HasSubstr(R"("version":2)"));
}

TEST_F(StoreDamageTest, TheHighestIdThereCanBeIsAccountedFor) {
  topic_.append(mode_record("", Mode::kImport), kTerm);
  Registration import = registration("a", "\"int\"");
  import.request.id = SchemaId{2147483647};
  topic_.write(register_schema(topic_.store(), import), kTerm);
  topic_.lead("2-y");
  Store store = read_without(nothing);
  EXPECT_FALSE(store.is_damaged()) << store.describe_damage();
  store.note_unreadable(9, 20);
  EXPECT_EQ(store.repaired_value({3, "repair"}, 20).max_ids.at(""), 2147483647);
}

}  // namespace
}  // namespace omashu::schema_registry::server
