#include "service/write/write_request.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "service/row_key.h"
#include "service/write/merge_patch.h"
#include "table/position_set.h"
#include "table/stored_value.h"

namespace omashu::service {

namespace {

using table::TypedTopic;

constexpr std::string_view kAvroJson = "application/vnd.omashu.avro+json", kBytes = "application/octet-stream";

bool has_media_type(const http::Request& request, std::string_view type) {
  std::string_view field = request.field("content-type");
  field = field.substr(0, field.find(';'));
  while (!field.empty() && (field.back() == ' ' || field.back() == '\t')) field.remove_suffix(1);
  return std::ranges::equal(field, type, {}, [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
}

Problem malformed(const Error& error) {
  const TextPosition place = error.position.value_or(TextPosition{});
  return {
      .type = ProblemType::kMalformedBody,
      .detail = fmt::format("the body is no JSON: line {}, column {}: {}", place.line, place.column, error.message)};
}

// Of what write_value() made of a text that is JSON.
Problem unsuitable(const Error& error) {
  Problem problem = problem_of(error);
  if (error.code == ErrorCode::kNotFound) problem.type = ProblemType::kConflict;  // the topic has no value schema
  if (error.code != ErrorCode::kInvalidArgument) return problem;
  problem.type = ProblemType::kValueDoesNotSuit;
  problem.pointer = pointer_of(error.message).value_or("");
  return problem;
}

std::optional<Problem> disagreement(TypedTopic& typed, std::string_view key_bytes, std::string_view value_bytes) {
  const auto found = typed.find_disagreement(key_bytes, value_bytes);
  if (!found) return problem_of(found.error());
  if (!*found) return std::nullopt;
  return Problem{.type = ProblemType::kValueDoesNotSuit, .detail = (*found)->text(), .pointer = "/" + (*found)->field};
}

Answer<std::string> value_of_json(TypedTopic& typed, std::string_view text, avro::JsonForm form) {
  auto value = typed.write_value(text, form);
  if (value) return *std::move(value);
  if (const auto json = json::parse(text); !json) return refuse(malformed(json.error()));
  return refuse(unsuitable(value.error()));
}

// A payload as it shall stand on the topic: one that the table's readers can read.
Answer<std::string> value_of_bytes(TypedTopic& typed, std::string_view key_bytes, const std::string& payload) {
  if (!typed.values().has_schema()) return payload;
  const auto refused = [](std::string why) {
    return refuse({.type = ProblemType::kValueDoesNotSuit, .detail = std::move(why), .pointer = ""});
  };
  const auto json = typed.values().read_json(table::Payload{.bytes = payload});
  if (!json && json.error().code != ErrorCode::kCorrupt) return refuse(problem_of(json.error()));
  if (!json) return refused("the body is no payload of this topic: " + json.error().message);
  if (json->unresolved) return refused("the latest schema cannot read it: " + json->unresolved->message);
  const auto latest = typed.write_value(json->text);
  if (!latest) return refuse(unsuitable(latest.error()));
  if (auto problem = disagreement(typed, key_bytes, *latest)) return refuse(*std::move(problem));
  return payload;
}

Answer<std::string> read_value(TypedTopic& typed, std::string_view key_bytes, const http::Request& request) {
  if (has_media_type(request, kBytes)) return value_of_bytes(typed, key_bytes, request.body);
  if (request.body.empty()) {
    return refuse(ProblemType::kMalformedBody, "the body is empty: send the value, or DELETE the row");
  }
  auto value = value_of_json(typed, request.body,
                             has_media_type(request, kAvroJson) ? avro::JsonForm::kAvro : avro::JsonForm::kPlain);
  if (!value) return value;
  if (auto problem = disagreement(typed, key_bytes, *value)) return refuse(*std::move(problem));
  return value;
}

json::Value text_or_null(const std::optional<std::string>& text) { return text ? json::Value(*text) : json::Value(); }

std::optional<Problem> impossible(TypedTopic& typed, const RowPtr& row, std::string_view value) {
  std::optional<table::StoredValue> before;
  if (is_there(row)) before = table::read_stored_value(*row->value);
  const auto found = typed.check_transition(before ? &*before : nullptr, {.payload = value});
  if (!found) return problem_of(found.error());
  if (!*found) return std::nullopt;
  const table::ImpossibleTransition& transition = **found;
  Problem problem{.type = ProblemType::kImpossibleTransition, .detail = transition.text(), .pointer = ""};
  for (const char c : transition.field) *problem.pointer += c == '.' ? '/' : c;
  if (!transition.field.empty()) problem.pointer->insert(0, "/");
  json::Value possible = json::Value::array();
  for (const std::string& symbol : transition.possible) possible.append(symbol);
  problem.members = {{"field", transition.field},
                     {"from", text_or_null(transition.from)},
                     {"to", text_or_null(transition.to)},
                     {"possible", std::move(possible)}};
  return problem;
}

Problem no_row(const WriteRequest& request, const RowPtr& row) {
  if (row == nullptr) {
    return {.type = ProblemType::kRowNotFound,
            .detail = fmt::format("{} has no row with the key {}", request.table->topic(), shown_key(request.key))};
  }
  Problem problem{.type = ProblemType::kRowDeleted, .detail = fmt::format("{} was deleted", shown_key(request.key))};
  problem.members.push_back({"position", table::position_text(request.table->topic(), row->position)});
  return problem;
}

Answer<std::string> merged(const WriteRequest& request, const table::LiveRow& row) {
  const auto text = request.typed->row_value(row.view());
  if (!text) return refuse(problem_of(text.error()));
  auto value = json::parse(text->text);
  if (!value) return refuse(problem_of(value.error()));
  auto bytes = request.typed->write_value(json::to_text(merge_patch(*std::move(value), request.patch)));
  if (!bytes) return refuse(unsuitable(bytes.error()));
  if (auto problem = disagreement(*request.typed, request.key_bytes.front(), *bytes)) {
    return refuse(*std::move(problem));
  }
  return *std::move(bytes);
}

}  // namespace

bool WriteRequest::suits_any_row() const {
  return kind == Kind::kPut && conditions.is_empty() && typed->transitions().is_empty();
}

bool WriteRequest::may_wait(const RowPtr& row) const {
  if (kind == Kind::kDelete) return false;
  if (kind == Kind::kPatch) return true;
  return !typed->transitions().is_empty() && is_there(row) && !typed->knows_schema_of(row->view());
}

Decision WriteRequest::decide(const RowPtr& row) const {
  if (auto failed = conditions.check(table->topic(), row)) return refuse(*std::move(failed));
  if (kind != Kind::kPut && !is_there(row)) return refuse(no_row(*this, row));
  std::vector<NewRecord> records;
  if (kind == Kind::kDelete) {
    for (const std::string& bytes : key_bytes) records.push_back({.key = bytes, .value = std::nullopt});
    return records;
  }
  std::string bytes = value;
  if (kind == Kind::kPatch) {
    auto made = merged(*this, *row);
    if (!made) return refuse(std::move(made.error()));
    bytes = *std::move(made);
  }
  if (auto problem = impossible(*typed, row, bytes)) return refuse(*std::move(problem));
  records.push_back({.key = key_bytes.front(), .value = std::move(bytes)});
  return records;
}

bool reading_may_wait(const http::Request& request) {
  return request.method == http::Method::kDelete || has_media_type(request, kBytes);
}

Answer<WriteRequest> read_write_request(WriteRequest::Kind kind, table::LiveTable& table,
                                        const http::Exchange& exchange) {
  WriteRequest request{.kind = kind, .table = &table, .typed = table.typed()};
  auto conditions = Preconditions::parse(exchange.request());
  if (!conditions) return refuse(std::move(conditions.error()));
  request.conditions = *std::move(conditions);

  TypedTopic& typed = *request.typed;
  const std::string& key_text = exchange.parameter("key");
  auto logical = logical_key(typed, key_text);
  if (!logical) return refuse(std::move(logical.error()));
  request.key = *std::move(logical);
  const auto key = typed.key_from_text(key_text);
  if (!key) return refuse(problem_of(key.error()));
  if (kind == WriteRequest::Kind::kDelete) {
    auto encodings = typed.every_key_encoding(*key);
    if (!encodings) return refuse(problem_of(encodings.error()));
    request.key_bytes = *std::move(encodings);
    return request;
  }
  auto bytes = typed.write_key(*key);
  if (!bytes) return refuse(problem_of(bytes.error()));
  request.key_bytes = {*std::move(bytes)};
  if (kind == WriteRequest::Kind::kPatch) {
    auto patch = json::parse(exchange.request().body);
    if (!patch) return refuse(malformed(patch.error()));
    request.patch = *std::move(patch);
    return request;
  }
  auto value = read_value(typed, request.key_bytes.front(), exchange.request());
  if (!value) return refuse(std::move(value.error()));
  request.value = *std::move(value);
  return request;
}

}  // namespace omashu::service
