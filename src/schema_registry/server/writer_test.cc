// Who leads, what a write is answered, and what happens to it when others lead, fail, or write at the same time.

#include "schema_registry/server/writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "schema_registry/server/testing/test_registry.h"

namespace omashu::schema_registry::server {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::MemoryLog;
using testing::schema_body;
using testing::TestRegistry;

WriterOptions options_of(const std::string& url, std::chrono::milliseconds timeout = 10s) {
  return {.url = url, .timeout = timeout, .retry_pause = 1ms, .deposed_pause = 10s};
}

std::string put(TestRegistry& registry, const std::string& schema, const std::string& subject = "a") {
  return registry.post("/subjects/" + subject + "/versions", schema_body(schema));
}

TEST(Writer, BeginsATermBeforeItWrites) {
  MemoryLog log;
  TestRegistry registry(log, options_of("http://one"));
  registry.writer().set_elected(true);
  EXPECT_EQ(put(registry, "\"int\""), R"({"id":1})");
  const auto entries = log.entries();
  ASSERT_EQ(entries.size(), 2);
  const auto leader = std::get<LeaderValue>(parse_record(entries[0].record.key, entries[0].record.value)->value);
  EXPECT_EQ(leader.url, "http://one");
  EXPECT_EQ(leader.term.number, 1);
  EXPECT_EQ(entries[1].term, term_text(leader.term));
}

TEST(Writer, WaitsForSomebodyToLeadAndThenGivesUp) {
  MemoryLog log;
  TestRegistry registry(log, options_of("http://one", 20ms));
  EXPECT_EQ(put(registry, "\"int\""), "500 50004");
  EXPECT_THAT(log.entries(), IsEmpty());
}

TEST(Writer, WaitsForTheElection) {
  MemoryLog log;
  TestRegistry registry(log, options_of("http://one"));
  auto waiting = std::async(std::launch::async, [&] { return put(registry, "\"int\""); });
  registry.writer().set_elected(true);
  EXPECT_EQ(waiting.get(), R"({"id":1})");
}

TEST(Writer, AnswersWhenItHasReadWhatItWrote) {
  MemoryLog log;
  TestRegistry registry(log, options_of("http://one"));
  registry.writer().set_elected(true);
  registry.wait_until_led();
  log.hold_readers();
  auto waiting = std::async(std::launch::async, [&] { return put(registry, "\"int\""); });
  EXPECT_EQ(waiting.wait_for(20ms), std::future_status::timeout);
  log.release_readers();
  EXPECT_EQ(waiting.get(), R"({"id":1})");
}

TEST(Writer, SendsOnToWhoLeads) {
  MemoryLog log;
  TestRegistry one(log, options_of("http://one"));
  TestRegistry two(log, options_of("http://two"));
  one.writer().set_elected(true);
  one.wait_until_led();
  two.on_forward = [&](const std::string&, const http::ExchangePtr& exchange) {
    answer(exchange, put(one, "\"int\""));
  };
  EXPECT_EQ(put(two, "\"int\""), R"({"id":1})");
  EXPECT_THAT(two.forwarded_to(), ElementsAre("http://one"));
  EXPECT_EQ(put(two, "\"int\""), R"({"id":1})");
  EXPECT_THAT(two.forwarded_to(), ElementsAre("http://one")) << "what is registered is known everywhere";
  EXPECT_THAT(one.forwarded_to(), IsEmpty());
}

TEST(Writer, ARequestGoesNoFurtherThanOnce) {
  MemoryLog log;
  TestRegistry one(log, options_of("http://one"));
  TestRegistry two(log, options_of("http://two", 20ms));
  one.writer().set_elected(true);
  one.wait_until_led();
  const auto response = two.ask("POST /subjects/a/versions", schema_body("\"int\""), {{"x-forward", "true"}});
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(two.forwarded_to(), IsEmpty());
}

TEST(Writer, TheNextLeaderGoesOnWithTheIds) {
  MemoryLog log;
  TestRegistry one(log, options_of("http://one"));
  TestRegistry two(log, options_of("http://two"));
  one.writer().set_elected(true);
  EXPECT_EQ(put(one, "\"int\""), R"({"id":1})");
  one.writer().set_elected(false);
  two.writer().set_elected(true);
  EXPECT_EQ(put(two, "\"string\"", "b"), R"({"id":2})");
  EXPECT_EQ(put(one, "\"bytes\"", "c"), "500 50003") << "sent on, and nobody is there in this test";
  EXPECT_THAT(one.forwarded_to(), ElementsAre("http://two"));
}

// The leader stands still with a decision in its hands; another one takes over and gives the same id away.
TEST(Writer, AWriteOfADeposedLeaderDoesNotCount) {
  MemoryLog log;
  TestRegistry one(log, options_of("http://one"));
  TestRegistry two(log, options_of("http://two"));
  one.writer().set_elected(true);
  one.wait_until_led();
  bool is_first = true;
  log.before_append([&](std::span<const TopicRecord> records) -> Result<void> {
    if (records[0].key != key_text({KeyType::kSchema, "a", 1}) || !std::exchange(is_first, false)) return {};
    two.writer().set_elected(true);
    EXPECT_EQ(put(two, "\"string\"", "b"), R"({"id":1})");
    return {};
  });
  one.on_forward = [&](const std::string&, const http::ExchangePtr& exchange) {
    answer(exchange, put(two, "\"int\""));
  };
  EXPECT_EQ(put(one, "\"int\""), R"({"id":2})");
  EXPECT_THAT(one.forwarded_to(), ElementsAre("http://two"));
  for (TestRegistry* registry : {&one, &two}) {
    EXPECT_EQ(registry->get("/schemas/ids/1"), R"({"schema":"\"string\""})");
    EXPECT_EQ(registry->get("/schemas/ids/2"), R"({"schema":"\"int\""})");
  }
  two.wait_until_led();
  EXPECT_FALSE(two.store().read([](const Store& store) { return store.needs_repair(); }))
      << "the leader has put right what it hid";
}

TEST(Writer, AnElectedOneTakesOverAgain) {
  MemoryLog log;
  WriterOptions options = options_of("http://one");
  options.deposed_pause = 1ms;
  TestRegistry registry(log, options);
  registry.writer().set_elected(true);
  registry.wait_until_led();
  log.append_as(leader_record({.term = {7, "other"}, .url = "http://other"}), "7-other");
  registry.on_forward = [](const std::string&, const http::ExchangePtr& exchange) { answer(exchange, "sent on"); };
  while (put(registry, "\"int\"") == "sent on") {
  }
  EXPECT_EQ(put(registry, "\"int\""), R"({"id":1})");
  EXPECT_EQ(registry.store().read([](const Store& store) { return store.leader().term.number; }), 8);
}

TEST(Writer, AWriteThatFailedMayBeTriedAgain) {
  MemoryLog log;
  TestRegistry registry(log, options_of("http://one"));
  registry.writer().set_elected(true);
  registry.wait_until_led();
  log.before_append([](auto) { return fail(ErrorCode::kTimeout, "the brokers are away"); });
  EXPECT_EQ(put(registry, "\"int\""), "500 50002");
  log.before_append(nullptr);
  EXPECT_EQ(put(registry, "\"int\""), R"({"id":1})");
  EXPECT_EQ(registry.store().read([](const Store& store) { return store.leader().term.number; }), 2)
      << "under a new term";
}

TEST(Writer, AWriteThatArrivesAfterItFailedDoesNotCount) {
  MemoryLog log;
  TestRegistry registry(log, options_of("http://one"));
  registry.writer().set_elected(true);
  registry.wait_until_led();
  std::vector<TopicRecord> delayed;
  log.before_append([&](std::span<const TopicRecord> records) {
    delayed.assign(records.begin(), records.end());
    return fail(ErrorCode::kTimeout, "the connection is slow");
  });
  EXPECT_EQ(put(registry, "\"int\""), "500 50002");
  log.before_append(nullptr);
  EXPECT_EQ(put(registry, "\"string\"", "b"), R"({"id":1})");
  const std::string old_term = log.entries().front().term;
  log.append_as(delayed.front(), old_term);
  EXPECT_EQ(registry.get("/subjects"), R"(["b"])");
  EXPECT_EQ(put(registry, "\"int\""), R"({"id":2})");
}

TEST(Writer, AWriteThatWasDoneUnheardIsDone) {
  MemoryLog log;
  TestRegistry registry(log, options_of("http://one"));
  registry.writer().set_elected(true);
  registry.wait_until_led();
  log.after_append([](auto) { return fail(ErrorCode::kUnavailable, "the connection is gone"); });
  EXPECT_EQ(put(registry, "\"int\""), "500 50002");
  log.after_append(nullptr);
  EXPECT_EQ(put(registry, "\"int\""), R"({"id":1})");
  EXPECT_EQ(put(registry, "\"string\"", "b"), R"({"id":2})");
}

TEST(Writer, ASchemaThatIsTooLargeIsTheClientsMatter) {
  MemoryLog log;
  TestRegistry registry(log, options_of("http://one"));
  registry.writer().set_elected(true);
  registry.wait_until_led();
  log.before_append([](auto) { return fail(ErrorCode::kInvalidArgument, "MSG_SIZE_TOO_LARGE"); });
  EXPECT_EQ(put(registry, "\"int\""), "422 42209");
  log.before_append(nullptr);
  EXPECT_EQ(put(registry, "\"int\""), R"({"id":1})");
  EXPECT_EQ(registry.store().read([](const Store& store) { return store.leader().term.number; }), 1);
}

TEST(Writer, StoppingAnswersWhatWaits) {
  MemoryLog log;
  TestRegistry registry(log, options_of("http://one"));
  auto waiting = std::async(std::launch::async, [&] { return put(registry, "\"int\""); });
  registry.writer().stop();
  EXPECT_EQ(waiting.get(), "500 50004");
  EXPECT_EQ(put(registry, "\"int\""), "500 50004");
}

// ---- A topic that is damaged, a disk that is full

TEST(Writer, ADamagedTopicIsReadOnlyUntilItIsRepaired) {
  MemoryLog log;
  WriterOptions options = options_of("http://one");
  options.deposed_pause = 1ms;  // the repair begins a term, after which the registry begins its own
  TestRegistry registry(log, options);
  registry.writer().set_elected(true);
  EXPECT_EQ(put(registry, "\"int\""), R"({"id":1})");
  registry.store().note_unreadable(2, 5);
  EXPECT_EQ(put(registry, "\"long\"", "b"), "422 42205");
  EXPECT_EQ(registry.put("/config", R"({"compatibility":"NONE"})"), "422 42205");
  EXPECT_EQ(registry.get("/schemas/ids/1"), R"({"schema":"\"int\""})");
  EXPECT_EQ(put(registry, "\"int\""), R"({"id":1})") << "what is registered needs no writing";
  EXPECT_EQ(log.entries().size(), 2);

  const LeaderValue repaired =
      registry.store().read([](const Store& store) { return store.repaired_value({2, "repair"}, 5); });
  log.append_as(leader_record(repaired), "2-repair");
  EXPECT_EQ(put(registry, "\"long\"", "b"), R"({"id":5})") << "three records may have held the ids 2 to 4";
}

TEST(Writer, ADamagedFollowerStillSendsWritesOn) {
  MemoryLog log;
  TestRegistry leader(log, options_of("http://one"));
  leader.writer().set_elected(true);
  leader.wait_until_led();
  TestRegistry follower(log, options_of("http://two"));
  follower.store().note_unreadable(1, 2);
  EXPECT_EQ(put(follower, "\"int\""), "500 50003");
  EXPECT_THAT(follower.forwarded_to(), ElementsAre("http://one"));
  follower.writer().set_elected(true);
  EXPECT_EQ(put(follower, "\"int\""), "422 42205") << "it was elected because the other one is gone";
}

TEST(Writer, AFullDiskRefusesAtOnceAndTheTermGoesOn) {
  MemoryLog log;
  TestRegistry registry(log, options_of("http://one"));
  registry.writer().set_elected(true);
  EXPECT_EQ(put(registry, "\"int\""), R"({"id":1})");
  log.before_append([](auto) { return Result<void>(fail(ErrorCode::kIo, "no room")); });
  EXPECT_EQ(put(registry, "\"long\"", "b"), "500 50001");
  log.before_append(nullptr);
  EXPECT_EQ(put(registry, "\"string\"", "b"), R"({"id":2})");
  EXPECT_EQ(log.entries().size(), 3) << "the same term, and nothing of what was refused";
}

TEST(Writer, AFullDiskAtTheBeginningOfATermKeepsNobodyWaiting) {
  MemoryLog log;
  log.before_append([](auto) { return Result<void>(fail(ErrorCode::kIo, "no room")); });
  TestRegistry registry(log, options_of("http://one"));
  registry.writer().set_elected(true);
  EXPECT_EQ(put(registry, "\"int\""), "500 50001");
  log.before_append(nullptr);
  EXPECT_EQ(put(registry, "\"int\""), R"({"id":1})");
}

}  // namespace
}  // namespace omashu::schema_registry::server
