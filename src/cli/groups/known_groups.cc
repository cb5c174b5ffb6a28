#include "cli/groups/known_groups.h"

#include <fmt/core.h>

#include "base/counted.h"
#include "base/nearest.h"

namespace omashu::cli {

Error unknown_group(kafka::GroupAdmin& admin, const std::string& name, const std::string& servers) {
  std::vector<std::string> names;
  if (const auto groups = admin.list_groups()) {
    for (const kafka::GroupDescription& group : *groups) names.push_back(group.id);
  }
  return {ErrorCode::kNotFound,
          fmt::format("group {} does not exist at {}{}", name, servers, did_you_mean(name, names)),
          {}};
}

std::string members_text(const kafka::GroupDescription& group) {
  if (group.has_unknown_members) return "members";
  constexpr size_t kMaxNamed = 3;
  std::string named;
  for (size_t i = 0; i < group.members.size() && i < kMaxNamed; ++i) {
    named += fmt::format("{}{} at {}", i == 0 ? "" : ", ", group.members[i].client_id, group.members[i].host);
  }
  if (group.members.size() > kMaxNamed) named += ", …";
  return fmt::format("{} ({})", counted(group.members.size(), "member"), named);
}

}  // namespace omashu::cli
