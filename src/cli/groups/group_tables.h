// What `omashu groups describe` tells of a group, as tables for people.

#pragma once

#include <string>

#include "cli/topics/topic_tables.h"
#include "inspect/group_report.h"

namespace omashu::cli {

std::string group_summary(const inspect::GroupReport& report);  // a line
TextRows member_rows(const inspect::GroupReport& report);
TextRows lag_rows(const inspect::GroupReport& report);

}  // namespace omashu::cli
