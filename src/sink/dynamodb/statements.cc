#include "sink/dynamodb/statements.h"

#include <fmt/core.h>

#include "base/json.h"
#include "sink/dynamodb/attribute_value.h"

namespace omashu::sink::dynamodb {

namespace {

constexpr std::string_view kGuard =
    "attribute_not_exists(#position) OR #position.#topic <> :topic"
    " OR (#position.#partition = :partition AND #position.#offset < :offset)"
    " OR (#position.#partition <> :partition AND #position.#timestamp < :timestamp)"
    " OR (#position.#partition < :partition AND #position.#timestamp = :timestamp)";

std::string quoted(std::string_view text) {
  std::string out;
  json::append_quoted(out, text);
  return out;
}

std::string guard_members(const ItemOptions& options, const ItemPosition& position) {
  std::string topic;
  append_typed(topic, 'S', position.topic);
  return fmt::format(
      R"("ConditionExpression":"{}","ExpressionAttributeNames":{{"#position":{},"#topic":"topic",)"
      R"("#partition":"partition","#offset":"offset","#timestamp":"timestamp"}},"ExpressionAttributeValues":)"
      R"({{":topic":{},":partition":{{"N":"{}"}},":offset":{{"N":"{}"}},":timestamp":{{"N":"{}"}}}})",
      kGuard, quoted(options.position_attribute), topic, position.partition, position.offset, position.timestamp_ms);
}

}  // namespace

Statement guarded_put(std::string_view table, const ItemOptions& options, const Item& item) {
  return {"PutItem", fmt::format(R"({{"TableName":{},"Item":{{{}}},{}}})", quoted(table), item.attributes,
                                 guard_members(options, item.position))};
}

Statement guarded_delete(std::string_view table, const ItemOptions& options, const Item& item) {
  return {"DeleteItem", fmt::format(R"({{"TableName":{},"Key":{{{}}},{}}})", quoted(table), item.key,
                                    guard_members(options, item.position))};
}

Statement put(std::string_view table, const Item& item) {
  return {"PutItem", fmt::format(R"({{"TableName":{},"Item":{{{}}}}})", quoted(table), item.attributes)};
}

Statement batch_put(std::string_view table, std::span<const Item* const> items) {
  std::string requests;
  for (const Item* item : items) {
    if (!requests.empty()) requests += ',';
    requests += R"({"PutRequest":{"Item":{)";
    requests += item->attributes;
    requests += "}}}";
  }
  return {"BatchWriteItem", fmt::format(R"({{"RequestItems":{{{}:[{}]}}}})", quoted(table), requests)};
}

}  // namespace omashu::sink::dynamodb
