#include "service/group/gathered_batch.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace omashu::service {

namespace {

using json::Value;

std::string text_of_key(const Value& key) { return key.is_string() ? key.text() : json::to_text(key); }

Value body_of_keys(std::vector<Value> keys) {
  Value body = Value::object();
  body.add("keys", Value::array(std::move(keys)));
  return body;
}

// A member's answer, of which each key takes the next row or the next reason.
struct Answers {
  HeldPartitions partitions;
  std::deque<Value> rows, missing;
};

std::deque<Value> items_of(const Value& body, const char* name) {
  const Value* items = body.find(name);
  if (items == nullptr) return {};
  return {items->items().begin(), items->items().end()};
}

}  // namespace

std::optional<std::vector<kafka::TopicPartition>> partitions_of_keys(GroupRouter& router, const table::LiveTable& table,
                                                                     const std::string& body) {
  const auto parsed = json::parse(body);
  const Value* keys = parsed ? parsed->find("keys") : nullptr;
  if (keys == nullptr || !keys->is_array()) return std::nullopt;
  std::vector<kafka::TopicPartition> partitions;
  for (const Value& key : keys->items()) {
    auto partition = partition_of_key(router.group(), table, text_of_key(key));
    if (!partition) return std::nullopt;
    partitions.push_back(*std::move(partition));
  }
  return partitions;
}

void answer_batch(GroupRouter& router, const http::ExchangePtr& exchange, const http::Handler& here) {
  const http::Request& request = exchange->request();
  const table::LiveTable* table = router.parts().tables.find(exchange->parameter("table"));
  const auto partitions = table == nullptr ? std::nullopt : partitions_of_keys(router, *table, request.body);
  if (!partitions || partitions->empty()) return here(exchange);  // which says what is wrong
  const Value parsed = json::parse(request.body).value();
  const std::vector<Value>& keys = parsed.find("keys")->items();
  const auto gathered = gather(router, {partitions->begin(), partitions->end()}, [&](const HeldPartitions& of_member) {
    http::Request asked = PeerClient::forwarded(request);
    std::vector<Value> own;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (of_member.contains((*partitions)[i])) own.push_back(keys[i]);
    }
    asked.body = json::to_text(body_of_keys(std::move(own)));
    return asked;
  });
  if (!gathered) return exchange->answer(gathered.error());
  GatheredHead head;
  std::vector<Answers> answers;
  for (const MemberAnswer& of_member : *gathered) {
    head.add(of_member.partitions, of_member.response);
    const auto body = json::parse(of_member.response.body);
    Answers& one = answers.emplace_back();
    one.partitions = of_member.partitions;
    if (!body) continue;
    one.rows = items_of(*body, "rows");
    one.missing = items_of(*body, "missing");
  }
  const auto typed = table->typed();
  Value rows = Value::array(), missing = Value::array();
  for (size_t i = 0; i < keys.size(); ++i) {
    const auto of_member =
        std::ranges::find_if(answers, [&](const Answers& one) { return one.partitions.contains((*partitions)[i]); });
    // A member's rows, and its reasons, are in the order of its keys.
    const auto has_next = [&](const std::deque<Value>& list) {
      if (list.empty()) return false;
      const Value* key = list.front().find("key");
      const auto json = typed->key_from_text(text_of_key(keys[i]));
      const auto bytes = json ? typed->write_key(*json) : std::unexpected(json.error());
      const auto logical = bytes ? typed->logical_key(*bytes) : std::unexpected(bytes.error());
      return key != nullptr && logical && json::to_text(*key) == *logical;
    };
    const bool is_row = has_next(of_member->rows) || of_member->missing.empty();
    std::deque<Value>& from = is_row ? of_member->rows : of_member->missing;
    if (from.empty()) {
      return answer(exchange, {.type = ProblemType::kInternal,
                               .detail = "a member of the group did not answer for all keys: " +
                                         of_member->partitions.begin()->topic});
    }
    (is_row ? rows : missing).append(std::move(from.front()));
    from.pop_front();
  }
  Value body = Value::object();
  body.add("rows", std::move(rows)).add("missing", std::move(missing));
  body.add("position", table::position_set_text(head.positions));
  http::Response response{.content_type = "application/json", .body = json::to_text(body) + "\n", .fields = {}};
  response.fields.push_back({"Cache-Control", "no-cache"});
  head.add_to(response.fields);
  exchange->answer(std::move(response));
}

}  // namespace omashu::service
