#include "sink/dynamodb/answer.h"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "base/json.h"
#include "base/shown.h"

namespace omashu::sink::dynamodb {

namespace {

using Kind = http_client::AttemptOutcome::Kind;

struct KnownError {
  std::string_view type;
  Verdict verdict;
  ErrorCode code;
  std::string_view advice;
};

// DynamoDB's error types, without the prefix of their name space.
constexpr std::array kKnownErrors = {
    KnownError{"ConditionalCheckFailedException", Verdict::kOlder, ErrorCode::kConflict, ""},
    KnownError{"ProvisionedThroughputExceededException", Verdict::kThrottled, ErrorCode::kUnavailable, ""},
    KnownError{"ThrottlingException", Verdict::kThrottled, ErrorCode::kUnavailable, ""},
    KnownError{"Throttling", Verdict::kThrottled, ErrorCode::kUnavailable, ""},
    KnownError{"RequestLimitExceeded", Verdict::kThrottled, ErrorCode::kUnavailable, ""},
    KnownError{"LimitExceededException", Verdict::kThrottled, ErrorCode::kUnavailable, ""},
    KnownError{"TransactionConflictException", Verdict::kTryAgain, ErrorCode::kUnavailable, ""},
    KnownError{"ReplicatedWriteConflictException", Verdict::kTryAgain, ErrorCode::kUnavailable, ""},
    KnownError{"InternalServerError", Verdict::kTryAgain, ErrorCode::kUnavailable, ""},
    KnownError{"ServiceUnavailable", Verdict::kTryAgain, ErrorCode::kUnavailable, ""},
    KnownError{"ResourceInUseException", Verdict::kTryAgain, ErrorCode::kUnavailable, ""},
    KnownError{"ExpiredTokenException", Verdict::kExpired, ErrorCode::kUnauthorized,
               "the credentials have expired: log in again, or let the sink find ones that last"},
    KnownError{"RequestExpired", Verdict::kExpired, ErrorCode::kUnauthorized, "is the clock of this machine right?"},
    KnownError{"ResourceNotFoundException", Verdict::kStop, ErrorCode::kNotFound,
               "create it, or let --create do so; and is it the right region?"},
    KnownError{"AccessDeniedException", Verdict::kStop, ErrorCode::kUnauthorized,
               "the policy of these credentials must allow dynamodb:DescribeTable, PutItem, DeleteItem and "
               "BatchWriteItem on it"},
    KnownError{"UnrecognizedClientException", Verdict::kStop, ErrorCode::kUnauthorized,
               "DynamoDB does not know these credentials"},
    KnownError{"InvalidSignatureException", Verdict::kStop, ErrorCode::kUnauthorized,
               "the secret key does not belong to the access key, or the clock of this machine is wrong"},
    KnownError{"IncompleteSignatureException", Verdict::kStop, ErrorCode::kUnauthorized, ""},
    KnownError{"MissingAuthenticationTokenException", Verdict::kStop, ErrorCode::kUnauthorized, ""},
    KnownError{"InvalidClientTokenId", Verdict::kStop, ErrorCode::kUnauthorized,
               "DynamoDB does not know these credentials"},
    KnownError{"UnknownOperationException", Verdict::kStop, ErrorCode::kInvalidArgument, "is that a DynamoDB?"},
};

const json::Value* find_text(const json::Value& value, std::string_view name) {
  const json::Value* found = value.find(name);
  return found != nullptr && found->is_string() ? found : nullptr;
}

struct ErrorBody {
  std::string type;
  std::string message;
};

// Both spellings of "message" occur; a body that is no JSON has neither.
ErrorBody read_error(const std::string& body) {
  ErrorBody error;
  const Result<json::Value> value = json::parse(body);
  if (!value) return error;
  if (const json::Value* type = find_text(*value, "__type")) {
    error.type = type->text().substr(type->text().find('#') + 1);
  }
  for (const char* name : {"message", "Message"}) {
    if (const json::Value* message = find_text(*value, name)) error.message = message->text();
  }
  return error;
}

Answer failed(Verdict verdict, ErrorCode code, std::string message) {
  return {verdict, Error{code, std::move(message), std::nullopt}, ""};
}

Answer judge_error(int status, const std::string& body, std::string_view operation, std::string_view table) {
  const ErrorBody error = read_error(body);
  std::string message =
      fmt::format("{} on table {}: HTTP {}{}{}", operation, table, status, error.type.empty() ? "" : ", " + error.type,
                  error.message.empty() ? "" : ": " + shown(error.message));
  for (const KnownError& known : kKnownErrors) {
    if (known.type != error.type) continue;
    if (!known.advice.empty()) message += fmt::format("; {}", known.advice);
    return failed(known.verdict, known.code, std::move(message));
  }
  if (status == 429) return failed(Verdict::kThrottled, ErrorCode::kUnavailable, std::move(message));
  if (status >= 500 || status == 408) return failed(Verdict::kTryAgain, ErrorCode::kUnavailable, std::move(message));
  // ValidationException, ItemCollectionSizeLimitExceededException, SerializationException: the request's own.
  if (status == 400 || status == 413) return failed(Verdict::kRefused, ErrorCode::kInvalidArgument, std::move(message));
  return failed(Verdict::kStop, ErrorCode::kInternal, message + "; is that a DynamoDB?");
}

// "S", NUL, the text: of `{"S":"om-1"}`.
bool append_key_text(const json::Value* value, std::string& out) {
  if (value == nullptr || value->members().size() != 1 || !value->members()[0].value.is_string()) return false;
  out += value->members()[0].name;
  out += '\0';
  out += value->members()[0].value.text();
  out += '\0';
  return true;
}

Result<std::string> key_of_item(const json::Value& item, std::string_view hash, std::string_view sort) {
  std::string key;
  if (!append_key_text(item.find(hash), key) || (!sort.empty() && !append_key_text(item.find(sort), key))) {
    return fail(ErrorCode::kInternal, "an item without the table's key");
  }
  return key;
}

}  // namespace

Answer judge(http_client::HttpOutcome outcome, std::string_view operation, std::string_view table) {
  switch (outcome.kind) {
    case Kind::kAnswered: break;
    case Kind::kHopeless:
      return failed(Verdict::kStop, ErrorCode::kUnavailable, fmt::format("DynamoDB: {}", outcome.detail));
    case Kind::kCancelled: return failed(Verdict::kTryAgain, ErrorCode::kCancelled, "the sink is closing");
    default:
      return failed(Verdict::kTryAgain, ErrorCode::kUnavailable,
                    fmt::format("{} on table {}: {}", operation, table, outcome.detail));
  }
  if (outcome.status == 200) return {Verdict::kDone, {}, std::move(outcome.body)};
  return judge_error(outcome.status, outcome.body, operation, table);
}

Result<UnprocessedItems> parse_unprocessed(std::string_view body, std::string_view table, std::string_view hash,
                                           std::string_view sort) {
  UnprocessedItems unprocessed;
  const Result<json::Value> value = json::parse(body);
  if (!value) return fail(value.error());
  const json::Value* tables = value->find("UnprocessedItems");
  const json::Value* requests = tables == nullptr ? nullptr : tables->find(table);
  if (requests == nullptr) return unprocessed;
  for (const json::Value& request : requests->items()) {
    ++unprocessed.count;
    const json::Value* put = request.find("PutRequest");
    const json::Value* item = put == nullptr ? nullptr : put->find("Item");
    if (item == nullptr) return fail(ErrorCode::kInternal, "UnprocessedItems with a request that is no PutRequest");
    Result<std::string> key = key_of_item(*item, hash, sort);
    if (!key) return fail(std::move(key.error()).within("UnprocessedItems"));
    unprocessed.keys.push_back(*std::move(key));
  }
  return unprocessed;
}

Result<std::string> key_of_members(std::string_view members, std::string_view hash, std::string_view sort) {
  const Result<json::Value> value = json::parse(fmt::format("{{{}}}", members));
  if (!value) return fail(value.error());
  return key_of_item(*value, hash, sort);
}

Result<TableDescription> parse_table(std::string_view body) {
  const Result<json::Value> value = json::parse(body);
  if (!value) return fail(value.error());
  const json::Value* table = value->find("Table");
  if (table == nullptr) table = value->find("TableDescription");
  if (table == nullptr) return fail(ErrorCode::kInternal, "a description without a table");
  TableDescription description;
  if (const json::Value* status = find_text(*table, "TableStatus")) description.status = status->text();
  if (const json::Value* schema = table->find("KeySchema")) {
    for (const json::Value& part : schema->items()) {
      const json::Value* name = find_text(part, "AttributeName");
      const json::Value* type = find_text(part, "KeyType");
      if (name == nullptr || type == nullptr) continue;
      (type->text() == "HASH" ? description.hash : description.sort).name = name->text();
    }
  }
  if (const json::Value* attributes = table->find("AttributeDefinitions")) {
    for (const json::Value& attribute : attributes->items()) {
      const json::Value* name = find_text(attribute, "AttributeName");
      const json::Value* type = find_text(attribute, "AttributeType");
      if (name == nullptr || type == nullptr || type->text().size() != 1) continue;
      for (TableDescription::Attribute* key : {&description.hash, &description.sort}) {
        if (key->name == name->text()) key->type = type->text()[0];
      }
    }
  }
  if (description.hash.name.empty()) return fail(ErrorCode::kInternal, "a table without a hash key");
  return description;
}

}  // namespace omashu::sink::dynamodb
