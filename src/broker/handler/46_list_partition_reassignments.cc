// ListPartitionReassignments, 0. There is no other broker that a partition could be on its way to.

#include "broker/protocol/46_list_partition_reassignments.h"

#include "broker/handler/handlers.h"

namespace omashu::broker {

ListPartitionReassignmentsResponse handle_list_partition_reassignments(Broker&, const RequestContext&,
                                                                       const ListPartitionReassignmentsRequest&) {
  return {};
}

}  // namespace omashu::broker
