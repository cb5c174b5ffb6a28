#include "broker/protocol/20_delete_topics.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<DeleteTopicsRequest>;
template struct MessageCodec<DeleteTopicsResponse>;

}  // namespace omashu::broker
