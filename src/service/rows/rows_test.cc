// GET of one row, of lists and counts, POST rows:batch-get: over a live table that the test fills by hand.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "schema_registry/client/testing/memory_registry.h"
#include "service/parts.h"
#include "service/testing/operation_client.h"
#include "table/live/testing/filled_table.h"

namespace omashu::service {
namespace {

using ::testing::ElementsAre;
using testing::field_of;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::OperationClient;

constexpr const char* kKey = R"({"type":"record","name":"Key","fields":[{"name":"omashuId","type":"string"}]})";
constexpr const char* kValue = R"({"type":"record","name":"Status","fields":[
  {"name":"omashuId","type":"string"},
  {"name":"status","type":{"type":"enum","name":"State","symbols":["QUEUED","RUNNING","FAILED"]}},
  {"name":"bytes","type":["null","long"],"default":null},
  {"name":"source","type":{"type":"record","name":"Source","fields":[{"name":"url","type":"string"}]}}]})";

std::string value(const std::string& id, const std::string& status, const std::string& bytes = "null") {
  return R"({"omashuId":")" + id + R"(","status":")" + status + R"(","bytes":)" + bytes +
         R"(,"source":{"url":"https://example.org/)" + id + R"("}})";
}

class RowsTest : public ::testing::Test {
 protected:
  RowsTest() {
    EXPECT_TRUE(registry_.register_schema("jobs-key", {.schema = kKey}, false));
    EXPECT_TRUE(registry_.register_schema("jobs-value", {.schema = kValue}, false));
  }
  ~RowsTest() override { executor_.stop(); }

  table::testing::FilledTable& table(bool is_restoring = false, std::vector<std::string> indexes = {}) {
    table_ = std::make_shared<table::testing::FilledTable>(
        registry_, table::testing::FilledTableOptions{.table = {.topic = "jobs", .indexes = std::move(indexes)},
                                                      .is_restoring = is_restoring});
    tables_.emplace(std::vector<std::shared_ptr<table::LiveTable>>{table_});
    parts_.emplace(Parts{.tables = *tables_, .executor = executor_, .registry = registry_, .kafka = {}, .version = ""});
    Operations operations;
    for (auto make : {&table_operations, &row_operations, &list_operations, &count_operations, &batch_operations}) {
      for (Operation& operation : make(*parts_)) operations.push_back(std::move(operation));
    }
    client_.emplace(operations);
    return *table_;
  }

  http::Response get(const std::string& target, std::vector<http::Field> fields = {}) {
    return client_->get("/v1/tables/jobs" + target, std::move(fields));
  }

  // The ids of the rows of a page, in their order.
  static std::vector<std::string> ids_of(const http::Response& response) {
    std::vector<std::string> ids;
    const auto body = json::parse(response.body);
    if (!body || body->find("rows") == nullptr) return {response.body};
    for (const json::Value& row : body->find("rows")->items()) {
      ids.push_back(row.find("key")->find("omashuId")->text());
    }
    return ids;
  }
  static std::string cursor_of(const http::Response& response) {
    const auto body = json::parse(response.body);
    const json::Value* cursor = body ? body->find("cursor") : nullptr;
    return cursor == nullptr ? "" : cursor->text();
  }
  // All pages of a list, in their order.
  std::vector<std::string> all_pages(const std::string& target) {
    std::vector<std::string> ids;
    std::string cursor;
    do {
      const auto page = get(target + (cursor.empty() ? "" : "&cursor=" + cursor));
      EXPECT_EQ(page.status, 200) << page.body;
      for (std::string& id : ids_of(page)) ids.push_back(std::move(id));
      cursor = cursor_of(page);
    } while (!cursor.empty());
    return ids;
  }

  schema_registry::testing::MemoryRegistry registry_;
  Executor executor_{2};
  std::shared_ptr<table::testing::FilledTable> table_;
  std::optional<Tables> tables_;
  std::optional<Parts> parts_;
  std::optional<OperationClient> client_;
};

// ---- one row

TEST_F(RowsTest, ARowIsItsValueAndItsPlaceStandsInTheHead) {
  const auto at = table().put("om-1", value("om-1", "RUNNING", "7"));
  const auto response = get("/rows/om-1");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "application/json");
  EXPECT_EQ(response.body, value("om-1", "RUNNING", "7"));
  EXPECT_EQ(field_of(response, "ETag"), '"' + table::position_text("jobs", at) + '"');
  EXPECT_EQ(field_of(response, "Last-Modified"), "Tue, 14 Nov 2023 22:13:21 GMT");
  EXPECT_EQ(field_of(response, "Omashu-Position"), table::position_text("jobs", at));
  EXPECT_EQ(field_of(response, "Omashu-Lag"), "0");
  EXPECT_EQ(get("/rows/%7B%22omashuId%22%3A%22om-1%22%7D").body, response.body);
}

TEST_F(RowsTest, ARowComesInTheFormThatIsPreferred) {
  table().put("om-1", value("om-1", "RUNNING", "7"));
  const auto avro = get("/rows/om-1", {{"accept", "application/vnd.omashu.avro+json"}});
  EXPECT_EQ(avro.content_type, "application/vnd.omashu.avro+json");
  EXPECT_THAT(avro.body, HasSubstr(R"("bytes":{"long":7})"));
  const auto bytes = get("/rows/om-1", {{"accept", "application/octet-stream"}});
  EXPECT_EQ(bytes.body.substr(0, 5), std::string("\0\0\0\0\2", 5));
  EXPECT_EQ(get("/rows/om-1", {{"accept", "image/png"}}).status, 406);
}

TEST_F(RowsTest, WhoHasTheRowAlreadyIsTold) {
  table().put("om-1", value("om-1", "RUNNING"));
  const std::string tag = field_of(get("/rows/om-1"), "ETag");
  const auto again = get("/rows/om-1", {{"if-none-match", tag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.body, "");
  EXPECT_EQ(field_of(again, "ETag"), tag);
  table_->put("om-1", value("om-1", "FAILED"));
  EXPECT_EQ(get("/rows/om-1", {{"if-none-match", tag}}).status, 200);
}

TEST_F(RowsTest, NoRowIsNotFoundDeletedOrNotReadYet) {
  table(true);
  table_->put("om-1", value("om-1", "RUNNING"));
  table_->remove("om-1");
  EXPECT_EQ(get("/rows/om-1").status, 410);
  const auto restoring = get("/rows/om-2");
  EXPECT_EQ(restoring.status, 503);
  EXPECT_EQ(field_of(restoring, "Retry-After"), "1");
  EXPECT_THAT(restoring.body, HasSubstr("toRestore"));
  table_->finish_restore();
  EXPECT_EQ(get("/rows/om-2").status, 404);
  EXPECT_EQ(client_->get("/v1/tables/job/rows/om-2").status, 404);
  EXPECT_THAT(client_->get("/v1/tables/job/rows/om-2").body, HasSubstr("did you mean jobs?"));
}

TEST_F(RowsTest, AKeyThatNoneCanBeIsRefused) {
  table();
  const auto response = get("/rows/%7B%22id%22%3A1%7D");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr(R"(key: $: Key has no field \"id\")"));
}

TEST_F(RowsTest, ARowThatIsNotInMemoryIsReadElsewhere) {
  table().put("om-1", value("om-1", "RUNNING"));
  table_->keep_nothing_in_memory();
  EXPECT_EQ(get("/rows/om-1").body, value("om-1", "RUNNING"));
}

TEST_F(RowsTest, AReadWaitsForAWriteThatItNames) {
  const auto first = table().put("om-1", value("om-1", "RUNNING"));
  EXPECT_EQ(get("/rows/om-1?after=" + table::position_text("jobs", first)).status, 200);
  const table::Position next{.partition = first.partition, .offset = first.offset + 1};
  std::thread writer([&] { table_->put("om-1", value("om-1", "FAILED")); });
  const auto response = get("/rows/om-1?after=" + table::position_text("jobs", next));
  writer.join();
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(response.body, HasSubstr("FAILED"));
}

TEST_F(RowsTest, AWriteThatIsNotReadInTimeIsAProblemWithThePosition) {
  const auto at = table().put("om-1", value("om-1", "RUNNING"));
  const auto late = get("/rows/om-1?after=jobs-0-1000&wait=1ms");
  EXPECT_EQ(late.status, 504);
  EXPECT_THAT(late.body, HasSubstr(R"("position":")" + table::position_text("jobs", at)));
  EXPECT_EQ(get("/rows/om-1?after=other-0-1").status, 400);
  EXPECT_EQ(get("/rows/om-1?after=x").status, 400);
  EXPECT_EQ(get("/rows/om-1?wait=2m").status, 400);
}

TEST_F(RowsTest, UnknownParametersAreRefused) {
  table().put("om-1", value("om-1", "RUNNING"));
  const auto response = get("/rows/om-1?histroy=3");
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr("did you mean history?"));
}

// ---- lists

class ListTest : public RowsTest, public ::testing::WithParamInterface<std::vector<std::string>> {
 protected:
  // Ten rows: om-0 to om-9, every third one failed; bytes fall, and two have none.
  void fill() {
    table(false, GetParam());
    for (int i = 0; i < 10; ++i) {
      const std::string id = "om-" + std::to_string(i);
      table_->put(id, value(id, i % 3 == 0 ? "FAILED" : "RUNNING", i == 4 || i == 7 ? "null" : std::to_string(90 - i)));
    }
  }
};

INSTANTIATE_TEST_SUITE_P(WithAndWithoutIndexes, ListTest,
                         ::testing::Values(std::vector<std::string>{}, std::vector<std::string>{"status"},
                                           std::vector<std::string>{"bytes"},
                                           std::vector<std::string>{"status", "bytes"}));

TEST_P(ListTest, PagesHaveEveryRowOnce) {
  fill();
  for (const char* limit : {"1", "3", "10", "100"}) {
    EXPECT_THAT(all_pages("/rows?sort=key&limit=" + std::string(limit)),
                ElementsAre("om-0", "om-1", "om-2", "om-3", "om-4", "om-5", "om-6", "om-7", "om-8", "om-9"));
    EXPECT_EQ(all_pages("/rows?limit=" + std::string(limit)).size(), 10u);
  }
}

TEST_P(ListTest, ConditionsAreThoseOfTheCommandLine) {
  fill();
  for (const char* limit : {"2", "100"}) {
    const std::string pages = "&sort=key&limit=" + std::string(limit);
    EXPECT_THAT(all_pages("/rows?where=status%3DFAILED" + pages), ElementsAre("om-0", "om-3", "om-6", "om-9"));
    EXPECT_THAT(all_pages("/rows?where=status=FAILED&where=bytes%3E=87" + pages), ElementsAre("om-0", "om-3"));
    EXPECT_THAT(all_pages("/rows?where=bytes+is+null&or-where=key.omashuId=om-1" + pages),
                ElementsAre("om-1", "om-4", "om-7"));
    EXPECT_THAT(all_pages("/rows?where=source.url~om-[23]$" + pages), ElementsAre("om-2", "om-3"));
  }
}

TEST_P(ListTest, AnOrderPutsRowsWithoutTheFieldLast) {
  fill();
  for (const char* limit : {"1", "3", "4", "100"}) {
    const std::string pages = "&limit=" + std::string(limit);
    EXPECT_THAT(all_pages("/rows?sort=bytes" + pages),
                ElementsAre("om-9", "om-8", "om-6", "om-5", "om-3", "om-2", "om-1", "om-0", "om-4", "om-7"));
    EXPECT_THAT(all_pages("/rows?sort=-bytes" + pages),
                ElementsAre("om-0", "om-1", "om-2", "om-3", "om-5", "om-6", "om-8", "om-9", "om-7", "om-4"));
    EXPECT_THAT(all_pages("/rows?where=status=FAILED&sort=-bytes" + pages),
                ElementsAre("om-0", "om-3", "om-6", "om-9"));
    EXPECT_THAT(all_pages("/rows?sort=-key" + pages),
                ElementsAre("om-9", "om-8", "om-7", "om-6", "om-5", "om-4", "om-3", "om-2", "om-1", "om-0"));
    EXPECT_THAT(all_pages("/rows?sort=-timestamp&where=status=FAILED" + pages),
                ElementsAre("om-9", "om-6", "om-3", "om-0"));
  }
}

TEST_P(ListTest, PagesAreOfOneState) {
  fill();
  const auto first = get("/rows?sort=key&limit=5");
  table_->put("om-7", value("om-7", "QUEUED"));
  table_->remove("om-8");
  table_->put("om-99", value("om-99", "QUEUED"));
  const auto second = get("/rows?sort=key&limit=100&cursor=" + cursor_of(first));
  EXPECT_THAT(ids_of(second), ElementsAre("om-5", "om-6", "om-7", "om-8", "om-9"));
  EXPECT_THAT(second.body, Not(HasSubstr("QUEUED")));
  EXPECT_EQ(field_of(second, "Omashu-Position"), field_of(first, "Omashu-Position"));
}

TEST_P(ListTest, ACursorBelongsToItsList) {
  fill();
  const std::string cursor = cursor_of(get("/rows?sort=bytes&limit=2"));
  EXPECT_EQ(get("/rows?sort=-bytes&limit=2&cursor=" + cursor).status, 400);
  EXPECT_EQ(get("/rows?sort=bytes&limit=2&cursor=1-" + std::string(32, '0') + "-0").status, 410);
  EXPECT_EQ(get("/rows?sort=bytes&limit=2&cursor=x").status, 400);
}

TEST_P(ListTest, FieldsAreChosen) {
  fill();
  const auto page = get("/rows?where=key.omashuId=om-1&fields=status,source.url");
  EXPECT_THAT(page.body, HasSubstr(R"("value":{"status":"RUNNING","source":{"url":"https://example.org/om-1"}})"));
  EXPECT_THAT(get("/rows?fields=stauts").body, HasSubstr("status"));
  EXPECT_EQ(get("/rows?fields=status,").status, 400);
}

TEST_P(ListTest, AStreamHasALineForEachRow) {
  fill();
  const auto all = get("/rows", {{"accept", "application/x-ndjson"}});
  EXPECT_EQ(all.status, 200);
  EXPECT_EQ(all.content_type, "application/x-ndjson");
  EXPECT_EQ(std::ranges::count(all.body, '\n'), 10);
  const auto some = get("/rows?where=status=FAILED&limit=3&sort=-bytes", {{"accept", "application/x-ndjson"}});
  EXPECT_EQ(std::ranges::count(some.body, '\n'), 3);
  const bool has_index = std::ranges::find(GetParam(), "bytes") != GetParam().end();
  EXPECT_EQ(get("/rows?sort=bytes", {{"accept", "application/x-ndjson"}}).status, has_index ? 200 : 400);
}

TEST_P(ListTest, WrongConditionsAreNamed) {
  fill();
  EXPECT_THAT(get("/rows?where=stauts=FAILED").body, HasSubstr("status"));
  EXPECT_EQ(get("/rows?where=stauts=FAILED").status, 400);
  EXPECT_EQ(get("/rows?where=status=DONE").status, 400);
  EXPECT_EQ(get("/rows?sort=source").status, 400);
  EXPECT_EQ(get("/rows?limit=0").status, 400);
}

TEST_F(RowsTest, AListOfATableThatIsBeingReadIsRefused) {
  table(true).put("om-1", value("om-1", "RUNNING"));
  EXPECT_EQ(get("/rows").status, 503);
  EXPECT_EQ(get("/rows", {{"accept", "application/x-ndjson"}}).status, 503);
  EXPECT_EQ(get("/count").status, 503);
}

// ---- counts

TEST_P(ListTest, RowsAreCounted) {
  fill();
  EXPECT_THAT(get("/count").body, HasSubstr(R"({"count":10,"position")"));
  EXPECT_THAT(get("/count?where=status=FAILED").body, HasSubstr(R"({"count":4,)"));
  EXPECT_THAT(get("/count?by=status").body, HasSubstr(R"({"count":10,"groups":[{"by":{"status":"RUNNING"},"count":6},)"
                                                      R"({"by":{"status":"FAILED"},"count":4}],"position")"));
  EXPECT_THAT(get("/count?by=status&sum=bytes&where=bytes%3E=87").body,
              HasSubstr(R"json({"by":{"status":"FAILED"},"count":2,"sum(bytes)":177})json"));
  EXPECT_EQ(get("/count?by=stauts").status, 400);
  EXPECT_EQ(get("/count?sum=status").status, 400);
}

// ---- several keys

TEST_F(RowsTest, SeveralKeysAreLookedUpAtOnce) {
  table().put("om-1", value("om-1", "RUNNING"));
  table_->put("om-2", value("om-2", "FAILED"));
  table_->put("om-3", value("om-3", "FAILED"));
  table_->remove("om-3");
  const auto post = [&](const std::string& body) {
    return client_->ask({.method = http::Method::kPost,
                         .target = "/v1/tables/jobs/rows:batch-get",
                         .fields = {{"content-type", "application/json"}},
                         .body = body});
  };
  const auto response = post(R"({"keys":["om-2",{"omashuId":"om-1"},"om-3","om-4"]})");
  EXPECT_THAT(ids_of(response), ElementsAre("om-2", "om-1"));
  EXPECT_THAT(response.body, HasSubstr(R"("missing":[{"key":{"omashuId":"om-3"},"reason":"deleted"},)"
                                       R"({"key":{"omashuId":"om-4"},"reason":"never-seen"}])"));
  EXPECT_EQ(post("").status, 400);
  EXPECT_THAT(post(R"({"keys":["om-1",{"id":2}]})").body, HasSubstr(R"("pointer":"/keys/1")"));
  EXPECT_THAT(post(R"({"kesy":[]})").body, HasSubstr(R"("pointer":"/kesy")"));
}

// ---- tables

TEST_F(RowsTest, ATableTellsHowFarItIs) {
  table(false, {"status"}).put("om-1", value("om-1", "RUNNING"));
  const auto list = json::parse(client_->get("/v1/tables").body);
  ASSERT_TRUE(list);
  const json::Value& one = list->find("tables")->items().at(0);
  EXPECT_EQ(one.find("name")->text(), "jobs");
  EXPECT_EQ(one.find("rows")->as_int64(), 1);
  EXPECT_EQ(json::to_text(*one.find("indexes")), R"(["status"])");
  const auto table = json::parse(get("").body);
  ASSERT_TRUE(table);
  EXPECT_EQ(table->find("partitions")->items().size(), 3u);
  EXPECT_EQ(table->find("keySchema")->find("name")->text(), "Key");
  EXPECT_EQ(client_->get("/v1/tables/none").status, 404);
}

}  // namespace
}  // namespace omashu::service
