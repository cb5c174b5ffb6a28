// What a group of servers makes of the operations of one server.

#pragma once

#include "service/group/group_router.h"
#include "service/operation.h"

namespace omashu::service {

class GatheredWatches;

// Operations on rows go to the members that own the partitions. The router and the watches outlive them.
void share_operations(Operations& operations, GroupRouter& router, GatheredWatches& watches);

// GET /v1/group: who is in the group, and holds what.
Operations group_operations(GroupRouter& router);

}  // namespace omashu::service
