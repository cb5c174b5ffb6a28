// Groups: listed, described, deleted.
//
// ListConsumerGroups leaves out the groups of other protocols (Kafka Connect's), and tells no members; the older
// rd_kafka_list_groups() tells both, but knows no group types. Listing takes both together.

#include "kafka/group_admin.h"

#include <fmt/core.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "kafka/admin_call.h"
#include "kafka/error_codes.h"
#include "kafka/group_admin_client.h"
#include "kafka/retry.h"

namespace omashu::kafka {
namespace {

using Descriptions = std::map<std::string, GroupDescription, std::less<>>;

std::string text_of(const char* text) { return text == nullptr ? "" : text; }

struct GroupListDeleter {
  void operator()(const rd_kafka_group_list* list) const { rd_kafka_group_list_destroy(list); }
};

// A group of the new protocol is "Dead" for a request of the old one.
constexpr std::string_view kDead = "Dead";

GroupDescription description_of(const rd_kafka_group_info& info) {
  GroupDescription group{.id = text_of(info.group),
                         .state = text_of(info.state),
                         .protocol_type = text_of(info.protocol_type),
                         .type = "",
                         .assignor = "",
                         .coordinator = info.broker.id,
                         .members = {}};
  for (int i = 0; i < info.member_cnt; ++i) {
    const rd_kafka_group_member_info& member = info.members[i];
    group.members.push_back({.member_id = text_of(member.member_id),
                             .group_instance_id = {},
                             .client_id = text_of(member.client_id),
                             .host = text_of(member.client_host),
                             .assignment = {}});
  }
  return group;
}

// Every group, with its members.
Result<Descriptions> list_with_members(ClientHandle& client, Clock::time_point deadline) {
  for (Backoff backoff;; backoff.wait(deadline)) {
    const rd_kafka_group_list* answer = nullptr;
    int code = rd_kafka_list_groups(client.get(), nullptr, &answer, std::max(1, to_timeout_ms(time_left(deadline))));
    const std::unique_ptr<const rd_kafka_group_list, GroupListDeleter> list(answer);
    Descriptions groups;
    for (int i = 0; list && i < list->group_cnt; ++i) {
      if (list->groups[i].err != RD_KAFKA_RESP_ERR_NO_ERROR) code = list->groups[i].err;
      groups.insert_or_assign(text_of(list->groups[i].group), description_of(list->groups[i]));
    }
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return groups;
    if (code == RD_KAFKA_RESP_ERR__PARTIAL) return fail(ErrorCode::kTimeout, "not every broker listed its groups");
    if (!is_passing(code) || time_left(deadline).count() == 0) return fail(broker_error(code, ""));
  }
}

// Sets type and state as ListConsumerGroups tells them.
void read_listing(const rd_kafka_ConsumerGroupListing_t* listing, Descriptions& groups) {
  const std::string id = text_of(rd_kafka_ConsumerGroupListing_group_id(listing));
  GroupDescription& group = groups[id];
  group.id = id;
  const auto type = rd_kafka_ConsumerGroupListing_type(listing);
  if (type != RD_KAFKA_CONSUMER_GROUP_TYPE_UNKNOWN) group.type = rd_kafka_consumer_group_type_name(type);
  if (!group.state.empty() && group.state != kDead) return;
  group.state = rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupListing_state(listing));
  if (rd_kafka_ConsumerGroupListing_is_simple_consumer_group(listing) == 0) group.protocol_type = "consumer";
  group.has_unknown_members = type == RD_KAFKA_CONSUMER_GROUP_TYPE_CONSUMER && group.state != "Empty";
}

Result<Descriptions> list(ClientHandle& client, Clock::time_point deadline) {
  if (auto there = client.wait_for_broker(deadline); !there) return fail(std::move(there.error()));
  Result<Descriptions> groups = list_with_members(client, deadline);
  if (!groups) return groups;
  const auto answer = call(client, {.operation = RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS,
                                    .deadline = deadline,
                                    .send = [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                                      rd_kafka_ListConsumerGroups(client.get(), options, queue);
                                    }});
  if (!answer) return fail(answer.error());
  const auto* result = rd_kafka_event_ListConsumerGroups_result(answer->event.get());
  size_t count = 0;
  const rd_kafka_error_t** errors = rd_kafka_ListConsumerGroups_result_errors(result, &count);
  if (count > 0) return fail(broker_error(rd_kafka_error_code(errors[0]), rd_kafka_error_string(errors[0])));
  const rd_kafka_ConsumerGroupListing_t** listings = rd_kafka_ListConsumerGroups_result_valid(result, &count);
  for (size_t i = 0; i < count; ++i) read_listing(listings[i], *groups);
  // One that ended between the two requests.
  std::erase_if(*groups, [](const auto& group) { return group.second.state == kDead; });
  return groups;
}

std::vector<TopicPartition> assignment_of(const rd_kafka_MemberDescription_t* member) {
  const rd_kafka_MemberAssignment_t* assignment = rd_kafka_MemberDescription_assignment(member);
  const rd_kafka_topic_partition_list_t* list =
      assignment == nullptr ? nullptr : rd_kafka_MemberAssignment_partitions(assignment);
  std::vector<TopicPartition> partitions;
  for (int i = 0; list != nullptr && i < list->cnt; ++i) {
    partitions.push_back({list->elems[i].topic, list->elems[i].partition});
  }
  std::ranges::sort(partitions);
  return partitions;
}

// What DescribeConsumerGroups tells, put into what the listing told.
void read_description(const rd_kafka_ConsumerGroupDescription_t* answer, GroupDescription& group) {
  const auto state = rd_kafka_ConsumerGroupDescription_state(answer);
  if (state == RD_KAFKA_CONSUMER_GROUP_STATE_DEAD) return;
  group.state = rd_kafka_consumer_group_state_name(state);
  group.assignor = text_of(rd_kafka_ConsumerGroupDescription_partition_assignor(answer));
  group.members.clear();
  for (size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(answer); ++i) {
    const rd_kafka_MemberDescription_t* member = rd_kafka_ConsumerGroupDescription_member(answer, i);
    const char* instance = rd_kafka_MemberDescription_group_instance_id(member);
    group.members.push_back({.member_id = text_of(rd_kafka_MemberDescription_consumer_id(member)),
                             .group_instance_id = instance == nullptr ? std::nullopt : std::optional(instance),
                             .client_id = text_of(rd_kafka_MemberDescription_client_id(member)),
                             .host = text_of(rd_kafka_MemberDescription_host(member)),
                             .assignment = assignment_of(member)});
  }
}

// Adds what DescribeConsumerGroups tells of those of `names` that are consumer groups of the old protocol.
Result<void> describe(ClientHandle& client, const std::set<std::string>& names, Descriptions& groups,
                      Clock::time_point deadline) {
  if (names.empty()) return {};
  std::vector<const char*> pointers;
  for (const std::string& name : names) pointers.push_back(name.c_str());
  const auto answer =
      call(client, {.operation = RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS,
                    .deadline = deadline,
                    .send = [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                      rd_kafka_DescribeConsumerGroups(client.get(), pointers.data(), pointers.size(), options, queue);
                    }});
  if (!answer) return fail(answer.error());
  size_t count = 0;
  const rd_kafka_ConsumerGroupDescription_t** descriptions = rd_kafka_DescribeConsumerGroups_result_groups(
      rd_kafka_event_DescribeConsumerGroups_result(answer->event.get()), &count);
  for (size_t i = 0; i < count; ++i) {
    const std::string id = text_of(rd_kafka_ConsumerGroupDescription_group_id(descriptions[i]));
    if (const rd_kafka_error_t* error = rd_kafka_ConsumerGroupDescription_error(descriptions[i])) {
      return fail(broker_error(rd_kafka_error_code(error), rd_kafka_error_string(error)).within("group " + id));
    }
    read_description(descriptions[i], groups[id]);
  }
  return {};
}

struct DeleteGroupDeleter {
  void operator()(rd_kafka_DeleteGroup_t* group) const { rd_kafka_DeleteGroup_destroy(group); }
};

}  // namespace

Result<std::unique_ptr<GroupAdmin>> GroupAdmin::open(const ClientConfig& config, std::chrono::milliseconds timeout) {
  auto client = ClientHandle::open(config, {.role = ClientHandle::Role::kProducer});
  if (!client) return fail(std::move(client.error()));
  return std::make_unique<GroupAdminClient>(std::move(*client), timeout);
}

Result<std::vector<GroupDescription>> GroupAdminClient::list_groups() {
  Result<Descriptions> groups = list(*client_, deadline());
  if (!groups) return fail(std::move(groups).error().within("listing the groups"));
  std::vector<GroupDescription> listed;
  for (auto& [id, group] : *groups) listed.push_back(std::move(group));
  return listed;
}

std::vector<Result<GroupDescription>> GroupAdminClient::describe_groups(std::span<const std::string> groups) {
  if (groups.empty()) return {};
  const Clock::time_point end = deadline();
  Result<Descriptions> found = list(*client_, end);
  if (found) {
    std::set<std::string> consumers;  // librdkafka refuses one that occurs twice
    for (const std::string& name : groups) {
      const auto group = found->find(name);
      if (group == found->end() || group->second.protocol_type != "consumer") continue;
      if (!group->second.has_unknown_members) consumers.insert(name);
    }
    if (auto described = describe(*client_, consumers, *found, end); !described) {
      found = fail(std::move(described).error());
    }
  }
  std::vector<Result<GroupDescription>> answers;
  for (const std::string& name : groups) {
    if (!found) {
      answers.push_back(fail(found.error()));
    } else if (const auto group = found->find(name); group != found->end()) {
      answers.push_back(group->second);
    } else {
      answers.push_back(fail(ErrorCode::kNotFound, fmt::format("there is no group {}", name)));
    }
  }
  return answers;
}

std::vector<Result<void>> GroupAdminClient::delete_groups(std::span<const std::string> groups) {
  const Clock::time_point end = deadline();
  const auto attempt = [&](std::span<const size_t> which) -> Result<std::vector<Result<void>>> {
    std::vector<std::unique_ptr<rd_kafka_DeleteGroup_t, DeleteGroupDeleter>> items;
    std::vector<rd_kafka_DeleteGroup_t*> pointers;
    for (const size_t i : which) {
      items.emplace_back(rd_kafka_DeleteGroup_new(groups[i].c_str()));
      pointers.push_back(items.back().get());
    }
    const auto answer =
        call(*client_, {.operation = RD_KAFKA_ADMIN_OP_DELETEGROUPS,
                        .deadline = end,
                        .send = [&](const rd_kafka_AdminOptions_t* options, rd_kafka_queue_t* queue) {
                          rd_kafka_DeleteGroups(client_->get(), pointers.data(), pointers.size(), options, queue);
                        }});
    if (!answer) return fail(answer.error());
    std::map<std::string, Result<void>, std::less<>> found;
    size_t count = 0;
    const rd_kafka_group_result_t** results =
        rd_kafka_DeleteGroups_result_groups(rd_kafka_event_DeleteGroups_result(answer->event.get()), &count);
    for (size_t i = 0; i < count; ++i) {
      const rd_kafka_error_t* error = rd_kafka_group_result_error(results[i]);
      Result<void> result;
      if (error != nullptr) result = fail(broker_error(rd_kafka_error_code(error), rd_kafka_error_string(error)));
      found.insert_or_assign(rd_kafka_group_result_name(results[i]), std::move(result));
    }
    std::vector<Result<void>> answers;
    for (const size_t i : which) {
      const auto result = found.find(groups[i]);
      answers.push_back(result != found.end() ? result->second
                                              : fail(ErrorCode::kInternal, "the broker's answer leaves it out"));
    }
    return answers;
  };
  return retry_each<void>(groups.size(), end, attempt);
}

}  // namespace omashu::kafka
