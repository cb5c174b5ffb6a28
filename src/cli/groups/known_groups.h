// That a group is not there, with the nearest that is.

#pragma once

#include <string>
#include <vector>

#include "kafka/group_admin.h"

namespace omashu::cli {

Error unknown_group(kafka::GroupAdmin& admin, const std::string& name, const std::string& servers);

// "its 2 members (app at /10.0.0.1, app at /10.0.0.2)": whom to stop before offsets may change.
std::string members_text(const kafka::GroupDescription& group);

}  // namespace omashu::cli
