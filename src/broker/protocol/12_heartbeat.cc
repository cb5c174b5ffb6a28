#include "broker/protocol/12_heartbeat.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<HeartbeatRequest>;
template struct MessageCodec<HeartbeatResponse>;

}  // namespace omashu::broker
