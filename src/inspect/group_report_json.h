// Groups as JSON: what `omashu groups` prints for programs, and what the service answers.

#pragma once

#include "base/json.h"
#include "inspect/group_report.h"

namespace omashu::inspect {

// A row of a list: {"group":…,"state":…,"protocol_type":…,"type":…,"members":N or null,"coordinator":…}.
json::Value group_row(const kafka::GroupDescription& group);

// {"group":…,"state":…,"protocol_type":…,"type":…,"assignor":…,"coordinator":…,
//  "members":[{"member_id":…,"group_instance_id":…,"client_id":…,"host":…,"partitions":[{"topic":…,"partition":…}]}],
//  "partitions":[{"topic":…,"partition":…,"committed":…,"end_offset":…,"lag":…,"member_id":…}],"lag":…}
// `members` is null where they are not known.
json::Value group_report_json(const GroupReport& report);

}  // namespace omashu::inspect
