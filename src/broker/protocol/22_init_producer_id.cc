#include "broker/protocol/22_init_producer_id.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<InitProducerIdRequest>;
template struct MessageCodec<InitProducerIdResponse>;

}  // namespace omashu::broker
