// One question to all members that own what it is about, and their answers together.

#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "service/group/group_router.h"
#include "table/position_set.h"

namespace omashu::service {

// What one member is asked, of the partitions that it owns.
using MemberRequest = std::function<http::Request(const HeldPartitions& partitions)>;

struct MemberAnswer {
  std::string url;
  HeldPartitions partitions;
  http::Response response;  // 200
};

// Where a member answers anything but 200 that answer is all there is: the client's, since the question was.
using Gathered = std::expected<std::vector<MemberAnswer>, http::Response>;

// Asks again, for a bounded time, where partitions have gone to other members. On a thread that may wait.
Gathered gather(GroupRouter& router, const HeldPartitions& partitions, const MemberRequest& request);

// Asks each of these members once. An answer without `response` set apart is told as not kAnswered.
std::vector<PeerAnswer> ask_members(GroupRouter& router,
                                    const std::vector<std::pair<std::string, http::Request>>& asked);

// All partitions of the table, or those of ?partitions=.
Answer<HeldPartitions> asked_partitions(GroupRouter& router, const http::Request& request, const std::string& topic);
// The request's target with ?partitions= of these, and without `removed` parameters.
std::string target_for(const http::Request& request, const HeldPartitions& partitions,
                       std::initializer_list<std::string_view> removed = {});

// What the members say of how far they are: each for the partitions that it was asked for.
struct GatheredHead {
  table::PositionSet positions;
  int64_t lag_ms = 0;

  void add(const HeldPartitions& partitions, const http::Response& response);
  void add_to(std::vector<http::Field>& fields) const;
};

}  // namespace omashu::service
