#include "service/group/group_operations.h"

#include <map>
#include <string>
#include <utility>

#include "base/json.h"
#include "service/group/gathered_batch.h"
#include "service/group/gathered_count.h"
#include "service/group/gathered_list.h"
#include "service/group/gathered_watch.h"

namespace omashu::service {

namespace {

using json::Value;

// {"status-download":[0,3]}
Value partitions_json(const HeldPartitions& partitions) {
  std::map<std::string, Value> topics;
  for (const auto& [topic, partition] : partitions) {
    topics.try_emplace(topic, Value::array()).first->second.append(partition);
  }
  Value out = Value::object();
  for (auto& [topic, numbers] : topics) out.add(topic, std::move(numbers));
  return out;
}

Value group_json(TableGroup& group) {
  const auto view = group.view();
  Value out = Value::object();
  out.add("group", group.name()).add("state", view->state).add("self", group.url());
  Value members = Value::array();
  for (const GroupView::Member& member : view->members) {
    Value one = Value::object();
    one.add("member", member.id).add("url", member.url.empty() ? Value() : Value(member.url));
    one.add("owned", partitions_json(member.owned));
    const HeldPartitions standby =
        group.replicas() > 0 ? standby_partitions(view->member_ids(), member.id, view->topics) : HeldPartitions();
    one.add("standby", partitions_json(standby));
    members.append(std::move(one));
  }
  out.add("members", std::move(members));
  Value self = Value::object();
  self.add("assigned", partitions_json(group.ownership().assigned()));
  self.add("takingOver", partitions_json(group.ownership().taking_over()));
  self.add("held", partitions_json(group.held()));
  out.add("here", std::move(self));
  return out;
}

constexpr const char* kGroupSchema =
    R"({"type":"object","required":["group","state","self","members","here"],"properties":{"group":{"type":"string"},)"
    R"("state":{"description":"the coordinator's word: Stable, PreparingRebalance, …","type":"string"},)"
    R"("self":{"type":"string"},"members":{"type":"array","items":{"type":"object","required":["member","url","owned",)"
    R"("standby"],"properties":{"member":{"type":"string"},"url":{"type":["string","null"]},)"
    R"("owned":{"type":"object","additionalProperties":{"type":"array","items":{"type":"integer"}}},)"
    R"("standby":{"type":"object","additionalProperties":{"type":"array","items":{"type":"integer"}}}}}},)"
    R"("here":{"type":"object","required":["assigned","takingOver","held"],"additionalProperties":)"
    R"({"type":"object","additionalProperties":{"type":"array","items":{"type":"integer"}}}}}})";

using AskMembers =
    std::function<void(GroupRouter& router, const http::ExchangePtr& exchange, const http::Handler& here)>;

// What a request is about that another member sent: ?partitions=, or the partitions of its keys.
HeldPartitions partitions_of(GroupRouter& router, const http::Exchange& exchange) {
  const std::string& topic = exchange.parameter("table");
  const table::LiveTable* table = router.parts().tables.find(topic);
  if (table == nullptr) return {};
  if (exchange.request().method == http::Method::kPost) {
    const auto partitions = partitions_of_keys(router, *table, exchange.request().body);
    return partitions ? HeldPartitions(partitions->begin(), partitions->end()) : HeldPartitions();
  }
  const auto partitions = asked_partitions(router, exchange.request(), topic);
  return partitions ? *partitions : HeldPartitions();
}

// A client's request goes to all members that own what it is about, this one among them; a member's is answered here.
void share(Operation& operation, GroupRouter& router, AskMembers ask) {
  operation.handler = [&router, here = std::move(operation.handler),
                       ask = std::move(ask)](const http::ExchangePtr& exchange) {
    if (GroupRouter::is_forwarded(exchange->request())) {
      return router.when_owned(partitions_of(router, *exchange), exchange, [here, exchange] { here(exchange); });
    }
    router.executor().post([&router, here, ask, exchange] { ask(router, exchange, here); });
  };
}

}  // namespace

void share_operations(Operations& operations, GroupRouter& router, GatheredWatches& watches) {
  const auto lists = std::make_shared<MergedLists>();
  for (Operation& operation : operations) {
    const bool is_read = operation.id == "getRow";
    const bool is_write = operation.id == "putRow" || operation.id == "patchRow" || operation.id == "deleteRow";
    if (is_read || is_write) operation.handler = router.for_one_key(std::move(operation.handler), is_read);
    if (operation.id == "listRows") {
      share(operation, router, [lists](GroupRouter& to, const http::ExchangePtr& exchange, const http::Handler& here) {
        answer_list(to, *lists, exchange, here);
      });
    }
    if (operation.id == "watchTable") {
      share(operation, router, [&watches](GroupRouter&, const http::ExchangePtr& exchange, const http::Handler& here) {
        watches.begin(exchange, here);
      });
    }
    if (operation.id == "countRows") share(operation, router, answer_count);
    if (operation.id == "batchGetRows") share(operation, router, answer_batch);
  }
}

Operations group_operations(GroupRouter& router) {
  Operations operations;
  operations.push_back({.pattern = "/v1/group",
                        .id = "getTableGroup",
                        .tag = "System",
                        .summary = "The servers that share the tables, and who owns which partitions",
                        .description = "`owned` is as the group's coordinator told last; `here` is what this server "
                                       "itself was given, still reads, and has copies of.",
                        .answers = {{200, {"The group", {{"application/json", kGroupSchema}}}}},
                        .access = http::Access::kKnown,
                        .handler = [&router](const http::ExchangePtr& exchange) {
                          exchange->answer({.content_type = "application/json",
                                            .body = json::to_text(group_json(router.group())) + "\n",
                                            .fields = {{"Cache-Control", "no-cache"}}});
                        }});
  const Parts& parts = router.parts();
  parts.add_gauge({.name = "omashu_group_forwarded_requests_total",
                   .help = "Requests for one key that another member of the group was asked.",
                   .value = [&router] { return router.forwarded(); },
                   .is_counter = true});
  parts.add_gauge({.name = "omashu_group_unanswered_requests_total",
                   .help = "Requests that another member of the group did not answer.",
                   .value = [&router] { return router.failed(); },
                   .is_counter = true});
  parts.add_gauge({.name = "omashu_group_members",
                   .help = "Members of the group, as its coordinator told last.",
                   .value = [&router] { return router.group().view()->members.size(); }});
  parts.add_gauge({.name = "omashu_group_owned_partitions",
                   .help = "Partitions that this process owns.",
                   .value = [&router] { return router.group().ownership().assigned().size(); }});
  return operations;
}

}  // namespace omashu::service
