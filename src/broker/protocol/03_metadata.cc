#include "broker/protocol/03_metadata.h"

#include "broker/protocol/message_codec.h"

namespace omashu::broker {

template struct MessageCodec<MetadataRequest>;
template struct MessageCodec<MetadataResponse>;

}  // namespace omashu::broker
