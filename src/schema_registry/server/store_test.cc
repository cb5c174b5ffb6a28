#include "schema_registry/server/store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "schema_registry/server/testing/memory_topic.h"

namespace omashu::schema_registry::server {
namespace {

using testing::describe;
using ::testing::ElementsAre;
using testing::MemoryTopic;
using Outcome = Store::Outcome;

TopicRecord version_of(const std::string& subject, int version, int id, const std::string& schema,
                       bool is_deleted = false) {
  return schema_record({.subject = subject,
                        .version = version,
                        .id = SchemaId{id},
                        .text = {.schema = schema},
                        .is_deleted = is_deleted});
}

TEST(Store, AnswersByIdBySubjectAndByGuid) {
  MemoryTopic topic;
  const Store& store = topic.store();
  EXPECT_EQ(topic.append(version_of("a", 1, 3, "\"int\"")), Outcome::kApplied);
  EXPECT_EQ(topic.append(version_of("b", 4, 3, "\"int\"")), Outcome::kApplied);
  EXPECT_EQ(topic.append(version_of("a", 2, 9, "\"long\"")), Outcome::kApplied);

  const Content* content = store.find("", SchemaId{3});
  ASSERT_NE(content, nullptr);
  EXPECT_EQ(content->text.schema, "\"int\"");
  ASSERT_EQ(content->places.size(), 2);
  EXPECT_EQ(*content->places[1].subject, "b");
  EXPECT_EQ(content->places[1].version, 4);
  EXPECT_EQ(store.find("", guid_of({.schema = "\"int\""}, {})), content);
  EXPECT_EQ(store.find_version("a", 2)->content->id, SchemaId{9});
  EXPECT_EQ(store.find_subject("a")->latest()->version, 2);
  EXPECT_EQ(store.max_id(""), 9);
  EXPECT_EQ(store.next_offset(), 3);

  EXPECT_EQ(store.find("", SchemaId{4}), nullptr);
  EXPECT_EQ(store.find(":.c:", SchemaId{3}), nullptr);
  EXPECT_EQ(store.find_version("a", 3), nullptr);
  EXPECT_EQ(store.find_subject("c"), nullptr);
}

TEST(Store, ADeletedVersionStaysReadableById) {
  MemoryTopic topic;
  const Store& store = topic.store();
  topic.append_all({version_of("a", 1, 1, "\"int\""), version_of("a", 2, 2, "\"long\"")});
  topic.append(version_of("a", 2, 2, "\"long\"", true));
  EXPECT_EQ(store.find_subject("a")->latest()->version, 1);
  EXPECT_TRUE(store.find_version("a", 2)->is_deleted);
  ASSERT_NE(store.find("", SchemaId{2}), nullptr);
  EXPECT_FALSE(store.is_live(*store.find("", SchemaId{2})));

  topic.append(tombstone({KeyType::kSchema, "a", 2}));
  EXPECT_EQ(store.find("", SchemaId{2}), nullptr);
  EXPECT_EQ(store.max_id(""), 2) << "an id that was given is not given again";
}

TEST(Store, ASubjectIsDeletedUpToAVersion) {
  MemoryTopic topic;
  const Store& store = topic.store();
  topic.append_all({version_of("a", 1, 1, "\"int\""), version_of("a", 2, 2, "\"long\""), delete_subject_record("a", 2),
                    version_of("a", 3, 1, "\"int\"")});
  EXPECT_TRUE(store.find_version("a", 1)->is_deleted);
  EXPECT_TRUE(store.find_version("a", 2)->is_deleted);
  EXPECT_FALSE(store.find_version("a", 3)->is_deleted);
  EXPECT_TRUE(store.find_subject("a")->has(false));

  topic.append_all({delete_subject_record("a", 3), delete_subject_record("none", 1)});
  EXPECT_FALSE(store.find_subject("a")->has(false));
  for (const int version : {3, 2, 1}) topic.append(tombstone({KeyType::kSchema, "a", version}));
  EXPECT_EQ(store.find_subject("a"), nullptr);
  EXPECT_EQ(topic.append(tombstone({KeyType::kSchema, "a", 1})), Outcome::kApplied) << "twice changes nothing";
}

TEST(Store, AnIdNeverMeansTwoSchemas) {
  MemoryTopic topic;
  const Store& store = topic.store();
  topic.append(version_of("a", 1, 1, "\"int\""));
  EXPECT_EQ(topic.append(version_of("b", 1, 1, "\"long\"")), Outcome::kRefused);
  EXPECT_EQ(store.find_subject("b"), nullptr);
  EXPECT_THAT(store.repairs(), ElementsAre(tombstone({KeyType::kSchema, "b", 1})));

  EXPECT_EQ(topic.append(version_of("a", 1, 1, "\"long\"")), Outcome::kRefused) << "also not in its own place";
  EXPECT_THAT(store.repairs(), ElementsAre(version_of("a", 1, 1, "\"int\""), tombstone({KeyType::kSchema, "b", 1})));
  topic.append_all(store.repairs());
  EXPECT_THAT(store.repairs(), ElementsAre());
  topic.compact();
  EXPECT_EQ(describe(topic.read_again()), describe(store));
}

TEST(Store, ContextsHaveIdsOfTheirOwn) {
  MemoryTopic topic;
  const Store& store = topic.store();
  topic.append(version_of("a", 1, 1, "\"int\""));
  EXPECT_EQ(topic.append(version_of(":.c:a", 1, 1, "\"long\"")), Outcome::kApplied);
  EXPECT_EQ(store.find(":.c:", SchemaId{1})->text.schema, "\"long\"");
  EXPECT_EQ(store.find("", SchemaId{1})->text.schema, "\"int\"");
  EXPECT_THAT(store.contexts(), ElementsAre(":.c:"));

  topic.append(context_record(".d"));
  EXPECT_THAT(store.contexts(), ElementsAre(":.c:", ":.d:"));
  topic.append(tombstone({KeyType::kContext, ".d"}));
  EXPECT_THAT(store.contexts(), ElementsAre(":.c:"));
}

TEST(Store, KnowsWhoRefersToAVersion) {
  MemoryTopic topic;
  const Store& store = topic.store();
  const auto referring = [](const std::string& subject, int id) {
    return schema_record({.subject = subject,
                          .version = 1,
                          .id = SchemaId{id},
                          .text = {.schema = "\"x" + std::to_string(id) + "\"", .references = {{"T", "t", 2}}}});
  };
  topic.append_all({version_of("t", 2, 1, "\"int\""), referring("a", 2), referring("b", 2), referring(":.c:a", 1)});
  ASSERT_EQ(store.referrers("t", 2).size(), 1);
  EXPECT_EQ(store.referrers("t", 2)[0]->id, SchemaId{2});
  EXPECT_EQ(store.referrers(":.c:t", 2).size(), 1) << "a bare subject is of the referrer's own context";
  EXPECT_TRUE(store.referrers("t", 1).empty());
  topic.append_all({tombstone({KeyType::kSchema, "a", 1}), tombstone({KeyType::kSchema, "b", 1})});
  EXPECT_TRUE(store.referrers("t", 2).empty());
}

TEST(Store, SettingsHoldFromTheNearestOutwards) {
  MemoryTopic topic;
  const Store& store = topic.store();
  const auto level = [&](std::string_view subject) {
    return std::string(compatibility_level_name(*store.config_in_force(subject).level));
  };
  EXPECT_EQ(level("a"), "BACKWARD");
  topic.append(config_record(":.__GLOBAL:", {.level = avro::CompatibilityLevel::kFull}));
  EXPECT_EQ(level("a"), "FULL");
  EXPECT_EQ(level(":.c:a"), "FULL");
  topic.append(config_record("", {.level = avro::CompatibilityLevel::kNone, .normalize = true}));
  EXPECT_EQ(level("a"), "NONE");
  EXPECT_EQ(level(":.c:a"), "FULL") << "what stands without a context is the default context's";
  topic.append(config_record(":.c:", {.level = avro::CompatibilityLevel::kForward}));
  EXPECT_EQ(level(":.c:a"), "FORWARD");
  topic.append(config_record("a", {.level = avro::CompatibilityLevel::kBackwardTransitive}));
  EXPECT_EQ(level("a"), "BACKWARD_TRANSITIVE");
  EXPECT_EQ(store.config_in_force("a").normalize, true) << "what the subject leaves open";
  EXPECT_EQ(store.config_in_force(":.c:a").normalize, std::nullopt);
  topic.append_all({tombstone({KeyType::kConfig, "a"}), tombstone({KeyType::kConfig})});
  EXPECT_EQ(level("a"), "FULL");
}

TEST(Store, ReadOnlyOverrideHoldsForAllOfItsContext) {
  MemoryTopic topic;
  const Store& store = topic.store();
  EXPECT_EQ(store.mode_in_force("a"), Mode::kReadWrite);
  topic.append_all({mode_record("", Mode::kReadOnly), mode_record("a", Mode::kImport)});
  EXPECT_EQ(store.mode_in_force("a"), Mode::kImport);
  EXPECT_EQ(store.mode_in_force("b"), Mode::kReadOnly);
  EXPECT_EQ(store.mode_in_force(":.c:b"), Mode::kReadWrite);
  topic.append(mode_record("", Mode::kReadOnlyOverride));
  EXPECT_EQ(store.mode_in_force("a"), Mode::kReadOnlyOverride);
}

// ---- Who may write

TEST(Store, ADeposedLeaderIsRefused) {
  MemoryTopic topic;
  const Store& store = topic.store();
  topic.append(version_of("old", 1, 1, "\"null\""));
  topic.lead("1-first", "http://one");
  EXPECT_EQ(topic.append(version_of("a", 1, 2, "\"int\""), "1-first"), Outcome::kApplied);
  topic.lead("2-second", "http://two");
  EXPECT_EQ(store.leader().url, "http://two");
  EXPECT_EQ(topic.append(version_of("a", 1, 3, "\"long\""), "1-first"), Outcome::kRefused);
  EXPECT_EQ(topic.append(mode_record("a", Mode::kReadOnly), "1-first"), Outcome::kRefused);
  EXPECT_EQ(topic.append(delete_subject_record("old", 1), "1-first"), Outcome::kRefused);
  EXPECT_EQ(store.find_version("a", 1)->content->id, SchemaId{2});
  EXPECT_EQ(store.mode("a"), nullptr);
  EXPECT_TRUE(store.find_subject("old")->has(false));
  EXPECT_EQ(topic.append(version_of("b", 1, 3, "\"long\""), "2-second"), Outcome::kApplied);
  EXPECT_EQ(topic.append(version_of("c", 1, 4, "\"float\"")), Outcome::kApplied) << "another registry's";

  topic.append_all(store.repairs(), "2-second");
  EXPECT_THAT(store.repairs(), ElementsAre());
  const std::string before = describe(store);
  EXPECT_EQ(describe(topic.read_again()), before);
  topic.compact();
  EXPECT_EQ(describe(topic.read_again()), before);
}

TEST(Store, ATermIsInForceAlsoWhereItsBeginningIsCompactedAway) {
  MemoryTopic topic;
  const Store& store = topic.store();
  topic.lead("1-first", "http://one");
  EXPECT_EQ(topic.append(version_of("a", 1, 1, "\"int\""), "2-second"), Outcome::kApplied);
  EXPECT_EQ(store.leader().term, (Term{2, "second"}));
  EXPECT_EQ(store.leader().url, "");
  EXPECT_EQ(topic.append(version_of("b", 1, 2, "\"long\""), "1-first"), Outcome::kRefused);
}

TEST(Store, OfTwoThatLeadUnderOneNumberTheFirstDoes) {
  MemoryTopic topic;
  const Store& store = topic.store();
  topic.lead("1-first", "http://one");
  topic.lead("1-second", "http://two");
  EXPECT_EQ(store.leader().url, "http://one");
  EXPECT_EQ(topic.append(version_of("a", 1, 1, "\"int\""), "1-second"), Outcome::kRefused);
  topic.append_all(store.repairs(), "1-first");
  topic.compact();
  EXPECT_EQ(topic.read_again().leader().url, "http://one");
}

TEST(Store, ADeletionThatARefusedRecordHidStays) {
  MemoryTopic topic;
  const Store& store = topic.store();
  topic.lead("1-first");
  topic.append_all({version_of("a", 1, 1, "\"int\""), delete_subject_record("a", 1)}, "1-first");
  topic.lead("2-second");
  topic.append(version_of("a", 2, 2, "\"long\""), "2-second");
  topic.append(delete_subject_record("a", 2), "1-first");
  const std::string before = describe(store);
  topic.append_all(store.repairs(), "2-second");
  topic.compact();
  EXPECT_EQ(describe(topic.read_again()), before);
  EXPECT_TRUE(store.find_version("a", 1)->is_deleted);
  EXPECT_FALSE(store.find_version("a", 2)->is_deleted);
}

TEST(Store, IdsThatWereGivenOutliveTheirSchemas) {
  MemoryTopic topic;
  topic.append_all({version_of("a", 1, 5, "\"int\""), tombstone({KeyType::kSchema, "a", 1})});
  topic.lead("1-first");
  topic.compact();
  EXPECT_EQ(topic.read_again().max_id(""), 5);
}

// ---- What others left in the topic

TEST(Store, PassesOverWhatItDoesNotUnderstand) {
  MemoryTopic topic;
  const Store& store = topic.store();
  EXPECT_EQ(topic.append({"not json", "x"}), Outcome::kPassedOver);
  EXPECT_EQ(topic.append({R"({"keytype":"CLEAR_SUBJECT","subject":"a","magic":0})", "{}"}), Outcome::kPassedOver);
  EXPECT_EQ(topic.append({key_text({KeyType::kSchema, "a", 1}), "{}"}), Outcome::kPassedOver);
  EXPECT_EQ(topic.append({key_text({KeyType::kNoop}), std::nullopt}), Outcome::kApplied);
  EXPECT_EQ(store.next_offset(), 4);
  EXPECT_TRUE(store.subjects().empty());
}

TEST(Store, RemembersOtherSpellingsOfAKey) {
  MemoryTopic topic;
  const Store& store = topic.store();
  const std::string odd = R"({"keytype":"CONFIG","subject":null,"magic":0})";
  const std::string proper = key_text({KeyType::kConfig});
  topic.append({odd, R"({"compatibilityLevel":"NONE"})"});
  EXPECT_THAT(store.spellings({KeyType::kConfig}), ElementsAre(proper, odd));
  EXPECT_EQ(store.config("")->level, avro::CompatibilityLevel::kNone);
  topic.append({proper, std::nullopt});
  EXPECT_THAT(store.spellings({KeyType::kConfig}), ElementsAre(proper, odd)) << "it would come back after a restart";
  topic.append({odd, std::nullopt});
  EXPECT_THAT(store.spellings({KeyType::kConfig}), ElementsAre(proper));
}

TEST(Store, ASchemaUnderTwoIdsAndAnIdWithTwoSpellingsAreKept) {
  MemoryTopic topic;
  const Store& store = topic.store();
  topic.append_all({version_of("a", 1, 1, "\"int\""), version_of("b", 1, 2, "\"int\"")});
  EXPECT_EQ(store.find("", SchemaId{2})->text.schema, "\"int\"");
  const SchemaValue annotated = {.subject = "c",
                                 .version = 1,
                                 .id = SchemaId{1},
                                 .text = {.schema = "\"int\""},
                                 .annotations = {.metadata = R"({"properties":{"a":"1"}})"}};
  EXPECT_EQ(topic.append(schema_record(annotated)), Outcome::kApplied);
  EXPECT_EQ(store.find_version("c", 1)->content->all_annotations().metadata, annotated.annotations.metadata);
  EXPECT_EQ(store.find_version("a", 1)->content->all_annotations().metadata, "");
  topic.append(tombstone({KeyType::kSchema, "a", 1}));
  EXPECT_EQ(store.find("", SchemaId{1})->places.size(), 1);
}

}  // namespace
}  // namespace omashu::schema_registry::server
