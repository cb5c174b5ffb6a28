#include "service/group/gather.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <latch>
#include <set>
#include <utility>

#include "service/rows/partition_selection.h"

namespace omashu::service {

namespace {

std::string_view field_of(const http::Response& response, std::string_view name) {
  const auto found = std::ranges::find(response.fields, name, &http::Field::name);
  return found == response.fields.end() ? std::string_view() : std::string_view(found->value);
}

}  // namespace

std::vector<PeerAnswer> ask_members(GroupRouter& router,
                                    const std::vector<std::pair<std::string, http::Request>>& asked) {
  std::vector<PeerAnswer> answers(asked.size());
  std::latch missing(static_cast<std::ptrdiff_t>(asked.size()));
  for (size_t i = 0; i < asked.size(); ++i) {
    router.peers().ask({.url = asked[i].first, .request = asked[i].second}, [&answers, &missing, i](PeerAnswer answer) {
      answers[i] = std::move(answer);
      missing.count_down();
    });
  }
  missing.wait();
  for (size_t i = 0; i < asked.size(); ++i) {
    if (answers[i].kind == PeerAnswer::Kind::kNoAnswer) router.note_failed(asked[i].first);
    if (answers[i].kind == PeerAnswer::Kind::kNotOwner) router.group().look_again();
  }
  return answers;
}

Gathered gather(GroupRouter& router, const HeldPartitions& partitions, const MemberRequest& request) {
  const auto deadline = std::chrono::steady_clock::now() + GroupRouter::kPatience;
  for (;;) {
    const auto owners = router.owners_of(partitions);
    if (!owners) return std::unexpected(problem_response(owners.error()));
    std::vector<std::pair<std::string, http::Request>> asked;
    for (const auto& [url, of_member] : *owners) asked.emplace_back(url, request(of_member));
    std::vector<PeerAnswer> answers = ask_members(router, asked);
    std::vector<MemberAnswer> gathered;
    auto owner = owners->begin();
    const PeerAnswer* missing = nullptr;
    for (PeerAnswer& answer : answers) {
      const auto& [url, of_member] = *owner++;
      if (answer.kind != PeerAnswer::Kind::kAnswered) {
        missing = &answer;
      } else if (answer.response.status != 200) {
        return std::unexpected(std::move(answer.response));
      } else {
        gathered.push_back({.url = url, .partitions = of_member, .response = std::move(answer.response)});
      }
    }
    if (missing == nullptr) return gathered;
    if (std::chrono::steady_clock::now() >= deadline) {
      Problem problem{
          .type = ProblemType::kUnavailable,
          .detail = missing->detail.empty() ? "partitions are changing their owners now: ask again" : missing->detail};
      problem.fields.push_back({"Retry-After", "1"});
      return std::unexpected(problem_response(problem));
    }
    router.wait_for_change(deadline);
  }
}

Answer<HeldPartitions> asked_partitions(GroupRouter& router, const http::Request& request, const std::string& topic) {
  const auto selection = parse_partitions(request);
  if (!selection) return refuse(selection.error());
  const int count = router.group().partitions_of(topic);
  HeldPartitions partitions;
  for (kafka::PartitionId i = 0; i < count; ++i) {
    if (selects(*selection, i)) partitions.insert({topic, i});
  }
  if (*selection && partitions.size() != (*selection)->size()) {
    return refuse(ProblemType::kInvalidParameter, fmt::format("partitions: {} has {} of them", topic, count));
  }
  return partitions;
}

std::string target_for(const http::Request& request, const HeldPartitions& partitions,
                       std::initializer_list<std::string_view> removed) {
  std::string target(request.path());
  char separator = '?';
  std::string_view query = request.query();
  while (!query.empty()) {
    const std::string_view member = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), member.size() + 1));
    const std::string_view name = member.substr(0, member.find('='));
    if (name == "partitions" || std::ranges::find(removed, name) != removed.end()) continue;
    target.append(1, separator).append(member);
    separator = '&';
  }
  std::set<kafka::PartitionId> numbers;
  for (const kafka::TopicPartition& partition : partitions) numbers.insert(partition.partition);
  return target.append(1, separator).append("partitions=").append(partitions_text(numbers));
}

void GatheredHead::add(const HeldPartitions& partitions, const http::Response& response) {
  if (const auto of_member = table::parse_position_set(field_of(response, "Omashu-Position"))) {
    positions.topic = of_member->topic;
    for (const auto& [partition, offset] : of_member->offsets) {
      if (partitions.contains({of_member->topic, partition})) positions.offsets[partition] = offset;
    }
  }
  int64_t lag = 0;
  const std::string_view text = field_of(response, "Omashu-Lag");
  std::from_chars(text.data(), text.data() + text.size(), lag);
  lag_ms = std::max(lag_ms, lag);
}

void GatheredHead::add_to(std::vector<http::Field>& fields) const {
  fields.push_back({"Omashu-Position", table::position_set_text(positions)});
  fields.push_back({"Omashu-Lag", std::to_string(lag_ms)});
}

}  // namespace omashu::service
