// POST /v1/tables/{table}/rows:batch-get

#include <fmt/core.h>

#include <iterator>
#include <memory>
#include <utility>

#include "service/parts.h"
#include "service/read_options.h"
#include "service/row_key.h"
#include "service/row_text.h"

namespace omashu::service {

namespace {

constexpr size_t kMaxKeys = 1'000;

constexpr const char* kRequestSchema =
    R"({"type":"object","required":["keys"],"properties":{"keys":{"type":"array","maxItems":1000,"items":)"
    R"({"description":"a key: a text as in a path, or JSON"}}}})";
constexpr const char* kAnswerSchema =
    R"({"type":"object","required":["rows","missing","position"],"properties":{"rows":{"type":"array","items":)"
    R"({"$ref":"#/components/schemas/Row"}},"missing":{"type":"array","items":{"type":"object",)"
    R"("required":["key","reason"],"properties":{"key":{},"reason":{"enum":["never-seen","deleted","restoring"]}}}},)"
    R"("position":{"type":"string"}}})";

struct BatchQuestion {
  http::ExchangePtr exchange;
  table::LiveTable* table = nullptr;
  std::shared_ptr<table::TypedTopic> typed;
  std::vector<std::string> keys = {};  // logical
};

std::unexpected<Problem> malformed(std::string detail, std::string pointer) {
  return refuse({.type = ProblemType::kMalformedBody, .detail = std::move(detail), .pointer = std::move(pointer)});
}

Answer<std::vector<std::string>> parse_keys(const std::string& body, table::TypedTopic& typed) {
  const auto parsed = json::parse(body);
  if (!parsed) return malformed(parsed.error().message, "");
  if (!parsed->is_object()) return malformed("send {\"keys\":[…]}", "");
  for (const json::Member& member : parsed->members()) {
    if (member.name != "keys") return malformed("there is only `keys`", "/" + member.name);
  }
  const json::Value* keys = parsed->find("keys");
  if (keys == nullptr || !keys->is_array()) return malformed("send {\"keys\":[…]}", "/keys");
  if (keys->items().size() > kMaxKeys) return malformed(fmt::format("at most {} keys at once", kMaxKeys), "/keys");
  std::vector<std::string> logical;
  for (const json::Value& key : keys->items()) {
    auto found = logical_key(typed, key.is_string() ? key.text() : json::to_text(key));
    if (!found) {
      if (found.error().type == ProblemType::kUnavailable) return refuse(std::move(found.error()));
      return malformed(std::move(found.error().detail), fmt::format("/keys/{}", logical.size()));
    }
    logical.push_back(*std::move(found));
  }
  return logical;
}

std::string_view reason_text(table::RowState state) {
  switch (state) {
    case table::RowState::kDeleted: return "deleted";
    case table::RowState::kNotYetSeen: return "restoring";
    default: return "never-seen";
  }
}

void answer_batch(const BatchQuestion& question) {
  const TableHead head(*question.table);
  std::string rows, missing;
  for (const std::string& key : question.keys) {
    const auto lookup = question.table->find(key, table::Reach::kDisk);
    if (!lookup) return answer(question.exchange, problem_of(lookup.error()));
    if (lookup->state != table::RowState::kFound) {
      if (!missing.empty()) missing += ',';
      missing += fmt::format(R"({{"key":{},"reason":"{}"}})", key, reason_text(lookup->state));
      continue;
    }
    if (!rows.empty()) rows += ',';
    if (auto appended = append_row(rows, question.table->topic(), *question.typed, *lookup->row); !appended) {
      return answer(question.exchange, problem_of(appended.error()));
    }
  }
  std::string body = R"({"rows":[)" + rows + R"(],"missing":[)" + missing + R"(],"position":)";
  json::append_quoted(body, head.position);
  http::Response response{.content_type = "application/json", .body = body + "}\n", .fields = {}};
  response.fields.push_back({"Cache-Control", "no-cache"});
  head.add_to(response.fields);
  question.exchange->answer(std::move(response));
}

void batch_get(const Parts& parts, const http::ExchangePtr& exchange) {
  const auto table = table_of(parts, *exchange);
  if (!table) return answer(exchange, table.error());
  const auto read = parse_read_options(exchange->request(), **table);
  if (!read) return answer(exchange, read.error());
  const auto question =
      std::make_shared<BatchQuestion>(BatchQuestion{.exchange = exchange, .table = *table, .typed = (*table)->typed()});
  auto keys = parse_keys(exchange->request().body, *question->typed);
  if (!keys) return answer(exchange, keys.error());
  question->keys = *std::move(keys);
  when_fresh(**table, exchange, *read,
             [&parts, question] { parts.executor.post([question] { answer_batch(*question); }); });
}

}  // namespace

Operations batch_operations(const Parts& parts) {
  Operation get{
      .method = http::Method::kPost,
      .pattern = "/v1/tables/{table}/rows:batch-get",
      .id = "batchGetRows",
      .tag = "Rows",
      .summary = "The rows of several keys",
      .description = "Rows come in the order of the keys; keys without one are listed with the reason.",
      .parameters = {table_parameter()},
      .request = {{"application/json", kRequestSchema}},
      .answers = {{200, {"The rows, and the keys without one", {{"application/json", kAnswerSchema}}}}},
      .problems = {ProblemType::kUnknownTable, ProblemType::kMalformedBody, ProblemType::kUnsupportedMediaType,
                   ProblemType::kTooStale, ProblemType::kUnavailable, ProblemType::kNotReachedInTime},
      .handler = [&parts](const http::ExchangePtr& exchange) { batch_get(parts, exchange); }};
  std::ranges::move(read_parameters(), std::back_inserter(get.parameters));
  Operations operations;
  operations.push_back(std::move(get));
  return operations;
}

}  // namespace omashu::service
