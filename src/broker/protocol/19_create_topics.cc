#include "broker/protocol/19_create_topics.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<CreateTopicsRequest>;
template struct MessageCodec<CreateTopicsResponse>;

}  // namespace omashu::broker
