#include "broker/protocol/10_find_coordinator.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<FindCoordinatorRequest>;
template struct MessageCodec<FindCoordinatorResponse>;

}  // namespace omashu::broker
