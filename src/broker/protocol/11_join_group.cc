#include "broker/protocol/11_join_group.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<JoinGroupRequest>;
template struct MessageCodec<JoinGroupResponse>;

}  // namespace omashu::broker
