#include "broker/protocol/37_create_partitions.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<CreatePartitionsRequest>;
template struct MessageCodec<CreatePartitionsResponse>;

}  // namespace omashu::broker
