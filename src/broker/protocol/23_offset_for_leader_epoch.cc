#include "broker/protocol/23_offset_for_leader_epoch.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<OffsetForLeaderEpochRequest>;
template struct MessageCodec<OffsetForLeaderEpochResponse>;

}  // namespace omashu::broker
