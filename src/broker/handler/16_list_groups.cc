// ListGroups, 0 to 5. Filters name states and types in upper or lower case; one that is empty lets all pass. Every
// group here is of type "classic".

#include "broker/protocol/16_list_groups.h"

#include <algorithm>
#include <cctype>

#include "broker/handler/broker.h"
#include "broker/handler/handlers.h"

namespace omashu::broker {
namespace {

constexpr std::string_view kClassic = "classic";

bool is_same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

bool passes(const std::vector<std::string_view>& filter, std::string_view word) {
  return filter.empty() || std::ranges::any_of(filter, [&](std::string_view each) { return is_same_word(each, word); });
}

}  // namespace

ListGroupsResponse handle_list_groups(Broker& broker, const RequestContext&, const ListGroupsRequest& request) {
  ListGroupsResponse response{.error_code = broker.groups().error()};
  if (response.error_code != KafkaError::kNone || !passes(request.types_filter, kClassic)) return response;
  const auto listings = broker.groups().read([](const GroupCoordinator& groups) { return groups.list_groups(); });
  for (const GroupListing& listing : listings) {
    const std::string_view state = state_name(listing.state);
    if (!passes(request.states_filter, state)) continue;
    response.groups.push_back({.group_id = listing.group_id,
                               .protocol_type = listing.protocol_type,
                               .group_state = std::string(state),
                               .group_type = std::string(kClassic)});
  }
  return response;
}

}  // namespace omashu::broker
