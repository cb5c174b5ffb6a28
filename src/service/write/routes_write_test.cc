#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "schema_registry/client/testing/memory_registry.h"
#include "service/testing/operation_client.h"
#include "service/write/testing/log_producer.h"
#include "service/write/write_operations.h"
#include "table/live/testing/filled_table.h"
#include "table/position_set.h"
#include "table/stored_value.h"

namespace omashu::service {
namespace {

using http::Method;
using schema_registry::testing::MemoryRegistry;
using table::testing::FilledTable;
using ::testing::ElementsAre;
using testing::field_of;
using ::testing::HasSubstr;
using testing::LogProducer;
using testing::OperationClient;
using testing::Question;
using testing::WrittenLog;

constexpr const char* kKey = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"}]})";
constexpr const char* kKeyWithTenant = R"({"type":"record","name":"K","fields":[{"name":"id","type":"string"},
  {"name":"tenant","type":"string","default":"main"}]})";
constexpr const char* kValue = R"({"type":"record","name":"V","fields":[{"name":"id","type":"string"},
  {"name":"count","type":"long","default":0},{"name":"note","type":["null","string"],"default":null}]})";
constexpr const char* kStatus = R"({"type":"record","name":"S","fields":[{"name":"status","type":{"type":"enum",
  "name":"Status","symbols":["QUEUED","RUNNING","DONE"],
  "transitions":{"QUEUED":["RUNNING"],"RUNNING":["DONE"]},"initial":["QUEUED"]}}]})";
constexpr int kPartitions = 3;

class RowWritesTest : public ::testing::Test {
 protected:
  // The subjects must be registered before.
  void serve(table::testing::FilledTableOptions options = {}) {
    options.table.topic = "t";
    options.partitions = kPartitions;
    table_ = std::make_shared<FilledTable>(registry_, options);
    log_ = std::make_unique<WrittenLog>(*table_, kPartitions);
    tables_ = std::make_unique<Tables>(std::vector<std::shared_ptr<table::LiveTable>>{table_});
    parts_ = std::make_unique<Parts>(
        Parts{.tables = *tables_, .executor = executor_, .registry = registry_, .kafka = {}, .version = ""});
    parts_->at_stop = [this](std::function<void()> let_go) { let_go_ = std::move(let_go); };
    client_ = std::make_unique<OperationClient>(
        write_operations(*parts_, {.open_producer = [this] { return std::make_unique<LogProducer>(*log_); }}));
  }
  void serve_values(const char* key = kKey) {
    register_schema("t-key", key);
    register_schema("t-value", kValue);
    serve();
  }
  void TearDown() override {
    if (let_go_) let_go_();
    executor_.stop();
  }

  void register_schema(const std::string& subject, const char* text) {
    ASSERT_TRUE(registry_.register_schema(subject, {.schema = text}, false));
  }

  http::Response ask(Method method, const std::string& key, std::string body = "",
                     std::vector<http::Field> fields = {}) {
    return client_->ask(
        {.method = method, .target = "/v1/tables/t/rows/" + key, .fields = std::move(fields), .body = std::move(body)});
  }
  http::Response put(const std::string& key, std::string value, std::vector<http::Field> fields = {}) {
    fields.push_back({"content-type", "application/json"});
    return ask(Method::kPut, key, std::move(value), std::move(fields));
  }
  http::Response patch(const std::string& key, std::string value, std::vector<http::Field> fields = {}) {
    fields.push_back({"content-type", "application/merge-patch+json"});
    return ask(Method::kPatch, key, std::move(value), std::move(fields));
  }

  // The row's value as JSON; "" where there is none.
  std::string value_of(const std::string& key) {
    const auto typed = table_->typed();
    const auto logical = typed->logical_key(table_->key_bytes(key)).value();
    const auto found = table_->find(logical, table::Reach::kDisk).value();
    if (found.state != table::RowState::kFound) return "";
    return typed->row_value(found.row->view()).value().text;
  }

  static json::Value body_of(const http::Response& response) { return json::parse(response.body).value(); }
  static std::string member_of(const http::Response& response, std::string_view name) {
    const json::Value body = body_of(response);
    const json::Value* member = body.find(name);
    return member == nullptr ? "" : member->is_string() ? member->text() : json::to_text(*member);
  }

  MemoryRegistry registry_;
  Executor executor_{2};
  std::shared_ptr<FilledTable> table_;
  std::unique_ptr<WrittenLog> log_;
  std::unique_ptr<Tables> tables_;
  std::unique_ptr<Parts> parts_;
  std::function<void()> let_go_;
  std::unique_ptr<OperationClient> client_;
};

// ---- values

TEST_F(RowWritesTest, ANewRowIsCreatedAndThenReplaced) {
  serve_values();
  const auto created = put("om-1", R"({"id":"om-1","count":1})");
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(value_of("om-1"), R"({"id":"om-1","count":1,"note":null})");
  EXPECT_EQ(field_of(created, "ETag"), '"' + member_of(created, "position") + '"');
  EXPECT_EQ(member_of(created, "key"), R"({"id":"om-1"})");
  EXPECT_THAT(field_of(created, "Omashu-Position"), HasSubstr("t-"));

  const auto replaced = put("om-1", R"({"id":"om-1","count":2})");
  EXPECT_EQ(replaced.status, 200);
  EXPECT_NE(field_of(replaced, "ETag"), field_of(created, "ETag"));
  EXPECT_EQ(value_of("om-1"), R"({"id":"om-1","count":2,"note":null})");
}

TEST_F(RowWritesTest, ValuesComeAsPlainJsonAsAvrosAndAsBytes) {
  serve_values();
  const auto avro = ask(Method::kPut, "om-1", R"({"id":"om-1","count":3,"note":{"string":"n"}})",
                        {{"content-type", "application/vnd.omashu.avro+json; charset=utf-8"}});
  EXPECT_EQ(avro.status, 201) << avro.body;
  EXPECT_EQ(value_of("om-1"), R"({"id":"om-1","count":3,"note":"n"})");
  const std::string payload = table_->typed()->write_value(R"({"id":"om-2","count":4})").value();
  const auto bytes = ask(Method::kPut, "om-2", payload, {{"content-type", "application/octet-stream"}});
  EXPECT_EQ(bytes.status, 201) << bytes.body;
  EXPECT_EQ(value_of("om-2"), R"({"id":"om-2","count":4,"note":null})");

  const auto other_key = ask(Method::kPut, "om-3", payload, {{"content-type", "application/octet-stream"}});
  EXPECT_EQ(other_key.status, 422) << other_key.body;
  EXPECT_EQ(member_of(other_key, "pointer"), "/id");
  const auto garbage = ask(Method::kPut, "om-3", "garbage", {{"content-type", "application/octet-stream"}});
  EXPECT_EQ(garbage.status, 422) << garbage.body;
}

TEST_F(RowWritesTest, WhatDoesNotSuitTheSchemaHasAPointer) {
  serve_values();
  const auto wrong = put("om-1", R"({"id":"om-1","count":"many"})");
  EXPECT_EQ(wrong.status, 422);
  EXPECT_EQ(member_of(wrong, "pointer"), "/count");
  const auto disagrees = put("om-1", R"({"id":"om-2"})");
  EXPECT_EQ(disagrees.status, 422);
  EXPECT_EQ(member_of(disagrees, "pointer"), "/id");
  EXPECT_EQ(member_of(disagrees, "detail"), "the key has the id 'om-1', and the value 'om-2': they must be equal");
  const auto no_json = put("om-1", "{\n  \"id\": }");
  EXPECT_EQ(no_json.status, 400);
  EXPECT_THAT(member_of(no_json, "detail"), HasSubstr("line 2, column 9"));
  EXPECT_EQ(put("om-1", "").status, 400);
  EXPECT_EQ(log_->appended(), 0u);
}

TEST_F(RowWritesTest, WithoutAValueSchemaNothingIsWritten) {
  serve();
  const auto refused = put("om-1", "{}");
  EXPECT_EQ(refused.status, 409);
  EXPECT_THAT(member_of(refused, "detail"), HasSubstr("has no value schema"));
}

TEST_F(RowWritesTest, ATableThatIsNotServed) {
  serve_values();
  EXPECT_EQ(client_
                ->ask({.method = Method::kPut,
                       .target = "/v1/tables/x/rows/om-1",
                       .fields = {{"content-type", "application/json"}},
                       .body = "{}"})
                .status,
            404);
}

// ---- conditions

TEST_F(RowWritesTest, IfMatchHoldsForTheRecordThatTheRowComesFrom) {
  serve_values();
  const std::string first = field_of(put("om-1", R"({"id":"om-1","count":1})"), "ETag");
  const auto second = put("om-1", R"({"id":"om-1","count":2})", {{"if-match", first}});
  EXPECT_EQ(second.status, 200);
  const auto late = put("om-1", R"({"id":"om-1","count":3})", {{"if-match", first}});
  EXPECT_EQ(late.status, 412);
  EXPECT_EQ(field_of(late, "ETag"), field_of(second, "ETag"));
  EXPECT_EQ(value_of("om-1"), R"({"id":"om-1","count":2,"note":null})");
  EXPECT_EQ(ask(Method::kDelete, "om-1", "", {{"if-match", first}}).status, 412);
  EXPECT_EQ(ask(Method::kDelete, "om-1", "", {{"if-match", "*"}}).status, 204);
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})", {{"if-match", "*"}}).status, 412);
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})", {{"if-match", "unquoted"}}).status, 400);
}

TEST_F(RowWritesTest, IfNoneMatchCreates) {
  serve_values();
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})", {{"if-none-match", "*"}}).status, 201);
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})", {{"if-none-match", "*"}}).status, 412);
  EXPECT_EQ(ask(Method::kDelete, "om-1").status, 204);
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})", {{"if-none-match", "*"}}).status, 201);
}

TEST_F(RowWritesTest, AnotherProducerBetweenWinsOverACondition) {
  serve_values();
  const std::string tag = field_of(put("om-1", R"({"id":"om-1","count":1})"), "ETag");
  log_->before_append = [this](const kafka::Record&) {
    log_->before_append = [](const kafka::Record&) {};
    table_->put("om-1", R"({"id":"om-1","count":77})");
  };
  const auto lost = put("om-1", R"({"id":"om-1","count":2})", {{"if-match", tag}});
  EXPECT_EQ(lost.status, 412) << lost.body;
  EXPECT_EQ(value_of("om-1"), R"({"id":"om-1","count":77,"note":null})");
  // The row's tag is that of the record by which the winner was written again.
  EXPECT_EQ(put("om-1", R"({"id":"om-1","count":78})", {{"if-match", field_of(lost, "ETag")}}).status, 200);
}

TEST_F(RowWritesTest, AConditionWaitsUntilTheRecordThatItNamesIsRead) {
  serve_values();
  put("om-1", R"({"id":"om-1","count":1})");
  const std::string bytes = table_->key_bytes("om-1");
  const auto logical = table_->typed()->logical_key(bytes).value();
  const table::Position position = table_->find(logical, table::Reach::kMemory)->row->position;
  const std::string next = fmt::format("\"t-{}-{}\"", position.partition, position.offset + 1);
  auto answered =
      std::async(std::launch::async, [&] { return put("om-1", R"({"id":"om-1","count":3})", {{"if-match", next}}); });
  // Whichever of the two comes first, the condition holds.
  table_->put("om-1", R"({"id":"om-1","count":2})");
  EXPECT_EQ(answered.get().status, 200);
}

// ---- merges

TEST_F(RowWritesTest, APatchChangesTheMembersThatItHas) {
  serve_values();
  put("om-1", R"({"id":"om-1","count":1,"note":"n"})");
  EXPECT_EQ(patch("om-1", R"({"count":2})").status, 200);
  EXPECT_EQ(value_of("om-1"), R"({"id":"om-1","count":2,"note":"n"})");
  EXPECT_EQ(patch("om-1", R"({"count":null,"note":null})").status, 200);
  EXPECT_EQ(value_of("om-1"), R"({"id":"om-1","count":0,"note":null})");
  EXPECT_EQ(member_of(patch("om-1", R"({"count":"x"})"), "pointer"), "/count");
  EXPECT_EQ(patch("om-1", R"({"id":"om-2"})").status, 422);
  EXPECT_EQ(patch("om-1", "{").status, 400);
  EXPECT_EQ(patch("om-2", R"({"count":2})").status, 404);
  ask(Method::kDelete, "om-1");
  EXPECT_EQ(patch("om-1", R"({"count":2})").status, 410);
}

TEST_F(RowWritesTest, APatchIsMadeAgainOnWhatAnotherProducerWrote) {
  serve_values();
  put("om-1", R"({"id":"om-1","count":1,"note":"ours"})");
  log_->before_append = [this](const kafka::Record&) {
    log_->before_append = [](const kafka::Record&) {};
    table_->put("om-1", R"({"id":"om-1","count":1,"note":"theirs"})");
  };
  EXPECT_EQ(patch("om-1", R"({"count":2})").status, 200);
  EXPECT_EQ(value_of("om-1"), R"({"id":"om-1","count":2,"note":"theirs"})");
}

// ---- transitions

TEST_F(RowWritesTest, AnImpossibleTransitionIsToldWithWhatIsPossible) {
  register_schema("t-value", kStatus);
  serve();
  const auto early = put("om-1", R"({"status":"RUNNING"})");
  EXPECT_EQ(early.status, 409);
  EXPECT_EQ(member_of(early, "from"), "null");
  EXPECT_EQ(member_of(early, "possible"), R"(["QUEUED"])");
  EXPECT_EQ(put("om-1", R"({"status":"QUEUED"})").status, 201);
  const auto jump = patch("om-1", R"({"status":"DONE"})");
  EXPECT_EQ(jump.status, 409);
  EXPECT_EQ(member_of(jump, "type"), "/problems/impossible-transition");
  EXPECT_EQ(member_of(jump, "pointer"), "/status");
  EXPECT_EQ(member_of(jump, "detail"), "status cannot go from QUEUED to DONE: from QUEUED it may go to RUNNING");
  EXPECT_EQ(member_of(jump, "possible"), R"(["RUNNING"])");
  EXPECT_EQ(put("om-1", R"({"status":"RUNNING"})").status, 200);
}

TEST_F(RowWritesTest, ATransitionIsCheckedFromWhatAnotherProducerWrote) {
  register_schema("t-value", kStatus);
  serve();
  put("om-1", R"({"status":"QUEUED"})");
  log_->before_append = [this](const kafka::Record&) {
    log_->before_append = [](const kafka::Record&) {};
    table_->put("om-1", R"({"status":"DONE"})");
  };
  EXPECT_EQ(put("om-1", R"({"status":"RUNNING"})").status, 409);
  EXPECT_EQ(value_of("om-1"), R"({"status":"DONE"})");
}

// ---- deletions

TEST_F(RowWritesTest, ARowIsDeletedOnce) {
  serve_values();
  EXPECT_EQ(ask(Method::kDelete, "om-1").status, 404);
  put("om-1", R"({"id":"om-1"})");
  const auto deleted = ask(Method::kDelete, "om-1");
  EXPECT_EQ(deleted.status, 204);
  EXPECT_EQ(deleted.body, "");
  EXPECT_EQ(value_of("om-1"), "");
  EXPECT_EQ(ask(Method::kDelete, "om-1").status, 410);
}

TEST_F(RowWritesTest, EveryEncodingOfAKeyIsDeleted) {
  register_schema("t-key", kKey);
  register_schema("t-value", kValue);
  const std::string old_key = table::TypedTopic::open(registry_, "t")->write_key(R"({"id":"om-1"})").value();
  register_schema("t-key", kKeyWithTenant);
  serve();
  table_->add(0, old_key, table_->typed()->write_value(R"({"id":"om-1"})").value());
  std::vector<std::string> keys;
  log_->before_append = [&](const kafka::Record& record) { keys.push_back(*record.key); };
  const std::string path = "%7B%22id%22%3A%22om-1%22%7D";
  EXPECT_EQ(put(path, R"({"id":"om-1"})").status, 200);
  EXPECT_EQ(ask(Method::kDelete, path).status, 204);
  ASSERT_EQ(keys.size(), 3u);
  EXPECT_EQ(keys[0], keys[1]);
  EXPECT_EQ(keys[2], old_key);
}

// ---- order

TEST_F(RowWritesTest, WritesOfOneKeyWaitForEachOtherAndOtherKeysGoOn) {
  serve_values();
  log_->hold(table_->key_bytes("slow"));
  auto first = std::async(std::launch::async, [&] { return put("slow", R"({"id":"slow","count":1})"); });
  log_->wait_until_held(1);
  auto second = std::async(std::launch::async, [&] { return put("slow", R"({"id":"slow","count":2})"); });
  EXPECT_EQ(put("fast", R"({"id":"fast"})").status, 201);
  log_->release();
  EXPECT_EQ(first.get().status, 201);
  EXPECT_EQ(second.get().status, 200);
  EXPECT_EQ(value_of("slow"), R"({"id":"slow","count":2,"note":null})");
}

TEST_F(RowWritesTest, OfManyThatCreateARowOneSucceeds) {
  serve_values();
  std::vector<std::future<http::Response>> answers;
  for (int i = 0; i < 8; ++i) {
    answers.push_back(std::async(std::launch::async, [this, i] {
      return put("om-1", fmt::format(R"({{"id":"om-1","count":{}}})", i), {{"if-none-match", "*"}});
    }));
  }
  int created = 0;
  for (auto& answer : answers) created += answer.get().status == 201 ? 1 : 0;
  EXPECT_EQ(created, 1);
}

TEST_F(RowWritesTest, RowsOnTheDiskAreLookedUpElsewhere) {
  serve_values();
  put("om-1", R"({"id":"om-1","count":1})");
  table_->keep_nothing_in_memory();
  EXPECT_EQ(patch("om-1", R"({"count":2})").status, 200);
}

TEST_F(RowWritesTest, ARowWhoseTimeToLiveIsOverIsNotThere) {
  register_schema("t-key", kKey);
  register_schema("t-value", kValue);
  int64_t now_ms = 1'700'000'000'000;
  table::testing::FilledTableOptions options{.table = {}, .now_ms = [&now_ms] { return now_ms; }};
  options.table.ttl.emplace().duration = std::chrono::hours(1);
  serve(std::move(options));
  table_->put("om-1", R"({"id":"om-1"})");
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})", {{"if-none-match", "*"}}).status, 412);
  now_ms += 7'200'000;
  EXPECT_EQ(patch("om-1", R"({"count":1})").status, 410);
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})", {{"if-none-match", "*"}}).status, 201);
}

// ---- idempotency keys

TEST_F(RowWritesTest, TheSameRequestUnderOneKeyIsWrittenOnce) {
  serve_values();
  const auto first = put("om-1", R"({"id":"om-1"})", {{"idempotency-key", "a"}});
  const auto again = put("om-1", R"({"id":"om-1"})", {{"idempotency-key", "a"}});
  EXPECT_EQ(first.status, 201);
  EXPECT_EQ(again.status, 201);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(log_->appended(), 1u);
  const auto other = put("om-1", R"({"id":"om-1","count":1})", {{"idempotency-key", "a"}});
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(member_of(other, "type"), "/problems/idempotency-key-reused");
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})", {{"idempotency-key", std::string(256, 'k')}}).status, 400);
}

// ---- failures

TEST_F(RowWritesTest, WhatTheBrokersDoNotTakeIsTold) {
  serve_values();
  log_->send_error = Error{ErrorCode::kUnavailable, "no broker answers", std::nullopt};
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})", {{"idempotency-key", "a"}}).status, 503);
  log_->send_error = Error{ErrorCode::kInvalidArgument, "a record of 2000000 bytes is too large", std::nullopt};
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})").status, 413);
  log_->send_error.reset();
  log_->delivery_error = Error{ErrorCode::kTimeout, "not delivered in time", std::nullopt};
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})").status, 504);
  log_->delivery_error.reset();
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})", {{"idempotency-key", "a"}}).status, 201);
}

TEST_F(RowWritesTest, WhereItCannotBeSeenWhatCameBetweenAConditionalWriteIsNotCalledASuccess) {
  register_schema("t-key", kKey);
  register_schema("t-value", kValue);
  serve({.table = {}, .feed_bytes = 1});
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})").status, 201);
  const auto unknown = put("om-1", R"({"id":"om-1","count":1})", {{"if-match", "*"}});
  EXPECT_EQ(unknown.status, 504);
  EXPECT_EQ(member_of(unknown, "type"), "/problems/not-acknowledged");
  EXPECT_NE(member_of(unknown, "position"), "");
}

TEST_F(RowWritesTest, ATableThatIsBeingReadTakesNoWrites) {
  register_schema("t-key", kKey);
  register_schema("t-value", kValue);
  serve({.table = {}, .is_restoring = true});
  const auto early = put("om-1", R"({"id":"om-1"})");
  EXPECT_EQ(early.status, 503);
  EXPECT_NE(field_of(early, "Retry-After"), "");
  table_->finish_restore();
  EXPECT_EQ(put("om-1", R"({"id":"om-1"})").status, 201);
}

}  // namespace
}  // namespace omashu::service
