#include "service/group/gathered_count.h"

#include <algorithm>
#include <utility>

namespace omashu::service {

namespace {

std::unexpected<Problem> senseless() {
  return refuse(ProblemType::kInternal, "a member of the group answered what is no count");
}

}  // namespace

Answer<json::Value> add_counts(const std::vector<json::Value>& counts, const std::string& position) {
  int64_t total = 0;
  bool has_groups = false;
  std::map<std::string, std::pair<json::Value, int64_t>> groups;  // by their values
  for (const json::Value& one : counts) {
    const json::Value* count = one.find("count");
    if (count == nullptr || !count->as_int64()) return senseless();
    total += *count->as_int64();
    const json::Value* of_member = one.find("groups");
    if (of_member == nullptr) continue;
    has_groups = true;
    for (const json::Value& group : of_member->items()) {
      const json::Value *by = group.find("by"), *rows = group.find("count");
      if (by == nullptr || rows == nullptr || !rows->as_int64()) return senseless();
      groups.try_emplace(json::to_text(*by), *by, 0).first->second.second += *rows->as_int64();
    }
  }
  json::Value body = json::Value::object();
  body.add("count", total);
  if (has_groups) {
    std::vector<std::pair<json::Value, int64_t>> sorted;
    for (auto& [text, group] : groups) sorted.push_back(std::move(group));
    std::ranges::stable_sort(sorted, std::greater(), &std::pair<json::Value, int64_t>::second);
    json::Value list = json::Value::array();
    for (auto& [by, rows] : sorted) {
      json::Value group = json::Value::object();
      group.add("by", std::move(by)).add("count", rows);
      list.append(std::move(group));
    }
    body.add("groups", std::move(list));
  }
  body.add("position", position);
  return body;
}

void answer_count(GroupRouter& router, const http::ExchangePtr& exchange, const http::Handler& here) {
  const http::Request& request = exchange->request();
  // Which says what is wrong.
  if (router.parts().tables.find(exchange->parameter("table")) == nullptr) return here(exchange);
  for (const char* name : {"sum", "avg", "min", "max"}) {
    if (request.query_values(name).empty()) continue;
    return answer(exchange, {.type = ProblemType::kInvalidParameter,
                             .detail = std::string(name) +
                                       ": servers that share a table in a group count rows, and add no values up: ask "
                                       "`omashu count`"});
  }
  const auto partitions = asked_partitions(router, request, exchange->parameter("table"));
  if (!partitions) return answer(exchange, partitions.error());
  const auto gathered = gather(router, *partitions, [&](const HeldPartitions& of_member) {
    http::Request asked = PeerClient::forwarded(request);
    asked.target = target_for(request, of_member);
    return asked;
  });
  if (!gathered) return exchange->answer(gathered.error());
  GatheredHead head;
  std::vector<json::Value> counts;
  for (const MemberAnswer& of_member : *gathered) {
    head.add(of_member.partitions, of_member.response);
    auto parsed = json::parse(of_member.response.body);
    counts.push_back(parsed ? *std::move(parsed) : json::Value());
  }
  const auto body = add_counts(counts, table::position_set_text(head.positions));
  if (!body) return answer(exchange, body.error());
  http::Response response{.content_type = "application/json", .body = json::to_text(*body) + "\n", .fields = {}};
  response.fields.push_back({"Cache-Control", "no-cache"});
  head.add_to(response.fields);
  exchange->answer(std::move(response));
}

}  // namespace omashu::service
