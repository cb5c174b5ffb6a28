#include "broker/protocol/14_sync_group.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<SyncGroupRequest>;
template struct MessageCodec<SyncGroupResponse>;

}  // namespace omashu::broker
