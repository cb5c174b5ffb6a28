#include "broker/protocol/13_leave_group.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<LeaveGroupRequest>;
template struct MessageCodec<LeaveGroupResponse>;

}  // namespace omashu::broker
