#include "broker/protocol/00_produce.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<ProduceRequest>;
template struct MessageCodec<ProduceResponse>;

}  // namespace omashu::broker
