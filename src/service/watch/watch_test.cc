// Those who watch a table that the test fills by hand: what they are told, and in which order.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "base/json.h"
#include "schema_registry/client/testing/memory_registry.h"
#include "service/parts.h"
#include "service/watch/testing/event_exchange.h"
#include "service/watch/watch_hub.h"
#include "table/live/testing/filled_table.h"

namespace omashu::service {
namespace {

using ::testing::ElementsAre;
using testing::EventClient;
using ::testing::HasSubstr;
using testing::ReceivedEvent;

constexpr const char* kValue = R"({"type":"record","name":"Status","fields":[
  {"name":"status","type":{"type":"enum","name":"State","symbols":["QUEUED","RUNNING","FAILED"]}},
  {"name":"bytes","type":"long","default":0}]})";

std::string value(const std::string& status, int bytes = 0) {
  return R"({"status":")" + status + R"(","bytes":)" + std::to_string(bytes) + "}";
}

// "enter a RUNNING": the event, the key and the status.
std::string shown(const ReceivedEvent& event) {
  const auto row = json::parse(event.data);
  if (!row || row->find("key") == nullptr) return event.event;
  std::string text = event.event + " " + row->find("key")->text();
  const json::Value* of_value = row->find("value");
  if (of_value->is_object() && of_value->find("status") != nullptr) text += " " + of_value->find("status")->text();
  return text;
}

std::vector<std::string> shown(const std::vector<ReceivedEvent>& events) {
  std::vector<std::string> texts;
  for (const ReceivedEvent& event : events) texts.push_back(shown(event));
  return texts;
}

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() { EXPECT_TRUE(registry_.register_schema("jobs-value", {.schema = kValue}, false)); }
  ~WatchTest() override {
    for (const auto& let_go : at_stop_) let_go();
    executor_.stop();
  }

  table::testing::FilledTable& table(table::testing::FilledTableOptions options = {}) {
    options.table.topic = "jobs";
    table_ = std::make_shared<table::testing::FilledTable>(registry_, std::move(options));
    tables_.emplace(std::vector<std::shared_ptr<table::LiveTable>>{table_});
    parts_.emplace(Parts{.tables = *tables_,
                         .executor = executor_,
                         .registry = registry_,
                         .kafka = {},
                         .version = "",
                         .at_stop = [this](std::function<void()> let_go) { at_stop_.push_back(std::move(let_go)); },
                         .add_gauge = [this](const Parts::Gauge& gauge) { gauges_[gauge.name] = gauge.value; }});
    operation_ = watch_operations(*parts_).front();
    return *table_;
  }

  void watch(EventClient& client, const std::string& query = "", std::vector<http::Field> fields = {}) {
    operation_.handler(
        client.exchange({.target = "/v1/tables/jobs/watch" + query, .fields = std::move(fields)}, "jobs"));
  }
  void resume(EventClient& client, const std::string& id, const std::string& query = "") {
    watch(client, query, {{"last-event-id", id}});
  }

  schema_registry::testing::MemoryRegistry registry_;
  Executor executor_{2};
  std::vector<std::function<void()>> at_stop_;
  std::map<std::string, std::function<uint64_t()>> gauges_;
  std::shared_ptr<table::testing::FilledTable> table_;
  std::optional<Tables> tables_;
  std::optional<Parts> parts_;
  Operation operation_;
};

TEST_F(WatchTest, RowsThatAreThereAndThenEachChange) {
  table().put("a", value("RUNNING"));
  table_->put("b", value("QUEUED"));
  EventClient client;
  watch(client);
  EXPECT_THAT(shown(client.read_until("ready")), ElementsAre("snapshot", "enter a RUNNING", "enter b QUEUED", "ready"));
  table_->put("b", value("FAILED"));
  table_->put("c", value("QUEUED"));
  table_->remove("a");
  const auto events = client.read(3);
  EXPECT_THAT(shown(events), ElementsAre("update b FAILED", "enter c QUEUED", "delete a"));
  EXPECT_THAT(events[0].id, ::testing::StartsWith("jobs-"));
  EXPECT_THAT(events[0].data, AllOf(HasSubstr(R"("value":{"status":"FAILED","bytes":0})"),
                                    HasSubstr(R"("position":"jobs-)"), HasSubstr(R"("timestamp":"2023-11-14T)")));
  EXPECT_THAT(events[2].data, HasSubstr(R"("value":null)"));
  EXPECT_EQ(gauges_.at("omashu_http_watchers")(), 1U);
  client.close();
  EXPECT_EQ(gauges_.at("omashu_http_watchers")(), 0U);
}

TEST_F(WatchTest, OfAFilterRowsEnterAndLeave) {
  table().put("a", value("RUNNING"));
  table_->put("b", value("QUEUED"));
  EventClient client;
  watch(client, "?where=status%3DRUNNING&fields=status");
  EXPECT_THAT(shown(client.read_until("ready")), ElementsAre("snapshot", "enter a RUNNING", "ready"));
  table_->put("b", value("FAILED"));
  table_->remove("b");
  table_->put("b", value("RUNNING", 7));
  table_->put("a", value("FAILED"));
  table_->put("b", value("RUNNING", 8));
  table_->remove("b");
  const auto events = client.read(4);
  EXPECT_THAT(shown(events), ElementsAre("enter b RUNNING", "leave a FAILED", "update b RUNNING", "delete b"));
  EXPECT_THAT(events[0].data, HasSubstr(R"("value":{"status":"RUNNING"})")) << "only the fields that were chosen";
}

TEST_F(WatchTest, WhileATableIsReadForTheFirstTimeItWaits) {
  table({.table = {.topic = "jobs"}, .is_restoring = true}).put("a", value("RUNNING"));
  EventClient client;
  watch(client);
  table_->put("b", value("QUEUED"));
  EXPECT_TRUE(client.read_now().empty());
  table_->finish_restore();
  EXPECT_THAT(shown(client.read_until("ready")), ElementsAre("snapshot", "enter a RUNNING", "enter b QUEUED", "ready"));
}

TEST_F(WatchTest, HeartbeatsMoveThePlaceOfAWatcherOfFewRows) {
  table();
  WatchHub hub(executor_, {.heartbeat = std::chrono::milliseconds(1)});
  auto question = std::make_shared<WatchQuestion>(WatchQuestion{.topic = "jobs", .typed = table_->typed()});
  question->filter = table::Filter::parse(std::vector<std::string>{"status=RUNNING"}).value();
  ASSERT_TRUE(question->filter.bind(question->typed->schemas()));
  EventClient client;
  std::make_shared<Watcher>(hub, *table_, question, WatchKind::kServerSentEvents, std::nullopt)
      ->begin(*client.exchange({}, "jobs"));
  client.read_until("ready");
  const auto position = table_->put("a", value("QUEUED"));
  ReceivedEvent heartbeat;
  while (heartbeat.id != table::position_text("jobs", position)) {
    const auto events = client.read_until("");
    ASSERT_FALSE(events.empty());
    ASSERT_EQ(events.back().event, "") << "none of its rows has changed";
    heartbeat = events.back();
  }
  client.close();
  hub.stop();
}

TEST_F(WatchTest, WhatIsAskedWronglyIsRefused) {
  table();
  for (const auto& [query, id] : std::vector<std::pair<std::string, std::string>>{{"?where=nonsense%3D1", ""},
                                                                                  {"?where=status", ""},
                                                                                  {"?fields=nothing", ""},
                                                                                  {"", "jobs"},
                                                                                  {"", "jobs-0-x"},
                                                                                  {"", "jobs-0-1,0-2"},
                                                                                  {"", "jobs-0--1"},
                                                                                  {"?last-event-id=jobs-x-1", ""}}) {
    EventClient client;
    resume(client, id, query);
    const auto answer = client.read(1);
    ASSERT_EQ(answer.size(), 1U) << query << id;
    EXPECT_EQ(answer[0].event + answer[0].data, "answer400") << query << id;
  }
}

TEST_F(WatchTest, WhenTheServerStopsEachHearsGoodbye) {
  table().put("a", value("RUNNING"));
  EventClient client;
  watch(client);
  client.read_until("ready");
  client.stop();
  const auto events = client.read(1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].event, "bye");
  EXPECT_THAT(events[0].data, HasSubstr("the server stops"));
  EXPECT_TRUE(client.is_ended());
}

// ---- Coming back

TEST_F(WatchTest, FromEachPositionAWatcherGoesOnWithoutGapOrDouble) {
  table().put("a", value("RUNNING"));
  EventClient first;
  watch(first, "?where=status%3DRUNNING");
  std::string id = first.read_until("ready").back().id;
  std::mt19937 random(3);  // NOLINT: the same each time
  for (int i = 0; i < 200; ++i) {
    const std::string key(1, static_cast<char>('a' + random() % 5));
    random() % 4 == 0 ? table_->remove(key) : table_->put(key, value(random() % 2 == 0 ? "RUNNING" : "QUEUED", i));
  }
  table_->put("end", value("RUNNING"));
  std::vector<ReceivedEvent> all;
  do all.push_back(first.read(1).at(0));
  while (shown(all.back()) != "enter end RUNNING");
  for (size_t i = 0; i < all.size(); ++i) {
    EventClient again;
    resume(again, id, "?where=status%3DRUNNING");
    const auto rest = again.read(all.size() - i);
    ASSERT_EQ(rest.size(), all.size() - i) << i;
    for (size_t j = 0; j < rest.size(); ++j) {
      ASSERT_EQ(rest[j].data, all[i + j].data) << i << " " << j;
      ASSERT_EQ(rest[j].event, all[i + j].event);
      ASSERT_EQ(rest[j].id, all[i + j].id);
    }
    id = all[i].id;
  }
}

TEST_F(WatchTest, WhoHasSeenWhatIsNotKnownAnyMoreBeginsAnew) {
  table({.table = {.topic = "jobs"}, .feed_bytes = 2000}).put("a", value("RUNNING"));
  EventClient first;
  watch(first);
  const std::string id = first.read_until("ready").back().id;
  for (int i = 0; i < 100; ++i) table_->put("b", value("RUNNING", i));
  EventClient again;
  resume(again, id);
  EXPECT_THAT(shown(again.read_until("ready")),
              ElementsAre("reset", "snapshot", "enter a RUNNING", "enter b RUNNING", "ready"));
  EventClient other;
  resume(other, "another-0-1");
  EXPECT_EQ(other.read(1).at(0).event, "reset");
}

TEST_F(WatchTest, WhatWasSeenElsewhereBeforeItIsReadHereIsNotToldTwice) {
  const auto at = table().put("a", value("RUNNING"));
  // The client has seen, of that partition, the two records that this server reads next.
  EventClient client;
  resume(client, "jobs-" + std::to_string(at.partition) + "-" + std::to_string(at.offset + 2));
  table_->put("a", value("QUEUED"));
  table_->put("a", value("FAILED"));
  table_->put("a", value("RUNNING", 7));
  const auto events = client.read(1);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_THAT(events[0].data, HasSubstr("\"bytes\":7"));
  table_->put("a", value("QUEUED", 8));
  EXPECT_THAT(shown(client.read(1)), ElementsAre("update a QUEUED"));
}

// ---- However fast they read

// What a client makes of the events; it fails where one says what cannot be.
struct Model {
  std::map<std::string, std::string> rows;
  bool is_ready = false;

  void apply(const ReceivedEvent& event) {
    if (event.event == "snapshot") {
      rows.clear();
      is_ready = false;
    } else if (event.event == "ready") {
      is_ready = true;
    } else if (event.event == "enter" || event.event == "update" || event.event == "leave" || event.event == "delete") {
      const auto row = json::parse(event.data).value();
      const std::string key = row.find("key")->text();
      EXPECT_EQ(rows.contains(key), event.event != "enter") << event.event << " " << key;
      if (event.event == "enter" || event.event == "update") {
        rows[key] = json::to_text(*row.find("value"));
      } else {
        rows.erase(key);
      }
    }
  }
};

TEST_F(WatchTest, UnderAllInterleavingsEachWatcherEndsWithWhatIsThere) {
  std::mt19937 random(11);  // NOLINT: the same each time
  for (int round = 0; round < 12; ++round) {
    for (const auto& let_go : std::exchange(at_stop_, {})) let_go();
    table({.table = {.topic = "jobs"}, .feed_bytes = size_t{20'000}});
    constexpr int kClients = 8;
    std::vector<std::unique_ptr<EventClient>> clients(kClients);
    std::vector<Model> models(kClients);
    std::vector<std::string> ids(kClients);
    std::map<std::string, std::string> truth;
    const auto read_some = [&](int i, const std::vector<ReceivedEvent>& events) {
      for (const ReceivedEvent& event : events) {
        models[i].apply(event);
        if (!event.id.empty()) ids[i] = event.id;
        if (event.event == "snapshot") ids[i].clear();
      }
    };
    for (int step = 0; step < 1500; ++step) {
      const std::string key = "k" + std::to_string(random() % 40);
      if (random() % 5 == 0) {
        table_->remove(key);
        truth.erase(key);
      } else {
        const bool is_shown = random() % 3 != 0;
        table_->put(key, value(is_shown ? "RUNNING" : "QUEUED", step));
        if (is_shown) {
          truth[key] = value("RUNNING", step);
        } else {
          truth.erase(key);
        }
      }
      const int i = static_cast<int>(random() % kClients);
      switch (random() % 12) {
        case 0:
          if (clients[i] != nullptr) read_some(i, clients[i]->read_now());
          clients[i].reset();
          break;
        case 1:
          if (clients[i] != nullptr) break;
          clients[i] = std::make_unique<EventClient>(random() % 2 == 0 ? 500 : 100'000);
          if (ids[i].empty()) models[i] = {};
          resume(*clients[i], ids[i], "?where=status%3DRUNNING");
          break;
        default:
          if (clients[i] != nullptr) read_some(i, clients[i]->read_now());
      }
    }
    table_->put("end", value("RUNNING", -1));
    truth["end"] = value("RUNNING", -1);
    for (int i = 0; i < kClients; ++i) {
      if (clients[i] == nullptr) continue;
      bool is_over = models[i].is_ready && models[i].rows.contains("end");
      for (int event = 0; event < 5000 && !is_over; ++event) {
        const auto events = clients[i]->read(1);
        if (events.empty()) break;
        ASSERT_NE(events[0].event, "bye") << events[0].data;
        read_some(i, events);
        is_over = models[i].is_ready && models[i].rows.contains("end");
      }
      EXPECT_EQ(models[i].rows, truth) << "round " << round << ", client " << i;
    }
  }
}

TEST_F(WatchTest, WhoReadsTooSlowlyForTooLongHearsGoodbye) {
  table({.table = {.topic = "jobs"}, .feed_bytes = 2000});
  for (int i = 0; i < 100; ++i) table_->put("k" + std::to_string(i), value("RUNNING", i));
  EventClient slow(100);
  watch(slow);
  std::vector<ReceivedEvent> events;
  for (int i = 0; i < 100'000 && (events.empty() || events.back().event != "bye"); ++i) {
    for (int change = 0; change < 30; ++change) table_->put("k0", value("QUEUED", change));
    for (ReceivedEvent& event : slow.read(1)) events.push_back(std::move(event));
  }
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.back().event, "bye");
  EXPECT_THAT(events.back().data, HasSubstr("too slow"));
  EXPECT_TRUE(slow.is_ended());
}

}  // namespace
}  // namespace omashu::service
